// tests/unit/segment/load_shape_test.cpp - customers by the shape of their days, from hourly and quarter-hourly
// readings.
#include "segment/explain.hpp"
#include "segment/run_json.hpp"
#include "segment/shape_names.hpp"
#include "unit/segment/wide_fixture.hpp"

#include <cmath>
#include <map>
#include <set>

namespace fenqun::segment {
namespace {

// 40 customers. 1..12 use most from 8 to 15, 13..24 from 18 to 21, 25..32 the same all day (in quarters of an hour), 33
// changes every day between two shapes, 34 has ten days only, 35 has holes in every day, 36 uses nothing; the others
// have no readings. Some noise by customer and hour, so that they differ.
constexpr const char* kWide =
    "SELECT DATE '2026-06-01' AS as_of, printf('%06d', range + 1) AS customer_id, 1000 AS energy_12m_kwh FROM "
    "range(40)";
constexpr const char* kHours =
    "CREATE OR REPLACE TEMP VIEW reading_hour AS SELECT printf('%06d', n) AS customer_id, begins_at, CASE WHEN n = 36 "
    "THEN 0 "
    "ELSE kwh * (1 + 0.002 * ((n * 31 + h * 17) % 11)) END::DECIMAL(18,4) AS energy_kwh FROM (SELECT n, h, d, "
    "TIMESTAMP "
    "'2026-06-01 00:00:00' + to_hours(CAST(24 * d + h AS INTEGER)) AS begins_at, CASE WHEN n <= 12 OR (n = 33 AND d % "
    "2 = 0) "
    "OR n > 33 THEN CASE WHEN h BETWEEN 8 AND 15 THEN 4 ELSE 0.5 END ELSE CASE WHEN h BETWEEN 18 AND 21 THEN 6 ELSE "
    "0.5 END "
    "END AS kwh FROM range(1, 37) c(n), range(24) t(h), range(30) s(d) WHERE (n < 25 OR n > 32) AND (n <> 34 OR d < "
    "10) AND "
    "(n <> 35 OR h <> d % 24))";
constexpr const char* kQuarters =
    "CREATE OR REPLACE TEMP VIEW reading_quarter_hour AS SELECT printf('%06d', n) AS customer_id, TIMESTAMP "
    "'2026-06-01 "
    "00:00:00' + to_minutes(CAST(15 * q AS INTEGER)) AS begins_at, (0.25 * (1 + 0.002 * ((n * 31 + (q // 4) % 24 * 17) "
    "% "
    "11)))::DECIMAL(18,4) AS energy_kwh FROM range(25, 33) c(n), range(2880) t(q)";

constexpr const char* kShape =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: load_shape\nshapes: {months: 1, least_days: 14, "
    "dictionary: 8}\n"
    "k: {min: 3, max: 5, publish: 3, restarts: 4}\n";

class LoadShapeTest : public WideTest {
 protected:
  void SetUp() override { make_wide(kWide); }
  RunResult shape(const std::string& yaml, std::size_t threads = 2, bool has_readings = true) {
    const auto scheme = load(yaml);
    EXPECT_TRUE(scheme.has_value()) << (scheme ? "" : scheme.error().line.key);
    auto workspace = open(threads);
    for (const auto* view : {kHours, kQuarters}) {
      if (!has_readings) continue;
      const auto made = workspace.connection().execute(view);
      EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().arg("reason"));
    }
    WorkerPool pool(threads);
    SegmentOptions options;
    options.as_of = Month(2026, 6);
    auto done = run_scheme(workspace, *catalogue_, *scheme, options, pool);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().line.key + std::string(done.error().arg("reason")));
    return done ? std::move(*done) : RunResult();
  }
};

TEST_F(LoadShapeTest, ThreeKindsOfDaysAreThreeGroupsNamedByTheirHours) {
  const auto result = shape(kShape);
  EXPECT_EQ(result.method, "load_shape");
  std::map<std::string, std::int64_t> sizes;
  std::multiset<std::int64_t> all;
  for (const auto& group : result.groups) {
    sizes[group.title.en.substr(3)] = group.customers;
    all.insert(group.customers);
  }
  EXPECT_EQ(sizes["even over the day"], 9);  // with the one that changes: even on the mean
  EXPECT_EQ(sizes["most from 18 to 22 o'clock"], 12);
  EXPECT_EQ(all, (std::multiset<std::int64_t>{9, 12, 12}));
  EXPECT_EQ(result.classified, 33);
}

TEST_F(LoadShapeTest, EverybodyElseHasAReason) {
  const auto result = shape(kShape);
  std::map<std::string, std::int64_t> reasons;
  for (const auto& line : result.unclassified) {
    reasons[line.code] = line.customers;
    EXPECT_FALSE(line.reason.zh.empty());
  }
  EXPECT_EQ(reasons, (std::map<std::string, std::int64_t>{{"few_days", 3}, {"no_hours", 4}}));
  EXPECT_EQ(result.classified + 7, result.population);
}

TEST_F(LoadShapeTest, TheDictionaryCountsEveryDayOnceAndItsShapesAddUpToOne) {
  const auto result = shape(kShape);
  ASSERT_TRUE(result.shapes.has_value());
  const auto& shapes = *result.shapes;
  EXPECT_EQ(shapes.customers, 36);
  EXPECT_EQ(shapes.days, 35 * 30 + 10);
  EXPECT_EQ(shapes.shaped_days, 33 * 30 + 10);
  EXPECT_LE(shapes.dictionary.size(), 8U);
  std::int64_t days = 0;
  for (const auto& one : shapes.dictionary) {
    double sum = 0;
    std::int64_t cells = 0;
    for (const double share : one.hours) sum += share;
    for (const auto count : one.days_by_cell) cells += count;
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_EQ(cells, one.days);
    days += one.days;
    // June is summer: the other seasons have no days.
    EXPECT_EQ(one.days_by_cell[2] + one.days_by_cell[3], one.days);
  }
  EXPECT_EQ(days, shapes.shaped_days);
  double shares = 0;
  for (const auto& one : shapes.dictionary) shares += one.share.value();
  EXPECT_NEAR(shares, 1, 1e-9);
  const auto again = run_from_json(to_json(result).dump());
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(to_json(*again), to_json(result));
}

TEST_F(LoadShapeTest, EntropyTellsWhoChangesTheShapeOfTheDay) {
  // Two shapes in the dictionary at least: by day and by evening.
  const auto result = shape(kShape);
  auto workspace = open(1);
  const auto found = workspace.connection().query(
      "SELECT customer_id, entropy_bits, distinct_shapes, days, dominant_share FROM load_shape ORDER BY customer_id");
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->rows.size(), 36U);
  EXPECT_GE(found->number(28, 1), 0);
  EXPECT_EQ(found->text(24 + 8, 0), "000033");
  EXPECT_GE(found->number(32, 1), 1 - 1e-9);  // two shapes, each on every second day
  EXPECT_GE(found->integer(32, 2), 2);
  EXPECT_EQ(found->integer(32, 3), 30);
  EXPECT_EQ(found->integer(34, 3), 0);  // holes: no day with a shape
}

