// app/context.cpp
#include "app/context.hpp"

#include <future>
#include <system_error>
#include <utility>

namespace fenqun::app {
namespace {

struct Beside {
  Result<features::FeatureCatalogue> catalogue;
  Result<Texts> texts;
};

Beside read_beside(const std::filesystem::path& folder, Language language) {
  std::error_code ec;
  const AssetStore assets({std::filesystem::absolute(folder, ec).lexically_normal()});
  return {features::FeatureCatalogue::create(assets), Texts::create(assets, language)};
}

}  // namespace

Caller Caller::reading() const {
  auto out = *this;
  out.reads_only = true;
  return out;
}

Result<Session> Session::open(const std::filesystem::path& folder, const Caller& caller) {
  if (caller.host != nullptr && caller.host->holds(folder)) return caller.host->share(caller);
  warehouse::WorkspaceOptions options;
  options.threads = caller.threads;
  options.stop = caller.stop;
  options.progress = caller.progress;
  options.tolerate_damage = caller.tolerate_damage;
  options.reads_only = caller.reads_only;
  // While the database opens, what stands in files beside it is read: that takes as long.
  auto reading = std::async(std::launch::async, read_beside, folder, caller.language);
  FENQUN_TRY(auto workspace, warehouse::Workspace::open(folder, options));
  auto [catalogue, texts] = reading.get();
  if (!catalogue) return fail(std::move(catalogue).error());
  if (!texts) return fail(std::move(texts).error());
  return Session{std::move(workspace),
                 *std::move(catalogue),
                 *std::move(texts),
                 std::make_unique<WorkerPool>(caller.threads),
                 caller,
                 nullptr};
}

Result<Session> Session::share(const Caller& other) {
  FENQUN_TRY(auto shared, workspace.share(other.progress, other.stop));
  FENQUN_TRY(auto words, Texts::create(shared.assets(), other.language));
  return Session{
      std::move(shared), catalogue, std::move(words), std::make_unique<WorkerPool>(other.threads), other, nullptr};
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
