// cluster/choose_k.cpp
#include "cluster/choose_k.hpp"

#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

Result<void> check_options(const ChooseKOptions& options) {
  FENQUN_CHECK(check_option("k_min", options.k_min, 2, kMaxClusters));
  FENQUN_CHECK(check_option("k_max", options.k_max, options.k_min, kMaxClusters));
  if (options.fixed_k) FENQUN_CHECK(check_option("fixed_k", *options.fixed_k, 2, kMaxClusters));
  if (!(options.min_share >= 0 && options.min_share <= 1)) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", "min_share"}, {"value", fmt::format("{}", options.min_share)}, {"expected", "0..1"}});
  }
  return check_option("initial_centroids", options.kmeans.initial_centroids.rows(), 0, 0);
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
          quality.smallest_share >= min_share};
}

/// The index as a number of which the greatest is best.
std::optional<double> worth(const ClusterQuality& quality, QualityIndex index) {
  switch (index) {
    case QualityIndex::CentroidSilhouette:
      return quality.centroid_silhouette;
    case QualityIndex::CalinskiHarabasz:
      return quality.calinski_harabasz;
    case QualityIndex::DaviesBouldin:
      return quality.davies_bouldin ? std::optional(-*quality.davies_bouldin) : std::nullopt;
  }
  return std::nullopt;
}

IndexVote vote(const std::vector<const KTrial*>& candidates, QualityIndex index) {
  IndexVote out{index, std::nullopt};
  double best = -std::numeric_limits<double>::infinity();
  for (const KTrial* trial : candidates) {
    const auto value = worth(trial->quality, index);
    if (!value || (out.k && *value <= best)) continue;
    best = *value;
    out.k = trial->k;
  }
  return out;
}

void recommend(KChoice& choice) {
  std::vector<const KTrial*> candidates;
  for (const auto& trial : choice.trials) {
    if (trial.share_kept) candidates.push_back(&trial);
  }
  choice.share_rule_dropped = candidates.empty();
  if (candidates.empty()) {
    for (const auto& trial : choice.trials) candidates.push_back(&trial);
  }
  choice.votes = {vote(candidates, QualityIndex::CentroidSilhouette), vote(candidates, QualityIndex::CalinskiHarabasz),
                  vote(candidates, QualityIndex::DaviesBouldin)};
  const auto votes_for = [&](std::uint32_t k) {
    return static_cast<std::uint32_t>(std::ranges::count_if(choice.votes, [k](const auto& v) { return v.k == k; }));
  };
  const auto voters =
      static_cast<std::uint32_t>(std::ranges::count_if(choice.votes, [](const auto& v) { return v.k.has_value(); }));
  choice.recommended_k = choice.votes[0].k.value_or(candidates.front()->k);
  for (const auto& v : choice.votes) {
    if (v.k && 2 * votes_for(*v.k) > voters) choice.recommended_k = *v.k;
  }
  choice.vote_count = votes_for(choice.recommended_k);
  if (candidates.size() == 1) {
    choice.reason = KReason::OnlyCandidate;
  } else if (choice.vote_count == voters) {
    choice.reason = KReason::Unanimous;
  } else {
    choice.reason = 2 * choice.vote_count > voters ? KReason::Majority : KReason::Silhouette;
  }
}

/// True when the data simply do not hold that many groups and the trials so far may stand alone.
bool ends_range(const Error& error, const KChoice& choice, const ChooseKOptions& options, std::uint32_t k) {
  const bool is_limit =
      error.line.key == "cluster.too_few_distinct_rows" || error.line.key == "cluster.more_groups_than_rows";
  return is_limit && !choice.trials.empty() && options.fixed_k.value_or(0) < k;
}

}  // namespace

Result<KChoice> choose_k(RowView<const float> rows, const ChooseKOptions& options, WorkerPool& pool,
                         const TrialProgress& on_trial, const std::stop_token& stop) {
  FENQUN_CHECK(check_options(options));
  const auto ks = wanted(options);
  KChoice choice;
  std::vector<KMeansFit> fits;
  for (const std::uint32_t k : ks) {
    KMeansOptions kmeans = options.kmeans;
    kmeans.cluster_count = k;
    auto fit = fit_kmeans(rows, kmeans, pool, stop);
    if (!fit) {
      if (!ends_range(fit.error(), choice, options, k)) return fail(std::move(fit).error());
      choice.distinct_rows = k - 1;
      break;
    }
    FENQUN_TRY(const auto quality, measure_quality(rows, fit->labels, k, pool, stop));
    choice.trials.push_back(trial_of(*fit, quality, options.min_share));
    fits.push_back(std::move(*fit));
    if (on_trial) on_trial(static_cast<std::uint32_t>(fits.size()), static_cast<std::uint32_t>(ks.size()));
  }
  recommend(choice);
  choice.chosen_k = options.fixed_k.value_or(choice.recommended_k);
  const auto chosen = std::ranges::find(choice.trials, choice.chosen_k, &KTrial::k);
  choice.fit = std::move(fits[static_cast<std::size_t>(chosen - choice.trials.begin())]);
  return choice;
}

}  // namespace fenqun::cluster
