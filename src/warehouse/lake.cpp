// warehouse/lake.cpp - the Parquet lake: manifest, views, and the one way in.
#include "base/file.hpp"
#include "base/worker_pool.hpp"
#include "warehouse/shared_database.hpp"
#include "warehouse/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWide = "wide";  // the feature months; not an entity of the contracts
constexpr std::string_view kParquet = ".parquet";

}  // namespace

bool is_derived(std::string_view entity) { return entity == kWide || entity.starts_with('_'); }

std::string superseded_of(std::string_view entity) { return std::string(entity) + ".superseded"; }

std::string counted_as(std::string_view entity) {
  const auto suffix = superseded_of("");
  if (entity.ends_with(suffix)) entity.remove_suffix(suffix.size());
  return std::string(entity);
}

std::string next_lake_path(std::string_view entity, Month month, std::string_view stem,
                           const std::vector<LakeFile>& existing) {
  const auto first = fmt::format("lake/{}/month={}/{}", entity, month.text(), stem);
  // Versions grow, so that the path of a file that was just replaced is not taken again.
  std::int64_t version = 0;
  for (const auto& file : existing) {
    const std::string_view path = file.path;
    if (!path.starts_with(first)) continue;
    const auto rest = path.substr(first.size());
    std::int64_t number = 0;
    if (rest.starts_with('-')) std::from_chars(rest.data() + 1, rest.data() + rest.size(), number);
    version = std::max(version, number + 1);
  }
  return version == 0 ? first + std::string(kParquet) : fmt::format("{}-{}{}", first, version, kParquet);
}

Result<std::vector<LakeFile>> Workspace::lake_files(const std::string& entity) {
  return manifest("entity = " + sql_text(entity));
}

Result<std::vector<LakeFile>> Workspace::manifest(const std::string& condition) {
  FENQUN_TRY(const auto found,
             connection_.query("SELECT entity, month, path, batch_id, rows, bytes, hash FROM lake_file WHERE " +
                               condition + " ORDER BY entity, month, path"));
  std::vector<LakeFile> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    FENQUN_TRY(const auto month, Month::parse(found.text(r, 1)));
    out.push_back({found.text(r, 0), month, found.text(r, 2), found.text(r, 3), found.integer(r, 4),
                   found.integer(r, 5), found.text(r, 6)});
  }
  return out;
}

Result<std::vector<std::string>> Workspace::loaded_entities() {
  std::vector<std::string> out;
  for (const auto& contract : contracts_.all()) {
    const auto sql = contract.kind == EntityKind::Master
                         ? "SELECT count(*) FROM (SELECT 1 FROM " + sql_name("m_" + contract.entity) + " LIMIT 1)"
                         : "SELECT count(*) FROM lake_file WHERE entity = " + sql_text(contract.entity);
    FENQUN_TRY(const auto count, connection_.query_integer(sql));
    if (count > 0) out.push_back(contract.entity);
  }
  return out;
}

Result<void> Workspace::forget_derived(const LakeFile& file) {
  FENQUN_CHECK(connection_.execute("DELETE FROM lake_file WHERE path = " + sql_text(file.path)));
  std::error_code ec;
  fs::remove(folder_ / file.path, ec);
  shared_->views.change({}, {file.path});
  return {};
}

void Workspace::leave_out(const std::string& path) {
  damaged_.insert(path);
  shared_->views.change({}, {path});
}

Result<void> Workspace::fill_views() {
  FENQUN_TRY(auto files, manifest("true"));
  std::erase_if(files, [&](const LakeFile& file) { return damaged_.contains(file.path); });
  shared_->views.change(files, {});
  return {};
}

Result<void> Workspace::move_in(const fs::path& staging, const std::vector<LakeFile>& files) {
  std::set<fs::path> folders;  // every folder on the way to a file: it may be new
  for (const auto& file : files) {
    const auto target = folder_ / file.path;
    const auto from = staging / fs::path(file.path).lexically_relative("lake");
    FENQUN_CHECK(sync_path(from));
    std::error_code ec;
    fs::create_directories(target.parent_path(), ec);
    if (!ec) fs::rename(from, target, ec);
    if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", target.string()}, {"reason", ec.message()}});
    for (auto at = target.parent_path(); at != folder_; at = at.parent_path()) folders.insert(at);
  }
  if (!folders.empty()) folders.insert(folder_);
  for (const auto& folder : folders) FENQUN_CHECK(sync_path(folder));
  return {};
}