TEST_F(LoadShapeTest, AnyNumberOfThreadsGivesTheSame) {
  EXPECT_EQ(to_json(shape(kShape, 1)), to_json(shape(kShape, 4)));
}

TEST_F(LoadShapeTest, WithoutReadingsNobodyHasAGroupAndTheRunSaysWhy) {
  const auto result = shape(kShape, 2, false);
  EXPECT_EQ(result.classified, 0);
  ASSERT_EQ(result.unclassified.size(), 1U);
  EXPECT_EQ(result.unclassified[0].code, "no_hours");
  EXPECT_EQ(result.unclassified[0].customers, 40);
}

TEST_F(LoadShapeTest, FaultyRulesAreRefused) {
  EXPECT_EQ(fault_of(kShape), "");
  EXPECT_EQ(fault_of(with(kShape, "months: 1", "months: 0")), "base.setting_wrong");
  EXPECT_EQ(fault_of(with(kShape, "dictionary: 8", "dictionary: 10001")), "base.setting_wrong");
  EXPECT_EQ(fault_of(with(kShape, "least_days: 14", "theta: 0")), "base.setting_wrong");
}

TEST(ShapeName, DaysOfTheDictionaryAreTitledByTheirOwnHours) {
  std::vector<ShapeResult> shapes(2);
  shapes[0].hours.assign(24, 1.0 / 24);
  shapes[1].hours.assign(24, 0.02);
  for (std::size_t hour = 18; hour < 22; ++hour) shapes[1].hours[hour] = 0.15;
  ASSERT_TRUE(name_days(AssetStore(), shapes).has_value());
  EXPECT_EQ(shapes[0].title.zh, "1：全天平稳型");
  EXPECT_EQ(shapes[1].title.zh, "2：18–22时集中型");
  EXPECT_NE(shapes[1].title.en.find("18"), std::string::npos);
}

