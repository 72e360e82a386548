// api/service.cpp
#include "api/service.hpp"

#include "access/secret.hpp"
#include "api/routes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <condition_variable>

namespace fenqun::api {
namespace {

constexpr std::size_t kMostSessions = 8;  // at once: each may hold a thread of the database
constexpr auto kPatience = std::chrono::seconds(20);
constexpr std::size_t kSetupTokenBytes = 16;
constexpr auto kSweepEvery = std::chrono::minutes(10);

}  // namespace

std::string local_text(access::Moment moment) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(moment.time_since_epoch().count()));
}

Service::Service(app::Session session, access::RoleSet rules, Texts chinese, Texts english, Clock clock)
    : pool_(std::move(session), kMostSessions),
      rules_(std::move(rules)),
      chinese_(std::move(chinese)),
      english_(std::move(english)),
      clock_(std::move(clock)),
      started_(clock_()) {}

Result<std::unique_ptr<Service>> Service::create(app::Session session, Clock clock) {
  const auto& assets = session.workspace.assets();
  FENQUN_TRY(auto rules, access::RoleSet::create(assets));
  FENQUN_TRY(auto chinese, Texts::create(assets, Language::Chinese));
  FENQUN_TRY(auto english, Texts::create(assets, Language::English));
  std::unique_ptr<Service> service(
      new Service(std::move(session), std::move(rules), std::move(chinese), std::move(english), std::move(clock)));
  FENQUN_TRY(auto for_door, service->pool_.connect());
  FENQUN_TRY(service->door_, access::Doorkeeper::create(std::move(for_door), service->rules_, service->clock_));
  FENQUN_TRY(auto for_audit, service->pool_.connect());
  FENQUN_TRY(service->audit_, access::AuditTrail::create(std::move(for_audit)));
  if (service->door_->needs_first_user()) service->setup_token_ = access::random_hex(kSetupTokenBytes);
  FENQUN_TRY(service->arranger_,
             Arranger::create(
                 service->pool_, [raw = service.get()](app::Session& own) { return prepare_overview(*raw, own); },
                 customer_facts()));
  FENQUN_CHECK(service->refresh_directory());
  FENQUN_CHECK(service->begin_uploads());
  FENQUN_CHECK(service->begin_jobs());
  return service;
}

Result<void> Service::begin_uploads() {
  FENQUN_TRY(const auto limits, UploadLimits::create(pool_.workspace().settings()));
  Uploads::Parts parts{pool_.workspace().folder() / "uploads", limits, clock_,
                       [this](std::int64_t id) {
                         const auto job = jobs_->find(id);
                         return job && !job->has_ended();
                       },
                       [this](const std::string& batch) { return is_batch(batch); }};
  FENQUN_TRY(uploads_, Uploads::create(std::move(parts)));
  return {};
}

Result<void> Service::begin_jobs() {
  Jobs::Parts parts{pool_,
                    writers_,
                    clock_,
                    job_kinds(*this),
                    [this](Language language) -> const Texts& { return texts(language); },
                    [this] {
                      auto done = refresh_directory();
                      if (!done) spdlog::error("customers in memory: {}", render_error(done.error(), english_));
                    }};
  FENQUN_TRY(jobs_, Jobs::create(std::move(parts)));
  sweeper_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any ending;
    while (!stop.stop_requested()) {
      uploads_->sweep();
      std::unique_lock lock(mutex);
      ending.wait_for(lock, stop, kSweepEvery, [] { return false; });
    }
  });
  return {};
}

// Whatever goes wrong: what is not known to be gone stays.
bool Service::is_batch(const std::string& batch) {
  auto lease = session(Language::Chinese);
  if (!lease) return true;
  const auto count = (*lease)->workspace.connection().query_integer("SELECT count(*) FROM batch WHERE batch_id = " +
                                                                    warehouse::sql_text(batch));
  return !count || *count > 0;
}

Result<std::shared_ptr<const strategy::Library>> Service::library(app::Session& session) {
  FENQUN_TRY(const auto text, strategy::library_text(session.workspace.assets()));
  const std::scoped_lock lock(library_mutex_);
  if (library_ == nullptr || library_->text != text) {
    FENQUN_TRY(auto read, strategy::load_library(session.workspace.assets(), session.catalogue));
    library_ = std::make_shared<const strategy::Library>(std::move(read));
  }
  return library_;
}

std::shared_ptr<const app::Directory> Service::directory() const {
  const std::scoped_lock lock(directory_mutex_);
  return directory_;
}

access::Moment Service::directory_made() const {
  const std::scoped_lock lock(directory_mutex_);
  return directory_made_;
}

Month Service::this_month() const {
  // The clock's own text is a month: it cannot fail.
  return *Month::parse(local_text(now()).substr(0, 7));
}

Result<void> Service::refresh_directory() {
  const std::scoped_lock one_at_a_time(refreshing_);
  FENQUN_TRY(auto lease, session(Language::Chinese));
  FENQUN_TRY(auto made, app::Directory::create(*lease, this_month()));
  const std::scoped_lock lock(directory_mutex_);
  directory_ = std::move(made);
  directory_made_ = now();
  arranger_->wake();
  return {};
}

void Service::begin_end() {
  is_ending_ = true;
  jobs_->stop();
  arranger_->stop();
}

Result<app::SessionPool::Lease> Service::session(Language language) { return pool_.take(language, kPatience); }

Result<Service::About> Service::about() {
  FENQUN_TRY(auto lease, session(Language::Chinese));
  About out;
  FENQUN_TRY(out.name, lease->workspace.settings().text("name", ""));
  FENQUN_TRY(const auto made_up, lease->workspace.connection().query_integer(
                                     "SELECT count(*) FROM meta WHERE key = 'synthetic' AND value = 'true'"));
  out.synthetic = made_up > 0;
  return out;
}

}  // namespace fenqun::api
