// cluster/streaming.cpp
#include "cluster/streaming.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_checks.hpp"
#include "cluster/row_sample.hpp"
#include "cluster/stream_batches.hpp"
#include "cluster/stream_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::uint32_t kMostBatchRows = std::uint32_t{1} << 20U;
constexpr std::uint64_t kSampleStream = 0x73616D706C65;  // apart from those of the restarts

/// Works through the passes of one fit.
class StreamedKMeans {
 public:
  StreamedKMeans(RowSource& source, const StreamedKMeansOptions& options, WorkerPool& pool, const std::stop_token& stop)
      : source_(source),
        options_(options),
        pool_(pool),
        stop_(stop),
        clusters_(options.kmeans.cluster_count),
        shape_(options.mode == StreamMode::Exact ? batch_shape(clusters_, source.cols())
                                                 : batch_shape(clusters_, source.cols(), options.batch_rows)),
        batches_(source, shape_.rows, stop),
        round_(shape_, clusters_, source.cols(), pool, stop) {}

  Result<StreamedFit> run() {
    FENQUN_CHECK(start());
    if (options_.mode == StreamMode::Exact) {
      FENQUN_CHECK(run_rounds());
    } else {
      FENQUN_CHECK(run_batches());
      FENQUN_CHECK(close());
    }
    fit().sizes = round_.sums().counts;
    fit().inertia = round_.sums().inertia;
    return std::move(out_);
  }

 private:
  KMeansFit& fit() { return out_.fit; }

  Result<void> start();
  Result<void> run_rounds();
  Result<void> run_batches();
  Result<void> close();
  void move_centres(const StreamSums& batch);
  Result<void> sum_rows(StreamPassKind kind);
  Result<void> pass(StreamPassKind kind, const StreamBatches::TakeBatch& take);
  Result<void> count_rows(std::uint64_t rows);
  [[nodiscard]] std::size_t sample_size() const;
  void forget_start();

  RowSource& source_;
  const StreamedKMeansOptions& options_;
  WorkerPool& pool_;
  const std::stop_token& stop_;
  std::size_t clusters_;
  BatchShape shape_;
  StreamBatches batches_;
  StreamRound round_;
  StreamSums moving_;  // MiniBatch: of all rows that moved a centroid so far
  StreamedFit out_;
};

/// One pass, told to the caller when it is through.
Result<void> StreamedKMeans::pass(StreamPassKind kind, const StreamBatches::TakeBatch& take) {
  FENQUN_TRY(const std::uint64_t rows, batches_.read(take));
  FENQUN_CHECK(count_rows(rows));
  ++out_.passes;
  const double inertia = kind == StreamPassKind::Sample ? 0 : round_.sums().inertia;
  if (options_.on_pass) options_.on_pass({kind, out_.passes, rows, inertia});
  return {};
}

Result<void> StreamedKMeans::count_rows(std::uint64_t rows) {
  if (out_.passes > 0 && rows != out_.rows) {
    return fail(ErrorCode::BadData, "cluster.stream_changed",
                {{"rows", std::to_string(rows)}, {"before", std::to_string(out_.rows)}});
  }
  out_.rows = rows;
  if (rows == 0) return fail(ErrorCode::BadData, "cluster.no_rows");
  if (rows >= clusters_) return {};
  return fail(ErrorCode::InvalidArgument, "cluster.more_groups_than_rows",
              {{"k", std::to_string(clusters_)}, {"rows", std::to_string(rows)}});
}

std::size_t StreamedKMeans::sample_size() const {
  constexpr std::size_t kMostValues = std::size_t{1} << 26U;
  const std::size_t fits = kMostValues / source_.cols();
  return std::max<std::size_t>(clusters_, std::min<std::size_t>(options_.sample_rows, fits));
}