Result<void> Workspace::announce(const std::vector<LakeFile>& files, const std::vector<std::string>& obsolete) {
  std::string lines;
  for (const auto& file : files) lines += file.path + "\n";
  for (const auto& path : obsolete) lines += path + "\n";
  if (lines.empty()) return {};
  const auto journal = folder_ / kCommitJournal;
  std::error_code ec;
  fs::create_directories(journal.parent_path(), ec);
  FENQUN_CHECK(write_file_atomically(journal, lines));
  return sync_path(journal.parent_path());
}

Result<void> Workspace::write_manifest(const std::vector<LakeFile>& files, const std::vector<std::string>& statements,
                                       const std::vector<std::string>& obsolete) {
  FENQUN_CHECK(connection_.execute("BEGIN"));
  for (const auto& path : obsolete) {
    FENQUN_CHECK(connection_.execute("DELETE FROM lake_file WHERE path = " + sql_text(path)));
  }
  for (const auto& file : files) {
    FENQUN_CHECK(connection_.execute(fmt::format(
        "INSERT INTO lake_file VALUES ({}, {}, {}, {}, {}, {}, {})", sql_text(file.entity), sql_text(file.month.text()),
        sql_text(file.path), sql_text(file.batch_id), file.rows, file.bytes, sql_text(file.hash))));
  }
  for (const auto& statement : statements) FENQUN_CHECK(connection_.execute(statement));
  return connection_.execute("COMMIT");
}

Result<std::vector<LakeFile>> Workspace::hashed(const fs::path& staging, std::vector<LakeFile> files) const {
  WorkerPool pool(options_.threads);
  std::vector<Result<std::string>> hashes(files.size());
  pool.for_blocks(files.size(), 1, [&](std::size_t n, std::size_t, std::size_t) {
    if (files[n].hash.empty()) hashes[n] = hash_file(staging / fs::path(files[n].path).lexically_relative("lake"));
  });
  for (std::size_t n = 0; n < files.size(); ++n) {
    if (!files[n].hash.empty()) continue;
    if (!hashes[n]) return fail(std::move(hashes[n]).error());
    files[n].hash = *std::move(hashes[n]);
  }
  return files;
}

Result<void> Workspace::commit(const fs::path& staging, const std::vector<LakeFile>& finished,
                               const std::vector<std::string>& statements, const std::vector<std::string>& obsolete) {
  FENQUN_TRY(const auto files, hashed(staging, finished));
  if (stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  const std::scoped_lock one_at_a_time(shared_->commits);
  // From here on a stop is no longer heard: the rest is short and is done or undone as a whole.
  connection_.watch(nullptr, {});
  auto done = announce(files, obsolete);
  if (done) done = move_in(staging, files);
  if (done) {
    done = write_manifest(files, statements, obsolete);
    if (!done) static_cast<void>(connection_.execute("ROLLBACK"));
  }
  std::error_code ec;
  if (!done) {
    for (const auto& file : files) fs::remove(folder_ / file.path, ec);
    fs::remove(folder_ / kCommitJournal, ec);
    connection_.watch(options_.progress, options_.stop);
    return done;
  }
  shared_->views.change(files, obsolete);
  // Rows that were taken back or expired must not stay behind there; whoever keeps it makes it anew.
  const bool takes_facts = std::any_of(obsolete.begin(), obsolete.end(), [this](const std::string& path) {
    return contracts_.find(entity_of(path)) != nullptr;
  });
  if (takes_facts && !shared_->keeps_customer_rows) drop_customer_rows();
  for (const auto& path : obsolete) {
    fs::remove(folder_ / path, ec);
    damaged_.erase(path);
  }
  fs::remove(folder_ / kCommitJournal, ec);
  connection_.watch(options_.progress, options_.stop);
  return done;
}

Result<std::string> Workspace::data_fingerprint() {
  // Who replaced whom tells the order in which batches of one key came; the order of others does not matter.
  FENQUN_TRY(const auto facts,
             connection_.query("SELECT batch_id FROM batch UNION ALL SELECT batch_id || ' > ' || on_batch FROM "
                               "(SELECT DISTINCT batch_id, on_batch FROM batch_link WHERE kind = 'superseded') UNION "
                               "ALL SELECT DISTINCT entity || ' - ' || month FROM lake_expired ORDER BY 1"));
  std::string all;
  for (std::size_t r = 0; r < facts.rows.size(); ++r) all += facts.text(r, 0) + "\n";
  return hash_text(all).substr(0, 32);
}

}  // namespace fenqun::warehouse
