// cluster/choose_k.cpp
#include "cluster/choose_k.hpp"

#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr double kAsStable = 0.01;  // a mean adjusted Rand index that much lower counts as equal

Result<void> check_options(const ChooseKOptions& options) {
  FENQUN_CHECK(check_option("k_min", options.k_min, 2, kMaxClusters));
  FENQUN_CHECK(check_option("k_max", options.k_max, options.k_min, kMaxClusters));
  if (options.fixed_k) FENQUN_CHECK(check_option("fixed_k", *options.fixed_k, 2, kMaxClusters));
  if (!(options.min_share >= 0 && options.min_share <= 1)) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", "min_share"}, {"value", fmt::format("{}", options.min_share)}, {"expected", "0..1"}});
  }
  const auto& evidence = options.evidence;
  if (evidence.silhouette_rows > 0) FENQUN_CHECK(check_option("silhouette_rows", evidence.silhouette_rows, 2, 100'000));
  if (evidence.gap_references > 0) {
    FENQUN_CHECK(check_option("gap_references", evidence.gap_references, 2, 1000));
    FENQUN_CHECK(check_option("gap_rows", evidence.gap_rows, 10, 1'000'000));
  }
  if (evidence.resamples > 0) {
    FENQUN_CHECK(check_option("resamples", evidence.resamples, 2, 1000));
    FENQUN_CHECK(check_option("resample_rows", evidence.resample_rows, 10, 1'000'000));
  }
  if (options.kmeans.missing != MissingValues::Refused) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_unsupported", {{"option", "missing"}});
  }
  if (options.kmeans.initial_centroids.rows() == 0) return {};
  return fail(ErrorCode::InvalidArgument, "cluster.option_unsupported", {{"option", "initial_centroids"}});
}

std::set<std::uint32_t> wanted(const ChooseKOptions& options) {
  std::set<std::uint32_t> ks;
  for (std::uint32_t k = options.k_min; k <= options.k_max; ++k) ks.insert(k);
  if (options.fixed_k) ks.insert(*options.fixed_k);
  return ks;
}

KTrial trial_of(const KMeansFit& fit, const ClusterQuality& quality, double min_share) {
  return {static_cast<std::uint32_t>(fit.sizes.size()),
          fit.inertia,
          fit.converged,
          fit.rounds,
          fit.restart,
          fit.repaired,
          fit.sizes,
          quality,
          quality.smallest_share >= min_share,
          {},
          {},
          {}};
}

/// The index as a number of which the greatest is best.
std::optional<double> worth(const KTrial& trial, QualityIndex index) {
  const ClusterQuality& quality = trial.quality;
  switch (index) {
    case QualityIndex::CentroidSilhouette:
      return quality.centroid_silhouette;
    case QualityIndex::CalinskiHarabasz:
      return quality.calinski_harabasz;
    case QualityIndex::DaviesBouldin:
      return quality.davies_bouldin ? std::optional(-*quality.davies_bouldin) : std::nullopt;
    case QualityIndex::Silhouette:
      return trial.silhouette ? std::optional(trial.silhouette->mean) : std::nullopt;
    case QualityIndex::Gap:
      return trial.gap ? std::optional(trial.gap->gap) : std::nullopt;
    case QualityIndex::Stability:
      return trial.stability ? std::optional(trial.stability->mean) : std::nullopt;
  }
  return std::nullopt;
}

using Candidates = std::vector<const KTrial*>;

IndexVote vote_highest(const Candidates& candidates, QualityIndex index) {
  IndexVote out{index, std::nullopt};
  double best = -std::numeric_limits<double>::infinity();
  for (const KTrial* trial : candidates) {
    const auto value = worth(*trial, index);
    if (!value || (out.k && *value <= best)) continue;
    best = *value;
    out.k = trial->k;
  }
  return out;
}

IndexVote vote_gap(const Candidates& candidates, const GapStatistic& gap) {
  for (const KTrial* trial : candidates) {
    if (first_k_of(gap.trials, trial->k) == trial->k) return {QualityIndex::Gap, trial->k};
  }
  return {QualityIndex::Gap, std::nullopt};
}

