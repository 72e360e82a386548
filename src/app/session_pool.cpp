// app/session_pool.cpp
#include "app/session_pool.hpp"

#include <algorithm>

namespace fenqun::app {

SessionPool::Lease::~Lease() {
  if (session_) pool_->give_back(std::move(session_));
}

void SessionPool::give_back(std::unique_ptr<Session> session) {
  {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(session));
  }
  freed_.notify_one();
}

Result<SessionPool::Lease> SessionPool::take(Language language, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const bool any = freed_.wait_for(lock, patience, [&] { return !idle_.empty() || made_ < most_; });
  if (!any) return fail(ErrorCode::Unavailable, "app.all_busy");
  const auto fits =
      std::find_if(idle_.begin(), idle_.end(), [&](const auto& one) { return one->texts.language() == language; });
  if (fits != idle_.end()) {
    auto session = std::move(*fits);
    idle_.erase(fits);
    lock.unlock();
    return Lease(*this, std::move(session));
  }
  // One of the other language makes room where there is none.
  if (made_ >= most_) {
    idle_.erase(idle_.begin());
    made_ -= 1;
  }
  auto caller = first_.caller;
  caller.language = language;
  caller.threads = 1;
  caller.progress = nullptr;
  caller.stop = {};
  auto made = first_.share(caller);
  if (!made) return fail(std::move(made).error());
  made_ += 1;
  // The same files are asked again and again, and none is ever changed: what they hold where is read once.
  FENQUN_CHECK(made->workspace.connection().execute("SET parquet_metadata_cache = true"));
  return Lease(*this, std::make_unique<Session>(std::move(*made)));
}

Result<Session> SessionPool::make(const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  return first_.share(caller);
}

Result<warehouse::Connection> SessionPool::connect() {
  const std::scoped_lock lock(mutex_);
  return first_.workspace.connect();
}

Result<std::shared_ptr<void>> WriterTurn::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!ended_.wait(lock, stop, [this] { return !taken_; })) return fail(ErrorCode::Cancelled, "base.cancelled");
  taken_ = true;
  // Shared: a session may be moved, its turn ends with whoever has it last.
  return std::shared_ptr<void>(nullptr, [this](void*) {
    {
      const std::scoped_lock done(mutex_);
      taken_ = false;
    }
    ended_.notify_all();
  });
}

bool SharedWorkspace::holds(const std::filesystem::path& folder) const {
  std::error_code ec;
  const bool same = std::filesystem::equivalent(folder, pool_.workspace().folder(), ec);
  return same && !ec;
}

Result<Session> SharedWorkspace::share(const Caller& caller) {
  if (caller.tolerate_damage) {
    return fail(ErrorCode::Conflict, "app.served", {{"path", pool_.workspace().folder().string()}});
  }
  std::shared_ptr<void> turn;
  if (!caller.reads_only) {
    FENQUN_TRY(turn, writers_.take(caller.stop));
  }
  FENQUN_TRY(auto session, pool_.make(caller));
  session.turn = std::move(turn);
  return session;
}

}  // namespace fenqun::app
