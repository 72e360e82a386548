// features/stage_progress.hpp - several statements shown as one stage of work. Level 2.
#pragma once

#include "base/progress.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <string>

namespace fenqun::features {

/// While it lives, statements of the workspace's shared session report to it; each one's own share becomes a part of
/// the whole. The title is a text key. The workspace must outlive it; one at a time.
class StageProgress final : public Progress {
 public:
  StageProgress(warehouse::Workspace& workspace, const std::string& title, std::size_t steps);
  StageProgress(const StageProgress&) = delete;
  StageProgress& operator=(const StageProgress&) = delete;
  ~StageProgress() override;

  /// The next step begins; its name is shown.
  void next(const std::string& step);

  void begin(const std::string& /*title*/) override {}
  void update(double share, const std::string& detail) override;
  void end() override {}

 private:
  warehouse::Workspace& workspace_;
  std::size_t steps_;
  std::size_t done_ = 0;
  std::string step_;
};

}  // namespace fenqun::features
