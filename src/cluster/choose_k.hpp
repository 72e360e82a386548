// cluster/choose_k.hpp - tries every number of groups in a range, keeps every trial and recommends one.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"
#include "cluster/quality.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct ChooseKOptions {
  std::uint32_t k_min = 2;  // >= 2
  std::uint32_t k_max = 8;  // >= k_min
  std::optional<std::uint32_t> fixed_k =
      {};                     // >= 2: the caller's choice; a trial of it is added when outside the range
  double min_share = 0.01;    // 0..1: a trial with a smaller group is not recommended while another stands
  KMeansOptions kmeans = {};  // cluster_count is ignored, initial_centroids must be empty
};

/// One k, as it was tried.
struct KTrial {
  std::uint32_t k = 0;
  double inertia = 0;
  bool converged = false;
  std::uint32_t rounds = 0;
  std::uint32_t restart = 0;
  std::uint64_t repaired = 0;
  std::vector<std::uint64_t> sizes;  // k entries
  ClusterQuality quality;
  bool share_kept = false;  // quality.smallest_share >= min_share
};

enum class QualityIndex : std::uint8_t { CentroidSilhouette, CalinskiHarabasz, DaviesBouldin };

/// The k that an index likes best among the candidates (of equals the smallest); absent: defined for none of them.
struct IndexVote {
  QualityIndex index = QualityIndex::CentroidSilhouette;
  std::optional<std::uint32_t> k;
};

/// Why the recommended k won.
enum class KReason : std::uint8_t {
  OnlyCandidate,  // no other trial was possible or kept the share
  Unanimous,      // every index that votes names it
  Majority,       // more than half of the votes
  Silhouette      // no majority: the favourite of the centroid silhouette
};

struct KChoice {
  std::vector<KTrial> trials;      // ascending k
  std::array<IndexVote, 3> votes;  // in the order of QualityIndex
  std::uint32_t recommended_k = 0;
  std::uint32_t vote_count = 0;  // votes for recommended_k
  KReason reason = KReason::OnlyCandidate;
  bool share_rule_dropped = false;             // every trial broke min_share, so all became candidates
  std::optional<std::uint32_t> distinct_rows;  // set when it cut the range: no more groups than distinct rows
  std::uint32_t chosen_k = 0;                  // fixed_k, else recommended_k
  KMeansFit fit;                               // of chosen_k
};

/// Called after a trial: `done` of `total` are through.
using TrialProgress = std::function<void(std::uint32_t done, std::uint32_t total)>;

/// Fits k-means for each k of the range and measures it on all rows. Recommendation: candidates are the trials that
/// keep min_share (all, if none does); each index votes for its best k; the majority wins, else the centroid
/// silhouette decides. Time: the sum of the fits; memory: the labels of every trial (4 n bytes each) until the choice.
/// Errors: as fit_kmeans and measure_quality, and InvalidArgument (range, fixed_k or min_share out of range). A k above
/// the number of rows or distinct rows shortens the range; it is an error only for fixed_k and the least k tried.
Result<KChoice> choose_k(RowView<const float> rows, const ChooseKOptions& options, WorkerPool& pool,
                         const TrialProgress& on_trial = {}, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
