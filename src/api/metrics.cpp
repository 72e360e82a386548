// api/metrics.cpp
#include "api/metrics.hpp"

#include <fmt/format.h>

#include <fstream>

namespace fenqun::api {

ProcessFigures ProcessFigures::now() {
  constexpr std::int64_t kKib = 1024;
  ProcessFigures out;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    std::int64_t* const wanted = line.starts_with("VmRSS:")   ? &out.memory_bytes
                                 : line.starts_with("VmHWM:") ? &out.peak_memory_bytes
                                                              : nullptr;
    if (wanted != nullptr) *wanted = std::strtoll(line.c_str() + line.find(':') + 1, nullptr, 10) * kKib;
  }
  return out;
}

void Metrics::note(const std::string& route, int status, std::chrono::microseconds took) {
  const double took_s = std::chrono::duration<double>(took).count();
  std::size_t bucket = 0;
  while (bucket < kBoundsSeconds.size() && took_s > kBoundsSeconds[bucket]) ++bucket;
  const std::scoped_lock lock(mutex_);
  auto& line = lines_[route];
  line.by_status[status] += 1;
  line.buckets[bucket] += 1;
  line.sum_s += took_s;
}

std::map<int, std::int64_t> Metrics::by_status() const {
  std::map<int, std::int64_t> out;
  const std::scoped_lock lock(mutex_);
  for (const auto& [route, line] : lines_) {
    for (const auto& [status, count] : line.by_status) out[status] += count;
  }
  return out;
}

std::int64_t Metrics::total() const {
  std::int64_t out = 0;
  for (const auto& [status, count] : by_status()) out += count;
  return out;
}

std::string Metrics::text() const {
  std::string out = "# HELP fenqun_requests_total Requests answered.\n# TYPE fenqun_requests_total counter\n";
  const std::scoped_lock lock(mutex_);
  for (const auto& [route, line] : lines_) {
    for (const auto& [status, count] : line.by_status) {
      out += fmt::format("fenqun_requests_total{{route=\"{}\",status=\"{}\"}} {}\n", route, status, count);
    }
  }
  out += "# HELP fenqun_request_seconds Time to answer.\n# TYPE fenqun_request_seconds histogram\n";
  for (const auto& [route, line] : lines_) {
    std::int64_t so_far = 0;
    for (std::size_t n = 0; n < kBoundsSeconds.size(); ++n) {
      so_far += line.buckets[n];
      out +=
          fmt::format("fenqun_request_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n", route, kBoundsSeconds[n], so_far);
    }
    so_far += line.buckets.back();
    out += fmt::format(
        "fenqun_request_seconds_bucket{{route=\"{0}\",le=\"+Inf\"}} {1}\nfenqun_request_seconds_sum{{route=\"{0}\"}} "
        "{2}\nfenqun_request_seconds_count{{route=\"{0}\"}} {1}\n",
        route, so_far, line.sum_s);
  }
  const auto process = ProcessFigures::now();
  out += fmt::format(
      "# HELP fenqun_memory_bytes Resident memory.\n# TYPE fenqun_memory_bytes gauge\nfenqun_memory_bytes {}\n",
      process.memory_bytes);
  return out;
}

}  // namespace fenqun::api
