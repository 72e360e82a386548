// tests/unit/ingest/cell_series_test.cpp - columns that are hours, days and months by their names.
#include "ingest/cell_series.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fenqun::ingest {
namespace {

std::vector<std::string> names_of(int from, int to, const char* format) {
  std::vector<std::string> names;
  for (int i = from; i <= to; ++i) names.push_back(fmt::format(fmt::runtime(format), i));
  return names;
}

std::vector<std::string> clocks(int from, int to, int step) {
  std::vector<std::string> names;
  for (int minutes = from; minutes <= to; minutes += step)
    names.push_back(fmt::format("{:02}:{:02}", minutes / 60, minutes % 60));
  return names;
}

// First and last position, or the error's key.
std::string span_of(const std::vector<std::string>& names, SeriesKind kind, Stamp stamp = Stamp::Unsaid,
                    const std::string& begins_with = "") {
  const auto series = find_series(names, {}, {kind, begins_with}, stamp, {});
  if (!series) return series.error().line.key;
  return fmt::format("{}: {}..{}", series->cells.size(), series->cells.front().position, series->cells.back().position);
}

TEST(CellSeries, HoursByManyNames) {
  for (const auto* format :
       {"{}", "{:02}", "h{}", "H{:02}", "{}时", "第{}小时", "电量{}", "P{} (kWh)", "hour_{}", "{}点"}) {
    EXPECT_EQ(span_of(names_of(0, 23, format), SeriesKind::Hours), "24: 0..1380") << format;
    EXPECT_EQ(span_of(names_of(1, 24, format), SeriesKind::Hours), "24: 0..1380") << format << ", the n-th hour";
  }
  EXPECT_EQ(span_of(clocks(0, 1380, 60), SeriesKind::Hours), "24: 0..1380");
  EXPECT_EQ(span_of(clocks(60, 1440, 60), SeriesKind::Hours), "24: 0..1380") << "01:00 ends the first hour";
  EXPECT_EQ(span_of(names_of(1, 24, "{:02}00"), SeriesKind::Hours), "24: 0..1380");
  EXPECT_EQ(span_of(names_of(0, 23, "{}:00:00"), SeriesKind::Hours), "24: 0..1380");
  std::vector<std::string> ranges;
  for (int h = 0; h < 24; ++h) ranges.push_back(fmt::format("{:02}:00-{:02}:00", h, h + 1));
  EXPECT_EQ(span_of(ranges, SeriesKind::Hours), "24: 0..1380");
}

TEST(CellSeries, QuarterHoursByManyNames) {
  EXPECT_EQ(span_of(names_of(1, 96, "P{}"), SeriesKind::QuarterHours), "96: 0..1425");
  EXPECT_EQ(span_of(names_of(0, 95, "r{:02}"), SeriesKind::QuarterHours), "96: 0..1425");
  EXPECT_EQ(span_of(clocks(0, 1425, 15), SeriesKind::QuarterHours), "96: 0..1425");
  EXPECT_EQ(span_of(clocks(15, 1440, 15), SeriesKind::QuarterHours), "96: 0..1425");
  auto to_midnight = clocks(15, 1425, 15);
  to_midnight.emplace_back("00:00");
  EXPECT_EQ(span_of(to_midnight, SeriesKind::QuarterHours), "96: 0..1425") << "00:00 behind 23:45 is 24:00";
  EXPECT_EQ(span_of(clocks(30, 1440, 30), SeriesKind::HalfHours), "48: 0..1410");
}

TEST(CellSeries, AStampThatIsSaidGoesBeforeWhatTheNamesSuggest) {
  EXPECT_EQ(span_of(clocks(0, 1380, 60), SeriesKind::Hours, Stamp::End), "24: -60..1320");
  EXPECT_EQ(span_of(clocks(60, 1440, 60), SeriesKind::Hours, Stamp::Begin), "24: 60..1440");
  EXPECT_EQ(span_of(clocks(60, 1440, 60), SeriesKind::Hours, Stamp::End), "24: 0..1380");
}

TEST(CellSeries, FullWidthNamesAreTheSame) {
  auto names = names_of(1, 24, "{}時");
  names[0] = "１時";
  EXPECT_EQ(span_of(names, SeriesKind::Hours), "24: 0..1380");
}

TEST(CellSeries, OtherColumnsStandAside) {
  auto names = clocks(60, 1440, 60);
  names.insert(names.begin(), {"户号", "日期", "合计", "表号2"});
  EXPECT_EQ(span_of(names, SeriesKind::Hours), "24: 0..1380");
  const auto series = find_series(names, {}, {SeriesKind::Hours, ""}, Stamp::Unsaid, {});
  EXPECT_EQ(series->cells.front().column, 4U);
  EXPECT_EQ(series->cells.front().name, "01:00");
}

TEST(CellSeries, MustBeComplete) {
  auto names = names_of(1, 24, "h{}");
  names.erase(names.begin() + 5);
  EXPECT_EQ(span_of(names, SeriesKind::Hours), "ingest.no_series");
  names.emplace_back("h7");
  EXPECT_EQ(span_of(names, SeriesKind::Hours), "ingest.no_series") << "one twice";
  EXPECT_EQ(span_of(names_of(0, 24, "h{}"), SeriesKind::Hours), "ingest.no_series");
  EXPECT_EQ(span_of(names_of(2, 25, "h{}"), SeriesKind::Hours), "ingest.no_series");
  EXPECT_EQ(span_of(names_of(1, 24, "h{}"), SeriesKind::QuarterHours), "ingest.no_series");
  EXPECT_EQ(span_of({"a", "b"}, SeriesKind::Hours), "ingest.no_series");
}

TEST(CellSeries, SeveralAreToldApartByHowTheyBegin) {
  auto names = names_of(1, 24, "P{}");
  for (const auto& name : names_of(1, 24, "Q{}")) names.push_back(name);
  const auto both = find_series(names, {}, {SeriesKind::Hours, ""}, Stamp::Unsaid, {{"file", "x.csv"}});
  ASSERT_FALSE(both.has_value());
  EXPECT_EQ(both.error().line.key, "ingest.series_twice");
  EXPECT_EQ(both.error().arg("columns"), "P1, Q1");
  EXPECT_EQ(both.error().arg("file"), "x.csv");
  EXPECT_EQ(find_series(names, {}, {SeriesKind::Hours, "q"}, Stamp::Unsaid, {})->cells.front().column, 24U);
  EXPECT_EQ(span_of(names_of(1, 24, "L1_P{}"), SeriesKind::Hours, Stamp::Unsaid, "L1_"), "24: 0..1380");
}

TEST(CellSeries, DaysOfTheMonth) {
  for (const auto* format : {"{}日", "{:02}", "D{}", "第{}天", "{}号"}) {
    EXPECT_EQ(span_of(names_of(1, 31, format), SeriesKind::Days), "31: 1..31") << format;
    EXPECT_EQ(span_of(names_of(1, 28, format), SeriesKind::Days), "28: 1..28") << format;
    EXPECT_EQ(span_of(names_of(1, 27, format), SeriesKind::Days), "ingest.no_series") << format;
    EXPECT_EQ(span_of(names_of(1, 32, format), SeriesKind::Days), "ingest.no_series") << format;
  }
}

TEST(CellSeries, MonthsOfTheYear) {
  EXPECT_EQ(span_of(names_of(1, 12, "{}月"), SeriesKind::Months), "12: 1..12");
  EXPECT_EQ(span_of(names_of(1, 7, "{}月电量"), SeriesKind::Months), "7: 1..7") << "the year is not over";
  EXPECT_EQ(span_of(names_of(2, 12, "{}月"), SeriesKind::Months), "ingest.no_series");
}

TEST(CellSeries, WithAYearTheNamesAreIso) {
  const auto name_of_first = [](const std::vector<std::string>& names, SeriesKind kind) {
    const auto series = find_series(names, {}, {kind, ""}, Stamp::Unsaid, {});
    return series && series->has_year ? series->cells.front().name : series ? "no year" : series.error().line.key;
  };
  for (const auto* name : {"2018-03", "2018/3", "2018年3月", "201803", "电量2018年03月", "２０１８年３月"}) {
    EXPECT_EQ(name_of_first({"户号", name}, SeriesKind::Months), "2018-03") << name;
  }
  for (const auto* name : {"2018-03-01", "2018/3/1", "20180301", "2018年3月1日", "2018.03.01"}) {
    EXPECT_EQ(name_of_first({"户号", name}, SeriesKind::Days), "2018-03-01") << name;
  }
  EXPECT_EQ(name_of_first({"2018-13"}, SeriesKind::Months), "ingest.no_series");
  EXPECT_EQ(name_of_first({"1018-12"}, SeriesKind::Months), "ingest.no_series");
}

TEST(CellSeries, KindsByName) {
  for (const auto kind :
       {SeriesKind::Hours, SeriesKind::HalfHours, SeriesKind::QuarterHours, SeriesKind::Days, SeriesKind::Months})
    EXPECT_EQ(parse_series_kind(name_of(kind)), kind);
  EXPECT_EQ(parse_series_kind("weeks"), std::nullopt);
}

}  // namespace
}  // namespace fenqun::ingest