Result<void> StreamedKMeans::start() {
  if (options_.kmeans.initial_centroids.rows() > 0) {
    fit().centroids = options_.kmeans.initial_centroids;
    return {};
  }
  RowSample sample(sample_size(), source_.cols(), Random(options_.kmeans.seed, kSampleStream));
  const auto draw = [&](std::uint64_t first_row, RowView<const float> batch) -> Result<void> {
    FENQUN_CHECK(check_stream_values(batch, first_row, pool_));
    sample.add(batch);
    return {};
  };
  FENQUN_CHECK(pass(StreamPassKind::Sample, draw));
  out_.sampled = sample.rows().rows();
  auto started = fit_kmeans(sample.rows(), options_.kmeans, pool_, stop_);
  if (!started) {
    if (out_.sampled == out_.rows) return fail(std::move(started).error());
    return fail(std::move(started).error().with_context(
        "cluster.in_sample", {{"sample", std::to_string(out_.sampled)}, {"rows", std::to_string(out_.rows)}}));
  }
  fit() = std::move(*started);
  forget_start();
  return {};
}

/// What told of the sample must not pass for a report on all rows.
void StreamedKMeans::forget_start() {
  fit().labels = {};
  fit().log = {};
  fit().sizes = {};
  fit().inertia_by_round = {};
  fit().rounds = 0;
  fit().repaired = 0;
  fit().converged = false;
}

Result<void> StreamedKMeans::sum_rows(StreamPassKind kind) {
  round_.begin();
  const auto centroids = std::as_const(fit().centroids).view();
  return pass(kind, [&](std::uint64_t first_row, RowView<const float> batch) -> Result<void> {
    FENQUN_CHECK(round_.add(first_row, batch, centroids));
    return {};
  });
}

Result<void> StreamedKMeans::run_rounds() {
  for (double before = std::numeric_limits<double>::infinity();;) {
    FENQUN_CHECK(sum_rows(StreamPassKind::Round));
    const bool was_whole = !round_.has_empty();
    FENQUN_TRY(const std::uint64_t repaired, round_.repair(fit().centroids));
    fit().repaired += repaired;
    ++fit().rounds;
    const double inertia = round_.sums().inertia;
    fit().inertia_by_round.push_back(inertia);
    Matrix<float> next = round_.means(fit().centroids);
    // Centroids that stay where they are mean labels that do.
    const bool is_still = next == fit().centroids;
    const bool is_settled = fit().rounds > 1 && before - inertia <= options_.kmeans.tolerance * before;
    fit().converged = was_whole && (is_still || is_settled);
    if (fit().converged || (was_whole && fit().rounds == options_.kmeans.max_rounds)) return {};
    if (fit().rounds == options_.kmeans.max_rounds) return close();
    fit().centroids = std::move(next);
    before = inertia;
  }
}

Result<void> StreamedKMeans::run_batches() {
  moving_.reset(clusters_, source_.cols());
  const auto add = [&](std::uint64_t first_row, RowView<const float> batch) -> Result<void> {
    FENQUN_TRY(const StreamSums* const added, round_.add(first_row, batch, std::as_const(fit().centroids).view()));
    move_centres(*added);
    return {};
  };
  double before = std::numeric_limits<double>::infinity();
  while (fit().rounds < options_.passes && !fit().converged) {
    round_.begin();
    FENQUN_CHECK(pass(StreamPassKind::Batches, add));
    ++fit().rounds;
    const double inertia = round_.sums().inertia;
    fit().inertia_by_round.push_back(inertia);
    fit().converged = fit().rounds > 1 && before - inertia <= options_.kmeans.tolerance * before;
    before = inertia;
  }
  return {};
}

/// Sculley's steps of rate 1 / count, row by row, end at the mean of all rows a centroid took.
void StreamedKMeans::move_centres(const StreamSums& batch) {
  moving_.add(batch);
  const std::size_t cols = source_.cols();
  for (std::size_t k = 0; k < clusters_; ++k) {
    if (batch.counts[k] == 0) continue;
    const auto count = static_cast<double>(moving_.counts[k]);
    for (std::size_t c = 0; c < cols; ++c) {
      fit().centroids(k, c) = static_cast<float>(moving_.sums[k * cols + c] / count);
    }
  }
}

