// tests/unit/warehouse/database_test.cpp
#include "warehouse/database.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace fenqun::warehouse {
namespace {

Connection memory_connection(std::optional<Database>& database) {
  database.emplace(*Database::open("", {}));
  return std::move(*database->connect());
}

TEST(Database, ReadsEveryPlainTypeAndNull) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  const auto rows = connection.query(
      "SELECT 1::TINYINT, 2::BIGINT, 1.25::DECIMAL(18,2), 0.5::DOUBLE, true, DATE '2026-07-01', "
      "TIMESTAMP '2026-07-01 12:30:05', '户号', NULL, sum(x) FROM range(3) t(x)");
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->integer(0, 0), 1);
  EXPECT_EQ(rows->integer(0, 1), 2);
  EXPECT_EQ(rows->number(0, 2), 1.25);
  EXPECT_EQ(rows->number(0, 3), 0.5);
  EXPECT_TRUE(rows->boolean(0, 4));
  EXPECT_EQ(rows->text(0, 5), "2026-07-01");
  EXPECT_EQ(rows->text(0, 6), "2026-07-01 12:30:05");
  EXPECT_EQ(rows->text(0, 7), "户号");
  EXPECT_TRUE(rows->is_null(0, 8));
  EXPECT_EQ(rows->integer(0, 9), 3);
}

TEST(Database, RefusesATypeItCannotReadInsteadOfShowingNothing) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  EXPECT_FALSE(connection.query("SELECT [1, 2] AS several").has_value());
}

TEST(Database, QuotesTextsAndNames) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  const auto rows = connection.query("SELECT " + sql_text("it's") + " AS " + sql_name("a \"b\""));
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->text(0, 0), "it's");
  EXPECT_EQ(rows->columns[0], "a \"b\"");
}

TEST(Database, StatementErrorCarriesReasonAndStatement) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  const auto failed = connection.execute("SELECT no_such_column");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::Database);
  EXPECT_NE(failed.error().arg("reason").find("no_such_column"), std::string_view::npos);
  EXPECT_EQ(failed.error().arg("statement"), "SELECT no_such_column");
}

TEST(Database, StreamsAllRowsInOrder) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  std::int64_t expected = 0;
  const auto done = connection.stream(
      "SELECT x::BIGINT, x::VARCHAR, CASE WHEN x % 7 = 0 THEN NULL ELSE x::DOUBLE END FROM range(10000) t(x)",
      [&](const Chunk& chunk) -> Result<void> {
        for (std::size_t r = 0; r < chunk.rows(); ++r, ++expected) {
          EXPECT_EQ(chunk.integer(0, r), expected);
          EXPECT_EQ(chunk.text(1, r), std::to_string(expected));
          EXPECT_EQ(chunk.is_null(2, r), expected % 7 == 0);
        }
        return {};
      });
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(expected, 10000);
}

TEST(Database, AStreamStopsWithTheCallbacksError) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  const auto done = connection.stream("SELECT 1::BIGINT FROM range(100000)", [](const Chunk&) -> Result<void> {
    return fail(ErrorCode::BadData, "test.reason");
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().line.key, "test.reason");
}