/// Few groups come back more easily than many: among those that come back as well, the greatest k says most.
IndexVote vote_stable(const Candidates& candidates) {
  IndexVote out = vote_highest(candidates, QualityIndex::Stability);
  if (!out.k) return out;
  const auto best = std::ranges::find(candidates, *out.k, &KTrial::k);
  for (const KTrial* trial : candidates) {
    if (trial->stability && trial->stability->mean >= (*best)->stability->mean - kAsStable) out.k = trial->k;
  }
  return out;
}

Candidates find_candidates(KChoice& choice) {
  Candidates out;
  for (const auto& trial : choice.trials) {
    if (trial.share_kept) out.push_back(&trial);
  }
  choice.share_rule_dropped = out.empty();
  if (out.empty()) {
    for (const auto& trial : choice.trials) out.push_back(&trial);
  }
  return out;
}

void vote(KChoice& choice, const Candidates& candidates, const KEvidence& evidence) {
  for (const auto index :
       {QualityIndex::CentroidSilhouette, QualityIndex::CalinskiHarabasz, QualityIndex::DaviesBouldin})
    choice.votes.push_back(vote_highest(candidates, index));
  if (evidence.silhouette_rows > 0) choice.votes.push_back(vote_highest(candidates, QualityIndex::Silhouette));
  if (choice.gap) choice.votes.push_back(vote_gap(candidates, *choice.gap));
  if (evidence.resamples > 0) choice.votes.push_back(vote_stable(candidates));
}

void recommend(KChoice& choice, const KEvidence& evidence) {
  const auto candidates = find_candidates(choice);
  vote(choice, candidates, evidence);
  std::map<std::uint32_t, std::uint32_t> votes;
  std::uint32_t voters = 0;
  for (const auto& v : choice.votes) {
    if (!v.k) continue;
    ++votes[*v.k];
    ++voters;
  }
  const auto most = std::ranges::max_element(votes, {}, [](const auto& entry) { return entry.second; });
  const bool is_alone = std::ranges::count_if(votes, [&](const auto& e) { return e.second == most->second; }) == 1;
  choice.recommended_k = is_alone ? most->first : choice.votes[0].k.value_or(candidates.front()->k);
  choice.vote_count = votes[choice.recommended_k];
  if (candidates.size() == 1) {
    choice.reason = KReason::OnlyCandidate;
  } else if (choice.vote_count == voters) {
    choice.reason = KReason::Unanimous;
  } else if (2 * choice.vote_count > voters) {
    choice.reason = KReason::Majority;
  } else {
    choice.reason = is_alone ? KReason::Plurality : KReason::Silhouette;
  }
}

/// True when the data simply do not hold that many groups and the trials so far may stand alone.
bool ends_range(const Error& error, const KChoice& choice, const ChooseKOptions& options, std::uint32_t k) {
  const bool is_limit =
      error.line.key == "cluster.too_few_distinct_rows" || error.line.key == "cluster.more_groups_than_rows";
  return is_limit && !choice.trials.empty() && options.fixed_k.value_or(0) < k;
}

/// What the error that ends the range says of the rows.
std::uint32_t most_groups(const Error& error) {
  const auto* const what = error.line.key == "cluster.more_groups_than_rows" ? "rows" : "distinct";
  return static_cast<std::uint32_t>(std::stoul(std::string(error.arg(what))));
}

/// What the trial is measured by besides the indices over all rows.
Result<void> add_evidence(RowView<const float> rows, const KMeansFit& fit, const KMeansOptions& kmeans,
                          const KEvidence& evidence, KTrial& trial, WorkerPool& pool, const std::stop_token& stop) {
  if (evidence.silhouette_rows > 0) {
    FENQUN_TRY(trial.silhouette,
               estimate_silhouette(rows, fit.labels, trial.k, {evidence.silhouette_rows, kmeans.seed}, pool, stop));
  }
  if (evidence.resamples == 0) return {};
  auto stability =
      measure_stability(rows, fit.labels, kmeans, {evidence.resamples, evidence.resample_rows}, pool, stop);
  if (stability)
    trial.stability = std::move(*stability);
  else if (stability.error().line.key != "cluster.no_resample")
    return fail(std::move(stability).error());
  return {};
}

