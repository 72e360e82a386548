// base/stages.hpp - time and peak memory of each stage of long work, for the table a user sees. Level 0.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace fenqun {

struct StageCost {
  std::string name;              // "ingest"
  double elapsed_ms = 0;         // wall clock
  std::uint64_t peak_bytes = 0;  // highest resident memory during the stage (Linux: VmHWM, reset per stage)
};

/// Measures one stage after the other. Not for several threads.
class StageClock {
 public:
  void start(std::string name);
  void stop();
  [[nodiscard]] const std::vector<StageCost>& costs() const noexcept { return costs_; }

 private:
  std::string name_;
  std::chrono::steady_clock::time_point begun_;
  std::vector<StageCost> costs_;
};

/// Highest resident memory of this process since the last reset, in bytes; 0 where the system does not tell.
std::uint64_t peak_resident_bytes();

}  // namespace fenqun
