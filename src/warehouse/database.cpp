// warehouse/database.cpp - opening, statements, progress and interruption.
#include "warehouse/database.hpp"

#include "warehouse/database_errors.hpp"
#include "warehouse/handles.hpp"
#include "warehouse/row_reader.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace fenqun::warehouse {
namespace {

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out + quote;
}

// While a statement runs, a thread looks every tenth of a second whether to stop it and how far it is.
class Watcher {
 public:
  Watcher(duckdb_connection connection, Progress* progress, std::stop_token stop)
      : connection_(connection), progress_(progress), stop_(std::move(stop)) {
    if (progress_ != nullptr || stop_.stop_possible()) thread_ = std::thread([this] { watch(); });
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    if (!thread_.joinable()) return;
    {
      const std::scoped_lock lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::milliseconds(100), [this] { return done_; })) {
      if (stop_.stop_requested()) duckdb_interrupt(connection_);
      const double percent = duckdb_query_progress(connection_).percentage;
      if (progress_ != nullptr && percent >= 0) progress_->update(percent / 100.0, "");
    }
  }

  duckdb_connection connection_;
  Progress* progress_;
  std::stop_token stop_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
};

using NameAnswer = std::function<std::optional<std::string>(std::string_view)>;

// Called where the database finds no table of that name.
void answer_name(duckdb_replacement_scan_info info, const char* name, void* answer) {
  const auto query = (*static_cast<NameAnswer*>(answer))(name);
  if (!query) return;
  OwnedValue text;
  *text.out() = duckdb_create_varchar_length(query->data(), query->size());
  duckdb_replacement_scan_set_function_name(info, "query");
  duckdb_replacement_scan_add_parameter(info, text.get());
}

}  // namespace

std::string sql_text(std::string_view text) { return doubled(text, '\''); }
std::string sql_name(std::string_view name) { return doubled(name, '"'); }

struct Database::State {
  OwnedDatabase database;
  std::filesystem::path path;
  std::stop_source lost;
};

struct Connection::State {
  OwnedConnection connection;
  Progress* progress = nullptr;
  std::stop_token stop;
  std::stop_source lost;  // of the database
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::filesystem::path& path, const DatabaseOptions& options) {
  OwnedConfig config;
  duckdb_create_config(config.out());
  const auto set = [&](const char* name, const std::string& value) {
    duckdb_set_config(config.get(), name, value.c_str());
  };
  set("threads",
      std::to_string(options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency())));
  if (options.memory_limit_bytes > 0)
    set("memory_limit", std::to_string(options.memory_limit_bytes / 1024) + "KiB");
  else
    set("memory_limit", "60%");
  if (!options.temp_folder.empty()) set("temp_directory", options.temp_folder.string());
  if (options.read_only) set("access_mode", "READ_ONLY");
  // One machine, no network: nothing is fetched or loaded from outside.
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  set("errors_as_json", "false");
  // It goes by the time of a file, and a damaged one may be replaced within the same moment; the system caches anyway.
  set("enable_external_file_cache", "false");
  auto state = std::make_unique<State>();
  state->path = path;
  char* reason = nullptr;
  if (duckdb_open_ext(path.empty() ? nullptr : path.c_str(), state->database.out(), config.get(), &reason) !=
      DuckDBSuccess) {
    const std::string text = reason != nullptr ? reason : "";
    duckdb_free(reason);
    return fail(open_error(path, text));
  }
  return Database(std::move(state));
}

Result<Connection> Database::connect() {
  auto state = std::make_unique<Connection::State>();
  if (duckdb_connect(state_->database.get(), state->connection.out()) != DuckDBSuccess) {
    return fail(ErrorCode::Database, "warehouse.cannot_connect", {{"path", state_->path.string()}});
  }
  state->lost = state_->lost;
  return Connection(std::move(state));
}

std::stop_token Database::lost() const noexcept { return state_->lost.get_token(); }

void Database::answer_names(NameAnswer query_of) {
  auto owned = std::make_unique<NameAnswer>(std::move(query_of));
  duckdb_add_replacement_scan(state_->database.get(), answer_name, owned.release(),
                              [](void* answer) { delete static_cast<NameAnswer*>(answer); });
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

void Connection::watch(Progress* progress, std::stop_token stop) {
  state_->progress = progress;
  state_->stop = std::move(stop);
}

void* Connection::handle() const noexcept { return state_->connection.get(); }

Error Connection::refused(const char* reason, std::string_view sql) const {
  if (reason != nullptr && ends_database(reason)) state_->lost.request_stop();
  return statement_error(reason, sql);
}

Result<void> Connection::execute(const std::string& sql) {
  if (state_->stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  OwnedResult result;
  const Watcher watcher(state_->connection.get(), state_->progress, state_->stop);
  if (duckdb_query(state_->connection.get(), sql.c_str(), result.get()) != DuckDBSuccess) {
    return fail(refused(duckdb_result_error(result.get()), sql));
  }
  return {};
}

Result<RowSet> Connection::query(const std::string& sql) {
  if (state_->stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  OwnedResult result;
  const Watcher watcher(state_->connection.get(), state_->progress, state_->stop);
  if (duckdb_query(state_->connection.get(), sql.c_str(), result.get()) != DuckDBSuccess) {
    return fail(refused(duckdb_result_error(result.get()), sql));
  }
  return read_rows(result.get());
}

Result<std::int64_t> Connection::query_integer(const std::string& sql) {
  FENQUN_TRY(const auto rows, query(sql));
  if (rows.rows.size() != 1 || rows.columns.empty()) return fail(not_one_value(sql, rows.rows.size()));
  return rows.integer(0, 0);
}

Result<std::string> Connection::query_text(const std::string& sql) {
  FENQUN_TRY(const auto rows, query(sql));
  if (rows.rows.size() != 1 || rows.columns.empty()) return fail(not_one_value(sql, rows.rows.size()));
  return rows.text(0, 0);
}

Result<void> Connection::stream(const std::string& sql, const std::function<Result<void>(const Chunk&)>& on_chunk) {
  if (state_->stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  OwnedPrepared prepared;
  if (duckdb_prepare(state_->connection.get(), sql.c_str(), prepared.out()) != DuckDBSuccess) {
    return fail(refused(duckdb_prepare_error(prepared.get()), sql));
  }
  OwnedPending pending;
  if (duckdb_pending_prepared_streaming(prepared.get(), pending.out()) != DuckDBSuccess) {
    return fail(refused(duckdb_pending_error(pending.get()), sql));
  }
  const Watcher watcher(state_->connection.get(), nullptr, state_->stop);
  OwnedResult result;
  if (duckdb_execute_pending(pending.get(), result.get()) != DuckDBSuccess) {
    return fail(refused(duckdb_result_error(result.get()), sql));
  }
  while (true) {
    OwnedChunk chunk;
    *chunk.out() = duckdb_fetch_chunk(*result.get());
    if (chunk.get() == nullptr) break;
    FENQUN_CHECK(on_chunk(Chunk(chunk.get())));
  }
  const char* reason = duckdb_result_error(result.get());
  if (reason != nullptr && *reason != '\0') return fail(refused(reason, sql));
  return {};
}

}  // namespace fenqun::warehouse
