// app/session_pool.hpp - sessions on one open workspace, lent to threads that answer. Level 6.
#pragma once

#include "app/context.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace fenqun::app {

/// Makes sessions as they are needed, up to a limit, and keeps them. From any thread.
class SessionPool {
 public:
  /// `first` is kept aside: all others are made from it.
  SessionPool(Session first, std::size_t most) : first_(std::move(first)), most_(most) {}

  /// A session for the time of one answer, its views up to date; must not outlive the pool.
  class Lease {
   public:
    Lease(SessionPool& pool, std::unique_ptr<Session> session) : pool_(&pool), session_(std::move(session)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Session& operator*() const noexcept { return *session_; }
    Session* operator->() const noexcept { return session_.get(); }

   private:
    SessionPool* pool_;
    std::unique_ptr<Session> session_;
  };

  /// Errors: Unavailable "app.all_busy" when none came free in time; Database.
  Result<Lease> take(Language language, std::chrono::milliseconds patience);
  /// One of the caller's own, with its progress and stop. Errors: Database, BadData.
  Result<Session> make(const Caller& caller);
  /// What the workspace is: from the first session, which nobody uses otherwise.
  [[nodiscard]] const warehouse::Workspace& workspace() const noexcept { return first_.workspace; }
  Result<warehouse::Connection> connect();

 private:
  void give_back(std::unique_ptr<Session> session);

  std::mutex mutex_;
  std::condition_variable freed_;
  Session first_;
  std::size_t most_;
  std::size_t made_ = 0;
  std::vector<std::unique_ptr<Session>> idle_;
};

/// One who writes at a time: jobs and commands wait for each other. From any thread.
class WriterTurn {
 public:
  /// Waits until nobody writes; the turn ends with the last copy of what is returned. Errors: Cancelled.
  Result<std::shared_ptr<void>> take(const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any ended_;
  bool taken_ = false;
};

/// The pool's workspace for whoever would open it. From any thread.
class SharedWorkspace final : public WorkspaceHost {
 public:
  /// Both must outlive it.
  SharedWorkspace(SessionPool& pool, WriterTurn& writers) : pool_(pool), writers_(writers) {}
  [[nodiscard]] bool holds(const std::filesystem::path& folder) const override;
  Result<Session> share(const Caller& caller) override;

 private:
  SessionPool& pool_;
  WriterTurn& writers_;
};

}  // namespace fenqun::app