/// Passes that measure the centroids, and place those without rows. Each placing lowers the inertia, so it ends; so do
/// the means, where all far rows seen stand alone in their groups.
Result<void> StreamedKMeans::close() {
  for (;;) {
    FENQUN_CHECK(sum_rows(StreamPassKind::Closing));
    if (!round_.has_empty()) return {};
    FENQUN_TRY(const std::uint64_t repaired, round_.repair(fit().centroids));
    fit().repaired += repaired;
    if (repaired == 0) fit().centroids = round_.means(fit().centroids);
  }
}

Result<void> check_options(const RowSource& source, const StreamedKMeansOptions& options, WorkerPool& pool) {
  constexpr auto kAny = std::numeric_limits<std::uint32_t>::max();
  FENQUN_CHECK(check_plain(options.kmeans));
  FENQUN_CHECK(check_option("cluster_count", options.kmeans.cluster_count, 1, kMaxClusters));
  FENQUN_CHECK(check_option("max_rounds", options.kmeans.max_rounds, 1, kAny));
  FENQUN_CHECK(check_option("restarts", options.kmeans.restarts, 1, kAny));
  FENQUN_CHECK(check_option("sample_rows", options.sample_rows, 1, std::numeric_limits<std::uint64_t>::max()));
  FENQUN_CHECK(check_option("batch_rows", options.batch_rows, 1, kMostBatchRows));
  FENQUN_CHECK(check_option("passes", options.passes, 1, kAny));
  if (!(options.kmeans.tolerance >= 0 && options.kmeans.tolerance < 1)) {
    return fail(
        ErrorCode::InvalidArgument, "cluster.option_range",
        {{"option", "tolerance"}, {"value", fmt::format("{}", options.kmeans.tolerance)}, {"expected", "0..1"}});
  }
  if (source.cols() == 0) return fail(ErrorCode::BadData, "cluster.no_columns");
  FENQUN_CHECK(check_option("columns", source.cols(), 1, kMaxColumns));
  const auto& start = options.kmeans.initial_centroids;
  if (start.rows() == 0) return {};
  if (start.rows() != options.kmeans.cluster_count || start.cols() != source.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.start_shape",
                {{"rows", std::to_string(start.rows())},
                 {"columns", std::to_string(start.cols())},
                 {"k", std::to_string(options.kmeans.cluster_count)},
                 {"expected_columns", std::to_string(source.cols())}});
  }
  return check_values(start.view(), pool, "cluster.bad_centroid");
}

}  // namespace

Result<StreamedFit> fit_streamed_kmeans(RowSource& source, const StreamedKMeansOptions& options, WorkerPool& pool,
                                        const std::stop_token& stop) {
  FENQUN_CHECK(check_options(source, options, pool));
  return StreamedKMeans(source, options, pool, stop).run();
}

Result<std::uint64_t> assign_streamed(RowSource& source, RowView<const float> centroids, const TakeLabels& take,
                                      WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_option("centroids", centroids.rows(), 1, kMaxClusters));
  if (source.cols() != centroids.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(source.cols())}, {"expected", std::to_string(centroids.cols())}});
  }
  FENQUN_CHECK(check_option("columns", source.cols(), 1, kMaxColumns));
  FENQUN_CHECK(check_values(centroids, pool, "cluster.bad_centroid"));
  const BatchShape shape = batch_shape(centroids.rows(), centroids.cols());
  std::vector<std::uint32_t> labels(shape.rows);
  std::vector<float> squared(shape.rows);
  const auto label = [&](std::uint64_t first_row, RowView<const float> batch) -> Result<void> {
    FENQUN_CHECK(check_stream_values(batch, first_row, pool));
    pool.for_blocks(batch.rows(), shape.block_rows, [&](std::size_t, std::size_t begin, std::size_t end) {
      if (stop.stop_requested()) return;
      std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
      kernels().nearest({batch.row(begin).data(), end - begin, batch.cols(), batch.stride()}, centroids, scratch,
                        labels.data() + begin, squared.data() + begin);
    });
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    const std::size_t count = batch.rows();
    return take(first_row, std::span(labels).first(count), std::span(squared).first(count));
  };
  return StreamBatches(source, shape.rows, stop).read(label);
}

}  // namespace fenqun::cluster
