// bench/cluster_tool.cpp - the clustering engine's part of bench/cluster_bench.py: one case per call, its figures as
// one line of JSON. A table FILE is bare float32, row after row. Seconds are lists, one entry per repetition.
//   cluster_tool data FILE ROWS COLS GROUPS SEED            overlapping normal clouds, the same on every machine
//   cluster_tool bandwidth FILE COLS THREADS REPEAT         reading the table and doing nothing with it
//   cluster_tool lloyd FILE COLS K ROUNDS THREADS REPEAT    ROUNDS rounds, each moving the centres, from rows 0..K-1
//   cluster_tool choose FILE COLS THREADS REPEAT            k = 2..8 with three indices over all rows
//   cluster_tool balanced FILE COLS K LEAST MOST THREADS    from rows 0..K-1, sizes within LEAST..MOST
//   cluster_tool exact PROBLEMS                             balanced fits against the best of all partitions
//   cluster_tool parquet FILE OUT COLS                      the table as Parquet
//   cluster_tool stream PARQUET COLS K THREADS MODE         grouped without being held; MODE exact or mini-batch
#include "base/random.hpp"
#include "cluster/balanced_kmeans.hpp"
#include "cluster/choose_k.hpp"
#include "cluster/kmeans.hpp"
#include "cluster/streaming.hpp"
#include "segment/table_rows.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace fenqun {
namespace {

using Words = std::vector<std::string>;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<Matrix<float>> read_table(const std::string& file, std::size_t cols) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto bytes = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
  Matrix<float> out(bytes / sizeof(float) / cols, cols);
  in.seekg(0);
  in.read(reinterpret_cast<char*>(out.view().data()), static_cast<std::streamsize>(bytes));
  if (!in || bytes == 0) return fail(ErrorCode::Io, "base.cannot_read", {{"path", file}});
  return out;
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
  for (double& centre : centres) centre = random.normal();
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

/// Integer sums of the bits: what the compiler turns into plain wide loads at every level of instructions.
__attribute__((target_clones("avx512f", "avx2", "default"))) std::uint32_t sum_bits(const float* values,
                                                                                    std::size_t count) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += __builtin_bit_cast(std::uint32_t, values[i]);
  return sum;
}

Result<std::string> measure_bandwidth(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[3]));
  constexpr std::size_t kBlock = std::size_t{1} << 18U;
  const auto& values = rows.values();
  std::vector<std::uint32_t> sums(WorkerPool::block_count(values.size(), kBlock));
  std::vector<double> seconds;
  for (int i = 0; i <= std::stoi(words[4]); ++i) {
    const double passed = seconds_of([&] {
      pool.for_blocks(values.size(), kBlock, [&](std::size_t block, std::size_t begin, std::size_t end) {
        sums[block] = sum_bits(values.data() + begin, end - begin);
      });
    });
    if (i > 0) seconds.push_back(passed);
  }
  return fmt::format("{{\"seconds\": {}, \"bytes\": {}, \"sum\": {}}}", seconds, values.size() * sizeof(float),
                     std::accumulate(sums.begin(), sums.end(), 0U));
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

Result<std::string> measure_balanced(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  const auto k = static_cast<std::uint32_t>(std::stoul(words[3]));
  WorkerPool pool(std::stoull(words[6]));
  const cluster::SizeBounds bounds{std::stoull(words[4]), std::stoull(words[5])};
  const cluster::KMeansOptions options{.cluster_count = k, .initial_centroids = first_rows(rows, k)};
  Result<cluster::BalancedFit> fitted;
  const double passed = seconds_of([&] { fitted = cluster::fit_balanced_kmeans(rows.view(), options, bounds, pool); });
  if (!fitted) return fail(fitted.error());
  const auto [smallest, largest] = std::ranges::minmax(fitted->fit.sizes);
  return fmt::format(
      "{{\"seconds\": [{}], \"inertia\": {}, \"free_inertia\": {}, \"smallest\": {}, \"largest\": {}, \"rounds\": {}}}",
      passed, fitted->fit.inertia, fitted->free_inertia, smallest, largest, fitted->fit.rounds);
}

/// Squared distances to the own mean, over all groups.
double cost_of(const Matrix<float>& rows, const std::vector<std::uint32_t>& labels, std::size_t k) {
  double out = 0;
  for (std::size_t g = 0; g < k; ++g) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      double sum = 0;
      double squares = 0;
      double count = 0;
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (labels[r] != g) continue;
        const auto value = static_cast<double>(rows(r, c));
        sum += value;
        squares += value * value;
        count += 1;
      }
      if (count > 0) out += squares - sum * sum / count;
    }
  }
  return out;
}

/// The least cost of all ways to label the rows within the bounds.
double best_partition(const Matrix<float>& rows, std::size_t k, const cluster::SizeBounds& bounds) {
  std::vector<std::uint32_t> labels(rows.rows());
  std::vector<std::uint64_t> sizes(k);
  double best = std::numeric_limits<double>::infinity();
  const auto place = [&](const auto& self, std::size_t row) -> void {
    if (row == rows.rows()) {
      const bool holds = std::ranges::all_of(sizes, [&](std::uint64_t size) { return size >= bounds.least; });
      if (holds) best = std::min(best, cost_of(rows, labels, k));
      return;
    }
    for (std::uint32_t g = 0; g < k; ++g) {
      if (sizes[g] == bounds.most) continue;
      labels[row] = g;
      ++sizes[g];
      self(self, row + 1);
      // Groups without rows are alike.
      if (--sizes[g] == 0) return;
    }
  };
  place(place, 0);
  return best;
}

