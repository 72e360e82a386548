// load/adaptive_shapes.hpp - finds the shapes of days: k-means that splits groups until every day is near its shape.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"
#include "load/shape_dictionary.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

struct AdaptiveShapeOptions {
  /// The first grouping: cluster_count groups (fewer if there are fewer profiles or distinct ones). The same rounds,
  /// restarts, tolerance and seed serve every split; initial_centroids must be empty.
  cluster::KMeansOptions kmeans{.cluster_count = 16, .max_rounds = 30, .restarts = 1, .tolerance = 1e-3};
  double theta = 0.2;                 // above 0: largest error |s - c|² / |c|² of a profile that its group may hold
  std::uint64_t least_members = 2;    // >= 2: a smaller group is not split, even if it breaks theta
  std::uint32_t most_shapes = 65536;  // splitting ends when they are reached
};

struct AdaptiveShapes {
  ShapeDictionary dictionary;                  // most members first, of equals the one found first
  std::vector<std::uint32_t> codes;            // per profile: the group it ended in; not always its nearest shape
  std::vector<std::uint32_t> groups_by_level;  // groups after the first grouping and after each level of splits
  std::uint64_t splits = 0;
  std::uint64_t violations = 0;  // profiles above theta in their group: small groups, or most_shapes reached
  bool is_limited = false;       // most_shapes ended it
};

/// Groups n x d profiles (n >= 1) by k-means, then splits every group in two by k-means of its own that holds a profile
/// with an error above theta, level by level; groups that break it most go first where most_shapes is near. A group of
/// equal profiles is not split. Ends because every split makes two smaller groups, none empty.
/// Time O(n d rounds (k + 2 levels)), memory a copy of the profiles. Same bits for any thread count.
/// Errors: InvalidArgument (options), those of check_profiles and cluster::fit_kmeans, BadData (no profiles; a profile
/// of length 0), Cancelled (within a round of k-means).
/// Source: Kwac, Flora & Rajagopal, IEEE Trans. Smart Grid 5(1), 2014. See docs/math/load_shapes.md.
Result<AdaptiveShapes> find_shapes(RowView<const float> profiles, const AdaptiveShapeOptions& options, WorkerPool& pool,
                                   const std::stop_token& stop = {});

/// `count` of the numbers 0..n-1 (all if count >= n), each set equally likely, ascending; depends on the seed alone.
/// Source: selection sampling, Knuth, TAOCP 2, 3.4.2, algorithm S.
std::vector<std::uint32_t> sample_rows(std::uint64_t n, std::uint64_t count, std::uint64_t seed);

struct ShapeStudyOptions {
  AdaptiveShapeOptions search = {};
  std::uint64_t sample = 200000;  // >= 1: profiles to find shapes in
  std::uint32_t cap = 1000;       // 1..kMaxShapes: shapes that stay
  MergeCost merge_cost = MergeCost::Variance;
};

/// A dictionary and what it is worth.
struct ShapeStudy {
  MergedDictionary merged;  // members: profiles of the sample
  std::uint32_t found_shapes = 0;
  bool is_limited = false;
  ShapeCoverage sample_before;  // the sample by nearest shape, all shapes found
  ShapeCoverage sample_after;   // the sample by nearest shape, those that stayed
  ShapeEncoding encoding;       // all profiles by those that stayed: codes, errors, coverage
};

/// Finds shapes in a seeded sample (search.kmeans.seed), merges them down to the cap and encodes all profiles, so that
/// what the sample missed shows in encoding.coverage.
/// Errors: those of find_shapes, merge_shapes, encode_profiles.
Result<ShapeStudy> study_shapes(RowView<const float> profiles, const ShapeStudyOptions& options, WorkerPool& pool,
                                const std::stop_token& stop = {});

}  // namespace fenqun::load
