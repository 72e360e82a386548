// cluster/bisecting.hpp - k-means that splits one group after the other in two: a tree of groups, for drilling down.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// Which group is split next.
enum class SplitRule : std::uint8_t {
  Inertia,  // the one of greatest inertia, of equals the lowest
  Size      // the one of most rows, of equals the lowest
};

/// The s-th split, s from 0: group `group` of the s + 1 groups so far keeps its number for one part, the other part
/// becomes group s + 1. Undoing the last splits gives the coarser grouping.
struct Split {
  std::uint32_t group = 0;
  std::uint64_t rows = 0;        // before
  std::uint64_t moved = 0;       // rows of the new group
  double inertia = 0;            // of the group before
  double kept_inertia = 0;       // of what kept the number
  double moved_inertia = 0;      // of the new group; the sum of both is at most inertia, but for rounding
  Matrix<float> centroids = {};  // 2 x d: kept, moved
};

struct BisectingFit {
  KMeansFit fit;              // labels and the groups' centroids; a row need not be in the group of the nearest
                              // centroid. converged: every split did; rounds: of all splits; inertia_by_round: after
                              // each split, from none on, k entries; restart, log: empty
  std::vector<Split> splits;  // k - 1
};

/// Begins with one group and splits k - 1 times, each by fit_kmeans with k = 2 and the same options, its seed drawn
/// from (seed, s); a group whose rows are all equal is passed over. Time about O(n d rounds restarts log k) for groups
/// of like size; memory a copy of the group that is split. Same bits for any thread count. Errors: as fit_kmeans, and
/// InvalidArgument (initial_centroids given; missing values allowed), BadData (fewer distinct rows than k). Source:
/// Steinbach, Karypis & Kumar, KDD Workshop on Text Mining (2000). See docs/math/bisecting.md.
Result<BisectingFit> fit_bisecting(RowView<const float> rows, const KMeansOptions& options, SplitRule rule,
                                   WorkerPool& pool, const std::stop_token& stop = {});

struct GroupSplit {
  KMeansFit fit;                      // of the group's rows alone, in their order
  std::vector<std::size_t> rows;      // their numbers, ascending
  std::vector<std::uint32_t> labels;  // n: part 0 keeps the group's number, part p > 0 gets cluster_count + p - 1;
                                      // all other rows keep theirs
};

/// Drills down: splits group `group` of an existing grouping (`labels`, n in [0, cluster_count), cluster_count in
/// 2..4096) into options.cluster_count parts by fit_kmeans on its rows; the others stay as they are. Time and memory:
/// those of fit_kmeans on the group, and a copy of its rows. Errors: as fit_kmeans with rows counted within the group,
/// and InvalidArgument (labels, group).
Result<GroupSplit> split_group(RowView<const float> rows, std::span<const std::uint32_t> labels,
                               std::uint32_t cluster_count, std::uint32_t group, const KMeansOptions& options,
                               WorkerPool& pool, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
