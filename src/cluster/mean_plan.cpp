// cluster/mean_plan.cpp - what a round looks at, by what a few rows tell: all rows, margins or codes.
#include "cluster/mean_rounds.hpp"

#include <algorithm>
#include <utility>

namespace fenqun::cluster {
namespace {

// What a row costs, in products (one value of a row against one of a centroid) as they cost in order. Measured, see
// docs/math/kmeans.md.
constexpr double kAll = 160;            // beside the products
constexpr double kApart = 1400;         // fetching a row on its own, beside 1.25 of each product
constexpr double kMargins = 60;         // looking at the margin
constexpr double kCodes = 30;           // looking at codes, beside
constexpr double kCodesProduct = 0.22;  // of each product
// Margins are looked for in so many steps of rows.
constexpr std::size_t kStepsLookedAt = 32;
// New margins cost a slower round first: they must promise more than those there are, be worth it after a few rounds,
// and are not made for some rounds after they were soon used up.
constexpr double kNewMargins = 0.6;
constexpr std::uint32_t kSoonUsedUp = 3;
constexpr std::uint32_t kRoundsToWait = 4;

}  // namespace

MeanRounds::Search MeanRounds::plan(RowView<const float> centroids, const RowState& state) {
  const auto products = static_cast<double>(k_ * rows_.cols());
  double best = products + kAll;
  auto search = Search::All;
  if (codes_) {
    codes_->aim(centroids, rounding_);
    const double cost = kCodes + kCodesProduct * products + codes_->open_share() * (1.25 * products + kApart);
    if (cost < best) {
      best = cost;
      search = Search::Codes;
    } else if (rounds_since_full_ == 1) {
      // Rows that codes do not tell apart at first they seldom do later.
      codes_.reset();
      is_coding_ = false;
    }
  }
  // However good margins are, they are looked at.
  if (kMargins > kNewMargins * best && !has_margins_) return search;
  return plan_margins(centroids, state, best, search);
}

/// Margins, those there are or, where they are used up, new ones, for which this round searches all rows; or else
/// `without`, at `best` a row.
MeanRounds::Search MeanRounds::plan_margins(RowView<const float> centroids, const RowState& state, double best,
                                            Search without) {
  const double apart = 1.25 * static_cast<double>(k_ * rows_.cols()) + kApart;
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
  const auto cost = [&](std::size_t passed) {
    return kMargins + apart * static_cast<double>(looked - passed) / static_cast<double>(looked);
  };
  if (has_margins_ && cost(kept) <= best) {
    ++rounds_served_;
    return Search::Margins;
  }
  if (std::exchange(has_margins_, false) && rounds_served_ < kSoonUsedUp) rounds_to_wait_ = kRoundsToWait;
  if (rounds_to_wait_ > 0) {
    --rounds_to_wait_;
    return without;
  }
  const double making = 1.25 * static_cast<double>(k_ * rows_.cols()) + kAll - best;
  if (cost(fresh) > kNewMargins * best || making > kSoonUsedUp * (best - cost(fresh))) return without;
  has_margins_ = true;
  rounds_served_ = 0;
  margins_.assign(rows_.size(), -1.0F);
  return Search::Margins;
}

}  // namespace fenqun::cluster
