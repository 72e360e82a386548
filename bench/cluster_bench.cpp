// bench/cluster_bench.cpp - what the clustering core costs at 1,000,000 rows x 16 columns.
#include "base/random.hpp"
#include "cluster/assign.hpp"
#include "cluster/kmeans.hpp"
#include "cluster/quality.hpp"
#include "cluster/scaling.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace fenqun::cluster {
namespace {

constexpr std::size_t kRows = 1'000'000;
constexpr std::size_t kCols = 16;

const Matrix<double>& raw_rows() {
  static const Matrix<double> rows = [] {
    Matrix<double> out(kRows, kCols);
    Random random(1);
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto group = static_cast<double>(random.below(8));
      for (std::size_t c = 0; c < kCols; ++c) out(r, c) = random.normal() + group * (c % 3 == 0 ? 1 : 0.2);
    }
    return out;
  }();
  return rows;
}

const Matrix<float>& rows() {
  static const Matrix<float> out = [] {
    Matrix<float> copy(kRows, kCols);
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t c = 0; c < kCols; ++c) copy(r, c) = static_cast<float>(raw_rows()(r, c));
    }
    return copy;
  }();
  return out;
}

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().line.key.c_str());
  std::abort();
}

Matrix<float> first_rows(std::size_t k) {
  Matrix<float> out(k, kCols);
  for (std::size_t i = 0; i < k; ++i) std::ranges::copy(rows().row(i), out.row(i).begin());
  return out;
}

/// Ten rounds of Lloyd from a given start; the time reported is that of one round.
void kmeans_round(benchmark::State& state) {
  WorkerPool pool(static_cast<std::size_t>(state.range(1)));
  KMeansOptions options;
  options.cluster_count = static_cast<std::uint32_t>(state.range(0));
  options.max_rounds = 10;
  options.tolerance = 0;
  options.initial_centroids = first_rows(options.cluster_count);
  std::uint32_t rounds = 0;
  double inertia = 0;
  for (auto _ : state) {
    const auto fit = must(fit_kmeans(rows().view(), options, pool));
    rounds += fit.rounds;
    inertia = fit.inertia;
  }
  state.counters["s_per_round"] = benchmark::Counter(rounds, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["inertia"] = inertia;
}
BENCHMARK(kmeans_round)
    ->ArgNames({"k", "threads"})
    ->ArgsProduct({{4, 8}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// The whole fit as a user gets it: k-means++, eight restarts, to the tolerance.
void kmeans_fit(benchmark::State& state) {
  WorkerPool pool(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(must(fit_kmeans(rows().view(), {}, pool)));
}
BENCHMARK(kmeans_fit)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void quality(benchmark::State& state) {
  WorkerPool pool(static_cast<std::size_t>(state.range(0)));
  const auto labels = must(assign_rows(rows().view(), first_rows(8).view(), pool)).labels;
  for (auto _ : state) benchmark::DoNotOptimize(must(measure_quality(rows().view(), labels, 8, pool)));
}
BENCHMARK(quality)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void assign(benchmark::State& state) {
  WorkerPool pool(static_cast<std::size_t>(state.range(0)));
  const auto centroids = first_rows(8);
  for (auto _ : state) benchmark::DoNotOptimize(must(assign_rows(rows().view(), centroids.view(), pool)));
}
BENCHMARK(assign)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void scaling(benchmark::State& state) {
  WorkerPool pool(static_cast<std::size_t>(state.range(0)));
  const std::vector<ColumnScaling> rules(kCols, {ScalingMethod::Robust, PreTransform::Log1p, 1});
  for (auto _ : state) {
    const auto fitted = must(fit_scaling(raw_rows().view(), rules, pool));
    benchmark::DoNotOptimize(must(apply_scaling(fitted, raw_rows().view(), pool)));
  }
}
BENCHMARK(scaling)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// One read of the table, all threads together: what no pass over the rows can beat.
void read_bandwidth(benchmark::State& state) {
  WorkerPool pool(static_cast<std::size_t>(state.range(0)));
  const auto& values = rows().values();
  constexpr std::size_t kBlock = 1U << 18U;
  std::vector<std::uint32_t> sums(WorkerPool::block_count(values.size(), kBlock));
  for (auto _ : state) {
    pool.for_blocks(values.size(), kBlock, [&](std::size_t block, std::size_t begin, std::size_t end) {
      std::uint32_t sum = 0;
      for (std::size_t i = begin; i < end; ++i) sum += values[i] > 0 ? 1U : 0U;
      sums[block] = sum;
    });
    benchmark::DoNotOptimize(std::accumulate(sums.begin(), sums.end(), 0U));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(values.size() * sizeof(float)));
}
BENCHMARK(read_bandwidth)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace fenqun::cluster

BENCHMARK_MAIN();
