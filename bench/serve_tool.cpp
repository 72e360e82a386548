// bench/serve_tool.cpp - asks a server at a steady rate and tells how long answers took.
//   serve_tool PORT KEY FILE_OF_PATHS RATE_PER_S SECONDS THREADS
// Each answer is timed from the moment at which it was due, not from when it was asked: a server that stalls cannot
// hide behind a caller that waits. One line of JSON.
#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Plan {
  int port = 0;
  std::string key;
  std::vector<std::string> paths;
  double rate_per_s = 0;
  double seconds = 0;
  std::size_t threads = 1;
};

struct Seen {
  std::vector<double> took_ms;
  std::size_t failed = 0;
};

Seen ask(const Plan& plan, std::atomic<std::size_t>& next, Clock::time_point begun) {
  httplib::Client client("127.0.0.1", plan.port);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_bearer_token_auth(plan.key);
  const auto total = static_cast<std::size_t>(plan.rate_per_s * plan.seconds);
  Seen seen;
  for (auto n = next++; n < total; n = next++) {
    const auto due = begun + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(static_cast<double>(n) / plan.rate_per_s));
    std::this_thread::sleep_until(due);
    const auto answer = client.Get(plan.paths[n % plan.paths.size()]);
    seen.took_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    if (!answer || answer->status != 200) seen.failed += 1;
  }
  return seen;
}

double at_share(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  Plan plan{std::atoi(argv[1]),
            argv[2],
            {},
            std::atof(argv[4]),
            std::atof(argv[5]),
            static_cast<std::size_t>(std::atoi(argv[6]))};
  std::ifstream file(argv[3]);
  for (std::string line; std::getline(file, line);) plan.paths.push_back(line);
  if (plan.paths.empty()) return 2;
  std::vector<Seen> seen(plan.threads);
  std::atomic<std::size_t> next = 0;
  const auto begun = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (auto& one : seen) threads.emplace_back([&] { one = ask(plan, next, begun); });
  }
  const double took_s = std::chrono::duration<double>(Clock::now() - begun).count();
  std::vector<double> all;
  std::size_t failed = 0;
  for (const auto& one : seen) {
    all.insert(all.end(), one.took_ms.begin(), one.took_ms.end());
    failed += one.failed;
  }
  std::sort(all.begin(), all.end());
  fmt::print(
      "{{\"requests\": {}, \"failed\": {}, \"per_s\": {:.0f}, \"p50_ms\": {:.3f}, \"p95_ms\": {:.3f}, \"p99_ms\": "
      "{:.3f}, "
      "\"max_ms\": {:.3f}}}\n",
      all.size(), failed, static_cast<double>(all.size()) / took_s, at_share(all, 0.5), at_share(all, 0.95),
      at_share(all, 0.99), all.empty() ? 0.0 : all.back());
  return failed == 0 ? 0 : 1;
}
