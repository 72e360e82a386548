// api/jobs.cpp
#include "api/jobs.hpp"

#include "api/problem.hpp"
#include "api/service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <exception>

namespace fenqun::api {

using warehouse::sql_text;

namespace {

constexpr std::array<std::string_view, 5> kStates = {"queued", "running", "done", "failed", "cancelled"};
constexpr int kPolite = 10;  // as the database's threads: callers go first

JobState state_of(const std::string& name) {
  for (std::size_t n = 0; n < kStates.size(); ++n) {
    if (kStates[n] == name) return static_cast<JobState>(n);
  }
  return JobState::Failed;
}

Json moment_json(const std::optional<access::Moment>& moment) {
  return moment ? Json(local_text(*moment)) : Json(nullptr);
}

std::string moment_sql(const std::optional<access::Moment>& moment) {
  return moment ? std::to_string(moment->time_since_epoch().count()) : "NULL";
}

std::optional<access::Moment> moment_in(const warehouse::RowSet& rows, std::size_t r, std::size_t column) {
  if (rows.is_null(r, column)) return std::nullopt;
  return access::Moment(std::chrono::seconds(rows.integer(r, column)));
}

Json parsed(const std::string& text) { return text.empty() ? Json(nullptr) : Json::parse(text, nullptr, false); }

}  // namespace

std::string_view name_of(JobState state) noexcept { return kStates[static_cast<std::size_t>(state)]; }

namespace {

// A text that a job was given may be long and is nobody else's: its size is told.
Json told(Json parameters) {
  const auto text = parameters.is_object() ? parameters.find("text") : parameters.end();
  if (text != parameters.end() && text->is_string()) *text = text->get_ref<const std::string&>().size();
  return parameters;
}

}  // namespace

Json json_of(const Job& job) {
  return {{"job", std::to_string(job.id)},
          {"kind", job.kind},
          {"parameters", told(job.parameters)},
          {"user", job.user},
          {"state", name_of(job.state)},
          {"stage", job.stage},
          {"share", job.share < 0 ? Json(nullptr) : Json(job.share)},
          {"created_at", local_text(job.created)},
          {"started_at", moment_json(job.started)},
          {"ended_at", moment_json(job.ended)},
          {"problem", job.problem},
          {"result", job.result}};
}

// What a use case tells of its progress, into the job.
class Jobs::Reporter final : public Progress {
 public:
  Reporter(Jobs& jobs, std::int64_t id, const Texts& texts) : jobs_(jobs), id_(id), texts_(texts) {}
  void begin(const std::string& title) override {
    const auto words = texts_.has(title) ? texts_(title) : title;
    jobs_.change(id_, [&](Job& job) {
      job.stage = words;
      job.share = -1;
    });
  }
  void update(double share, const std::string& /*detail*/) override {
    jobs_.change(id_, [&](Job& job) { job.share = share; });
  }
  void end() override {
    jobs_.change(id_, [](Job& job) { job.share = 1; });
  }

