// cluster/choose_k.hpp - tries every number of groups in a range, keeps every trial and recommends one.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/gap.hpp"
#include "cluster/kmeans.hpp"
#include "cluster/quality.hpp"
#include "cluster/silhouette.hpp"
#include "cluster/stability.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

/// What a trial is measured by besides the indices over all rows; 0 leaves a measure out. Seeded by kmeans.seed.
struct KEvidence {
  std::uint32_t silhouette_rows = 0;   // SilhouetteOptions::sample_rows; 3000 is a good number
  std::uint32_t gap_references = 0;    // GapOptions::references, for k = 1 .. k_max + 1; 20
  std::uint32_t gap_rows = 2000;       // GapOptions::sample_rows
  std::uint32_t resamples = 0;         // StabilityOptions::resamples; 20
  std::uint32_t resample_rows = 5000;  // StabilityOptions::sample_rows
};

struct ChooseKOptions {
  std::uint32_t k_min = 2;  // >= 2
  std::uint32_t k_max = 8;  // >= k_min
  std::optional<std::uint32_t> fixed_k =
      {};                     // >= 2: the caller's choice; a trial of it is added when outside the range
  double min_share = 0.01;    // 0..1: a trial with a smaller group is not recommended while another stands
  KMeansOptions kmeans = {};  // cluster_count is ignored, initial_centroids must be empty
  KEvidence evidence = {};
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
  bool share_kept = false;                            // quality.smallest_share >= min_share
  std::optional<SilhouetteEstimate> silhouette = {};  // absent, this and the next: not asked for
  std::optional<GapOfK> gap = {};                     // absent also where the rows drawn held no k groups
  std::optional<Stability> stability = {};            // absent also where no resample held k distinct rows
};

enum class QualityIndex : std::uint8_t {
  CentroidSilhouette,  // highest
  CalinskiHarabasz,    // highest
  DaviesBouldin,       // lowest
  Silhouette,          // highest mean
  Gap,                 // the least k that the rule takes: gap(k) >= gap(k + 1) - s(k + 1)
  Stability            // the greatest k whose mean is at most 0.01 below the highest
};

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
  Plurality,      // no majority, but more votes than any other k
  Silhouette      // neither: the favourite of the centroid silhouette
};

struct KChoice {
  std::vector<KTrial> trials;    // ascending k
  std::vector<IndexVote> votes;  // in the order of QualityIndex, those asked for
  std::uint32_t recommended_k = 0;
  std::uint32_t vote_count = 0;  // votes for recommended_k
  KReason reason = KReason::OnlyCandidate;
  bool share_rule_dropped = false;             // every trial broke min_share, so all became candidates
  std::optional<std::uint32_t> distinct_rows;  // set when it cut the range: no more groups than distinct rows
  std::optional<GapStatistic> gap;             // all it looked at, k = 1 among them; absent: not asked for
  std::uint32_t chosen_k = 0;                  // fixed_k, else recommended_k
  KMeansFit fit;                               // of chosen_k
};

/// Called after a trial: `done` of `total` are through.
using TrialProgress = std::function<void(std::uint32_t done, std::uint32_t total)>;

/// Fits k-means for each k of the range and measures it on all rows. Recommendation: candidates are the trials that
/// keep min_share (all, if none does); each index that was asked for votes for its best k; the majority wins, else the
/// k with most votes, else the centroid silhouette decides. Time: the sum of the fits and one round more; memory: that
/// of one fit and the labels of one trial (4 n bytes), whatever the range. The chosen fit's labels are made again from
/// its centroids, or by the whole fit again where its last round started an emptied group anew: the same labels. The
/// indices are Euclidean, whatever the distance of the fit, and rows count alike in them; values must not be missing.
/// Errors: as fit_kmeans, measure_quality, estimate_silhouette, measure_gap and measure_stability, and InvalidArgument
/// (range, fixed_k or min_share out of range). A k above
/// the number of rows or distinct rows shortens the range; it is an error only for fixed_k and the least k tried.
Result<KChoice> choose_k(RowView<const float> rows, const ChooseKOptions& options, WorkerPool& pool,
                         const TrialProgress& on_trial = {}, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
