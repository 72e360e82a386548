// cluster/identity.hpp - which group of a new grouping carries on which of the old, and who moved.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/agreement.hpp"
#include "cluster/matching.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fenqun::cluster {

struct IdentityOptions {
  /// A new group carries on an old one only when their rows in common are at least this share of the rows in either:
  /// 0..1 (Jaccard). 0: one row in common is enough.
  double least_overlap = 0;
};

/// A new group and the old one it carries on.
struct GroupMatch {
  std::uint32_t new_group = 0;
  std::uint32_t old_group = kUnmatched;  // kUnmatched: the group is new
  std::uint64_t common = 0;              // rows in both
  double overlap = 0;                    // common / rows in either, 0..1
};

/// How the groups of a retraining go on. Migration counts rows of old groups (matrix rows) in new groups (columns), the
/// new ones under the names they take over: `names`.
struct GroupIdentity {
  std::vector<GroupMatch> matches;   // one for each new group, by its number in the new labels
  std::vector<std::uint32_t> names;  // per new group: the old number it keeps, or one after the last old
  std::vector<std::uint32_t> ended;  // old groups that no new one carries on, ascending
  Matrix<std::uint64_t> migration;   // old groups x names in use (highest name + 1)
  std::uint64_t stayed = 0;          // rows whose old group their new group carries on
  std::uint64_t moved = 0;           // the others: stayed + moved = rows
  double adjusted_rand = 0;          // of both groupings, names aside
};

/// Pairs old and new groups of the same n rows so that as many rows as possible stay in their group, whatever the
/// numbers of the new labels. Time O(n + k³). Same input, same bits.
/// Errors: as contingency_table; InvalidArgument (least_overlap outside 0..1, more than 4096 groups).
Result<GroupIdentity> carry_on(std::span<const std::uint32_t> old_labels, std::span<const std::uint32_t> new_labels,
                               const IdentityOptions& options = {});

/// The names where no row was in both groupings: pairs old and new centroids (k x d each, same scale, 1..4096 rows) so
/// that their squared distances add up to least. One entry per new centroid, names as in GroupIdentity.
/// Errors: InvalidArgument (columns differ, too many), BadData (NaN or Inf).
Result<std::vector<std::uint32_t>> match_centroids(RowView<const float> old_centroids,
                                                   RowView<const float> new_centroids);

}  // namespace fenqun::cluster
