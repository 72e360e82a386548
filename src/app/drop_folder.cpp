// app/drop_folder.cpp
#include "app/drop_folder.hpp"

#include "base/file.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLoaded = "loaded";
constexpr const char* kRefused = "refused";

struct Seen {
  std::uintmax_t bytes = 0;
  fs::file_time_type written;
  bool operator==(const Seen&) const = default;
};

bool is_unfinished(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with('.') || name.ends_with(".part") || name.ends_with(".tmp") || name.ends_with(".crdownload");
}

class DropFolder {
 public:
  DropFolder(const Caller& caller, const DropRequest& request,
             const std::function<void(const Arrival&, const Texts&)>& tell)
      : caller_(caller), request_(request), tell_(tell) {}

  Result<void> run();

 private:
  Result<std::vector<fs::path>> ready_files();
  Result<void> load(const std::vector<fs::path>& files);
  Result<ingest::IngestRequest> plan(const Session& session, const fs::path& file) const;
  Result<void> settle(Session& session, const fs::path& file, Result<ingest::IngestOutcome> outcome);
  Result<fs::path> place_for(const fs::path& file, const char* to, const std::string& prefix) const;
  void wait();

  const Caller& caller_;
  const DropRequest& request_;
  const std::function<void(const Arrival&, const Texts&)>& tell_;
  std::map<fs::path, Seen> seen_;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
};

Result<void> DropFolder::run() {
  while (!caller_.stop.stop_requested()) {
    FENQUN_TRY(const auto files, ready_files());
    if (!files.empty()) {
      auto done = load(files);
      // Somebody else works in the workspace: the files wait for the next look.
      if (!done && (done.error().code != ErrorCode::Conflict || request_.once)) return done;
    }
    if (request_.once) return {};
    wait();
  }
  return {};
}

void DropFolder::wait() {
  std::unique_lock lock(mutex_);
  sleep_.wait_for(lock, caller_.stop, request_.interval, [] { return false; });
}

// Files that are as they were at the last look, in the order of their names.
Result<std::vector<fs::path>> DropFolder::ready_files() {
  std::vector<fs::path> ready;
  std::map<fs::path, Seen> seen;
  std::error_code ec;
  auto at = fs::recursive_directory_iterator(request_.folder, ec);
  for (; !ec && at != fs::recursive_directory_iterator(); at.increment(ec)) {
    const auto& path = at->path();
    const bool ours = at.depth() == 0 && (path.filename() == kLoaded || path.filename() == kRefused);
    if (ours) at.disable_recursion_pending();
    std::error_code gone;
    if (ours || !at->is_regular_file(gone) || is_unfinished(path)) continue;
    const Seen now{at->file_size(gone), at->last_write_time(gone)};
    if (gone) continue;
    const auto before = seen_.find(path);
    if (request_.once || (before != seen_.end() && before->second == now)) ready.push_back(path);
    seen[path] = now;
  }
  if (ec) {
    return fail(ErrorCode::BadData, "ingest.unreadable",
                {{"file", request_.folder.string()}, {"reason", ec.message()}});
  }
  seen_ = std::move(seen);
  std::sort(ready.begin(), ready.end());
  return ready;
}

Result<void> DropFolder::load(const std::vector<fs::path>& files) {
  FENQUN_TRY(auto session, Session::open(request_.workspace, caller_));
  for (const auto& file : files) {
    FENQUN_TRY(const auto planned, plan(session, file));
    ProgressStage stage(session, "app.stage_ingest");
    auto outcome = ingest::ingest(session.workspace, planned);
    if (outcome) stage.done();
    FENQUN_CHECK(settle(session, file, std::move(outcome)));
  }
  return {};
}

