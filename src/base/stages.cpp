// base/stages.cpp
#include "base/stages.hpp"

#include <fstream>

namespace fenqun {
namespace {

// Writing 5 resets the high-water mark of this process (proc(5), clear_refs).
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace

std::uint64_t peak_resident_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word != "VmHWM:") continue;
    std::uint64_t kib = 0;
    status >> kib;
    return kib * 1024;
  }
  return 0;
}

void StageClock::start(std::string name) {
  name_ = std::move(name);
  reset_peak();
  begun_ = std::chrono::steady_clock::now();
}

void StageClock::stop() {
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - begun_;
  costs_.push_back({name_, elapsed.count(), peak_resident_bytes()});
}

}  // namespace fenqun
