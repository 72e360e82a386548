// tests/unit/cluster/streaming_badarg_test.cpp
#include "cluster/streaming.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <cmath>
#include <thread>

namespace fenqun::cluster {
namespace {

/// Reads another number of rows each time, breaks in the middle, or stops somebody's work.
class OddSource final : public RowSource {
 public:
  explicit OddSource(Matrix<float> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] std::size_t cols() const override { return claimed_cols; }
  Result<void> read(const TakeRows& take) override {
    ++reads;
    const std::size_t rows = reads == 1 ? rows_.rows() : rows_.rows() - lost_later;
    FENQUN_CHECK(take({rows_.view().data(), rows, rows_.cols()}));
    if (reads == breaks_at) return fail(ErrorCode::Io, "base.cannot_read", {{"path", "p"}, {"reason", "r"}});
    if (reads == stops_at) {
      stopping.request_stop();
      handed_after_stop = MatrixSource(rows_.view()).read(take).has_value();
    }
    return {};
  }

  std::size_t claimed_cols = 3;
  std::size_t lost_later = 0;
  int breaks_at = 0;
  int stops_at = 0;
  int reads = 0;
  bool handed_after_stop = false;
  std::stop_source stopping;

 private:
  Matrix<float> rows_;
};

class StreamingBadarg : public testing::Test {
 protected:
  Result<StreamedFit> fit(const StreamedKMeansOptions& options, const std::stop_token& stop = {}) {
    return fit_streamed_kmeans(source, options, pool, stop);
  }
  void expect_option(const StreamedKMeansOptions& options, const std::string& name, const std::string& value) {
    expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.option_range",
                 {{"option", name}, {"value", value}});
  }
  WorkerPool pool{2};
  OddSource source{noise(6000, 3, 1)};
};

TEST_F(StreamingBadarg, RefusesOptionsOutOfRange) {
  expect_option({.kmeans = {.cluster_count = 0}}, "cluster_count", "0");
  expect_option({.kmeans = {.max_rounds = 0}}, "max_rounds", "0");
  expect_option({.kmeans = {.restarts = 0}}, "restarts", "0");
  expect_option({.kmeans = {.tolerance = 1}}, "tolerance", "1");
  expect_option({.sample_rows = 0}, "sample_rows", "0");
  expect_option({.batch_rows = 0}, "batch_rows", "0");
  expect_option({.batch_rows = 1048577}, "batch_rows", "1048577");
  expect_option({.passes = 0}, "passes", "0");
  EXPECT_EQ(source.reads, 0);
}

TEST_F(StreamingBadarg, RefusesWhatOnlyRowsInMemoryHave) {
  const std::vector<float> weights(6000, 1);
  const auto refused = [&](const KMeansOptions& kmeans, const char* option) {
    expect_error(fit({.kmeans = kmeans}), ErrorCode::InvalidArgument, "cluster.option_unsupported",
                 {{"option", option}});
  };
  refused({.distance = Distance::Manhattan}, "distance");
  refused({.missing = MissingValues::PartialDistance}, "missing");
  refused({.row_weights = weights}, "row_weights");
  EXPECT_EQ(source.reads, 0);
}

TEST_F(StreamingBadarg, RefusesAStartOfAnotherShape) {
  expect_error(fit({.kmeans = {.cluster_count = 4, .initial_centroids = noise(4, 2, 1)}}), ErrorCode::InvalidArgument,
               "cluster.start_shape", {{"rows", "4"}, {"columns", "2"}, {"k", "4"}, {"expected_columns", "3"}});
}

TEST_F(StreamingBadarg, RefusesASourceWithoutRowsOrColumnsOrWithTooMany) {
  source = OddSource(Matrix<float>(0, 3));
  expect_error(fit({}), ErrorCode::BadData, "cluster.no_rows");
  source.claimed_cols = 0;
  expect_error(fit({}), ErrorCode::BadData, "cluster.no_columns");
  source.claimed_cols = 65537;
  expect_option({}, "columns", "65537");
}

TEST_F(StreamingBadarg, RefusesMoreGroupsThanRowsOrDistinctRows) {
  source = OddSource(noise(5, 3, 1));
  expect_error(fit({.kmeans = {.cluster_count = 6}}), ErrorCode::InvalidArgument, "cluster.more_groups_than_rows",
               {{"k", "6"}, {"rows", "5"}});
  Matrix<float> few(100, 3);
  for (std::size_t r = 0; r < 100; ++r) few(r, 1) = static_cast<float>(r % 4);
  const TextArgs counts = {{"k", "5"}, {"distinct", "4"}};
  source = OddSource(few);
  expect_error(fit({.kmeans = {.cluster_count = 5}}), ErrorCode::BadData, "cluster.too_few_distinct_rows", counts);
  for (const auto mode : {StreamMode::Exact, StreamMode::MiniBatch}) {
    source = OddSource(few);
    const auto given = fit({.kmeans = {.cluster_count = 5, .initial_centroids = noise(5, 3, 2)}, .mode = mode});
    expect_error(given, ErrorCode::BadData, "cluster.too_few_distinct_rows", counts);
  }
}

TEST_F(StreamingBadarg, SaysWhereASampleIsToBlame) {
  Matrix<float> rare(10'000, 3);
  for (std::size_t r = 0; r < 3; ++r) rare(r, 0) = static_cast<float>(r);
  source = OddSource(rare);
  const auto result = fit({.kmeans = {.cluster_count = 3}, .sample_rows = 4});
  expect_error(result, ErrorCode::BadData, "cluster.too_few_distinct_rows");
  ASSERT_EQ(result.error().context.size(), 1U);
  EXPECT_EQ(result.error().context[0].key, "cluster.in_sample");
}

TEST_F(StreamingBadarg, NamesTheRowFromTheBeginningOfTheSource) {
  auto rows = noise(40'000, 200, 1);
  rows(33'333, 77) = std::nanf("");
  MatrixSource pieces(rows.view(), 1234);
  const TextArgs place = {{"row", "33333"}, {"column", "77"}};
  expect_error(fit_streamed_kmeans(pieces, {}, pool), ErrorCode::BadData, "cluster.bad_value", place);
  expect_error(
      fit_streamed_kmeans(pieces, {.kmeans = {.cluster_count = 2, .initial_centroids = noise(2, 200, 1)}}, pool),
      ErrorCode::BadData, "cluster.bad_value", place);
  const auto take = [](auto...) -> Result<void> { return {}; };
  expect_error(assign_streamed(pieces, noise(2, 200, 1).view(), take, pool), ErrorCode::BadData, "cluster.bad_value",
               place);
}

TEST_F(StreamingBadarg, NoticesThatTheDataChangedBetweenPasses) {
  source.lost_later = 10;
  expect_error(fit({}), ErrorCode::BadData, "cluster.stream_changed", {{"rows", "5990"}, {"before", "6000"}});
}

TEST_F(StreamingBadarg, RefusesPiecesOfOtherColumns) {
  source.claimed_cols = 4;
  expect_error(fit({}), ErrorCode::InvalidArgument, "cluster.columns_differ", {{"columns", "3"}, {"expected", "4"}});
}

TEST_F(StreamingBadarg, HandsOnTheErrorOfTheSource) {
  for (const int pass : {1, 2}) {
    source = OddSource(noise(6000, 3, 1));
    source.breaks_at = pass;
    const auto result = fit({});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::Io);
  }
}

TEST_F(StreamingBadarg, HandsOnTheErrorOfTheTaker) {
  const auto rows = noise(9, 3, 1);
  MatrixSource kept(rows.view());
  const auto take = [](auto...) -> Result<void> { return fail(ErrorCode::Io, "base.cannot_write"); };
  const auto result = assign_streamed(kept, noise(2, 3, 1).view(), take, pool);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::Io);
}

TEST_F(StreamingBadarg, RefusesCentroidsThatDoNotFit) {
  const auto take = [](auto...) -> Result<void> { return {}; };
  expect_error(assign_streamed(source, Matrix<float>(2, 4).view(), take, pool), ErrorCode::InvalidArgument,
               "cluster.columns_differ", {{"columns", "3"}, {"expected", "4"}});
  expect_error(assign_streamed(source, Matrix<float>(0, 3).view(), take, pool), ErrorCode::InvalidArgument,
               "cluster.option_range", {{"option", "centroids"}});
}

TEST_F(StreamingBadarg, CancelsBeforeTheFirstPassAndWithinOne) {
  std::stop_source asked;
  asked.request_stop();
  expect_error(fit({}, asked.get_token()), ErrorCode::Cancelled, "base.cancelled");
  EXPECT_EQ(source.reads, 0);
  for (const int pass : {1, 2}) {
    source = OddSource(noise(1 << 21, 3, 1));
    source.stops_at = pass;
    expect_error(fit({.sample_rows = 100}, source.stopping.get_token()), ErrorCode::Cancelled, "base.cancelled");
    EXPECT_EQ(source.reads, pass);
    EXPECT_FALSE(source.handed_after_stop);
  }
}

TEST_F(StreamingBadarg, StopsAfterThePassWhoseReportAskedForIt) {
  for (const auto mode : {StreamMode::Exact, StreamMode::MiniBatch}) {
    for (const std::uint32_t last : {1U, 2U}) {
      source = OddSource(noise(6000, 3, 1));
      std::stop_source asked;
      StreamedKMeansOptions options{.mode = mode, .sample_rows = 100};
      options.on_pass = [&](const StreamPass& pass) {
        if (pass.number == last) asked.request_stop();
      };
      expect_error(fit(options, asked.get_token()), ErrorCode::Cancelled, "base.cancelled");
      EXPECT_EQ(source.reads, static_cast<int>(last));
    }
  }
}

}  // namespace
}  // namespace fenqun::cluster
