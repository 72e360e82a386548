// warehouse/workspace.cpp - opening a workspace and its scratch databases. The lake's part is lake.cpp.
#include "warehouse/workspace.hpp"

#include "base/file.hpp"
#include "warehouse/migrations.hpp"
#include "warehouse/shared_database.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <set>
#include <sstream>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> refused(const fs::path& path, const std::error_code& ec) {
  return fail(ErrorCode::Io, "base.cannot_write", {{"path", path.string()}, {"reason", ec.message()}});
}

Result<void> make_folder(const fs::path& path) {
  std::error_code ec;
  fs::create_directories(path, ec);
  if (ec) return refused(path, ec);
  return {};
}

std::uint64_t memory_limit(const WorkspaceOptions& options, double settings_gib) {
  constexpr double kGib = 1024.0 * 1024.0 * 1024.0;
  if (options.memory_limit_bytes > 0) return options.memory_limit_bytes;
  if (settings_gib > 0) return static_cast<std::uint64_t>(settings_gib * kGib);
  const auto machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  return static_cast<std::uint64_t>(std::min(0.5 * machine, 6.0 * kGib));
}

// The database would say it too, but not what to do.
Result<void> check_writable(const fs::path& folder) {
  for (const auto& path : {folder, folder / "warehouse.duckdb"}) {
    std::error_code ec;
    if (!fs::exists(path, ec) || access(path.c_str(), W_OK) == 0) continue;
    return fail(ErrorCode::Io, "warehouse.not_writable",
                {{"path", path.string()}, {"reason", std::generic_category().message(errno)}});
  }
  return {};
}

bool holds_lake_files(const fs::path& lake) {
  std::error_code ec;
  for (auto at = fs::recursive_directory_iterator(lake, ec); !ec && at != fs::recursive_directory_iterator();
       at.increment(ec)) {
    if (at->path().extension() == ".parquet") return true;
  }
  return false;
}

// A name goes into the file between double quotes.
std::string yaml_quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

Result<void> Workspace::init(const fs::path& folder, const std::string& name) {
  std::error_code ec;
  if (fs::exists(folder / "fenqun.yaml", ec)) {
    return fail(ErrorCode::Conflict, "warehouse.exists", {{"path", folder.string()}});
  }
  if (fs::exists(folder, ec) && !fs::is_empty(folder, ec)) {
    return fail(ErrorCode::Conflict, "warehouse.folder_taken", {{"path", folder.string()}});
  }
  FENQUN_CHECK(make_folder(folder));
  const std::string settings =
      "# fenqun workspace\n"
      "name: " +
      yaml_quoted(name) +
      "\n"
      "zone: Asia/Shanghai\n"
      "ingest:\n"
      "  max_rejected_share: 0   # 0: one rejected row refuses the whole file; 0.01: up to 1 % goes to quarantine\n"
      "# memory_limit_gib: 6     # what the database may hold in memory before it spills to tmp/\n";
  return write_file_atomically(folder / "fenqun.yaml", settings);
}

Workspace::Workspace(fs::path folder, AssetStore assets, ContractSet contracts, Settings settings,
                     WorkspaceOptions options, std::shared_ptr<Shared> shared, Connection connection)
    : folder_(std::move(folder)),
      assets_(std::move(assets)),
      contracts_(std::move(contracts)),
      settings_(std::move(settings)),
      options_(std::move(options)),
      shared_(std::move(shared)),
      connection_(std::move(connection)) {}

Progress& Workspace::progress() noexcept {
  if (options_.progress != nullptr) return *options_.progress;
  return silent_;
}

Result<Connection> Workspace::connect() {
  FENQUN_TRY(auto connection, shared_->database.connect());
  connection.watch(nullptr, options_.stop);
  return connection;
}

std::stop_token Workspace::lost() const noexcept { return shared_->database.lost(); }

