// app/context.cpp
#include "app/context.hpp"

namespace fenqun::app {

Caller Caller::reading() const {
  auto out = *this;
  out.reads_only = true;
  return out;
}

Result<Session> Session::open(const std::filesystem::path& folder, const Caller& caller) {
  warehouse::WorkspaceOptions options;
  options.threads = caller.threads;
  options.stop = caller.stop;
  options.progress = caller.progress;
  options.tolerate_damage = caller.tolerate_damage;
  options.reads_only = caller.reads_only;
  FENQUN_TRY(auto workspace, warehouse::Workspace::open(folder, options));
  FENQUN_TRY(auto catalogue, features::FeatureCatalogue::create(workspace.assets()));
  FENQUN_TRY(auto texts, Texts::create(workspace.assets(), caller.language));
  return Session{std::move(workspace), std::move(catalogue), std::move(texts),
                 std::make_unique<WorkerPool>(caller.threads), caller};
}

ProgressStage::ProgressStage(Session& session, const std::string& key, const TextArgs& args)
    : progress_(session.workspace.progress()) {
  progress_.begin(session.texts(key, args));
}
ProgressStage::~ProgressStage() {
  if (!done_) progress_.abandon();
}

void ProgressStage::done() {
  done_ = true;
  progress_.end();
}

}  // namespace fenqun::app
