// ingest/lake_writer.cpp
#include "ingest/lake_writer.hpp"

#include "base/worker_pool.hpp"
#include "warehouse/lake_change.hpp"

#include <algorithm>
#include <atomic>
#include <optional>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::LakeFile;
using warehouse::sql_name;
using warehouse::sql_text;

class MonthWriter {
 public:
  MonthWriter(const StagedEntity& entity, fs::path folder, const std::string& batch_id)
      : entity_(entity), folder_(std::move(folder)), batch_id_(batch_id) {}

  Result<LakeFile> write(warehouse::Connection& connection, Month month) const {
    const auto& contract = *entity_.contract;
    const auto place = fs::path(contract.entity) / ("month=" + month.text()) / (batch_id_ + ".parquet");
    const auto path = folder_ / place;
    std::error_code ec;
    fs::create_directories(path.parent_path(), ec);
    if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", path.string()}, {"reason", ec.message()}});
    const auto time = sql_name(contract.month_field);
    FENQUN_TRY(
        const auto rows,
        connection.query_integer("COPY (SELECT * FROM (" + entity_.accepted_rows() + ") WHERE " + time + " >= DATE " +
                                 sql_text(month.first_date()) + " AND " + time + " < DATE " +
                                 sql_text(month.plus(1).first_date()) + " ORDER BY " + warehouse::lake_order(contract) +
                                 ") TO " + sql_text(path.string()) + std::string(warehouse::lake_format())));
    const auto bytes = static_cast<std::int64_t>(fs::file_size(path, ec));
    return LakeFile{contract.entity, month, (fs::path("lake") / place).generic_string(), batch_id_, rows, bytes};
  }

 private:
  const StagedEntity& entity_;
  fs::path folder_;
  const std::string& batch_id_;
};

}  // namespace

Result<std::vector<LakeFile>> write_months(warehouse::Workspace& workspace, const StagedEntity& entity,
                                           const fs::path& folder, const std::string& batch_id) {
  // A month is mostly one row group, and a row group is one thread's work: several months at a time, each in a session
  // of its own.
  constexpr std::size_t kMostSessions = 4;
  WorkerPool pool(workspace.options().threads);
  const auto sessions = std::min({pool.threads(), kMostSessions, std::max<std::size_t>(1, entity.months.size())});
  const MonthWriter writer(entity, folder, batch_id);
  std::vector<std::optional<Result<LakeFile>>> written(entity.months.size());
  std::vector<Result<warehouse::Connection>> connections;
  for (std::size_t s = 0; s < sessions; ++s) {
    connections.push_back(workspace.connect());
    if (!connections.back()) return fail(std::move(connections.back()).error());
  }
  std::atomic<std::size_t> next = 0;
  pool.for_blocks(sessions, 1, [&](std::size_t session, std::size_t, std::size_t) {
    for (auto at = next.fetch_add(1); at < written.size(); at = next.fetch_add(1)) {
      written[at] = writer.write(*connections[session], entity.months[at]);
      if (!*written[at]) return;
    }
  });
  std::vector<LakeFile> files;
  // The first failure in the order of months is the one reported; what was not begun after it has no result.
  for (auto& file : written) {
    if (file && !*file) return fail(std::move(*file).error());
  }
  for (auto& file : written) {
    if (!file) return fail(ErrorCode::Cancelled, "base.cancelled");
    // A month all of whose rows were duplicates.
    std::error_code ec;
    if ((*file)->rows == 0)
      fs::remove(folder / fs::path((*file)->path).lexically_relative("lake"), ec);
    else
      files.push_back(*std::move(*file));
  }
  return files;
}

}  // namespace fenqun::ingest