Result<ingest::IngestRequest> DropFolder::plan(const Session& session, const fs::path& file) const {
  ingest::IngestRequest request;
  request.file = file;
  request.max_rejected_share = request_.max_rejected_share;
  request.texts = &session.texts;
  const auto below = file.lexically_relative(request_.folder);
  if (std::distance(below.begin(), below.end()) > 1) {
    const auto name = below.begin()->string();
    (session.workspace.contracts().find(name) != nullptr ? request.entity : request.mapping) = name;
    return request;
  }
  const auto drop = session.workspace.settings().find("drop");
  if (!drop) return request;
  FENQUN_TRY(const auto rules, drop->items());
  for (const auto& rule : rules) {
    FENQUN_CHECK(rule.allow_only({"files", "map"}));
    FENQUN_TRY(const auto pattern, rule.text("files"));
    FENQUN_TRY(auto mapping, rule.text("map"));
    if (fnmatch(pattern.c_str(), below.c_str(), 0) != 0) continue;
    request.mapping = std::move(mapping);
    return request;
  }
  return request;
}

// True for what is the file's fault, not the machine's.
bool is_refusal(const Error& error) {
  const bool about_input =
      error.code == ErrorCode::BadData || error.code == ErrorCode::NotFound || error.code == ErrorCode::InvalidArgument;
  return about_input && error.line.key != "ingest.disk_full";
}

// A later repair looks for the file where the batch says it lies.
Result<void> remember_place(Session& session, const Arrival& arrival) {
  auto& connection = session.workspace.connection();
  const auto of_batch = " WHERE batch_id = " + warehouse::sql_text(arrival.outcome.batch_id);
  FENQUN_TRY(const auto known, connection.query_text("SELECT path FROM batch" + of_batch));
  std::error_code ec;
  // The same content a second time: the first file may still lie somewhere.
  if (arrival.fate == Arrival::Fate::Known && known != arrival.file && fs::exists(known, ec)) return {};
  const auto place = fs::absolute(arrival.moved_to, ec).string();
  return connection.execute("UPDATE batch SET path = " + warehouse::sql_text(place) + of_batch);
}

Result<void> move(const fs::path& file, const fs::path& target) {
  std::error_code ec;
  fs::rename(file, target, ec);
  if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", target.string()}, {"reason", ec.message()}});
  return {};
}

Result<void> DropFolder::settle(Session& session, const fs::path& file, Result<ingest::IngestOutcome> outcome) {
  Arrival arrival;
  arrival.file = file;
  if (outcome) {
    arrival.fate = outcome->already_loaded ? Arrival::Fate::Known : Arrival::Fate::Loaded;
    arrival.outcome = *std::move(outcome);
    FENQUN_TRY(arrival.moved_to, place_for(file, kLoaded, arrival.outcome.batch_id + "_"));
    // Before the move: interrupted in between, the next look finds the file known and moves it to the same place.
    FENQUN_CHECK(remember_place(session, arrival));
    FENQUN_CHECK(move(file, arrival.moved_to));
  } else {
    arrival.why = std::move(outcome).error();
    if (!is_refusal(arrival.why)) return fail(arrival.why);
    arrival.fate = Arrival::Fate::Refused;
    FENQUN_TRY(arrival.moved_to, place_for(file, kRefused, ""));
    FENQUN_CHECK(move(file, arrival.moved_to));
    FENQUN_CHECK(write_file_atomically(arrival.moved_to.string() + ".reason.txt",
                                       render_error(arrival.why, session.texts) + "\n"));
  }
  seen_.erase(file);
  tell_(arrival, session.texts);
  return {};
}

Result<fs::path> DropFolder::place_for(const fs::path& file, const char* to, const std::string& prefix) const {
  const auto folder = request_.folder / to;
  std::error_code ec;
  fs::create_directories(folder, ec);
  auto target = folder / (prefix + file.filename().string());
  for (int n = 2; !ec && fs::exists(target, ec); ++n) {
    target = folder / (prefix + file.stem().string() + "-" + std::to_string(n) + file.extension().string());
  }
  if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", target.string()}, {"reason", ec.message()}});
  return target;
}

}  // namespace

Result<void> watch_folder(const Caller& caller, const DropRequest& request,
                          const std::function<void(const Arrival&, const Texts&)>& tell) {
  return DropFolder(caller, request, tell).run();
}

}  // namespace fenqun::app
