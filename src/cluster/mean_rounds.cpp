// cluster/mean_rounds.cpp
#include "cluster/mean_rounds.hpp"

#include "cluster/row_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace fenqun::cluster {
namespace {

// Adding and taking away rounds off: the sums begin anew so often, and always where a row lies so much farther out than
// the others that it would leave its rounding behind.
constexpr std::uint32_t kRoundsBetweenFullSums = 64;
constexpr double kFarOut = 1e6;
// Codes pay for their making where there are rows enough, and rounds.
constexpr std::size_t kLeastRows = 4096;
constexpr std::uint32_t kLeastRounds = 4;
// What single precision put into the first round's inertia stays in all later ones, so it weighs at most 1 / this in
// them; and what rounding in double leaves of the sum of squares about the mean of all rows, too.
constexpr double kLeastShare = 1.0 / 16;
constexpr std::size_t kLineBytes = 64;

/// How far a row reaches into the lines of the cache that it is read by, in columns.
std::size_t fetched_cols(RowView<const float> rows) {
  constexpr std::size_t kLineValues = kLineBytes / sizeof(float);
  const bool begins_line = reinterpret_cast<std::uintptr_t>(rows.data()) % kLineBytes == 0;  // NOLINT: an address
  const bool keeps_line = rows.stride() % kLineValues == 0;
  return rows.cols() + (begins_line && keeps_line ? 0 : kLineValues - 1);
}

}  // namespace

MeanRounds::MeanRounds(const GroupedRows& rows, std::uint32_t k, bool is_pruning, std::uint32_t max_rounds,
                       WorkerPool& pool)
    : rows_(rows),
      k_(k),
      is_pruning_(is_pruning && k > 1),
      is_coding_(is_pruning_ && max_rounds >= kLeastRounds && rows.size() >= kLeastRows &&
                 std::size_t{k} * k <= rows.size()),
      pool_(pool),
      fetched_cols_(fetched_cols(rows.rows)),
      block_rows_(rows_per_block(rows.size(), k * rows.cols())),
      parts_(WorkerPool::block_count(rows.size(), block_rows_)),
      sums_(k * rows.cols()),
      sizes_(k),
      middle_(rows.cols()),
      rounding_(static_cast<float>(rows.cols() + 4) * 0x1.0p-23F),
      less_(k),
      pending_(k) {}

RoundCounts MeanRounds::assign(const Matrix<float>& centroids, RowState& state) {
  const bool is_first = state.labels.front() == kUnlabelled;
  if (is_first) {
    has_margins_ = false;
    rounds_to_wait_ = 0;
  }
  is_encoding_ = is_first && is_coding_ && !codes_;
  if (is_encoding_) codes_ = std::make_unique<CoarseRows>(rows_, block_rows_, pool_);
  is_full_ = is_first || is_far_out_ || ++rounds_since_full_ >= kRoundsBetweenFullSums;
  if (is_full_) rounds_since_full_ = 0;
  search_ = !is_pruning_ || is_first || is_far_out_ ? Search::All : plan(centroids.view(), state);
  pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
    if (search_ == Search::Codes)
      search_codes(centroids.view(), state, block, parts_[block]);
    else
      search_block(centroids.view(), state, begin, end, parts_[block]);
  });
  add_parts(is_full_);
  RoundCounts out;
  out.sizes = sizes_;
  for (const auto& part : parts_) {
    out.inertia += part.inertia;
    out.changed += part.changed;
    out.searched += part.searched;
  }
  if (is_first) weigh_out(out);
  if (search_ == Search::Margins) std::ranges::fill(pending_, 0.0F);
  measure(centroids, is_first, out);
  if (rows_.is_unit) out.inertia *= 0.5;
  return out;
}

/// From the groups' sums, which say as much for any choice of rows that were searched. Where little is left of what the
/// rows scatter by, or they are few, it is what their distances add up to.
void MeanRounds::measure(const Matrix<float>& centroids, bool is_first, RoundCounts& round) {
  if (is_first) {
    base_ = round.inertia - spread(centroids);
    first_inertia_ = round.inertia;
    return;
  }
  const double inertia = base_ + spread(centroids);
  const bool is_all = search_ != Search::Codes && round.searched == rows_.size();
  const bool is_sure =
      !is_far_out_ && rows_.size() >= kLeastRows && inertia >= kLeastShare * std::max(base_, first_inertia_);
  if (is_all && !is_sure) return;
  round.inertia = std::max(0.0, inertia);
  round.is_measured = is_sure;
}

