// tests/unit/segment/score_test.cpp - weighted scores: points that add up, missing values, bands, reasons.
#include "segment/run.hpp"
#include "segment/run_json.hpp"
#include "segment/scores.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>

namespace fenqun::segment {
namespace {

namespace fs = std::filesystem;

// 200 customers. late = n/200; visits n % 5; customer 1 knows nothing, customer 2 only the lightest part.
constexpr const char* kWide =
    "SELECT DATE '2026-06-01' AS as_of, printf('%06d', n) AS customer_id, "
    "CASE WHEN n > 2 THEN n / 200.0 END AS late_share_12m, CASE WHEN n > 2 THEN n % 5 END AS dunning_visits_12m, "
    "CASE WHEN n > 2 THEN n % 7 = 0 END AS has_arrears_over_60_days, CASE WHEN n > 1 THEN 10 * n END AS arrears_cny, "
    "CASE WHEN n > 2 AND n <> 9 THEN CASE n % 3 WHEN 0 THEN 'D' WHEN 1 THEN 'C' ELSE 'A' END END AS credit_grade "
    "FROM (SELECT range + 1 AS n FROM range(200))";

constexpr const char* kScore =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: score\n"
    "score:\n  least_known: 0.5\n  top_reasons: 2\n  parts:\n"
    "    - {feature: late_share_12m, map: linear, from: 0, to: 0.5, weight: 3, sentence: {zh: \"逾期率{value}\", en: "
    "\"{value} late\"}}\n"
    "    - {feature: dunning_visits_12m, map: steps, steps: [[1, 0.3], [3, 1]], weight: 2, sentence: {zh: "
    "\"上门{value}次\", en: "
    "\"{value} visits\"}}\n"
    "    - {feature: has_arrears_over_60_days, map: share, weight: 1, sentence: {zh: 欠费超60天, en: Old arrears}}\n"
    "    - {feature: arrears_cny, map: percentile, weight: 1, sentence: {zh: \"欠费{value}元\", en: \"{value} CNY "
    "owed\"}}\n"
    "    - {feature: credit_grade, map: values, values: {D: 1, C: 0.5}, weight: 1, sentence: {zh: \"信用{value}\", en: "
    "\"credit {value}\"}}\n"
    "    - {map: condition, when: late_share_12m > 0.9, weight: 1, sentence: {zh: 几乎全部逾期, en: Nearly all late}}\n"
    "groups:\n"
    "  - {code: worst, from: 50, when: has_arrears_over_60_days, title: {zh: 最差, en: Worst}}\n"
    "  - {code: high, from: 60, title: {zh: 高, en: High}}\n"
    "  - {code: middle, from: 30, title: {zh: 中, en: Middle}}\n"
    "  - {code: low, from: 0, title: {zh: 低, en: Low}}\n";

class ScoreTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(warehouse::Workspace::init(path(), "test").has_value());
    auto workspace = open(2);
    auto catalogue = features::FeatureCatalogue::create(AssetStore());
    ASSERT_TRUE(catalogue.has_value());
    catalogue_.emplace(std::move(*catalogue));
    auto scratch = workspace.scratch("test");
    ASSERT_TRUE(scratch.has_value());
    const auto file = scratch->folder() / "wide" / "month=2026-06" / "w.parquet";
    fs::create_directories(file.parent_path());
    std::string columns = "as_of, customer_id";
    for (const auto& feature : catalogue_->features()) {
      const bool filled = std::string(kWide).find("AS " + feature.name) != std::string::npos;
      const char* type = feature.type == features::FeatureType::Category ? "VARCHAR"
                         : feature.type == features::FeatureType::Flag   ? "BOOLEAN"
                                                                         : "DOUBLE";
      columns += ", " + (filled ? feature.name + "::" + type : std::string("NULL::") + type) + " AS " + feature.name;
    }
    const auto done =
        workspace.connection().execute("COPY (SELECT " + columns + " FROM (" + kWide + ") ORDER BY customer_id) TO " +
                                       warehouse::sql_text(file.string()) + " (FORMAT parquet)");
    ASSERT_TRUE(done.has_value()) << done.error().arg("reason");
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{"wide", Month(2026, 6), "lake/wide/month=2026-06/w.parquet", "", 200,
                              static_cast<std::int64_t>(fs::file_size(file))}},
                            {})
                    .has_value());
  }
  fs::path path() const { return folder_.path() / "ws"; }
  warehouse::Workspace open(std::size_t threads) {
    warehouse::WorkspaceOptions options;
    options.threads = threads;
    auto workspace = warehouse::Workspace::open(path(), options);
    EXPECT_TRUE(workspace.has_value());
    return std::move(*workspace);
  }
  Result<Scheme> load(const std::string& yaml) {
    fs::create_directories(path() / "config" / "schemes");
    std::ofstream(path() / "config" / "schemes" / "x.yaml") << yaml;
    return load_scheme(AssetStore({path()}), *catalogue_, "x");
  }
  RunResult run(const std::string& yaml, std::size_t threads = 2) {
    auto scheme = load(yaml);
    EXPECT_TRUE(scheme.has_value()) << (scheme ? "" : scheme.error().line.key);
    auto workspace = open(threads);
    WorkerPool pool(threads);
    SegmentOptions options;
    options.as_of = Month(2026, 6);
    auto done = run_scheme(workspace, *catalogue_, *scheme, options, pool);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().line.key + std::string(done.error().arg("reason")));
    return std::move(*done);
  }
  CustomerScore customer(const RunResult& run, const std::string& id) {
    auto workspace = open(1);
    auto found = score_of_customer(workspace, *catalogue_, run, id, Language::English);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().line.key + std::string(found.error().arg("reason")));
    return std::move(*found);
  }
  std::string with(std::string from, std::string to) {
    std::string yaml = kScore;
    const auto at = yaml.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return yaml.replace(at, from.size(), to);
  }
  test::TempFolder folder_;
  std::optional<features::FeatureCatalogue> catalogue_;
};