 private:
  Jobs& jobs_;
  std::int64_t id_;
  const Texts& texts_;
};

Result<std::unique_ptr<Jobs>> Jobs::create(Parts parts) {
  FENQUN_TRY(auto connection, parts.pool.connect());
  std::unique_ptr<Jobs> out(new Jobs(std::move(parts), std::move(connection)));
  FENQUN_CHECK(out->load());
  out->thread_ = std::jthread([jobs = out.get()](const std::stop_token& stop) { jobs->work(stop); });
  return out;
}

Jobs::~Jobs() { stop(); }

void Jobs::stop() {
  thread_.request_stop();
  {
    const std::scoped_lock lock(mutex_);
    current_.request_stop();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> Jobs::load() {
  FENQUN_TRY(const auto rows,
             connection_.query("SELECT job_id, kind, parameters, user_name, language, state, created_s, "
                               "started_s, ended_s, problem, result FROM job ORDER BY job_id"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    Job job;
    job.id = rows.integer(r, 0);
    job.kind = rows.text(r, 1);
    job.parameters = parsed(rows.text(r, 2));
    job.user = rows.text(r, 3);
    job.language = rows.text(r, 4) == code_of(Language::English) ? Language::English : Language::Chinese;
    job.state = state_of(rows.text(r, 5));
    job.created = *moment_in(rows, r, 6);
    job.started = moment_in(rows, r, 7);
    job.ended = moment_in(rows, r, 8);
    job.problem = parsed(rows.text(r, 9));
    job.result = parsed(rows.text(r, 10));
    if (job.state == JobState::Running) {
      job.state = JobState::Failed;
      job.ended = parts_.clock();
      job.problem =
          problem_of({ErrorCode::Unavailable, {"api.job_interrupted", {}}, {}}, parts_.texts(job.language), "");
      FENQUN_CHECK(write(job));
    }
    jobs_.emplace(job.id, std::move(job));
  }
  return {};
}

Result<void> Jobs::write(const Job& job) {
  const auto text = [](const Json& json) {
    return json.is_null() ? std::string("NULL") : sql_text(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  };
  auto done = connection_.execute(
      fmt::format("BEGIN; DELETE FROM job WHERE job_id = {0}; INSERT INTO job VALUES ({0}, {1}, {2}, {3}, {4}, {5}, "
                  "{6}, {7}, {8}, {9}, "
                  "{10}); COMMIT;",
                  job.id, sql_text(job.kind), text(job.parameters), sql_text(job.user), sql_text(code_of(job.language)),
                  sql_text(name_of(job.state)), moment_sql(job.created), moment_sql(job.started), moment_sql(job.ended),
                  text(job.problem), text(job.result)));
  if (!done) static_cast<void>(connection_.execute("ROLLBACK"));
  return done;
}

Result<Job> Jobs::add(const std::string& kind, Json parameters, const access::Viewer& viewer, Language language) {
  if (!parts_.kinds.contains(kind))
    return fail(ErrorCode::InvalidArgument, "api.no_choice", {{"field", "kind"}, {"choices", ""}});
  const std::scoped_lock lock(mutex_);
  Job job;
  job.id = jobs_.empty() ? 1 : jobs_.rbegin()->first + 1;
  job.kind = kind;
  job.parameters = std::move(parameters);
  job.user = viewer.user;
  job.language = language;
  job.created = parts_.clock();
  job.version = ++version_;
  FENQUN_CHECK(write(job));
  jobs_.emplace(job.id, job);
  changed_.notify_all();
  return job;
}

std::optional<Job> Jobs::find(std::int64_t id) const {
  const std::scoped_lock lock(mutex_);
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) return std::nullopt;
  return at->second;
}

std::vector<Job> Jobs::list(const std::string& state) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Job> out;
  for (const auto& [id, job] : jobs_) {
    if (state.empty() || name_of(job.state) == state) out.push_back(job);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Result<Job> Jobs::cancel(std::int64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) return fail(ErrorCode::NotFound, "api.no_such_job", {{"job", std::to_string(id)}});
  auto& job = at->second;
  if (job.has_ended()) return fail(ErrorCode::Conflict, "api.job_ended", {{"job", std::to_string(id)}});
  if (job.state == JobState::Running) {
    current_.request_stop();
    return job;
  }
  auto ended = job;
  ended.state = JobState::Cancelled;
  ended.ended = parts_.clock();
  ended.version = ++version_;
  FENQUN_CHECK(write(ended));
  job = ended;
  changed_.notify_all();
  return job;
}

std::optional<Job> Jobs::wait(std::int64_t id, std::uint64_t seen, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] {
    const auto at = jobs_.find(id);
    return at == jobs_.end() || at->second.version > seen;
  });
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) return std::nullopt;
  return at->second;
}

void Jobs::change(std::int64_t id, const std::function<void(Job&)>& change) {
  {
    const std::scoped_lock lock(mutex_);
    auto& job = jobs_[id];
    change(job);
    job.version = ++version_;
  }
  changed_.notify_all();
}

void Jobs::work(const std::stop_token& stop) {
  static_cast<void>(setpriority(PRIO_PROCESS, 0, kPolite));
  while (!stop.stop_requested()) {
    std::int64_t next = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [&] {
        for (const auto& [id, job] : jobs_) {
          if (next == 0 && job.state == JobState::Queued) next = id;
        }
        return next != 0;
      });
      if (next == 0 || stop.stop_requested()) return;
      current_ = std::stop_source();
      running_ = next;
    }
    run(next, stop);
  }
}

Result<Json> Jobs::attempt(const Job& job, Reporter& reporter, const std::stop_token& stop) {
  // One of the three places that catch whatever may come: a job that fails must not end the server.
  try {
    app::Caller caller;
    caller.language = job.language;
    caller.progress = &reporter;
    caller.stop = stop;
    caller.now = [clock = parts_.clock] { return local_text(clock()).substr(0, 16); };
    FENQUN_TRY(const auto turn, parts_.writers.take(stop));
    FENQUN_TRY(auto session, parts_.pool.make(caller));
    return parts_.kinds.at(job.kind)(session, job);
  } catch (const std::exception& e) {
    spdlog::error("job {}: {}", job.id, e.what());
    return fail(ErrorCode::Internal, "api.fault", {{"trace_id", "job " + std::to_string(job.id)}});
  }
}

void Jobs::run(std::int64_t id, const std::stop_token& stop) {
  change(id, [&](Job& job) {
    job.state = JobState::Running;
    job.started = parts_.clock();
  });
  auto job = *find(id);
  {
    const std::scoped_lock lock(mutex_);
    if (auto done = write(job); !done) spdlog::error("job {}: cannot be written", id);
  }
  const auto& texts = parts_.texts(job.language);
  Reporter reporter(*this, id, texts);
  auto result = attempt(job, reporter, current_.get_token());
  // The server is being stopped: the job waits for its next start.
  const bool goes_on = stop.stop_requested() && !result && result.error().code == ErrorCode::Cancelled;
  change(id, [&](Job& changed) {
    changed.ended = goes_on ? std::nullopt : std::optional(parts_.clock());
    changed.state = goes_on                                       ? JobState::Queued
                    : result                                      ? JobState::Done
                    : result.error().code == ErrorCode::Cancelled ? JobState::Cancelled
                                                                  : JobState::Failed;
    if (result) changed.result = *result;
    if (!result && !goes_on) changed.problem = problem_of(result.error(), texts, "job " + std::to_string(id));
  });
  job = *find(id);
  {
    const std::scoped_lock lock(mutex_);
    if (auto done = write(job); !done) spdlog::error("job {}: its end cannot be written", id);
    running_ = 0;
  }
  if (result && parts_.after) parts_.after();
}

}  // namespace fenqun::api
