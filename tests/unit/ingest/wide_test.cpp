// tests/unit/ingest/wide_test.cpp - tables with a column for each hour, day or month, and times made of two columns.
#include "unit/ingest/fixture.hpp"

#include <fmt/format.h>

#include <functional>

namespace fenqun::ingest {
namespace {

class WideTest : public IngestTest {
 protected:
  static std::string line(const std::string& first, int count, const std::function<std::string(int)>& value) {
    auto out = first;
    for (int i = 0; i < count; ++i) out += "," + value(i);
    return out + "\n";
  }

  // One record of 24 values 1..24 under 01:00..24:00.
  static std::string hours_of_state_grid() {
    return line("户号,数据日期", 24, [](int i) { return fmt::format("{:02}:00", i + 1); }) +
           line("0001,2018-03-01", 24, [](int i) { return std::to_string(i + 1); });
  }

  std::string hours(const std::string& begins_at, const std::string& columns = "hours") const {
    return mapping("load:\n  - entity: reading_hour\n    wide: {keep: [户号, 数据日期], columns: " + columns +
                   ", value_to: energy_kwh}\n    fields: {customer_id: 户号, begins_at: " + begins_at + "}\n");
  }

  std::string span(const char* entity) {
    return ask(
        fmt::format("SELECT count(*) || ' ' || min(begins_at) || ' ' || max(begins_at) || ' ' || arg_min(energy_kwh, "
                    "begins_at) FROM {}",
                    entity));
  }
};

TEST_F(WideTest, AnHourThatIsStampedAtItsEndBeginsAnHourBefore) {
  ASSERT_TRUE(load(write("a.csv", hours_of_state_grid()), hours("{date: 数据日期, time: cell_name}")).has_value());
  EXPECT_EQ(span("reading_hour"), "24 2018-03-01 00:00:00 2018-03-01 23:00:00 1.0000");
}

TEST_F(WideTest, AStampThatIsSaidIsTakenAtItsWord) {
  ASSERT_TRUE(load(write("a.csv", hours_of_state_grid()), hours("{date: 数据日期, time: cell_name, stamp: begin}"))
                  .has_value());
  EXPECT_EQ(span("reading_hour"), "24 2018-03-01 01:00:00 2018-03-02 00:00:00 1.0000");
}

TEST_F(WideTest, QuarterHoursFromPoints) {
  const auto text = line("户号,日期,相别", 96, [](int i) { return fmt::format("P{}", i + 1); }) +
                    line("0001,2018/3/1,A", 96, [](int i) { return i == 5 ? "-" : std::to_string(i); }) +
                    line("0001,20180302,A", 96, [](int i) { return i < 90 ? std::to_string(i) + "度" : ""; });
  const auto yaml = mapping(
      "load:\n  - entity: reading_quarter_hour\n    wide: {keep: [户号, 日期], columns: quarter_hours}\n"
      "    fields:\n      customer_id: 户号\n      begins_at: {date: 日期, time: cell_name}\n"
      "      energy_kwh: {cell: value, multiply: 0.25}\n");
  const auto refused = load(write("a.csv", text), yaml);
  ASSERT_FALSE(refused.has_value()) << "a unit, and a multiplier of the mapping's own";
  EXPECT_EQ(refused.error().context.front().key, "ingest.reason_unknown_unit");
  const auto outcome = load(write("a.csv", text), yaml, 1.0);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->total.rows_in, 95 + 90);
  EXPECT_EQ(outcome->total.rows_rejected, 90);
  EXPECT_EQ(outcome->unread_columns, std::vector<std::string>{"相别"});
  EXPECT_EQ(span("reading_quarter_hour"), "95 2018-03-01 00:00:00 2018-03-01 23:45:00 0.0000");
  EXPECT_EQ(ask("SELECT energy_kwh FROM reading_quarter_hour WHERE begins_at = '2018-03-01 10:00'"), "10");
}

TEST_F(WideTest, TheSeriesMayBeToldByHowItsNamesBegin) {
  const auto text =
      line("户号,数据日期", 48, [](int i) { return fmt::format("{}{}", i < 24 ? "P" : "Q", i % 24 + 1); }) +
      line("0001,2018-03-01", 48, [](int i) { return std::to_string(i); });
  const auto file = write("a.csv", text);
  const auto yaml = hours("{date: 数据日期, time: cell_name}");
  const auto unclear = load(file, yaml);
  ASSERT_FALSE(unclear.has_value());
  EXPECT_EQ(unclear.error().line.key, "ingest.series_twice");
  EXPECT_EQ(unclear.error().arg("columns"), "P1, Q1");
  EXPECT_EQ(unclear.error().arg("line"), "2");
  const auto clear = load(file, hours("{date: 数据日期, time: cell_name}", "{series: hours, begins_with: Q}"));
  ASSERT_TRUE(clear.has_value()) << clear.error().line.key;
  EXPECT_EQ(span("reading_hour"), "24 2018-03-01 00:00:00 2018-03-01 23:00:00 24.0000");
}

TEST_F(WideTest, AnIncompleteSeriesIsRefusedWithWhatThereIs) {
  const auto outcome =
      load(write("a.csv", "户号,数据日期,1,2,3\n1,2018-03-01,1,2,3\n"), hours("{date: 数据日期, time: cell_name}"));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().line.key, "ingest.no_series");
  EXPECT_EQ(outcome.error().arg("columns"), "1, 2, 3");
  EXPECT_EQ(outcome.error().arg("series"), "hours");
}

