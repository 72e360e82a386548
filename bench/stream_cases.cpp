// bench/stream_cases.cpp - k-means over Parquet that is never held in memory.
#include "base/worker_pool.hpp"
#include "cases.hpp"
#include "cluster/streaming.hpp"
#include "segment/table_rows.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <utility>

namespace fenqun::bench {

namespace {

std::vector<std::string> column_names(std::size_t cols) {
  std::vector<std::string> out;
  for (std::size_t c = 0; c < cols; ++c) out.push_back(fmt::format("c{}", c));
  return out;
}

}  // namespace

Result<std::string> write_parquet(const Words& words) {
  const std::size_t cols = std::stoull(words[3]);
  FENQUN_TRY(const auto rows, read_table(words[1], cols));
  FENQUN_TRY(auto database, warehouse::Database::open("", {}));
  FENQUN_TRY(auto connection, database.connect());
  std::vector<warehouse::ColumnSpec> columns;
  for (const auto& name : column_names(cols)) columns.push_back({name, warehouse::ColumnType::Number});
  FENQUN_TRY(auto appender, connection.appender("", "t", columns, warehouse::Connection::Table::Create));
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < cols; ++c) appender.set_number(c, static_cast<double>(rows(r, c)));
    FENQUN_CHECK(appender.end_row());
  }
  FENQUN_CHECK(appender.close());
  FENQUN_CHECK(connection.execute(
      fmt::format("COPY (SELECT COLUMNS(*)::FLOAT FROM t) TO {} (FORMAT parquet)", warehouse::sql_text(words[2]))));
  return fmt::format("{{\"rows\": {}}}", rows.rows());
}

Result<std::string> measure_stream(const Words& words) {
  WorkerPool pool(std::stoull(words[4]));
  warehouse::DatabaseOptions database_options;
  database_options.threads = pool.threads();
  database_options.memory_limit_bytes = std::uint64_t{1} << 30U;
  FENQUN_TRY(auto database, warehouse::Database::open("", database_options));
  FENQUN_TRY(auto connection, database.connect());
  const std::string relation = fmt::format("read_parquet({})", warehouse::sql_text(words[1]));
  FENQUN_TRY(auto source, segment::TableRows::create(connection, relation, column_names(std::stoull(words[2]))));
  cluster::StreamedKMeansOptions options;
  options.kmeans.cluster_count = static_cast<std::uint32_t>(std::stoul(words[3]));
  options.mode = words[5] == "exact" ? cluster::StreamMode::Exact : cluster::StreamMode::MiniBatch;
  Result<cluster::StreamedFit> fitted;
  const double passed = seconds_of([&] { fitted = cluster::fit_streamed_kmeans(source, options, pool); });
  if (!fitted) return fail(fitted.error());
  std::uint64_t labelled = 0;
  const auto take = [&](std::uint64_t, std::span<const std::uint32_t> labels, auto) -> Result<void> {
    labelled += labels.size();
    return {};
  };
  Result<std::uint64_t> assigned;
  const double labelling = seconds_of(
      [&] { assigned = cluster::assign_streamed(source, std::as_const(fitted->fit.centroids).view(), take, pool); });
  if (!assigned) return fail(assigned.error());
  return fmt::format(
      "{{\"seconds\": [{}], \"labelling_seconds\": {}, \"rows\": {}, \"passes\": {}, \"inertia\": {}, \"labelled\": "
      "{}}}",
      passed, labelling, fitted->rows, fitted->passes, fitted->fit.inertia, labelled);
}

}  // namespace fenqun::bench
