// api/jobs.hpp - long work in the background, one after the other, with progress, cancel and a record that survives.
// Level 7.
#pragma once

#include "access/viewer.hpp"
#include "api/message.hpp"
#include "app/session_pool.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace fenqun::api {

enum class JobState : std::uint8_t { Queued, Running, Done, Failed, Cancelled };
std::string_view name_of(JobState state) noexcept;  // "queued" ...

// NOLINTNEXTLINE(bugprone-exception-escape): clang-tidy 14 takes a move of the JSON library for one that throws
struct Job {
  std::int64_t id = 0;
  std::string kind;
  Json parameters;
  std::string user;
  Language language = Language::Chinese;
  JobState state = JobState::Queued;
  std::string stage;  // what it is at, in the language of its user
  double share = -1;  // 0..1 of the stage; negative: unknown
  access::Moment created;
  std::optional<access::Moment> started;
  std::optional<access::Moment> ended;
  Json problem;               // of a job that failed; else null
  Json result;                // of one that is done; else null
  std::uint64_t version = 0;  // grows with every change of it
  [[nodiscard]] bool has_ended() const noexcept { return state >= JobState::Done; }
};
Json json_of(const Job& job);

/// Does the work of a kind; the session is the job's own. Errors: those of the use case.
using JobWork = std::function<Result<Json>(app::Session&, const Job&)>;

/// Table job, one thread, and what is going on now. From any thread.
class Jobs {
 public:
  struct Parts {
    app::SessionPool& pool;
    app::WriterTurn& writers;
    std::function<access::Moment()> clock;
    std::map<std::string, JobWork> kinds;
    std::function<const Texts&(Language)> texts;
    std::function<void()> after;  // each job that was done
  };
  /// What ran when the server was killed is marked failed with a reason (what it had not finished was undone when the
  /// workspace was opened); what waited goes on. Errors: Database.
  static Result<std::unique_ptr<Jobs>> create(Parts parts);
  ~Jobs();

  /// What it tells is told in that language. Written down before it returns. Errors: InvalidArgument (unknown kind),
  /// Database.
  Result<Job> add(const std::string& kind, Json parameters, const access::Viewer& viewer, Language language);
  [[nodiscard]] std::optional<Job> find(std::int64_t id) const;
  /// Latest first.
  [[nodiscard]] std::vector<Job> list(const std::string& state) const;
  /// One that waits ends at once, one that runs as soon as it hears of it. Errors: NotFound, Conflict (it has ended).
  Result<Job> cancel(std::int64_t id);
  /// Waits until the job is newer than `seen`, at most `patience`.
  std::optional<Job> wait(std::int64_t id, std::uint64_t seen, std::chrono::milliseconds patience) const;
  /// Ends the thread; what runs is stopped and goes on waiting.
  void stop();

 private:
  class Reporter;
  Jobs(Parts parts, warehouse::Connection connection) : parts_(std::move(parts)), connection_(std::move(connection)) {}
  Result<void> load();
  void work(const std::stop_token& stop);
  void run(std::int64_t id, const std::stop_token& stop);
  Result<Json> attempt(const Job& job, Reporter& reporter, const std::stop_token& stop);
  Result<void> write(const Job& job);
  void change(std::int64_t id, const std::function<void(Job&)>& change);

  Parts parts_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  warehouse::Connection connection_;
  std::map<std::int64_t, Job> jobs_;
  std::uint64_t version_ = 0;
  std::stop_source current_;  // of the job that runs
  std::int64_t running_ = 0;
  std::jthread thread_;
};

}  // namespace fenqun::api