Result<std::string> measure_exactness(const Words& words) {
  constexpr std::size_t kRows = 12;
  constexpr std::uint32_t kGroups = 3;
  const cluster::SizeBounds bounds{3, 5};
  WorkerPool pool(1);
  std::vector<double> excess;
  for (std::uint64_t problem = 0; problem < std::stoull(words[1]); ++problem) {
    Random random(problem);
    Matrix<float> rows(kRows, 2);
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t c = 0; c < 2; ++c) rows(r, c) = static_cast<float>(random.normal());
    }
    FENQUN_TRY(const auto fit,
               cluster::fit_balanced_kmeans(rows.view(), {.cluster_count = kGroups, .restarts = 32, .tolerance = 0},
                                            bounds, pool));
    excess.push_back(cost_of(rows, fit.fit.labels, kGroups) / best_partition(rows, kGroups, bounds) - 1);
  }
  std::ranges::sort(excess);
  return fmt::format("{{\"problems\": {}, \"worst_excess\": {}, \"within_percent\": {}}}", excess.size(), excess.back(),
                     std::ranges::count_if(excess, [](double value) { return value <= 0.01; }));
}

std::vector<std::string> column_names(std::size_t cols) {
  std::vector<std::string> out;
  for (std::size_t c = 0; c < cols; ++c) out.push_back(fmt::format("c{}", c));
  return out;
}

Result<std::string> write_parquet(const Words& words) {
  const std::size_t cols = std::stoull(words[3]);
  FENQUN_TRY(const auto rows, read_table(words[1], cols));
  FENQUN_TRY(auto database, warehouse::Database::open("", {}));
  FENQUN_TRY(auto connection, database.connect());
  std::vector<warehouse::ColumnSpec> columns;
  for (const auto& name : column_names(cols)) columns.push_back({name, warehouse::ColumnType::Number});
  FENQUN_TRY(auto appender, connection.appender("", "t", columns, warehouse::Connection::Table::Create));
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < cols; ++c) appender.set_number(c, static_cast<double>(rows(r, c)));
    FENQUN_CHECK(appender.end_row());
  }
  FENQUN_CHECK(appender.close());
  FENQUN_CHECK(connection.execute(
      fmt::format("COPY (SELECT COLUMNS(*)::FLOAT FROM t) TO {} (FORMAT parquet)", warehouse::sql_text(words[2]))));
  return fmt::format("{{\"rows\": {}}}", rows.rows());
}

Result<std::string> measure_stream(const Words& words) {
  WorkerPool pool(std::stoull(words[4]));
  warehouse::DatabaseOptions database_options;
  database_options.threads = pool.threads();
  database_options.memory_limit_bytes = std::uint64_t{1} << 30U;
  FENQUN_TRY(auto database, warehouse::Database::open("", database_options));
  FENQUN_TRY(auto connection, database.connect());
  const std::string relation = fmt::format("read_parquet({})", warehouse::sql_text(words[1]));
  FENQUN_TRY(auto source, segment::TableRows::create(connection, relation, column_names(std::stoull(words[2]))));
  cluster::StreamedKMeansOptions options;
  options.kmeans.cluster_count = static_cast<std::uint32_t>(std::stoul(words[3]));
  options.mode = words[5] == "exact" ? cluster::StreamMode::Exact : cluster::StreamMode::MiniBatch;
  Result<cluster::StreamedFit> fitted;
  const double passed = seconds_of([&] { fitted = cluster::fit_streamed_kmeans(source, options, pool); });
  if (!fitted) return fail(fitted.error());
  std::uint64_t labelled = 0;
  const auto take = [&](std::uint64_t, std::span<const std::uint32_t> labels, auto) -> Result<void> {
    labelled += labels.size();
    return {};
  };
  Result<std::uint64_t> assigned;
  const double labelling = seconds_of(
      [&] { assigned = cluster::assign_streamed(source, std::as_const(fitted->fit.centroids).view(), take, pool); });
  if (!assigned) return fail(assigned.error());
  return fmt::format(
      "{{\"seconds\": [{}], \"labelling_seconds\": {}, \"rows\": {}, \"passes\": {}, \"inertia\": {}, \"labelled\": "
      "{}}}",
      passed, labelling, fitted->rows, fitted->passes, fitted->fit.inertia, labelled);
}

struct Command {
  const char* name;
  std::size_t words;
  Result<std::string> (*run)(const Words&);
};

constexpr Command kCommands[] = {
    {"data", 6, make_data},        {"bandwidth", 5, measure_bandwidth}, {"lloyd", 7, measure_lloyd},
    {"choose", 5, measure_choice}, {"balanced", 7, measure_balanced},   {"exact", 2, measure_exactness},
    {"parquet", 4, write_parquet}, {"stream", 6, measure_stream}};

Result<std::string> dispatch(const Words& words) {
  for (const auto& command : kCommands) {
    if (words.size() == command.words && words[0] == command.name) return command.run(words);
  }
  return fail(ErrorCode::InvalidArgument, "usage");
}

}  // namespace
}  // namespace fenqun

int main(int argc, char** argv) {
  const auto line = fenqun::dispatch(std::vector<std::string>(argv + 1, argv + argc));
  if (line) {
    fmt::print("{}\n", *line);
    return 0;
  }
  fmt::print(stderr, "cluster_tool: {}", line.error().line.key);
  for (const auto& arg : line.error().line.args) fmt::print(stderr, " {}={}", arg.name, arg.value);
  fmt::print(stderr, "\n");
  return 1;
}
