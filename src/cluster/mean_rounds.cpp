// cluster/mean_rounds.cpp
#include "cluster/rounds.hpp"
#include "cluster/row_blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fenqun::cluster {
namespace {

// Adding and taking away rounds off: the sums begin anew so often, and always where a row lies so much farther out than
// the others that it would leave its rounding behind.
constexpr std::uint32_t kRoundsBetweenFullSums = 64;
constexpr double kFarOut = 1e6;
constexpr std::size_t kLineValues = 16;  // floats of a cache line
// What to expect of margins is looked up in so many steps of rows.
constexpr std::size_t kStepsLookedAt = 64;
// New margins cost a slower round first: they must promise more than those there are, and are not made for some rounds
// after they were soon used up.
constexpr double kNewMarginsShare = 0.6;
constexpr std::uint32_t kSoonUsedUp = 3;
constexpr std::uint32_t kRoundsToWait = 4;

/// The share of rows up to which searching them here and there costs less than searching all in order: fetching a row
/// on its own takes about as long as 1400 products. Measured, see docs/math/kmeans.md.
double worthwhile_share(std::size_t k, std::size_t cols) {
  const auto products = static_cast<double>(k * cols);
  return (products + 160) / (1.25 * products + 1400);
}

/// What one block of rows adds to a round.
struct BlockPart {
  std::vector<double> sums;           // k x d: of all rows, or of those that moved
  std::vector<std::uint64_t> counts;  // k, alike; differences are modulo 2^64
  double inertia = 0;                 // of the rows searched
  float farthest = 0;                 // squared
  std::uint64_t changed = 0;
  std::uint64_t searched = 0;
};

/// One thread's buffers.
struct Step {
  Step(std::size_t k, std::size_t cols) : search(scratch_size(k, cols)), gathered(kRowsPerStep, cols) {}

  std::vector<float> search;
  std::array<std::uint32_t, kRowsPerStep> before;
  std::array<std::uint32_t, kRowsPerStep> labels;
  std::array<std::uint32_t, kRowsPerStep> next_labels;
  std::array<float, kRowsPerStep> distances;
  std::array<float, kRowsPerStep> next_distances;
  std::array<float, kRowsPerStep> margins;
  std::array<std::uint8_t, kRowsPerStep + 1> open;
  // Rows with no margin left, to be searched together.
  std::array<std::size_t, kRowsPerStep> waiting;
  std::size_t waiting_count = 0;
  Matrix<float> gathered;
};

class MeanRounds final : public Rounds {
 public:
  MeanRounds(const GroupedRows& rows, std::uint32_t k, bool is_pruning, WorkerPool& pool)
      : rows_(rows),
        k_(k),
        is_pruning_(is_pruning && k > 1),
        pool_(pool),
        block_rows_(rows_per_block(rows.size(), k * rows.cols())),
        parts_(WorkerPool::block_count(rows.size(), block_rows_)),
        sums_(k * rows.cols()),
        sizes_(k),
        middle_(rows.cols()),
        rounding_(static_cast<float>(rows.cols() + 4) * 0x1.0p-23F),
        less_(k),
        pending_(k) {}

  RoundCounts assign(const Matrix<float>& centroids, RowState& state) override;
  void update(const RowState& state, Matrix<float>& centroids) override;
  void relabelled(const RowState& state) override;

 private:
  void assign_block(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                    BlockPart& mine);
  void search_step(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end, Step& step,
                   BlockPart& mine);
  void wait_open(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t open, Step& step,
                 BlockPart& mine);
  void search_waiting(RowView<const float> centroids, RowState& state, Step& step, BlockPart& mine);
  void add_parts(bool is_full);
  void weigh_out(const RoundCounts& round);
  [[nodiscard]] bool is_worth_margins(RowView<const float> centroids, const RowState& state);
  [[nodiscard]] double spread(const Matrix<float>& centroids) const;
  void narrow(const std::vector<double>& moved);

