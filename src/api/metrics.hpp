// api/metrics.hpp - counts of what the server did, for Prometheus. Level 7.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace fenqun::api {

/// What the process takes and what stands on disk; 0 where the system does not tell.
struct ProcessFigures {
  std::int64_t memory_bytes = 0;
  std::int64_t peak_memory_bytes = 0;
  static ProcessFigures now();
};

/// From any thread.
class Metrics {
 public:
  void note(const std::string& route, int status, std::chrono::microseconds took);
  [[nodiscard]] std::int64_t total() const;
  [[nodiscard]] std::map<int, std::int64_t> by_status() const;
  /// Exposition format 0.0.4, with more lines appended by the caller.
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::array<double, 10> kBoundsSeconds = {0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};
  struct Line {
    std::map<int, std::int64_t> by_status;
    std::array<std::int64_t, kBoundsSeconds.size() + 1> buckets{};
    double sum_s = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Line> lines_;
};

}  // namespace fenqun::api