TEST(Database, AppendsEveryTypeAcrossPieces) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  auto appender = connection.appender("", "t",
                                      {{"id", ColumnType::Text},
                                       {"n", ColumnType::Integer},
                                       {"x", ColumnType::Number},
                                       {"b", ColumnType::Boolean},
                                       {"d", ColumnType::Date},
                                       {"seen_at", ColumnType::Timestamp},
                                       {"money", ColumnType::Decimal, 2}},
                                      Connection::Table::Create);
  ASSERT_TRUE(appender.has_value());
  constexpr int kRows = 5000;
  for (int i = 0; i < kRows; ++i) {
    appender->set_text(0, "customer number " + std::to_string(i));
    appender->set_integer(1, i);
    appender->set_number(2, 0.5 * i);
    appender->set_boolean(3, i % 2 == 0);
    appender->set_date(4, i);
    appender->set_timestamp(5, std::int64_t{i} * 1000000);
    if (i % 10 == 0)
      appender->set_null(6);
    else
      appender->set_decimal(6, 100 * i + 25);
    ASSERT_TRUE(appender->end_row().has_value());
  }
  ASSERT_TRUE(appender->close().has_value());
  const auto rows = connection.query(
      "SELECT count(*), sum(n), sum(x), count_if(b), max(d), max(seen_at), count(money), max(money), max(id) FROM t");
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->integer(0, 0), kRows);
  EXPECT_EQ(rows->integer(0, 1), 12497500);
  EXPECT_EQ(rows->number(0, 2), 6248750.0);
  EXPECT_EQ(rows->integer(0, 3), 2500);
  EXPECT_EQ(rows->text(0, 4), "1983-09-09");
  EXPECT_EQ(rows->text(0, 5), "1970-01-01 01:23:19");
  EXPECT_EQ(rows->integer(0, 6), 4500);
  EXPECT_EQ(rows->number(0, 7), 4999.25);
  EXPECT_EQ(rows->text(0, 8), "customer number 999");
}

TEST(Database, AStopInterruptsALongStatement) {
  std::optional<Database> database;
  auto connection = memory_connection(database);
  std::stop_source stop;
  connection.watch(nullptr, stop.get_token());
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    stop.request_stop();
  });
  const auto done = connection.query_integer(
      "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3");
  stopper.join();
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
}

TEST(Database, AFileReplacedWithinTheSameMomentIsReadAnew) {
  const test::TempFolder folder;
  const auto file = folder.path() / "x.parquet";
  std::optional<Database> database;
  auto connection = memory_connection(database);
  const auto write_and_read = [&](int rows) {
    const auto other = folder.path() / "y.parquet";
    EXPECT_TRUE(connection.execute("COPY (SELECT 'x' FROM range(" + std::to_string(rows) + ")) TO " +
                                   sql_text(other.string())));
    std::filesystem::copy_file(other, file, std::filesystem::copy_options::overwrite_existing);
    const auto read =
        connection.query_integer("SELECT num_rows FROM parquet_file_metadata(" + sql_text(file.string()) + ")");
    return read ? *read : -1;
  };
  for (int rows = 100; rows < 120; ++rows) EXPECT_EQ(write_and_read(rows), rows);
}

TEST(Database, TellsThatAFaultOfItsOwnEndedIt) {
  const test::TempFolder folder;
  auto database = Database::open(folder.path() / "x.duckdb", {});
  ASSERT_TRUE(database.has_value());
  auto first = *database->connect();
  auto second = *database->connect();
  int told = 0;
  const std::stop_callback on_lost(database->lost(), [&] { ++told; });
  ASSERT_TRUE(first.execute("CREATE TABLE t AS SELECT 1 AS x").has_value());
  ASSERT_FALSE(first.execute("SELECT * FROM nowhere").has_value());
  EXPECT_FALSE(database->lost().stop_requested());
  ASSERT_TRUE(first.execute("SET debug_checkpoint_abort = 'before_header'").has_value());
  const auto fault = first.execute("CHECKPOINT");
  ASSERT_FALSE(fault.has_value());
  EXPECT_EQ(fault.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(fault.error().line.key, "warehouse.lost");
  EXPECT_TRUE(database->lost().stop_requested());
  const auto later = second.query("SELECT 1");
  ASSERT_FALSE(later.has_value());
  EXPECT_EQ(later.error().line.key, "warehouse.lost");
  EXPECT_EQ(later.error().arg("reason").find('\n'), std::string::npos);
  EXPECT_EQ(told, 1);
}

TEST(Database, AForeignFileIsNotADatabase) {
  const test::TempFolder folder;
  const auto path = folder.path() / "x.duckdb";
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fputs(std::string(5000, 'x').c_str(), file);
  std::fclose(file);
  const auto database = Database::open(path, {});
  ASSERT_FALSE(database.has_value());
  EXPECT_NE(database.error().arg("path").find("x.duckdb"), std::string_view::npos);
}

}  // namespace
}  // namespace fenqun::warehouse
