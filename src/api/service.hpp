// api/service.hpp - what the routes work with: the workspace, who may come in, the trail, the clock. Level 7.
#pragma once

#include "access/audit.hpp"
#include "access/doorkeeper.hpp"
#include "access/visible_data.hpp"
#include "api/arranger.hpp"
#include "api/jobs.hpp"
#include "api/kept_figures.hpp"
#include "api/metrics.hpp"
#include "api/uploads.hpp"
#include "app/directory.hpp"
#include "app/session_pool.hpp"
#include "strategy/library.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace fenqun::api {

/// From any thread after create.
class Service {
 public:
  using Clock = std::function<access::Moment()>;
  /// Errors: BadData (roles, texts), Database.
  static Result<std::unique_ptr<Service>> create(app::Session session, Clock clock);

  /// A session for the time of one answer. Errors: Unavailable, Database.
  Result<app::SessionPool::Lease> session(Language language);
  [[nodiscard]] const warehouse::Workspace& workspace() const noexcept { return pool_.workspace(); }
  [[nodiscard]] app::SessionPool& pool() noexcept { return pool_; }
  [[nodiscard]] app::WriterTurn& writers() noexcept { return writers_; }
  [[nodiscard]] const access::RoleSet& rules() const noexcept { return rules_; }
  [[nodiscard]] access::Doorkeeper& door() noexcept { return *door_; }
  [[nodiscard]] access::AuditTrail& audit() noexcept { return *audit_; }
  [[nodiscard]] Metrics& metrics() noexcept { return metrics_; }
  [[nodiscard]] KeptFigures& figures() noexcept { return figures_; }
  [[nodiscard]] const Texts& texts(Language language) const noexcept {
    return language == Language::English ? english_ : chinese_;
  }
  [[nodiscard]] access::Moment now() const { return clock_(); }
  /// The month of now, in local time.
  [[nodiscard]] Month this_month() const;
  [[nodiscard]] access::Moment started() const noexcept { return started_; }
  /// What the viewer may see; both must outlive it.
  [[nodiscard]] access::VisibleData visible(const access::Viewer& viewer) const {
    return {viewer, rules_, pool_.workspace().contracts()};
  }
  /// With which the first administrator is made; empty: there is one.
  [[nodiscard]] const std::string& setup_token() const noexcept { return setup_token_; }
  /// The name of the workspace and whether its data is made up. Errors: Database.
  struct About {
    std::string name;
    bool synthetic = false;
  };
  Result<About> about();

  /// The strategy library as its files are now; read anew only when one of them changed. Errors: as
  /// strategy::load_library.
  Result<std::shared_ptr<const strategy::Library>> library(app::Session& session);

  /// All customers in memory: the snapshot of now. Kept alive by whoever has it.
  [[nodiscard]] std::shared_ptr<const app::Directory> directory() const;
  [[nodiscard]] access::Moment directory_made() const;
  /// A new snapshot in the place of the old one; callers go on meanwhile. Errors: Database, BadData.
  Result<void> refresh_directory();
  [[nodiscard]] Jobs& jobs() noexcept { return *jobs_; }
  [[nodiscard]] const Arranger& arranger() const noexcept { return *arranger_; }
  [[nodiscard]] Uploads& uploads() noexcept { return *uploads_; }
  /// The server is being stopped: what streams ends.
  void begin_end();
  [[nodiscard]] bool is_ending() const noexcept { return is_ending_; }

 private:
  Result<void> begin_uploads();
  Result<void> begin_jobs();
  [[nodiscard]] bool is_batch(const std::string& batch);

  Service(app::Session session, access::RoleSet rules, Texts chinese, Texts english, Clock clock);

  app::SessionPool pool_;
  app::WriterTurn writers_;
  access::RoleSet rules_;
  Texts chinese_;
  Texts english_;
  Clock clock_;
  access::Moment started_;
  Metrics metrics_;
  KeptFigures figures_;
  std::unique_ptr<access::Doorkeeper> door_;
  std::unique_ptr<access::AuditTrail> audit_;
  std::string setup_token_;
  mutable std::mutex directory_mutex_;
  std::mutex refreshing_;
  // Shared: answers go on with the snapshot that they began with.
  std::shared_ptr<const app::Directory> directory_;
  std::mutex library_mutex_;
  std::shared_ptr<const strategy::Library> library_;
  access::Moment directory_made_;
  std::atomic<bool> is_ending_ = false;
  std::unique_ptr<Arranger> arranger_;
  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<Jobs> jobs_;  // it works with all of the above
  std::jthread sweeper_;        // last: ends before what it works with
};

/// "2026-07-01 09:30:00" in local time; null when absent.
std::string local_text(access::Moment moment);

}  // namespace fenqun::api