Result<Workspace> Workspace::open(const fs::path& folder, const WorkspaceOptions& options) {
  std::error_code ec;
  if (!fs::exists(folder / "fenqun.yaml", ec)) {
    return fail(ErrorCode::NotFound, "warehouse.no_workspace", {{"path", folder.string()}});
  }
  const fs::path absolute = fs::absolute(folder, ec).lexically_normal();
  FENQUN_TRY(const auto text, read_file(absolute / "fenqun.yaml"));
  FENQUN_TRY(auto settings, Settings::parse(text, (absolute / "fenqun.yaml").string()));
  FENQUN_CHECK(settings.allow_only(
      {"name", "zone", "ingest", "memory_limit_gib", "report", "schemes", "drop", "retention", "serve"}));
  FENQUN_TRY(const double limit_gib, settings.number("memory_limit_gib", 0));
  AssetStore assets({absolute});
  // While the database opens: that takes as long.
  auto reading = std::async(std::launch::async, [&assets] { return ContractSet::create(assets); });
  if (!fs::exists(absolute / "warehouse.duckdb", ec) && holds_lake_files(absolute / "lake")) {
    return fail(ErrorCode::BadData, "warehouse.database_missing", {{"path", (absolute / "warehouse.duckdb").string()}});
  }
  auto writable = check_writable(absolute);
  if (!writable && !options.reads_only) return fail(std::move(writable).error());
  DatabaseOptions database_options;
  database_options.read_only = !writable;
  database_options.threads = options.threads;
  database_options.memory_limit_bytes = memory_limit(options, limit_gib);
  database_options.temp_folder = absolute / "tmp" / "spill";
  FENQUN_TRY(auto database, Database::open(absolute / "warehouse.duckdb", database_options));
  FENQUN_TRY(auto contracts, reading.get());
  const auto shared = std::make_shared<Shared>(std::move(database), absolute, contracts);
  FENQUN_TRY(auto connection, shared->database.connect());
  if (writable) {
    FENQUN_CHECK(migrate(connection, contracts));
  } else {
    FENQUN_TRY(const bool current, is_migrated(connection, contracts));
    if (!current) return fail(std::move(writable).error());
  }
  Workspace workspace(absolute, std::move(assets), std::move(contracts), std::move(settings), options, shared,
                      std::move(connection));
  workspace.read_only_ = !writable;
  if (writable) FENQUN_CHECK(workspace.remove_leftovers());
  FENQUN_CHECK(workspace.check_lake());
  FENQUN_CHECK(workspace.fill_views());
  workspace.connection_.watch(options.progress, options.stop);
  return workspace;
}

Result<Workspace> Workspace::share(Progress* progress, std::stop_token stop) {
  auto options = options_;
  options.progress = progress;
  options.stop = std::move(stop);
  FENQUN_TRY(auto connection, shared_->database.connect());
  Workspace workspace(folder_, assets_, contracts_, settings_, std::move(options), shared_, std::move(connection));
  workspace.read_only_ = read_only_;
  workspace.damaged_ = damaged_;
  workspace.scratch_prefix_ = "s" + std::to_string(++shared_->shares) + "_";
  workspace.connection_.watch(workspace.options_.progress, workspace.options_.stop);
  return workspace;
}

Result<void> Workspace::remove_leftovers() {
  // Only what an interrupted commit had announced: a file that merely is unknown may be somebody's only copy.
  std::error_code ec;
  const auto journal = folder_ / kCommitJournal;
  if (fs::exists(journal, ec)) {
    FENQUN_TRY(const auto text, read_file(journal));
    FENQUN_TRY(const auto known, connection_.query("SELECT path FROM lake_file"));
    std::set<std::string> keep;
    for (std::size_t r = 0; r < known.rows.size(); ++r) keep.insert(known.text(r, 0));
    std::istringstream lines(text);
    for (std::string path; std::getline(lines, path);) {
      if (path.empty() || keep.contains(path)) continue;
      fs::remove(folder_ / path, ec);
      if (ec) return refused(folder_ / path, ec);
    }
  }
  fs::remove_all(folder_ / "tmp", ec);
  // What a commit that failed for want of room had taken goes back to the disk; without room even for that, it waits.
  static_cast<void>(connection_.execute("CHECKPOINT"));
  return {};
}

