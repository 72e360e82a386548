// api/arranger.cpp
#include "api/arranger.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

namespace fenqun::api {

namespace {

constexpr int kPolite = 10;  // as the database's threads: callers go first

}  // namespace

Result<std::unique_ptr<Arranger>> Arranger::create(app::SessionPool& pool, Work first,
                                                   std::vector<std::string> entities) {
  FENQUN_TRY(auto session, pool.make({}));
  FENQUN_CHECK(session.workspace.keep_customer_rows());
  std::unique_ptr<Arranger> out(new Arranger(pool, std::move(first), std::move(entities)));
  out->thread_ = std::jthread([arranger = out.get()](const std::stop_token& stop) { arranger->work(stop); });
  return out;
}

Arranger::~Arranger() { stop(); }

void Arranger::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Arranger::wake() {
  {
    const std::scoped_lock lock(mutex_);
    is_wanted_ = true;
  }
  woken_.notify_all();
}

std::size_t Arranger::waiting() const { return pool_.workspace().unarranged_customer_rows(entities_); }

void Arranger::work(const std::stop_token& stop) {
  static_cast<void>(setpriority(PRIO_PROCESS, 0, kPolite));
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (!woken_.wait(lock, stop, [this] { return is_wanted_; })) return;
      is_wanted_ = false;
    }
    const auto done = make_ready(stop);
    // Without it answers are slow, not wrong: it is tried again when the lake changes next.
    if (!done && done.error().code != ErrorCode::Cancelled) {
      const auto texts = Texts::create(pool_.workspace().assets(), Language::English);
      spdlog::error("made ready in the background: {}",
                    texts ? render_error(done.error(), *texts) : done.error().line.key);
    }
  }
}

Result<void> Arranger::make_ready(const std::stop_token& stop) {
  app::Caller caller;
  caller.stop = stop;
  FENQUN_TRY(auto session, pool_.make(caller));
  FENQUN_CHECK(first_(session));
  if (waiting() == 0) return {};
  FENQUN_TRY(const auto made, session.workspace.arrange_customer_rows(entities_));
  spdlog::info("customers' rows: {} tables", made);
  return {};
}

}  // namespace fenqun::api