void MeanRounds::add_parts(bool is_full) {
  if (is_full) {
    std::ranges::fill(sums_, 0.0);
    std::ranges::fill(sizes_, 0);
  }
  for (const auto& part : parts_) {
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += part.sums[i];
    for (std::size_t g = 0; g < k_; ++g) sizes_[g] += part.counts[g];
  }
}

/// What the first round tells about the rows as a whole.
void MeanRounds::weigh_out(const RoundCounts& round) {
  const auto n = static_cast<double>(rows_.size());
  for (std::size_t c = 0; c < rows_.cols(); ++c) {
    middle_[c] = 0;
    for (std::size_t g = 0; g < k_; ++g) middle_[c] += sums_[g * rows_.cols() + c];
    middle_[c] /= n;
  }
  double farthest = 0;
  for (const auto& part : parts_) farthest = std::max(farthest, static_cast<double>(part.farthest));
  for (std::size_t g = 0; g < k_; ++g) {
    double squared = 0;
    for (std::size_t c = 0; c < rows_.cols() && sizes_[g] > 0; ++c) {
      const double away = sums_[g * rows_.cols() + c] / static_cast<double>(sizes_[g]) - middle_[c];
      squared += away * away;
    }
    farthest = std::max(farthest, squared);
  }
  is_far_out_ = farthest > kFarOut * kFarOut * (round.inertia / n);
}

/// The inertia less what does not depend on the centroids, from the groups' sums alone.
double MeanRounds::spread(const Matrix<float>& centroids) const {
  double total = 0;
  for (std::size_t g = 0; g < k_; ++g) {
    const auto size = static_cast<double>(sizes_[g]);
    for (std::size_t c = 0; c < rows_.cols(); ++c) {
      const double centre = static_cast<double>(centroids(g, c)) - middle_[c];
      const double sum = sums_[g * rows_.cols() + c] - size * middle_[c];
      total += centre * (size * centre - 2 * sum);
    }
  }
  return total;
}

void MeanRounds::update(const RowState&, Matrix<float>& centroids) {
  std::vector<double> moved(k_);
  std::vector<double> centre(rows_.cols());
  for (std::size_t g = 0; g < k_; ++g) {
    double squared = 0;
    for (std::size_t c = 0; c < rows_.cols(); ++c) {
      centre[c] = sums_[g * rows_.cols() + c] / static_cast<double>(sizes_[g]);
      squared += centre[c] * centre[c];
    }
    if (rows_.is_unit) {
      if (squared <= 0) continue;
      for (double& value : centre) value /= std::sqrt(squared);
    }
    for (std::size_t c = 0; c < rows_.cols(); ++c) {
      const float before = std::exchange(centroids(g, c), static_cast<float>(centre[c]));
      const double step = static_cast<double>(centroids(g, c)) - static_cast<double>(before);
      moved[g] += step * step;
    }
    moved[g] = std::sqrt(moved[g]);
  }
  if (is_pruning_) narrow(moved);
}

/// A group's centroid came nearer to no row than it moved, and so did the one of the others that moved most.
void MeanRounds::narrow(const std::vector<double>& moved) {
  for (std::size_t g = 0; g < k_; ++g) {
    double other = 0;
    for (std::size_t h = 0; h < k_; ++h) {
      if (h != g) other = std::max(other, moved[h]);
    }
    const double less = (moved[g] + other) * (1 + 2 * static_cast<double>(rounding_));
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    less_[g] = std::nextafter(static_cast<float>(less), kInfinity);
    pending_[g] = std::nextafter(pending_[g] + less_[g], kInfinity);
  }
}

void MeanRounds::relabelled(const RowState& state) {
  has_margins_ = false;
  rounds_since_full_ = 0;
  pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
    BlockPart& mine = parts_[block];
    mine.sums.assign(sums_.size(), 0.0);
    mine.counts.assign(k_, 0);
    kernels().add_rows(rows_.part(begin, end), state.labels.data() + begin, mine.sums.data(), mine.counts.data());
  });
  add_parts(true);
}

std::unique_ptr<Rounds> mean_rounds(const GroupedRows& rows, std::uint32_t k, bool is_pruning, std::uint32_t max_rounds,
                                    WorkerPool& pool) {
  return std::make_unique<MeanRounds>(rows, k, is_pruning, max_rounds, pool);
}

}  // namespace fenqun::cluster