TEST_F(ScoreTest, PointsAreWorkedOutAsDeclared) {
  const auto result = run(kScore);
  // n = 150: late 0.75 -> 1 x 3; visits 0; 150 % 7 = 3: no; percentile (150 - 2) / 198; D -> 1; 0.75 > 0.9: no.
  const auto found = customer(result, "000150");
  ASSERT_TRUE(found.score.has_value());
  EXPECT_NEAR(*found.score, 100.0 * (3 + 148.0 / 198 + 1) / 9, 0.005 + 1e-9);
  EXPECT_EQ(found.group_code, "middle");
  ASSERT_EQ(found.points.size(), 6U);
  EXPECT_EQ(found.points[0].part, 0U);
  EXPECT_NEAR(found.points[0].points.value(), 33.33, 1e-9);
  EXPECT_EQ(found.points[0].sentence, "75.0% late");
  EXPECT_EQ(found.points[2].sentence, "1500 CNY owed");
  EXPECT_DOUBLE_EQ(found.known_weight, 1);
}

TEST_F(ScoreTest, PointsAddUpToTheScoreToTheLastDigitForEveryone) {
  const auto result = run(kScore);
  auto workspace = open(1);
  EXPECT_EQ(
      workspace.connection()
          .query_integer("SELECT count(*) FROM score WHERE score <> list_sum(contributions) OR score < 0 OR score > "
                         "100 OR run_id <> " +
                         warehouse::sql_text(result.run_id))
          .value(),
      0);
  EXPECT_EQ(workspace.connection().query_integer("SELECT count(*) FROM score WHERE score IS NOT NULL").value(), 198);
}

TEST_F(ScoreTest, WeightsOfTheKnownPartsAreBroughtBackToOneHundred) {
  const auto result = run(kScore);
  // n = 9 has no credit grade: weights of 8 are left. late 0.045 -> 0.09 x 3; visits 4 -> 1 x 2; percentile 7 / 198.
  const auto found = customer(result, "000009");
  EXPECT_NEAR(found.score.value(), 100.0 * (0.27 + 2 + 7.0 / 198) / 8, 0.005 + 1e-9);
  EXPECT_NEAR(found.known_weight, 8.0 / 9, 1e-12);
  EXPECT_FALSE(found.points.back().points.has_value());
  EXPECT_EQ(found.points.back().part, 4U);
}