TEST(ShapeName, FourHoursOverMidnightAreOneWindow) {
  std::vector<float> curve(48, 0.02F);
  for (const auto hour : {22, 23, 0, 1}) curve[static_cast<std::size_t>(hour)] = 0.15F;
  GroupResult group;
  ASSERT_TRUE(name_shape(AssetStore(), curve, 2, group).has_value());
  EXPECT_EQ(group.title.en, "2: most from 22 to 2 o'clock");
  EXPECT_NE(group.description.en.find("60 % from 22 to 2"), std::string::npos) << group.description.en;
}

TEST_F(LoadShapeTest, AStatedChangeOfTheHoursMovesEachCustomerWhenItsReadingsAreWorkedOutAgain) {
  const auto result = shape(kShape);
  const auto scheme = load(kShape);
  ASSERT_TRUE(scheme.has_value());
  auto workspace = open(1);
  for (const auto* view : {kHours, kQuarters}) ASSERT_TRUE(workspace.connection().execute(view).has_value());
  WorkerPool pool(1);
  auto explainer = Explainer::create(workspace, *catalogue_, *scheme, result, pool);
  ASSERT_TRUE(explainer.has_value()) << explainer.error().line.key;
  const auto check = explainer->check(1'000, 3);
  ASSERT_TRUE(check.has_value()) << check.error().line.key;
  EXPECT_EQ(check->customers, 40);
  EXPECT_EQ(check->moved, 33);
  EXPECT_EQ(check->no_group, 7);
  EXPECT_TRUE(check->failed.empty()) << check->failed.front();

  const auto told = explainer->explain("000001");
  ASSERT_TRUE(told.has_value() && told->move.has_value());
  EXPECT_TRUE(told->is_as_stored);
  double sum = 0, change = 0;
  for (const auto& one : told->contributions) sum += one.contribution;
  EXPECT_NEAR(sum, *told->next_distance * *told->next_distance - *told->own_distance * *told->own_distance, 1e-6);
  for (const auto& one : told->move->changes) {
    ASSERT_TRUE(hour_share_of(one.feature).has_value()) << one.feature;
    EXPECT_GE(std::get<double>(one.to), 0);
    change += one.scaled;
  }
  EXPECT_NEAR(change, 0, 1e-9) << "what one hour loses another gains";
}

TEST_F(LoadShapeTest, WhoHasNoGroupIsToldWhichDaysAreThere) {
  const auto result = shape(kShape);
  const auto scheme = load(kShape);
  auto workspace = open(1);
  for (const auto* view : {kHours, kQuarters}) ASSERT_TRUE(workspace.connection().execute(view).has_value());
  WorkerPool pool(1);
  auto explainer = Explainer::create(workspace, *catalogue_, *scheme, result, pool);
  ASSERT_TRUE(explainer.has_value());
  const auto few = explainer->explain("000034");
  ASSERT_TRUE(few.has_value());
  EXPECT_EQ(few->own.reason, "few_days");
  ASSERT_TRUE(few->days.has_value());
  EXPECT_EQ(few->days->work + few->days->rest, 10U);
  EXPECT_EQ(few->days->least, 14);
  EXPECT_EQ(explainer->explain("000040")->own.reason, "no_hours");
}

TEST(HourShare, HasANameThatIsReadBack) {
  for (const bool rest : {false, true}) {
    for (int hour = 0; hour < 24; ++hour) EXPECT_EQ(hour_share_of(name_of({rest, hour})), (HourShare{rest, hour}));
  }
  for (const char* other : {"hour_share_work_24", "hour_share_noon_01", "hour_share_work_1", "energy_12m_kwh", ""})
    EXPECT_FALSE(hour_share_of(other).has_value()) << other;
}

}  // namespace
}  // namespace fenqun::segment