TEST_F(WideTest, ADayThatIsNoneRejectsEachOfItsCells) {
  auto text = hours_of_state_grid();
  text.replace(text.find("2018-03-01"), 10, "2018-02-30");
  const auto outcome = load(write("a.csv", text), hours("{date: 数据日期, time: cell_name}"), 1.0);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->total.rows_rejected, 24);
  EXPECT_EQ(ask("SELECT min(reason || ' ' || value) FROM quarantine"), "bad_timestamp 2018-02-30 01:00");
}

TEST_F(WideTest, DaysOfAMonth) {
  const auto yaml = mapping(
      "load:\n  - entity: reading_day\n    wide: {keep: [户号, 年月], columns: days, value_to: energy_kwh}\n"
      "    fields: {customer_id: 户号, day: {month: 年月, day: cell_name}}\n");
  const auto text = line("户号,年月", 31, [](int i) { return fmt::format("{}日", i + 1); }) +
                    line("0001,201802", 31, [](int i) { return i < 28    ? std::to_string(i)
                                                               : i == 29 ? "7"
                                                                         : ""; }) +
                    line("0002,2018年3月", 31, [](int i) { return std::to_string(i); });
  const auto outcome = load(write("a.csv", text), yaml, 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  EXPECT_EQ(outcome->total.rows_loaded, 28 + 31);
  EXPECT_EQ(ask("SELECT string_agg(reason || ' ' || value) FROM quarantine"), "bad_date 201802 30日");
  EXPECT_EQ(ask("SELECT energy_kwh FROM reading_day WHERE customer_id = '0002' AND day = '2018-03-31'"), "30");
}

TEST_F(WideTest, MonthsOfAYear) {
  const auto yaml = mapping(
      "load:\n  - entity: reading_month\n    wide: {keep: [户号, 年份], columns: months, value_to: energy_kwh}\n"
      "    fields: {customer_id: 户号, month: {year: 年份, month: cell_name}}\n");
  const auto text = line("户号,年份", 12, [](int i) { return fmt::format("{}月", i + 1); }) +
                    line("0001,2018", 12, [](int i) { return std::to_string(i); }) +
                    line("0001,2019年", 12, [](int i) { return i < 2 ? "1.5" : ""; }) +
                    line("0002,18", 12, [](int i) { return i < 1 ? "1" : ""; });
  const auto outcome = load(write("a.csv", text), yaml, 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  EXPECT_EQ(outcome->total.rows_loaded, 14);
  EXPECT_EQ(ask("SELECT reason || ' ' || value FROM quarantine"), "bad_month 18 1月");
  EXPECT_EQ(ask("SELECT min(month) || ' ' || max(month) FROM reading_month"), "2018-01-01 2019-02-01");
}

TEST_F(WideTest, MonthsThatNameTheirYearGoToTheField) {
  const auto yaml = mapping(
      "load:\n  - entity: reading_month\n    wide: {keep: [户号], columns: months, name_to: month, value_to: "
      "energy_kwh}\n"
      "    fields: {customer_id: 户号}\n");
  ASSERT_TRUE(load(write("a.csv", "户号,2018年12月,2019年1月,合计\n1,5,6,11\n"), yaml).has_value());
  EXPECT_EQ(ask("SELECT string_agg(month || ' ' || energy_kwh, ', ' ORDER BY month) FROM reading_month"),
            "2018-12-01 5.000, 2019-01-01 6.000");
  const auto wrong = load(write("b.csv", "户号,年份,2018-01,2018-02\n1,2018,5,6\n"),
                          mapping("load:\n  - entity: reading_month\n    wide: {keep: [户号, 年份], columns: months, "
                                  "value_to: energy_kwh}\n    fields: {customer_id: 户号, month: {year: 年份, month: "
                                  "cell_name}}\n"));
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().line.key, "ingest.series_year");
}

TEST_F(WideTest, CellsOfPlaceholdersAreNoRows) {
  auto text = hours_of_state_grid();
  text += line("0002,2018-03-01", 24, [](int i) {
    return i == 0 ? "5" : i == 1 ? "--" : i == 2 ? "　" : i == 3 ? "NULL" : "";
  });
  const auto outcome = load(write("a.csv", text), hours("{date: 数据日期, time: cell_name}"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->total.rows_in, 25);
}

TEST_F(WideTest, LongTablesWithADateAndATime) {
  const auto yaml = mapping(
      "load:\n  - entity: reading_hour\n    fields:\n      customer_id: 户号\n      energy_kwh: 电量\n"
      "      begins_at: {date: 日期, time: 时刻, stamp: end, every: hour}\n");
  const auto outcome =
      load(write("a.csv",
                 "户号,日期,时刻,电量\n1,2018-03-01,01:00,1\n1,20180301,2,2\n1,2018年3月1日,第3小时,3\n"
                 "1,2018/3/1,4时,4\n1,2018-03-01,24,24\n1,2018-03-01,23:00:00,23\n1,2018-03-01,25,0\n"
                 "1,2018-02-29,1,0\n1,2018-03-01,,0\n1,2018-03-01,8.5,0\n"),
           yaml, 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  EXPECT_EQ(ask("SELECT string_agg(hour(begins_at) + 1 - energy_kwh, ' ') FROM reading_hour"),
            "0.0000 0.0000 0.0000 0.0000 0.0000 0.0000");
  EXPECT_EQ(
      ask("SELECT string_agg(line || ' ' || reason || ' ' || coalesce(value, '?'), '; ' ORDER BY line) FROM "
          "quarantine"),
      "8 bad_timestamp 2018-03-01 25:00; 9 bad_timestamp 2018-02-29 01:00; 10 missing_required ?; 11 bad_timestamp "
      "2018-03-01 8.5");
}

TEST_F(WideTest, ATimeThatNamesTheEndOfItsInterval) {
  const auto yaml = mapping(
      "load:\n  - entity: reading_quarter_hour\n    fields:\n      customer_id: 户号\n      energy_kwh: 电量\n"
      "      begins_at: {column: 数据时间, stamp: end, every: quarter_hour}\n");
  ASSERT_TRUE(
      load(write("a.csv", "户号,数据时间,电量\n1,2018-03-01 00:15,1\n1,2018-03-01 24:00,2\n1,2018-03-01 00:00,3\n"),
           yaml)
          .has_value());
  EXPECT_EQ(ask("SELECT string_agg(begins_at, '; ' ORDER BY energy_kwh) FROM reading_quarter_hour"),
            "2018-03-01 00:00:00; 2018-03-01 23:45:00; 2018-02-28 23:45:00");
}

TEST_F(WideTest, DaysAndMonthsFromTwoColumns) {
  ASSERT_TRUE(
      load(write("a.csv", "户号,年月,日,电量\n1,2018-03,1,1\n1,201803,02,2\n1,2018年3月,3日,3\n"),
           mapping(
               "load:\n  - entity: reading_day\n    fields: {customer_id: 户号, energy_kwh: 电量, day: {month: 年月, "
               "day: 日}}\n"))
          .has_value());
  EXPECT_EQ(ask("SELECT string_agg(day(day) - energy_kwh, ' ') FROM reading_day WHERE month(day) = 3"),
            "0.000 0.000 0.000");
  ASSERT_TRUE(
      load(write("b.csv", "户号,年,月,电量\n1,2018,1,1\n1,2018年,02,2\n1,2018.0,3月,3\n"),
           mapping(
               "load:\n  - entity: reading_month\n    fields: {customer_id: 户号, energy_kwh: 电量, month: {year: 年, "
               "month: 月}}\n"))
          .has_value());
  EXPECT_EQ(ask("SELECT string_agg(month(month) - energy_kwh, ' ') FROM reading_month WHERE year(month) = 2018"),
            "0.000 0.000 0.000");
}

TEST_F(WideTest, DatesOfParquetBesideHours) {
  int customer = 0;
  for (const auto* date : {"DATE '2018-03-01'", "20180301", "TIMESTAMP '2018-03-01 00:00:00'"}) {
    std::string columns;
    for (int h = 0; h < 24; ++h) columns += fmt::format(", {}.5 AS \"{}\"", h, h);
    const auto path = (root() / fmt::format("{}.parquet", ++customer)).string();
    ASSERT_EQ(ask(fmt::format("COPY (SELECT {} AS 户号, {} AS 数据日期{}) TO '{}' (FORMAT parquet)", customer, date,
                              columns, path)),
              "1");
    const auto outcome = load(path, hours("{date: 数据日期, time: cell_name}"));
    ASSERT_TRUE(outcome.has_value()) << date << outcome.error().line.key << outcome.error().arg("reason");
    EXPECT_EQ(outcome->total.rows_loaded, 24) << date;
  }
  EXPECT_EQ(ask("SELECT count(*) FROM reading_hour WHERE begins_at = '2018-03-01 23:00' AND energy_kwh = 23.5"), "3");
}

}  // namespace
}  // namespace fenqun::ingest
