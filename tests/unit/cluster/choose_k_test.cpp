// tests/unit/cluster/choose_k_test.cpp
#include "cluster/choose_k.hpp"

#include "cluster/agreement.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <map>

namespace fenqun::cluster {
namespace {

KChoice choose(const Matrix<float>& rows, const ChooseKOptions& options = {}) {
  WorkerPool pool(2);
  auto out = choose_k(rows.view(), options, pool);
  EXPECT_TRUE(out.has_value()) << out.error().line.key;
  return out.value_or(KChoice{});
}

std::vector<std::uint32_t> tried(const KChoice& choice) {
  std::vector<std::uint32_t> out;
  for (const auto& trial : choice.trials) out.push_back(trial.k);
  return out;
}

/// `sizes[g]` rows around 20 g.
Matrix<float> piles(const std::vector<std::size_t>& sizes) {
  std::size_t n = 0;
  for (const auto size : sizes) n += size;
  auto rows = noise(n, 1, 3);
  std::size_t r = 0;
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    for (std::size_t i = 0; i < sizes[g]; ++i) rows(r++, 0) += 20 * static_cast<float>(g);
  }
  return rows;
}

TEST(ChooseK, AllIndicesNameTheNumberOfGroupsThatLieApart) {
  const auto data = planted(2000, 5, 5, 30, 1);
  const auto choice = choose(data.rows);
  EXPECT_EQ(tried(choice), (std::vector<std::uint32_t>{2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(choice.recommended_k, 5U);
  EXPECT_EQ(choice.chosen_k, 5U);
  EXPECT_EQ(choice.reason, KReason::Unanimous);
  EXPECT_EQ(choice.vote_count, 3U);
  EXPECT_EQ(choice.votes[2].index, QualityIndex::DaviesBouldin);
  EXPECT_FALSE(choice.distinct_rows.has_value());
  EXPECT_FALSE(choice.share_rule_dropped);
  const auto agreement = adjusted_rand_index(choice.fit.labels, data.labels);
  ASSERT_TRUE(agreement.has_value());
  EXPECT_EQ(*agreement, 1.0);
}

TEST(ChooseK, TheCallersKIsTakenAndTheTrialsStayToCompare) {
  const auto data = planted(1000, 4, 4, 30, 2);
  const auto inside = choose(data.rows, {.fixed_k = 3});
  EXPECT_EQ(inside.chosen_k, 3U);
  EXPECT_EQ(inside.recommended_k, 4U);
  EXPECT_EQ(inside.fit.sizes.size(), 3U);
  EXPECT_EQ(inside.trials.size(), 7U);
  const auto outside = choose(data.rows, {.k_min = 2, .k_max = 4, .fixed_k = 9});
  EXPECT_EQ(tried(outside), (std::vector<std::uint32_t>{2, 3, 4, 9}));
  EXPECT_EQ(outside.fit.sizes.size(), 9U);
  EXPECT_EQ(outside.recommended_k, 4U);
}

TEST(ChooseK, AGroupBelowTheShareTakesATrialOutOfTheRace) {
  const auto rows = piles({500, 495, 5});
  EXPECT_EQ(choose(rows, {.min_share = 0}).recommended_k, 3U);
  const auto guarded = choose(rows, {.min_share = 0.01});
  EXPECT_NE(guarded.recommended_k, 3U);
  EXPECT_FALSE(guarded.trials[1].share_kept);
  EXPECT_NEAR(guarded.trials[1].quality.smallest_share, 0.005, 1e-12);
  EXPECT_FALSE(guarded.share_rule_dropped);
}

TEST(ChooseK, WhenEveryTrialBreaksTheShareTheRuleIsDroppedAndSaidSo) {
  const auto choice = choose(piles({500, 500}), {.min_share = 0.9});
  EXPECT_TRUE(choice.share_rule_dropped);
  EXPECT_EQ(choice.recommended_k, 2U);
}

TEST(ChooseK, FewDistinctRowsShortenTheRange) {
  Matrix<float> rows(300, 1);
  for (std::size_t r = 0; r < 300; ++r) rows(r, 0) = static_cast<float>(r % 3);
  const auto choice = choose(rows);
  EXPECT_EQ(tried(choice), (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(choice.distinct_rows, 3U);
  EXPECT_EQ(choice.recommended_k, 3U);  // exact; Calinski-Harabasz is not defined there and votes for 2
  EXPECT_EQ(choice.reason, KReason::Majority);
  EXPECT_EQ(choice.votes[1].k, 2U);
}

TEST(ChooseK, FewRowsShortenTheRange) {
  const auto choice = choose(noise(4, 2, 1), {.min_share = 0});
  EXPECT_EQ(tried(choice), (std::vector<std::uint32_t>{2, 3, 4}));
  EXPECT_EQ(choice.distinct_rows, 4U);
}

TEST(ChooseK, ASingleCandidateNeedsNoVote) {
  const auto choice = choose(noise(100, 2, 1), {.k_min = 3, .k_max = 3});
  EXPECT_EQ(choice.recommended_k, 3U);
  EXPECT_EQ(choice.reason, KReason::OnlyCandidate);
}

TEST(ChooseK, TheReasonFollowsFromTheVotes) {
  WorkerPool pool(2);
  Random random(4);
  int without_majority = 0;
  for (int trial = 0; trial < 40; ++trial) {
    const auto rows = noise(30 + random.below(100), 1 + random.below(4), random.next());
    const auto choice = choose(rows, {.min_share = 0});
    std::uint32_t votes = 0;
    for (const auto& vote : choice.votes) votes += vote.k == choice.recommended_k ? 1U : 0U;
    EXPECT_EQ(choice.vote_count, votes);
    const bool is_silhouette = choice.reason == KReason::Silhouette;
    EXPECT_EQ(is_silhouette, votes == 1);
    if (is_silhouette) {
      EXPECT_EQ(choice.votes[0].k, choice.recommended_k);
      ++without_majority;
    }
    EXPECT_EQ(choice.reason == KReason::Unanimous, votes == 3);
    for (const auto& t : choice.trials) {
      EXPECT_LE(t.quality.centroid_silhouette, choice.trials[*choice.votes[0].k - 2].quality.centroid_silhouette);
    }
  }
  EXPECT_GT(without_majority, 0) << "the rule without a majority was never tried";
}

TEST(ChooseK, TheChosenFitIsTheOneOfKMeansWithThatK) {
  WorkerPool pool(2);
  Random random(9);
  for (int trial = 0; trial < 20; ++trial) {
    const auto rows = noise(20 + random.below(200), 1 + random.below(3), random.next());
    // A single round leaves groups that were emptied and started anew: their labels do not follow from the centroids.
    const std::uint32_t rounds = trial % 2 == 0 ? 1 : 100;
    const auto choice = choose(rows, {.min_share = 0, .kmeans = {.max_rounds = rounds, .restarts = 2}});
    KMeansOptions options{.cluster_count = choice.chosen_k, .max_rounds = rounds, .restarts = 2};
    const auto fit = fit_kmeans(rows.view(), options, pool).value();
    EXPECT_EQ(choice.fit.labels, fit.labels);
    EXPECT_EQ(choice.fit.centroids, fit.centroids);
    EXPECT_EQ(choice.fit.inertia, fit.inertia);
    EXPECT_EQ(choice.fit.rounds, fit.rounds);
    EXPECT_EQ(choice.fit.inertia_by_restart, fit.inertia_by_restart);
  }
}

TEST(ChooseK, EveryMeasureThatIsAskedForIsKeptAndVotes) {
  const auto data = planted(2000, 5, 5, 20, 1);
  const KEvidence all{
      .silhouette_rows = 400, .gap_references = 10, .gap_rows = 500, .resamples = 8, .resample_rows = 500};
  const auto choice = choose(data.rows, {.evidence = all});
  ASSERT_EQ(choice.votes.size(), 6U);
  for (const auto& vote : choice.votes) EXPECT_EQ(vote.k, 5U) << static_cast<int>(vote.index);
  EXPECT_EQ(choice.votes[3].index, QualityIndex::Silhouette);
  EXPECT_EQ(choice.votes[5].index, QualityIndex::Stability);
  EXPECT_EQ(choice.reason, KReason::Unanimous);
  EXPECT_EQ(choice.vote_count, 6U);
  for (const auto& trial : choice.trials) {
    EXPECT_GT(trial.silhouette.value().rows.size(), 390U);
    EXPECT_EQ(trial.gap.value().k, trial.k);
    EXPECT_EQ(trial.stability.value().agreement.size(), 8U);
  }
  ASSERT_EQ(choice.gap.value().trials.size(), 9U);
  EXPECT_EQ(choice.gap->trials.front().k, 1U);
  EXPECT_EQ(choice.gap->first_k, 5U);
}

TEST(ChooseK, OtherDistancesAndRowWeightsGoThroughEveryMeasure) {
  const auto data = planted(600, 3, 3, 20, 1);
  std::vector<float> weights(600, 1);
  for (std::size_t r = 0; r < 600; r += 7) weights[r] = 2.5F;
  const KEvidence all{
      .silhouette_rows = 200, .gap_references = 5, .gap_rows = 300, .resamples = 5, .resample_rows = 200};
  for (const auto distance : {Distance::Euclidean, Distance::Manhattan, Distance::Cosine}) {
    std::uint32_t rounds = 0;
    ChooseKOptions options{.k_max = 5, .evidence = all};
    options.kmeans.distance = distance;
    options.kmeans.row_weights = weights;
    options.kmeans.on_round = [&](const KMeansRound&) { ++rounds; };
    const auto choice = choose(data.rows, options);
    EXPECT_EQ(choice.recommended_k, 3U);
    EXPECT_EQ(adjusted_rand_index(choice.fit.labels, data.labels).value(), 1.0);
    EXPECT_EQ(choice.trials[1].stability.value().mean, 1.0);
    EXPECT_GT(rounds, 4U);
  }
}

TEST(ChooseK, WithoutAMajorityMostVotesDecideAndThenTheCentroidSilhouette) {
  Random random(4);
  int plurality = 0;
  int silhouette = 0;
  for (int trial = 0; trial < 30; ++trial) {
    const auto rows = noise(60 + random.below(60), 2, random.next());
    const KEvidence all{.silhouette_rows = 1000, .gap_references = 3, .resamples = 3};
    const auto choice = choose(rows, {.min_share = 0, .kmeans = {.restarts = 2}, .evidence = all});
    std::map<std::uint32_t, std::uint32_t> votes;
    std::uint32_t voters = 0;
    for (const auto& vote : choice.votes) {
      if (vote.k) ++votes[*vote.k];
      voters += vote.k ? 1U : 0U;
    }
    std::uint32_t most = 0;
    std::uint32_t with_most = 0;
    for (const auto& [k, count] : votes) {
      with_most = count > most ? 1 : with_most + (count == most ? 1U : 0U);
      most = std::max(most, count);
    }
    EXPECT_EQ(choice.vote_count, votes[choice.recommended_k]);
    EXPECT_EQ(choice.reason == KReason::Silhouette, with_most > 1);
    EXPECT_EQ(choice.reason == KReason::Plurality, with_most == 1 && 2 * most <= voters);
    if (with_most > 1) {
      EXPECT_EQ(choice.recommended_k, choice.votes[0].k);
    } else {
      EXPECT_EQ(choice.vote_count, most);
    }
    plurality += choice.reason == KReason::Plurality ? 1 : 0;
    silhouette += choice.reason == KReason::Silhouette ? 1 : 0;
  }
  EXPECT_GT(plurality, 0) << "never tried";
  EXPECT_GT(silhouette, 0) << "never tried";
}

TEST(ChooseK, TellsAfterEveryTrialHowFarItIs) {
  const auto rows = noise(200, 2, 1);
  WorkerPool pool(2);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seen;
  const auto choice = choose_k(rows.view(), {.k_max = 4}, pool,
                               [&](std::uint32_t done, std::uint32_t total) { seen.emplace_back(done, total); });
  ASSERT_TRUE(choice.has_value());
  EXPECT_EQ(seen, (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 3}, {2, 3}, {3, 3}}));
}

TEST(ChooseK, NamesTheDistinctRowsAlsoWhereAFixedKLiesBelowTheRange) {
  const auto rows = matrix_of<float>({{0}, {1}, {2}, {0}, {1}, {2}, {0}, {1}});
  ChooseKOptions options;
  options.fixed_k = 2;
  options.k_min = 6;
  options.k_max = 7;
  WorkerPool pool(1);
  const auto choice = choose_k(rows.view(), options, pool);
  ASSERT_TRUE(choice.has_value());
  EXPECT_EQ(choice->distinct_rows, 3U);
  EXPECT_EQ(choice->chosen_k, 2U);
}

TEST(ChooseK, HasNoStabilityOfMoreGroupsThanAResampleHasRows) {
  const auto rows = noise(60, 2, 5);
  ChooseKOptions options;
  options.k_min = 9;
  options.k_max = 12;
  options.evidence.resamples = 4;
  options.evidence.resample_rows = 10;
  WorkerPool pool(1);
  const auto choice = choose_k(rows.view(), options, pool);
  ASSERT_TRUE(choice.has_value()) << choice.error().line.key;
  ASSERT_EQ(choice->trials.size(), 4U);
  EXPECT_FALSE(choice->trials[2].stability.has_value());
  EXPECT_FALSE(choice->trials[3].stability.has_value());
}

}  // namespace
}  // namespace fenqun::cluster