TEST_F(ScoreTest, TooLittleKnownIsNoScoreButAReason) {
  const auto result = run(kScore);
  EXPECT_EQ(result.population, 200);
  EXPECT_EQ(result.classified, 198);
  ASSERT_EQ(result.unclassified.size(), 1U);
  EXPECT_EQ(result.unclassified[0].code, "score_unknown");
  EXPECT_NE(result.unclassified[0].reason.zh.find("50%"), std::string::npos);
  EXPECT_EQ(result.unclassified[0].examples, (std::vector<std::string>{"000001", "000002"}));
  const auto found = customer(result, "000002");
  EXPECT_FALSE(found.score.has_value());
  EXPECT_EQ(found.reason_code, "score_unknown");
}

TEST_F(ScoreTest, KnowingExactlyEnoughIsEnough) {
  // Customer 2 knows one part of nine: the percentile.
  const auto result = run(with("least_known: 0.5", "least_known: 0.1111111111111111"));
  EXPECT_EQ(result.classified, 199);
}

TEST_F(ScoreTest, BandsAreCutAtTheThresholdsAndConditionsMustHoldAsWell) {
  const auto result = run(kScore);
  auto workspace = open(1);
  const auto count = [&](const std::string& where) {
    return workspace.connection()
        .query_integer(
            "SELECT count(*) FROM assignment a JOIN score s USING (run_id, customer_id) JOIN wide w USING "
            "(customer_id) WHERE " +
            where)
        .value();
  };
  EXPECT_EQ(count("(group_code = 'worst') <> (score >= 50 AND has_arrears_over_60_days)"), 0);
  EXPECT_EQ(count("(group_code = 'high') <> (score >= 60 AND NOT has_arrears_over_60_days)"), 0);
  EXPECT_EQ(count("(group_code = 'low') <> (score < 30)"), 0);
  EXPECT_GT(count("group_code = 'worst' AND score < 60"), 0);
  ASSERT_EQ(result.groups.size(), 4U);
  for (const auto& group : result.groups) EXPECT_GT(group.customers, 0) << group.code;
  EXPECT_GT(result.groups[1].order_score, 60);
}

TEST_F(ScoreTest, TheRunTellsWhereItsScoresComeFrom) {
  const auto result = run(kScore);
  const auto json = to_json(result);
  EXPECT_EQ(json.at("score_source"), "rule");
  const auto again = run_from_json(json.dump());
  ASSERT_TRUE(again.has_value());
  ASSERT_TRUE(again->score.has_value());
  EXPECT_EQ(to_json(*again), json);
  EXPECT_EQ(again->score->parts[5].condition, "late_share_12m > 0.9");
  EXPECT_EQ(again->score->parts[4].known, 197);
  double mean = 0;
  for (std::size_t p = 0; p < 4; ++p) mean += again->score->parts[p].mean_contribution.value();
  EXPECT_LT(mean, again->score->mean.value());
}

TEST_F(ScoreTest, EachBandTellsItsThresholdItsPointsAndHowItsScoresLie) {
  const auto result = run(kScore);
  const auto& bands = result.score->bands;
  ASSERT_EQ(bands.size(), result.groups.size());
  auto workspace = open(1);
  for (std::size_t g = 0; g < bands.size(); ++g) {
    EXPECT_EQ(bands[g].code, result.groups[g].code);
    ASSERT_EQ(bands[g].counts.size(), 20U);
    EXPECT_EQ(std::accumulate(bands[g].counts.begin(), bands[g].counts.end(), std::int64_t{0}),
              result.groups[g].customers);
    const auto points = workspace.connection().query(
        "SELECT avg(contributions[1]), min(score), max(score) FROM score JOIN assignment USING (run_id, customer_id) "
        "WHERE group_code = '" +
        bands[g].code + "'");
    ASSERT_TRUE(points.has_value());
    ASSERT_EQ(bands[g].mean_points.size(), 6U);
    EXPECT_DOUBLE_EQ(bands[g].mean_points[0].value(), points->number(0, 0));
    for (std::size_t step = 0; step < 20; ++step) {
      const bool possible = 5 * (static_cast<double>(step) + 1) >= points->number(0, 1) &&
                            5 * static_cast<double>(step) <= points->number(0, 2);
      EXPECT_TRUE(possible || bands[g].counts[step] == 0) << bands[g].code << " step " << step;
    }
  }
  EXPECT_EQ(bands[0].from, 50);
  EXPECT_GT(bands[0].mean_points[2].value(), bands[1].mean_points[2].value());
}

