// tests/unit/segment/places_test.cpp - a run by line and area.
#include "segment/places.hpp"

#include "base/file.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace fenqun::segment {
namespace {

namespace fs = std::filesystem;

// Lines L1 (customers 1..3), L2 (4, 5), none (6). Customer 5 has no group.
class PlacesTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(warehouse::Workspace::init(path(), "test").has_value());
    auto opened = warehouse::Workspace::open(path(), {});
    ASSERT_TRUE(opened.has_value());
    workspace_.emplace(std::move(*opened));
    auto& connection = workspace_->connection();
    const auto done = connection.execute(
        "CREATE OR REPLACE TEMP VIEW wide AS SELECT DATE '2026-06-01' AS as_of, n::VARCHAR AS customer_id, CASE WHEN n "
        "< 4 "
        "THEN 'L1' WHEN n < 6 THEN 'L,2' END AS feeder_id, 'T' || (n % 2) AS transformer_area_id, 'S' AS station_id, "
        "'C' AS community_id, CASE WHEN n = 6 THEN NULL ELSE n::DOUBLE END AS outages_12m, 2 * n::DOUBLE AS "
        "outage_hours_12m FROM range(1, 7) "
        "t(n);"
        "INSERT INTO assignment SELECT 'r', n::VARCHAR, CASE WHEN n = 5 THEN NULL WHEN n % 3 = 1 THEN 'high' ELSE "
        "'low' "
        "END, 'x', CASE WHEN n = 5 THEN 'score_unknown' END, NULL, NULL, NULL FROM range(1, 7) t(n);"
        "INSERT INTO score SELECT 'r', n::VARCHAR, CASE WHEN n <> 5 THEN 10 * n END, 1, NULL FROM range(1, 7) t(n)");
    ASSERT_TRUE(done.has_value()) << done.error().arg("reason");
    run_.run_id = "r";
    run_.scheme = "s";
    run_.as_of = Month(2026, 6);
    run_.groups = {{"high", {"高", "High"}, {}, 0, 0, 0, {}}, {"low", {"低", "Low"}, {}, 0, 0, 0, {}}};
  }
  fs::path path() const { return folder_.path() / "ws"; }
  test::TempFolder folder_;
  std::optional<warehouse::Workspace> workspace_;
  RunResult run_;
};

TEST_F(PlacesTest, LinesStandInTheOrderOfTheirMeanScoreWithCustomersPerGroup) {
  const auto places = places_of(*workspace_, run_, PlaceKind::Line);
  ASSERT_TRUE(places.has_value()) << places.error().arg("reason");
  ASSERT_EQ(places->size(), 3U);
  EXPECT_EQ((*places)[0].place, "");
  EXPECT_DOUBLE_EQ((*places)[0].mean_score.value(), 60);
  EXPECT_FALSE((*places)[0].outages_12m.has_value());
  EXPECT_EQ((*places)[1].place, "L,2");
  EXPECT_EQ((*places)[1].customers, 2);
  EXPECT_EQ((*places)[1].classified, 1);
  EXPECT_EQ((*places)[1].per_group, (std::vector<std::int64_t>{1, 0}));
  EXPECT_DOUBLE_EQ((*places)[1].mean_score.value(), 40);
  EXPECT_EQ((*places)[2].place, "L1");
  EXPECT_EQ((*places)[2].per_group, (std::vector<std::int64_t>{1, 2}));
  EXPECT_DOUBLE_EQ((*places)[2].outages_12m.value(), 2);
  EXPECT_DOUBLE_EQ((*places)[2].outage_hours_12m.value(), 4);
}

TEST_F(PlacesTest, CustomersOfAllPlacesAddUpWhateverTheKind) {
  for (const auto kind : {PlaceKind::Line, PlaceKind::Area, PlaceKind::Station, PlaceKind::Community}) {
    const auto places = places_of(*workspace_, run_, kind);
    ASSERT_TRUE(places.has_value());
    std::int64_t customers = 0, classified = 0, grouped = 0;
    for (const auto& place : *places) {
      customers += place.customers;
      classified += place.classified;
      for (const auto count : place.per_group) grouped += count;
    }
    EXPECT_EQ(customers, 6) << name_of(kind);
    EXPECT_EQ(classified, 5);
    EXPECT_EQ(grouped, 5);
  }
}

TEST_F(PlacesTest, TheFileQuotesWhatNeedsIt) {
  const auto places = places_of(*workspace_, run_, PlaceKind::Line);
  const auto texts = Texts::create(AssetStore(), Language::English);
  const auto file = folder_.path() / "places.csv";
  ASSERT_TRUE(write_places(*places, run_, PlaceKind::Line, *texts, file).has_value());
  EXPECT_EQ(
      read_file(file).value(),
      "\xEF\xBB\xBFLine,Customers,Mean score,\"Outages per customer, 12 months\",\"Hours of outage per customer, 12 "
      "months\",High,Low,Without a group\r\n,1,60,,12,0,1,0\r\n\"L,2\",2,40,4.5,9,1,0,1\r\nL1,3,20,2,4,1,2,0\r\n");
}

TEST_F(PlacesTest, AnUnknownKindIsRefused) {
  EXPECT_EQ(parse_place_kind("area").value(), PlaceKind::Area);
  EXPECT_EQ(parse_place_kind("planet").error().line.key, "segment.no_place_kind");
}

}  // namespace
}  // namespace fenqun::segment
