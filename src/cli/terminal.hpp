// cli/terminal.hpp - progress on standard error, and interruption by the user. Level 8.
#pragma once

#include "base/progress.hpp"
#include "base/texts.hpp"

#include <chrono>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace fenqun::cli {

/// A bar on a terminal that redraws itself; elsewhere one line when a stage begins and one when it ends. A title that
/// is a text key is shown as its text.
class TerminalProgress final : public Progress {
 public:
  explicit TerminalProgress(const Texts& texts);
  void begin(const std::string& title) override;
  void update(double share, const std::string& detail) override;
  void end() override;
  /// Takes the bar away without a line that says done.
  void abandon() override;

 private:
  void draw();

  const Texts& texts_;
  bool is_terminal_;
  std::mutex mutex_;
  int depth_ = 0;
  std::string title_;
  std::string detail_;
  double share_ = -1;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point drawn_;
};

/// From construction on, SIGINT and SIGTERM ask the token to stop instead of killing the process; a second one ends it
/// at once. A write beyond a file-size limit or to a closed pipe fails instead of killing. Construct it before any
/// other thread.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::thread waiter_;
};

}  // namespace fenqun::cli
