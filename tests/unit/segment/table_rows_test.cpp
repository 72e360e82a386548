// tests/unit/segment/table_rows_test.cpp
#include "segment/table_rows.hpp"

#include "cluster/streaming.hpp"
#include "unit/cluster/sample_rows.hpp"
#include "unit/warehouse/temp_folder.hpp"

namespace fenqun::segment {
namespace {

using cluster::expect_error;

class TableRowsTest : public testing::Test {
 protected:
  void run(const std::string& sql) { ASSERT_TRUE(connection.execute(sql).has_value()) << sql; }
  Result<TableRows> source(std::vector<std::string> columns, const std::string& relation = "t") {
    return TableRows::create(connection, relation, std::move(columns));
  }
  static std::vector<std::vector<float>> rows_of(TableRows& table) {
    std::vector<std::vector<float>> out;
    const auto done = table.read([&](RowView<const float> piece) -> Result<void> {
      for (std::size_t r = 0; r < piece.rows(); ++r) out.emplace_back(piece.row(r).begin(), piece.row(r).end());
      return {};
    });
    EXPECT_TRUE(done.has_value());
    return out;
  }

  test::TempFolder folder;
  warehouse::Database database = warehouse::Database::open("", {}).value();
  warehouse::Connection connection = database.connect().value();
};

TEST_F(TableRowsTest, GivesTheChosenColumnsInTheOrderOfTheTableAgainAndAgain) {
  run("CREATE TABLE t AS SELECT i::INTEGER AS a, (i / 4)::DECIMAL(18, 2) AS \"b \"\"x\"\"\", 'n' AS name, i * 2.0 AS c "
      "FROM range(10000) r(i)");
  auto table = source({"c", "a", "b \"x\""}).value();
  EXPECT_EQ(table.cols(), 3U);
  const auto rows = rows_of(table);
  ASSERT_EQ(rows.size(), 10'000U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto value = static_cast<float>(i);
    EXPECT_EQ(rows[i], (std::vector<float>{value * 2, value, value / 4}));
  }
  EXPECT_EQ(rows_of(table), rows);
}

TEST_F(TableRowsTest, ReadsParquetFilesInTheirOrderWithMoreColumnsThanOneTileHolds) {
  std::string columns;
  std::vector<std::string> names;
  for (int c = 0; c < 37; ++c) {
    names.push_back("c" + std::to_string(c));
    columns += ", (i * 100 + " + std::to_string(c) + ")::FLOAT AS " + names.back();
  }
  const auto file = folder.path() / "rows.parquet";
  run("COPY (SELECT 1 AS id" + columns + " FROM range(150000) r(i)) TO " + warehouse::sql_text(file.string()) +
      " (FORMAT parquet, ROW_GROUP_SIZE 4096)");
  auto table = source(names, "read_parquet(" + warehouse::sql_text(file.string()) + ")").value();
  std::uint64_t row = 0;
  const auto done = table.read([&](RowView<const float> piece) -> Result<void> {
    for (std::size_t r = 0; r < piece.rows(); ++r, ++row) {
      for (std::size_t c = 0; c < piece.cols(); ++c) {
        if (piece(r, c) != static_cast<float>(row * 100 + c)) return fail(ErrorCode::Internal, "cluster.no_rows");
      }
    }
    return {};
  });
  EXPECT_TRUE(done.has_value()) << "row " << row;
  EXPECT_EQ(row, 150'000U);
}

TEST_F(TableRowsTest, GroupsAsAMatrixInMemoryDoes) {
  const auto data = cluster::planted(6000, 3, 3, 8, 1);
  auto appender = connection
                      .appender("", "u",
                                {{"a", warehouse::ColumnType::Number},
                                 {"b", warehouse::ColumnType::Number},
                                 {"c", warehouse::ColumnType::Number}},
                                warehouse::Connection::Table::Create)
                      .value();
  for (std::size_t r = 0; r < data.rows.rows(); ++r) {
    for (std::size_t c = 0; c < 3; ++c) appender.set_number(c, static_cast<double>(data.rows(r, c)));
    ASSERT_TRUE(appender.end_row().has_value());
  }
  ASSERT_TRUE(appender.close().has_value());
  auto table = source({"a", "b", "c"}, "u").value();
  cluster::MatrixSource matrix(data.rows.view());
  WorkerPool pool(2);
  const cluster::StreamedKMeansOptions options{.kmeans = {.cluster_count = 3}, .sample_rows = 500};
  const auto streamed = cluster::fit_streamed_kmeans(table, options, pool).value();
  const auto in_memory = cluster::fit_streamed_kmeans(matrix, options, pool).value();
  EXPECT_EQ(streamed.fit.centroids, in_memory.fit.centroids);
  EXPECT_EQ(streamed.fit.inertia, in_memory.fit.inertia);
}

TEST_F(TableRowsTest, NamesRowAndColumnOfAMissingValue) {
  run("CREATE TABLE t AS SELECT i::DOUBLE AS a, CASE WHEN i < 5003 THEN i END AS b FROM range(9000) r(i)");
  auto table = source({"a", "b"}).value();
  const auto done = table.read([](RowView<const float>) -> Result<void> { return {}; });
  expect_error(done, ErrorCode::BadData, "segment.missing_in_table",
               {{"row", "5003"}, {"column", "b"}, {"relation", "t"}});
}

TEST_F(TableRowsTest, RefusesColumnsThatAreNoNumbersOrDoNotExist) {
  run("CREATE TABLE t AS SELECT 1 AS a, 'x' AS name");
  expect_error(source({"a", "name"}), ErrorCode::InvalidArgument, "segment.column_not_numeric",
               {{"column", "name"}, {"relation", "t"}, {"type", "VARCHAR"}});
  expect_error(source({}), ErrorCode::InvalidArgument, "cluster.no_columns");
  expect_error(source({"z"}), ErrorCode::Database, "warehouse.statement");
}

TEST_F(TableRowsTest, StopsAtTheErrorOfItsReader) {
  run("CREATE TABLE t AS SELECT i AS a FROM range(100000) r(i)");
  auto table = source({"a"}).value();
  int pieces = 0;
  const auto done = table.read([&](RowView<const float>) -> Result<void> {
    ++pieces;
    return fail(ErrorCode::Cancelled, "base.cancelled");
  });
  expect_error(done, ErrorCode::Cancelled, "base.cancelled");
  EXPECT_EQ(pieces, 1);
}

}  // namespace
}  // namespace fenqun::segment
