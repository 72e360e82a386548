// bench/kmeans_cases.cpp - tables, bandwidth, Lloyd and the choice of k.
#include "cluster/kmeans.hpp"

#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "cases.hpp"
#include "cluster/choose_k.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <span>

namespace fenqun::bench {

Result<Matrix<float>> read_table(const std::string& file, std::size_t cols) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto bytes = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
  Matrix<float> out(bytes / sizeof(float) / cols, cols);
  in.seekg(0);
  in.read(reinterpret_cast<char*>(out.view().data()), static_cast<std::streamsize>(bytes));
  if (!in || bytes == 0) return fail(ErrorCode::Io, "base.cannot_read", {{"path", file}});
  return out;
}

Result<void> write_table(const std::string& file, const Matrix<float>& rows) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(rows.values().data()),
            static_cast<std::streamsize>(rows.values().size() * sizeof(float)));
  out.close();
  if (!out) return fail(ErrorCode::Io, "base.cannot_write", {{"path", file}});
  return {};
}

Matrix<float> first_rows(const Matrix<float>& rows, std::size_t k) {
  Matrix<float> out(k, rows.cols());
  for (std::size_t i = 0; i < k; ++i) std::ranges::copy(rows.row(i), out.row(i).begin());
  return out;
}

Result<std::string> make_data(const Words& words) {
  const std::size_t rows = std::stoull(words[2]);
  const std::size_t cols = std::stoull(words[3]);
  const std::size_t groups = std::stoull(words[4]);
  Random random(std::stoull(words[5]));
  std::vector<double> centres(groups * cols);
  for (double& centre : centres) centre = random.normal(0, std::stod(words[6]));
  std::ofstream out(words[1], std::ios::binary);
  std::vector<float> row(cols);
  for (std::size_t r = 0; r < rows; ++r) {
    const double* const centre = centres.data() + random.below(groups) * cols;
    for (std::size_t c = 0; c < cols; ++c) row[c] = static_cast<float>(centre[c] + random.normal());
    out.write(reinterpret_cast<const char*>(row.data()), static_cast<std::streamsize>(cols * sizeof(float)));
  }
  out.close();
  if (!out) return fail(ErrorCode::Io, "base.cannot_write", {{"path", words[1]}});
  return fmt::format("{{\"rows\": {}, \"columns\": {}}}", rows, cols);
}

Result<std::string> measure_bandwidth(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[3]));
  constexpr std::size_t kBlock = std::size_t{1} << 18U;
  const auto& values = rows.values();
  std::vector<float> sums(WorkerPool::block_count(values.size(), kBlock));
  std::vector<double> seconds;
  for (int i = 0; i <= std::stoi(words[4]); ++i) {
    const double passed = seconds_of([&] {
      pool.for_blocks(values.size(), kBlock, [&](std::size_t block, std::size_t begin, std::size_t end) {
        sums[block] = sum_values(std::span(values).subspan(begin, end - begin));
      });
    });
    if (i > 0) seconds.push_back(passed);
  }
  return fmt::format("{{\"seconds\": {}, \"bytes\": {}, \"sum\": {}}}", seconds, values.size() * sizeof(float),
                     std::accumulate(sums.begin(), sums.end(), 0.0));
}

/// The calls with one assignment more and with just one tell what a round costs apart from what a call costs.
Result<std::string> measure_lloyd(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  const auto k = static_cast<std::uint32_t>(std::stoul(words[3]));
  const auto rounds = static_cast<std::uint32_t>(std::stoul(words[4]));
  WorkerPool pool(std::stoull(words[5]));
  cluster::KMeansOptions options{.cluster_count = k, .tolerance = 0, .initial_centroids = first_rows(rows, k)};
  std::vector<double> whole;
  std::vector<double> single;
  cluster::KMeansFit fit;
  for (int i = 0; i <= std::stoi(words[6]); ++i) {
    Result<cluster::KMeansFit> fitted;
    options.max_rounds = rounds + 1;
    const double many = seconds_of([&] { fitted = cluster::fit_kmeans(rows.view(), options, pool); });
    if (!fitted) return fail(fitted.error());
    fit = std::move(*fitted);
    options.max_rounds = 1;
    const double one = seconds_of([&] { fitted = cluster::fit_kmeans(rows.view(), options, pool); });
    if (!fitted) return fail(fitted.error());
    if (i == 0) continue;
    whole.push_back(many);
    single.push_back(one);
  }
  return fmt::format("{{\"seconds\": {}, \"seconds_single\": {}, \"rounds\": {}, \"inertia\": {}}}", whole, single,
                     fit.rounds - 1, fit.inertia);
}

Result<std::string> measure_choice(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[3]));
  std::vector<double> seconds;
  cluster::KChoice choice;
  for (int i = 0; i < std::stoi(words[4]); ++i) {
    Result<cluster::KChoice> made;
    seconds.push_back(seconds_of([&] { made = cluster::choose_k(rows.view(), {}, pool); }));
    if (!made) return fail(made.error());
    choice = std::move(*made);
  }
  std::vector<double> inertia;
  for (const auto& trial : choice.trials) inertia.push_back(trial.inertia);
  return fmt::format("{{\"seconds\": {}, \"inertia\": {}, \"chosen_k\": {}}}", seconds, inertia, choice.chosen_k);
}

}  // namespace fenqun::bench
