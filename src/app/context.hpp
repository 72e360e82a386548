// app/context.hpp - what every use case needs to know about its caller. Level 6.
#pragma once

#include "base/progress.hpp"
#include "base/texts.hpp"
#include "base/worker_pool.hpp"
#include "features/catalogue.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace fenqun::app {

struct Caller;
struct Session;

/// A workspace that this process has open already: whoever wants to open it gets a share of it.
class WorkspaceHost {
 public:
  virtual ~WorkspaceHost() = default;
  [[nodiscard]] virtual bool holds(const std::filesystem::path& folder) const = 0;
  /// Waits until nobody else writes, unless the caller only reads. Errors: Conflict (a caller that tolerates damage:
  /// that takes a workspace of its own), Cancelled, Database.
  virtual Result<Session> share(const Caller& caller) = 0;
};

struct Caller {
  Language language = Language::Chinese;
  std::size_t threads = 0;       // 0: number of processors
  Progress* progress = nullptr;  // may be null; titles are finished texts or text keys
  std::stop_token stop;
  std::function<std::string()> now;  // local time as "2026-07-01 09:30"; the clock is the caller's
  bool tolerate_damage = false;      // as WorkspaceOptions::tolerate_damage
  bool reads_only = false;           // as WorkspaceOptions::reads_only
  WorkspaceHost* host = nullptr;     // of this process; may be null

  /// The same caller, for a use case that writes nothing.
  [[nodiscard]] Caller reading() const;
};

/// An open workspace with everything that goes with it. Move-only; not for several threads.
struct Session {
  warehouse::Workspace workspace;
  features::FeatureCatalogue catalogue;
  Texts texts;
  std::unique_ptr<WorkerPool> pool;
  Caller caller;
  std::shared_ptr<void> turn;  // shared with nobody but a moved-from session: while it lives, nobody else writes

  /// Errors: as Workspace::open, as WorkspaceHost::share where the caller's host holds the folder, and BadData for a
  /// faulty feature catalogue.
  static Result<Session> open(const std::filesystem::path& folder, const Caller& caller);
  /// A further session on the same open workspace for another thread, as warehouse::Workspace::share. Errors: Database,
  /// BadData (texts or catalogue that were overridden since).
  Result<Session> share(const Caller& other);
};

/// Shows a stage's progress while it lives: done() when it came to its end, else it is given up. The title is a text
/// key.
class ProgressStage {
 public:
  ProgressStage(Session& session, const std::string& key, const TextArgs& args = {});
  ProgressStage(const ProgressStage&) = delete;
  ProgressStage& operator=(const ProgressStage&) = delete;
  ~ProgressStage();
  void done();

 private:
  Progress& progress_;
  bool done_ = false;
};

}  // namespace fenqun::app
