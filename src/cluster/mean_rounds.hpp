// cluster/mean_rounds.hpp - rounds of k-means over rows that all count 1, with no value missing. Level 1, inside the
// room.
#pragma once

#include "cluster/coarse_rows.hpp"
#include "cluster/rounds.hpp"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace fenqun::cluster {

/// What one block of rows adds to a round.
struct BlockPart {
  std::vector<double> sums;           // k x d: of all rows, or of those that moved
  std::vector<std::uint64_t> counts;  // k, alike; differences are modulo 2^64
  double inertia = 0;                 // of the rows searched
  float farthest = 0;                 // squared
  std::uint64_t changed = 0;
  std::uint64_t searched = 0;

  void begin(std::size_t sum_count, std::size_t k) {
    sums.assign(sum_count, 0.0);
    counts.assign(k, 0);
    inertia = 0;
    farthest = 0;
    changed = searched = 0;
  }
};

/// Rows that changed groups, to be moved together.
struct Moving {
  std::array<std::uint32_t, kRowsPerStep> from;
  std::array<std::uint32_t, kRowsPerStep> to;
  std::array<std::size_t, kRowsPerStep> rows;
  std::size_t count = 0;
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

/// Keeps the sums of the groups and moves only rows that changed. Where that costs less, passes over rows of which
/// margins (by how much the own centroid was the nearest, less what the centroids moved since) or codes (CoarseRows)
/// tell the nearest centroid beyond doubt: the labels are those of searching all.
class MeanRounds final : public Rounds {
 public:
  /// Codes are made where a run may last `max_rounds` and these promise to pay for them.
  MeanRounds(const GroupedRows& rows, std::uint32_t k, bool is_pruning, std::uint32_t max_rounds, WorkerPool& pool);

  RoundCounts assign(const Matrix<float>& centroids, RowState& state) override;
  void update(const RowState& state, Matrix<float>& centroids) override;
  void relabelled(const RowState& state) override;

 private:
  enum class Search : std::uint8_t { All, Margins, Codes };

  // What a round is to look at: mean_plan.cpp.
  [[nodiscard]] Search plan(RowView<const float> centroids, const RowState& state);
  [[nodiscard]] Search plan_margins(RowView<const float> centroids, const RowState& state, double best, Search without);

  // One block: mean_search.cpp.
  void search_block(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end,
                    BlockPart& mine);
  void search_step(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t end, Step& step,
                   BlockPart& mine);
  void wait_open(RowView<const float> centroids, RowState& state, std::size_t begin, std::size_t open, Step& step,
                 BlockPart& mine);
  void search_waiting(RowView<const float> centroids, RowState& state, Step& step, BlockPart& mine);
  void search_codes(RowView<const float> centroids, RowState& state, std::size_t block, BlockPart& mine);
  void move_waiting(RowState& state, Moving& moving, BlockPart& mine) const;
  void prefetch(std::size_t row) const;

  void add_parts(bool is_full);
  void weigh_out(const RoundCounts& round);
  void narrow(const std::vector<double>& moved);
  [[nodiscard]] double spread(const Matrix<float>& centroids) const;
  void measure(const Matrix<float>& centroids, bool is_first, RoundCounts& round);

  GroupedRows rows_;
  std::uint32_t k_;
  bool is_pruning_;
  bool is_coding_;  // codes may be made
  WorkerPool& pool_;
  std::size_t fetched_cols_;  // so many columns on begins the cache line after a row, at the latest
  std::size_t block_rows_;
  std::vector<BlockPart> parts_;
  std::vector<double> sums_;          // k x d
  std::vector<std::uint64_t> sizes_;  // k
  std::vector<double> middle_;        // d, the mean of all rows: what spread() is taken about
  std::uint32_t rounds_since_full_ = 0;
  bool is_full_ = true;      // this round adds up all rows
  bool is_far_out_ = false;  // every round does, and searches all
  Search search_ = Search::All;

  std::unique_ptr<CoarseRows> codes_;
  bool is_encoding_ = false;  // this round makes them

  bool has_margins_ = false;
  std::uint32_t rounds_served_ = 0;   // by the margins there are
  std::uint32_t rounds_to_wait_ = 0;  // before new ones
  float rounding_;              // of a computed distance, at most, as a share of it; twice covers the later ones too
  std::vector<float> margins_;  // n: by how much the own centroid is the nearest, at least; empty until looked at
  std::vector<float> less_;     // k: what the last update took off the margins of a group's rows
  std::vector<float> pending_;  // k: what all updates did since margins were last looked at

  double base_ = 0;           // inertia = base + spread(centroids)
  double first_inertia_ = 0;  // of the first round
};

}  // namespace fenqun::cluster
