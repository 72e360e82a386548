// base/progress.hpp - how long work tells that it goes on. Level 0; the terminal's drawing lives in cli.
#pragma once

#include <cstdint>
#include <string>

namespace fenqun {

/// Receives the progress of one stage after the other. Called from one thread at a time; must be cheap, may drop
/// updates. `share` is 0..1, or negative when unknown. `title` is a finished text in the user's language.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void begin(const std::string& title) = 0;
  virtual void update(double share, const std::string& detail) = 0;
  virtual void end() = 0;
  /// Instead of end: the stage did not come to its end.
  virtual void abandon() { end(); }
};

/// Keeps silent.
class NoProgress final : public Progress {
 public:
  void begin(const std::string&) override {}
  void update(double, const std::string&) override {}
  void end() override {}
};

}  // namespace fenqun