Result<void> add_gap(RowView<const float> rows, const ChooseKOptions& options, KChoice& choice, WorkerPool& pool,
                     const std::stop_token& stop) {
  if (options.evidence.gap_references == 0) return {};
  const std::uint32_t k_max = std::min(options.k_max + 1, kMaxClusters);
  FENQUN_TRY(choice.gap,
             measure_gap(rows, {1, k_max, options.evidence.gap_references, options.evidence.gap_rows, options.kmeans},
                         pool, stop));
  for (const auto& found : choice.gap->trials) {
    const auto trial = std::ranges::find(choice.trials, found.k, &KTrial::k);
    if (trial != choice.trials.end()) trial->gap = found;
  }
  return {};
}

/// The fit with labels again: one round from its own centroids, unless the last round started an emptied group anew, so
/// that labels do not follow from centroids; then the fit is made again as a whole.
Result<KMeansFit> restore_labels(RowView<const float> rows, KMeansFit fit, const KMeansOptions& options,
                                 WorkerPool& pool, const std::stop_token& stop) {
  KMeansOptions once = options;
  once.cluster_count = static_cast<std::uint32_t>(fit.sizes.size());
  once.max_rounds = 1;
  once.initial_centroids = fit.centroids;
  once.on_round = {};
  if (fit.log.back().repaired == 0) {
    FENQUN_TRY(auto again, fit_kmeans(rows, once, pool, stop));
    if (again.sizes == fit.sizes && again.repaired == 0) {
      fit.labels = std::move(again.labels);
      return fit;
    }
  }
  once.max_rounds = options.max_rounds;
  once.initial_centroids = {};
  return fit_kmeans(rows, once, pool, stop);
}

}  // namespace

Result<KChoice> choose_k(RowView<const float> rows, const ChooseKOptions& options, WorkerPool& pool,
                         const TrialProgress& on_trial, const std::stop_token& stop) {
  FENQUN_CHECK(check_options(options));
  const auto ks = wanted(options);
  KChoice choice;
  std::vector<KMeansFit> fits;  // without labels
  for (const std::uint32_t k : ks) {
    KMeansOptions kmeans = options.kmeans;
    kmeans.cluster_count = k;
    auto fit = fit_kmeans(rows, kmeans, pool, stop);
    if (!fit) {
      if (!ends_range(fit.error(), choice, options, k)) return fail(std::move(fit).error());
      choice.distinct_rows = std::max(choice.trials.back().k, most_groups(fit.error()));
      break;
    }
    FENQUN_TRY(const auto quality, measure_quality(rows, fit->labels, k, pool, stop));
    choice.trials.push_back(trial_of(*fit, quality, options.min_share));
    FENQUN_CHECK(add_evidence(rows, *fit, kmeans, options.evidence, choice.trials.back(), pool, stop));
    fit->labels = {};
    fits.push_back(std::move(*fit));
    if (on_trial) on_trial(static_cast<std::uint32_t>(fits.size()), static_cast<std::uint32_t>(ks.size()));
  }
  FENQUN_CHECK(add_gap(rows, options, choice, pool, stop));
  recommend(choice, options.evidence);
  choice.chosen_k = options.fixed_k.value_or(choice.recommended_k);
  const auto chosen =
      static_cast<std::size_t>(std::ranges::find(choice.trials, choice.chosen_k, &KTrial::k) - choice.trials.begin());
  FENQUN_TRY(choice.fit, restore_labels(rows, std::move(fits[chosen]), options.kmeans, pool, stop));
  return choice;
}

}  // namespace fenqun::cluster