  GroupedRows rows_;
  std::uint32_t k_;
  bool is_pruning_;
  WorkerPool& pool_;
  std::size_t block_rows_;
  std::vector<BlockPart> parts_;
  std::vector<double> sums_;          // k x d
  std::vector<std::uint64_t> sizes_;  // k
  std::vector<double> middle_;        // d, the mean of all rows: what spread() is taken about
  std::uint32_t rounds_since_full_ = 0;
  bool is_full_ = true;      // this round adds up all rows
  bool is_far_out_ = false;  // every round does, and margins are left alone
  bool is_bounded_ = false;  // this round looks at margins
  bool has_margins_ = false;
  std::uint32_t rounds_served_ = 0;   // by the margins there are
  std::uint32_t rounds_to_wait_ = 0;  // before new ones
  float rounding_;              // of a computed distance, at most, as a share of it; twice covers the later ones too
  std::vector<float> margins_;  // n: by how much the own centroid is the nearest, at least; empty until looked at
  std::vector<float> less_;     // k: what the last update took off the margins of a group's rows
  std::vector<float> pending_;  // k: what all updates did since margins were last looked at
  double base_ = 0;             // inertia = base + spread(centroids), in bounded rounds
};

RoundCounts MeanRounds::assign(const Matrix<float>& centroids, RowState& state) {
  const bool is_first = state.labels.front() == kUnlabelled;
  if (is_first) {
    has_margins_ = false;
    rounds_to_wait_ = 0;
  }
  is_full_ = is_first || is_far_out_ || ++rounds_since_full_ >= kRoundsBetweenFullSums;
  if (is_full_) rounds_since_full_ = 0;
  is_bounded_ = is_pruning_ && !is_first && !is_far_out_ && is_worth_margins(centroids.view(), state);
  pool_.for_blocks(rows_.size(), block_rows_, [&](std::size_t block, std::size_t begin, std::size_t end) {
    assign_block(centroids.view(), state, begin, end, parts_[block]);
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
  if (is_bounded_) {
    std::ranges::fill(pending_, 0.0F);
    // Where all rows were searched, their sum stays: the same bits as without margins.
    const double spread_now = spread(centroids);
    if (out.searched == rows_.size())
      base_ = out.inertia - spread_now;
    else
      out.inertia = std::max(0.0, base_ + spread_now);
  }
  if (rows_.is_unit) out.inertia *= 0.5;
  return out;
}

void MeanRounds::assign_block(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                              BlockPart& mine) {
  mine.sums.assign(sums_.size(), 0.0);
  mine.counts.assign(k_, 0);
  mine.inertia = 0;
  mine.farthest = 0;
  mine.changed = mine.searched = 0;
  Step step(k_, rows_.cols());
  for (std::size_t at = begin; at < end; at += kRowsPerStep) {
    const std::size_t last = std::min(end, at + kRowsPerStep);
    if (is_bounded_) {
      const std::span<float> margins(margins_.data() + at, last - at);
      const std::size_t open =
          kernels().narrow_margins(margins, state.labels.data() + at, pending_.data(), step.open.data());
      if (2 * open <= margins.size()) {
        wait_open(centroids, state, at, open, step, mine);
        continue;
      }
    }
    search_step(centroids, state, at, last, step, mine);
  }
  search_waiting(centroids, state, step, mine);
  if (is_full_)
    kernels().add_rows(rows_.part(begin, end), state.labels.data() + begin, mine.sums.data(), mine.counts.data());
}

/// Rows begin..end, all of them.
void MeanRounds::search_step(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                             Step& step, BlockPart& mine) {
  const auto rows = rows_.part(begin, end);
  std::uint32_t* const labels = state.labels.data() + begin;
  const std::span<float> distances(state.distances.data() + begin, end - begin);
  std::copy_n(labels, distances.size(), step.before.data());
  if (is_bounded_) {
    kernels().nearest_two(rows, centroids, step.search, labels, distances.data(), step.next_labels.data(),
                          step.next_distances.data());
    kernels().find_margins(distances, step.next_distances.data(), rounding_, margins_.data() + begin);
  } else {
    kernels().nearest(rows, centroids, step.search, labels, distances.data());
    for (std::size_t i = 0; has_margins_ && i < distances.size(); ++i) {
      if (step.before[i] != labels[i]) margins_[begin + i] = -1;
    }
  }
  mine.searched += distances.size();
  mine.inertia += kernels().add_up(distances);
  if (is_full_) {
    mine.farthest = std::max(mine.farthest, *std::ranges::max_element(distances));
    for (std::size_t i = 0; i < distances.size(); ++i) mine.changed += step.before[i] != labels[i] ? 1U : 0U;
  } else {
    mine.changed += kernels().move_rows(rows, step.before.data(), labels, mine.sums.data(), mine.counts.data());
  }
}

void MeanRounds::wait_open(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t open,
                           Step& step, BlockPart& mine) {
  for (std::size_t i = 0; i < open; ++i) {
    if (step.waiting_count == kRowsPerStep) search_waiting(centroids, state, step, mine);
    const std::size_t row = begin + step.open[i];
    const auto values = rows_.rows.row(row);
    for (std::size_t c = 0; c < values.size(); c += kLineValues) __builtin_prefetch(values.data() + c);
    __builtin_prefetch(&values.back());
    step.waiting[step.waiting_count++] = row;
  }
}

void MeanRounds::search_waiting(RowView<const float> centroids, RowState& state, Step& step, BlockPart& mine) {
  const std::size_t count = std::exchange(step.waiting_count, 0);
  if (count == 0) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = rows_.rows.row(step.waiting[i]);
    std::copy(row.begin(), row.end(), step.gathered.row(i).begin());
    step.before[i] = state.labels[step.waiting[i]];
  }
  const RowView<const float> gathered(step.gathered.row(0).data(), count, rows_.cols());
  kernels().nearest_two(gathered, centroids, step.search, step.labels.data(), step.distances.data(),
                        step.next_labels.data(), step.next_distances.data());
  kernels().find_margins({step.distances.data(), count}, step.next_distances.data(), rounding_, step.margins.data());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = step.waiting[i];
    state.labels[row] = step.labels[i];
    state.distances[row] = step.distances[i];
    margins_[row] = step.margins[i];
    mine.changed += is_full_ && step.before[i] != step.labels[i] ? 1U : 0U;
  }
  mine.searched += count;
  if (!is_full_) {
    mine.changed +=
        kernels().move_rows(gathered, step.before.data(), step.labels.data(), mine.sums.data(), mine.counts.data());
  }
}

/// Whether this round looks at margins, by what a few steps of rows tell: those there are, or, where they are used up,
/// new ones, for which this round searches all rows.
bool MeanRounds::is_worth_margins(RowView<const float> centroids, const RowState& state) {
  const double worthwhile = worthwhile_share(k_, rows_.cols());
  std::size_t kept = 0;
  std::size_t fresh = 0;
  std::size_t looked = 0;
  Step step(k_, rows_.cols());
  const std::size_t steps = WorkerPool::block_count(rows_.size(), kRowsPerStep);
  for (std::size_t s = 0; s < steps; s += std::max<std::size_t>(1, steps / kStepsLookedAt)) {
    const std::size_t begin = s * kRowsPerStep;
    const std::size_t count = std::min(kRowsPerStep, rows_.size() - begin);
    looked += count;
    for (std::size_t i = begin; has_margins_ && i < begin + count; ++i)
      kept += margins_[i] > pending_[state.labels[i]] ? 1U : 0U;
    kernels().nearest_two(rows_.part(begin, begin + count), centroids, step.search, step.labels.data(),
                          step.distances.data(), step.next_labels.data(), step.next_distances.data());
    kernels().find_margins({step.distances.data(), count}, step.next_distances.data(), rounding_, step.margins.data());
    for (std::size_t i = 0; i < count; ++i) fresh += step.margins[i] > less_[step.labels[i]] ? 1U : 0U;
  }
  const auto all = static_cast<double>(looked);
  if (has_margins_ && all - static_cast<double>(kept) <= worthwhile * all) {
    ++rounds_served_;
    return true;
  }
  if (std::exchange(has_margins_, false) && rounds_served_ < kSoonUsedUp) rounds_to_wait_ = kRoundsToWait;
  if (rounds_to_wait_ > 0) {
    --rounds_to_wait_;
    return false;
  }
  if (all - static_cast<double>(fresh) > kNewMarginsShare * worthwhile * all) return false;
  has_margins_ = true;
  rounds_served_ = 0;
  margins_.assign(rows_.size(), -1.0F);
  return true;
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

}  // namespace

std::unique_ptr<Rounds> mean_rounds(const GroupedRows& rows, std::uint32_t k, bool is_pruning, WorkerPool& pool) {
  return std::make_unique<MeanRounds>(rows, k, is_pruning, pool);
}

}  // namespace fenqun::cluster
