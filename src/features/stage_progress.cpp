// features/stage_progress.cpp
#include "features/stage_progress.hpp"

#include <algorithm>

namespace fenqun::features {

StageProgress::StageProgress(warehouse::Workspace& workspace, const std::string& title, std::size_t steps)
    : workspace_(workspace), steps_(std::max<std::size_t>(steps, 1)) {
  workspace_.progress().begin(title);
  workspace_.connection().watch(this, workspace_.options().stop);
}

StageProgress::~StageProgress() {
  workspace_.connection().watch(workspace_.options().progress, workspace_.options().stop);
  workspace_.progress().end();
}

void StageProgress::next(const std::string& step) {
  step_ = step;
  update(0, "");
  ++done_;
}

void StageProgress::update(double share, const std::string& /*detail*/) {
  const double before = done_ > 0 ? static_cast<double>(done_ - 1) : 0;
  workspace_.progress().update((before + std::clamp(share, 0.0, 1.0)) / static_cast<double>(steps_), step_);
}

}  // namespace fenqun::features