// Without them the data is not what was loaded, and a later file would be compared with too little.
Result<void> Workspace::check_nothing_waits() {
  if (options_.tolerate_damage) return {};
  FENQUN_TRY(const auto waiting, connection_.query("SELECT batch_id, source, path FROM reload ORDER BY position"));
  if (waiting.rows.empty()) return {};
  return fail(ErrorCode::BadData, "warehouse.reload_waits",
              {{"workspace", folder_.string()},
               {"batches", std::to_string(waiting.rows.size())},
               {"batch", waiting.text(0, 0)},
               {"source", waiting.text(0, 1)},
               {"path", waiting.text(0, 2)}});
}

Result<void> Workspace::check_lake() {
  FENQUN_CHECK(check_nothing_waits());
  FENQUN_TRY(const auto files, connection_.query("SELECT entity, path, bytes FROM lake_file ORDER BY path"));
  for (std::size_t r = 0; r < files.rows.size(); ++r) {
    const auto path = files.text(r, 1);
    std::error_code ec;
    const auto found = fs::file_size(folder_ / path, ec);
    if (!ec && static_cast<std::int64_t>(found) == files.integer(r, 2)) {
      if (!options_.tolerate_damage) continue;
      // A view cannot even be made over a file whose description of itself is broken.
      const auto columns =
          connection_.query_integer("SELECT count(*) FROM parquet_schema(" + sql_text((folder_ / path).string()) + ")");
      if (!columns) damaged_.insert(path);
      continue;
    }
    if (is_derived(files.text(r, 0)) && !read_only_) {
      // Derived: prepare makes it again.
      FENQUN_CHECK(connection_.execute("DELETE FROM lake_file WHERE path = " + sql_text(path)));
      continue;
    }
    const auto entity = files.text(r, 0);
    if (options_.tolerate_damage || counted_as(entity) != entity || is_derived(entity)) {
      damaged_.insert(path);
      continue;
    }
    return fail(ErrorCode::BadData, "warehouse.lake_damaged",
                {{"path", (folder_ / path).string()},
                 {"expected", std::to_string(files.integer(r, 2))},
                 {"found", ec ? ec.message() : std::to_string(found)}});
  }
  return {};
}

Result<Workspace::Scratch> Workspace::scratch(const std::string& name, ScratchPlace place) {
  const auto folder = folder_ / "tmp" / (scratch_prefix_ + name);
  std::error_code ec;
  fs::remove_all(folder, ec);
  FENQUN_CHECK(make_folder(folder));
  const std::string catalogue = "scratch_" + scratch_prefix_ + name;
  const auto file = place == ScratchPlace::OnDisk ? (folder / "scratch.duckdb").string() : ":memory:";
  auto attached = connection_.execute("ATTACH " + sql_text(file) + " AS " + sql_name(catalogue));
  if (!attached) {
    fs::remove_all(folder, ec);
    return fail(std::move(attached).error());
  }
  return Scratch(folder, catalogue, &connection_, options_.progress, options_.stop);
}

Workspace::Scratch::Scratch(fs::path folder, std::string catalogue, Connection* connection, Progress* progress,
                            std::stop_token stop)
    : folder_(std::move(folder)),
      catalogue_(std::move(catalogue)),
      connection_(connection),
      progress_(progress),
      stop_(std::move(stop)) {}

Workspace::Scratch::Scratch(Scratch&& other) noexcept
    : folder_(std::move(other.folder_)),
      catalogue_(std::move(other.catalogue_)),
      connection_(std::exchange(other.connection_, nullptr)),
      progress_(other.progress_),
      stop_(std::move(other.stop_)) {}

Workspace::Scratch::~Scratch() {
  if (connection_ == nullptr) return;
  // Also after a stop: the detaching itself must not be interrupted. What cannot be removed now goes at the next open.
  connection_->watch(nullptr, {});
  static_cast<void>(connection_->execute("DETACH " + sql_name(catalogue_)));
  connection_->watch(progress_, stop_);
  std::error_code ec;
  fs::remove_all(folder_, ec);
}

}  // namespace fenqun::warehouse
