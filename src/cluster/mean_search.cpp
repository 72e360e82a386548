// cluster/mean_search.cpp - how a round finds the nearest centroids of one block of rows.
#include "cluster/mean_rounds.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::size_t kLineValues = 16;  // floats of a cache line

}  // namespace

void MeanRounds::prefetch(std::size_t row) const {
  const float* const values = rows_.rows.data() + row * rows_.rows.stride();
  for (std::size_t c = 0; c < fetched_cols_; c += kLineValues) __builtin_prefetch(values + c);
}

void MeanRounds::search_block(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                              BlockPart& mine) {
  mine.begin(sums_.size(), k_);
  Step step(k_, rows_.cols());
  for (std::size_t at = begin; at < end; at += kRowsPerStep) {
    const std::size_t last = std::min(end, at + kRowsPerStep);
    if (search_ == Search::Margins) {
      const std::span<float> margins(margins_.data() + at, last - at);
      const std::size_t open =
          kernels().narrow_margins(margins, state.labels.data() + at, pending_.data(), step.open.data());
      if (2 * open <= margins.size()) {
        wait_open(centroids, state, at, open, step, mine);
        continue;
      }
    }
    search_step(centroids, state, at, last, step, mine);
    if (is_encoding_) codes_->encode(at, last);
  }
  search_waiting(centroids, state, step, mine);
  if (is_full_)
    kernels().add_rows(rows_.part(begin, end), state.labels.data() + begin, mine.sums.data(), mine.counts.data());
}

/// A block by the codes of its rows: the few that codes do not tell apart are searched, those that moved are moved.
void MeanRounds::search_codes(RowView<const float> centroids, RowState& state, std::size_t block, BlockPart& mine) {
  mine.begin(sums_.size(), k_);
  Step step(k_, rows_.cols());
  Moving moving;
  CoarseFound found;
  for (std::size_t t = 0; t < codes_->tiles_in_block(block); ++t) {
    const std::size_t begin = block * block_rows_ + t * kTileRows;
    const std::size_t count = codes_->rows_in_tile(block, t);
    codes_->search(block, t, {state.labels.data() + begin, count}, found);
    for (std::uint64_t bits = found.changed & ~found.open; bits != 0; bits &= bits - 1) {
      const auto i = static_cast<std::size_t>(__builtin_ctzll(bits));
      prefetch(begin + i);
      if (moving.count == kRowsPerStep) move_waiting(state, moving, mine);
      moving.to[moving.count] = found.labels[i];
      moving.rows[moving.count++] = begin + i;
    }
    for (std::uint64_t bits = found.open; bits != 0; bits &= bits - 1) {
      const std::size_t row = begin + static_cast<std::size_t>(__builtin_ctzll(bits));
      prefetch(row);
      if (step.waiting_count == kRowsPerStep) search_waiting(centroids, state, step, mine);
      step.waiting[step.waiting_count++] = row;
    }
  }
  search_waiting(centroids, state, step, mine);
  move_waiting(state, moving, mine);
  if (is_full_) {
    const std::size_t begin = block * block_rows_, end = std::min(rows_.size(), begin + block_rows_);
    kernels().add_rows(rows_.part(begin, end), state.labels.data() + begin, mine.sums.data(), mine.counts.data());
  }
}

void MeanRounds::move_waiting(RowState& state, Moving& moving, BlockPart& mine) const {
  const std::size_t count = std::exchange(moving.count, 0);
  for (std::size_t i = 0; i < count; ++i) moving.from[i] = std::exchange(state.labels[moving.rows[i]], moving.to[i]);
  mine.changed += count;
  mine.searched += count;
  if (is_full_) return;
  kernels().move_chosen(rows_.rows, {moving.rows.data(), count}, moving.from.data(), moving.to.data(), mine.sums.data(),
                        mine.counts.data());
}

/// Rows begin..end, all of them.
void MeanRounds::search_step(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                             Step& step, BlockPart& mine) {
  const auto rows = rows_.part(begin, end);
  std::uint32_t* const labels = state.labels.data() + begin;
  const std::span<float> distances(state.distances.data() + begin, end - begin);
  std::copy_n(labels, distances.size(), step.before.data());
  if (search_ == Search::Margins) {
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
    prefetch(row);
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
  if (search_ == Search::Margins) {
    kernels().nearest_two(gathered, centroids, step.search, step.labels.data(), step.distances.data(),
                          step.next_labels.data(), step.next_distances.data());
    kernels().find_margins({step.distances.data(), count}, step.next_distances.data(), rounding_, step.margins.data());
  } else {
    kernels().nearest(gathered, centroids, step.search, step.labels.data(), step.distances.data());
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = step.waiting[i];
    if (step.labels[i] != step.before[i]) state.labels[row] = step.labels[i];
    if (search_ == Search::Margins) {
      state.distances[row] = step.distances[i];
      margins_[row] = step.margins[i];
    }
    mine.changed += is_full_ && step.before[i] != step.labels[i] ? 1U : 0U;
  }
  mine.searched += count;
  if (!is_full_) {
    mine.changed +=
        kernels().move_rows(gathered, step.before.data(), step.labels.data(), mine.sums.data(), mine.counts.data());
  }
}

}  // namespace fenqun::cluster
