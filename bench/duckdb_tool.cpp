// bench/duckdb_tool.cpp - what the ingest benchmark needs of the database alone: files to read, and its own read of
// one.
//   duckdb_tool bills FILE ROWS        a CSV of bills, 36 months, one bill a customer and month
//   duckdb_tool readings FOLDER ROWS   daily readings as Parquet, one file a month, 36 months, and their customers
//   duckdb_tool read FILE THREADS DB   CREATE TABLE AS SELECT from the CSV with typed columns; DB a new file, or
//   :memory:
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace fenqun {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_text;

constexpr int kMonths = 36;

Result<void> run(const std::string& path, std::size_t threads, const std::vector<std::string>& statements) {
  warehouse::DatabaseOptions options;
  options.threads = threads;
  FENQUN_TRY(auto database, warehouse::Database::open(path, options));
  FENQUN_TRY(auto connection, database.connect());
  for (const auto& statement : statements) FENQUN_CHECK(connection.execute(statement));
  return {};
}

Result<void> make_bills(const std::string& file, std::int64_t rows) {
  return run(
      "", 0,
      {fmt::format(
          "COPY (SELECT 'B' || lpad((i * 7919 % {0})::VARCHAR, 10, '0') AS bill_id, lpad((i % ({0} // {1}))::VARCHAR, "
          "10, '0') AS customer_id, strftime(DATE '2023-01-01' + to_months((i // ({0} // {1}))::INTEGER), '%Y-%m') AS "
          "month, CAST(DATE '2023-01-22' + to_months((i // ({0} // {1}))::INTEGER) AS DATE) AS issued_on, (hash(i) % "
          "900000) / "
          "1000.0 AS energy_kwh, (hash(i) % 300000) / 1000.0 AS peak_kwh, ((hash(i) % 900000) * 6 // 10) / 1000.0 "
          "AS amount_cny FROM range({0}) r(i)) TO {2} (HEADER)",
          rows / kMonths * kMonths, kMonths, sql_text(file))});
}

Result<void> make_readings(const fs::path& folder, std::int64_t rows) {
  fs::create_directories(folder / "reading_day");
  const auto customers = rows / (kMonths * 30);
  std::vector<std::string> statements = {
      fmt::format("COPY (SELECT lpad(i::VARCHAR, 10, '0') AS customer_id, CASE WHEN i % 9 = 0 THEN 'non_residential' "
                  "ELSE 'residential' "
                  "END AS category FROM range({}) r(i)) TO {} (FORMAT parquet)",
                  customers, sql_text((folder / "customer.parquet").string()))};
  for (int m = 0; m < kMonths; ++m) {
    statements.push_back(
        fmt::format("COPY (SELECT lpad(i::VARCHAR, 10, '0') AS customer_id, CAST(DATE '2023-01-01' + to_months({0}) AS "
                    "DATE) + d::INTEGER AS "
                    "day, ((hash(i * 31 + d + {0} * 977) % 30000) / 1000.0)::DECIMAL(18,3) AS energy_kwh FROM "
                    "range({1}) r(i), "
                    "range(30) s(d) WHERE d < 28 OR {0} % 12 <> 1) TO {2} (FORMAT parquet)",
                    m, customers, sql_text((folder / "reading_day" / fmt::format("m{:02}.parquet", m)).string())));
  }
  return run("", 0, statements);
}

Result<void> read_file(const std::string& file, std::size_t threads, const std::string& database) {
  return run(
      database == ":memory:" ? "" : database, threads,
      {"CREATE TABLE t AS SELECT * FROM read_csv(" + sql_text(file) +
       ", header = true, columns = {'bill_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'month': 'VARCHAR', 'issued_on': "
       "'DATE', 'energy_kwh': 'DECIMAL(18,3)', 'peak_kwh': 'DECIMAL(18,3)', 'amount_cny': 'DECIMAL(18,2)'})"});
}

Result<void> dispatch(const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "bills") return make_bills(words[1], std::stoll(words[2]));
  if (words.size() == 3 && words[0] == "readings") return make_readings(words[1], std::stoll(words[2]));
  if (words.size() == 4 && words[0] == "read") return read_file(words[1], std::stoul(words[2]), words[3]);
  return fail(ErrorCode::InvalidArgument, "usage");
}

}  // namespace
}  // namespace fenqun

int main(int argc, char** argv) {
  const auto done = fenqun::dispatch(std::vector<std::string>(argv + 1, argv + argc));
  if (done) return 0;
  std::fprintf(stderr, "duckdb_tool: %s %s\n", done.error().line.key.c_str(),
               std::string(done.error().arg("reason")).c_str());
  return 1;
}
