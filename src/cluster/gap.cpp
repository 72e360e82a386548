// cluster/gap.cpp
#include "cluster/gap.hpp"

#include "cluster/drawn_rows.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::uint64_t kSampleStream = 0x676170;  // apart from the streams of restarts and tables

struct Range {
  float low = 0;
  float high = 0;
};

std::vector<Range> ranges_of(const Matrix<float>& rows) {
  std::vector<Range> out(rows.cols());
  for (std::size_t c = 0; c < rows.cols(); ++c) out[c] = {rows(0, c), rows(0, c)};
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      out[c].low = std::min(out[c].low, rows(r, c));
      out[c].high = std::max(out[c].high, rows(r, c));
    }
  }
  return out;
}

Matrix<float> reference_table(const std::vector<Range>& ranges, std::size_t rows, Random random) {
  Matrix<float> out(rows, ranges.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < ranges.size(); ++c) {
      out(r, c) =
          static_cast<float>(random.uniform(static_cast<double>(ranges[c].low), static_cast<double>(ranges[c].high)));
    }
  }
  return out;
}

bool holds_too_few(const Error& error) {
  return error.line.key == "cluster.too_few_distinct_rows" || error.line.key == "cluster.more_groups_than_rows";
}

/// Logarithms of the inertia for k_min, k_min + 1, ...; ends where the rows hold no more groups.
Result<std::vector<double>> log_inertias(const Matrix<float>& rows, const GapOptions& options, WorkerPool& pool,
                                         const std::stop_token& stop) {
  std::vector<double> out;
  for (std::uint32_t k = options.k_min; k <= options.k_max; ++k) {
    KMeansOptions kmeans = options.kmeans;
    kmeans.cluster_count = k;
    kmeans.row_weights = {};
    kmeans.on_round = {};
    auto fit = fit_kmeans(rows.view(), kmeans, pool, stop);
    if (!fit) {
      if (k > options.k_min && holds_too_few(fit.error())) break;
      return fail(std::move(fit).error());
    }
    if (fit->inertia <= 0) break;
    out.push_back(std::log(fit->inertia));
  }
  return out;
}

Result<void> check_options(const GapOptions& options) {
  FENQUN_CHECK(check_option("k_min", options.k_min, 1, kMaxClusters));
  FENQUN_CHECK(check_option("k_max", options.k_max, options.k_min, kMaxClusters));
  FENQUN_CHECK(check_option("references", options.references, 2, 1000));
  FENQUN_CHECK(check_option("sample_rows", options.sample_rows, 10, 1'000'000));
  return check_option("initial_centroids", options.kmeans.initial_centroids.rows(), 0, 0);
}

GapOfK trial_of(std::uint32_t k, double log_inertia, const std::vector<Result<std::vector<double>>>& references,
                std::size_t place) {
  const auto count = static_cast<double>(references.size());
  GapOfK out{k, log_inertia, 0, 0, 0};
  for (const auto& reference : references) out.log_reference += (*reference)[place] / count;
  double squares = 0;
  for (const auto& reference : references)
    squares += ((*reference)[place] - out.log_reference) * ((*reference)[place] - out.log_reference);
  out.gap = out.log_reference - out.log_inertia;
  out.standard_error = std::sqrt(squares / count) * std::sqrt(1 + 1 / count);
  return out;
}

}  // namespace

std::optional<std::uint32_t> first_k_of(const std::vector<GapOfK>& trials, std::uint32_t least) {
  for (std::size_t i = 0; i + 1 < trials.size(); ++i) {
    if (trials[i].k >= least && trials[i].gap >= trials[i + 1].gap - trials[i + 1].standard_error) return trials[i].k;
  }
  return std::nullopt;
}

Result<GapStatistic> measure_gap(RowView<const float> rows, const GapOptions& options, WorkerPool& pool,
                                 const std::stop_token& stop) {
  FENQUN_CHECK(check_options(options));
  FENQUN_CHECK(check_rows(rows, pool));
  const auto count = std::min<std::size_t>(rows.rows(), options.sample_rows);
  const auto sample = gather_rows(rows, draw_rows(rows.rows(), count, Random(options.kmeans.seed, kSampleStream)));
  FENQUN_TRY(const auto observed, log_inertias(sample, options, pool, stop));
  const auto ranges = ranges_of(sample);
  std::vector<Result<std::vector<double>>> references(options.references, std::vector<double>());
  pool.for_blocks(references.size(), 1, [&](std::size_t b, std::size_t, std::size_t) {
    WorkerPool alone(1);
    references[b] = log_inertias(reference_table(ranges, count, Random(options.kmeans.seed ^ mix64(kSampleStream), b)),
                                 options, alone, stop);
  });
  std::size_t common = observed.size();
  for (auto& reference : references) {
    if (!reference) return fail(std::move(reference).error());
    common = std::min(common, reference->size());
  }
  GapStatistic out;
  out.rows = count;
  for (std::size_t i = 0; i < common; ++i)
    out.trials.push_back(trial_of(options.k_min + static_cast<std::uint32_t>(i), observed[i], references, i));
  out.first_k = first_k_of(out.trials, options.k_min);
  return out;
}

}  // namespace fenqun::cluster