TEST_F(ScoreTest, RunsOfAnEarlierVersionHaveNoBands) {
  auto json = to_json(run(kScore));
  json["score"].erase("bands");
  const auto read = run_from_json(json.dump());
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->score->bands.empty());
}

TEST_F(ScoreTest, AnyNumberOfThreadsGivesTheSame) { EXPECT_EQ(to_json(run(kScore, 1)), to_json(run(kScore, 4))); }

TEST_F(ScoreTest, TheListHasEveryCustomerWithReasonsInTheirOrder) {
  const auto result = run(kScore);
  auto workspace = open(1);
  const auto texts = Texts::create(AssetStore(), Language::Chinese);
  const auto file = folder_.path() / "scores.csv";
  const auto written = write_score_list(workspace, *catalogue_, result, *texts, file);
  ASSERT_TRUE(written.has_value()) << written.error().line.key << written.error().arg("reason");
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "\xEF\xBB\xBF户号,群,未分群原因,得分（0-100）,已知权重占比,分数来源,理由1,理由1得分,理由2,理由2得分");
  std::vector<std::string> rows;
  while (std::getline(in, line)) rows.push_back(line);
  ASSERT_EQ(rows.size(), 200U);
  EXPECT_EQ(rows[0], "000001,,可用数据对应的权重不足 50%，无法打分,,0.0,方案自身规则,,,,");
  EXPECT_EQ(rows[149], "000150,中,,52.75,1.0,方案自身规则,逾期率75.0%,33.33,信用D,11.11");
}

TEST_F(ScoreTest, ListsOfOtherMethodsAndStrangersAreRefused) {
  auto result = run(kScore);
  auto workspace = open(1);
  EXPECT_EQ(score_of_customer(workspace, *catalogue_, result, "nobody", Language::English).error().line.key,
            "segment.customer_not_in_run");
  result.score.reset();
  EXPECT_EQ(score_of_customer(workspace, *catalogue_, result, "000150", Language::English).error().line.key,
            "segment.no_scores");
}

TEST_F(ScoreTest, FaultyDeclarationsAreRefusedWithTheirReason) {
  const auto key = [&](const std::string& from, const std::string& to) {
    const auto loaded = load(with(from, to));
    return loaded ? std::string() : loaded.error().line.key;
  };
  EXPECT_EQ(key("", ""), "");
  EXPECT_EQ(key("map: linear", "map: sideways"), "base.setting_wrong");
  EXPECT_EQ(key("feature: late_share_12m", "feature: lateness"), "segment.unknown_feature");
  EXPECT_EQ(key("credit_grade, map: values", "credit_grade, map: share"), "segment.score_map_type");
  EXPECT_EQ(key("has_arrears_over_60_days, map: share", "has_arrears_over_60_days, map: percentile"),
            "segment.score_map_type");
  EXPECT_EQ(key("zh: 欠费超60天", "zh: \"超60天 {value}\""), "segment.score_no_value");
  EXPECT_EQ(key("from: 0, to: 0.5", "from: 0, to: 0"), "base.setting_wrong");
  EXPECT_EQ(key("[3, 1]", "[1, 1]"), "base.setting_wrong");
  EXPECT_EQ(key("[3, 1]", "[3, 1.5]"), "base.setting_wrong");
  EXPECT_EQ(key("weight: 3", "weight: 0"), "base.setting_wrong");
  EXPECT_EQ(key("least_known: 0.5", "least_known: 0"), "base.setting_wrong");
  EXPECT_EQ(key("top_reasons: 2", "top_reasons: 11"), "base.setting_wrong");
  EXPECT_EQ(key("when: late_share_12m > 0.9", "when: late_share_12m"), "segment.not_a_condition");
  EXPECT_EQ(key("code: low, from: 0", "code: low, from: 5"), "segment.score_band");
  EXPECT_EQ(key("code: middle, from: 30", "code: middle, from: 60"), "segment.score_band");
  EXPECT_EQ(key("code: high, from: 60", "code: high"), "segment.score_band");
}

}  // namespace
}  // namespace fenqun::segment
