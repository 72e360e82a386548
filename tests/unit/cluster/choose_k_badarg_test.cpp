// tests/unit/cluster/choose_k_badarg_test.cpp
#include "cluster/choose_k.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <limits>

namespace fenqun::cluster {
namespace {

class ChooseKBadarg : public testing::Test {
 protected:
  Result<KChoice> choose(const ChooseKOptions& options) { return choose_k(rows.view(), options, pool); }
  void expect_option(const ChooseKOptions& options, const std::string& name, const std::string& value) {
    expect_error(choose(options), ErrorCode::InvalidArgument, "cluster.option_range",
                 {{"option", name}, {"value", value}});
  }
  WorkerPool pool{2};
  Matrix<float> rows = noise(50, 2, 1);
};

TEST_F(ChooseKBadarg, RefusesOptionsOutOfRange) {
  expect_option({.k_min = 1}, "k_min", "1");
  expect_option({.k_min = 5, .k_max = 4}, "k_max", "4");
  expect_option({.k_max = 5000}, "k_max", "5000");
  expect_option({.fixed_k = 1}, "fixed_k", "1");
  expect_option({.min_share = 1.5}, "min_share", "1.5");
  expect_option({.min_share = std::numeric_limits<double>::quiet_NaN()}, "min_share", "nan");
  ChooseKOptions started;
  started.kmeans.initial_centroids = noise(2, 2, 1);
  expect_error(choose_k(rows.view(), started, pool), ErrorCode::InvalidArgument, "cluster.option_unsupported",
               {{"option", "initial_centroids"}});
}

TEST_F(ChooseKBadarg, RefusesMissingValuesAndNamesEvidenceAsTheCallerDoes) {
  ChooseKOptions options;
  options.kmeans.missing = MissingValues::PartialDistance;
  expect_error(choose_k(rows.view(), options, pool), ErrorCode::InvalidArgument, "cluster.option_unsupported",
               {{"option", "missing"}});
  expect_option({.evidence = {.silhouette_rows = 1}}, "silhouette_rows", "1");
  expect_option({.evidence = {.gap_references = 1}}, "gap_references", "1");
  expect_option({.evidence = {.gap_references = 5, .gap_rows = 3}}, "gap_rows", "3");
  expect_option({.evidence = {.resamples = 1}}, "resamples", "1");
  expect_option({.evidence = {.resamples = 5, .resample_rows = 5}}, "resample_rows", "5");
}

TEST_F(ChooseKBadarg, RefusesAFixedKThatTheRowsCannotHold) {
  rows = Matrix<float>(50, 2);
  for (std::size_t r = 0; r < 50; ++r) rows(r, 0) = static_cast<float>(r % 3);
  expect_error(choose({.fixed_k = 4}), ErrorCode::BadData, "cluster.too_few_distinct_rows",
               {{"k", "4"}, {"distinct", "3"}});
  expect_error(choose({.fixed_k = 12}), ErrorCode::BadData, "cluster.too_few_distinct_rows", {{"distinct", "3"}});
}

TEST_F(ChooseKBadarg, RefusesRowsThatHoldNotEvenTheSmallestK) {
  rows = Matrix<float>(50, 2);
  expect_error(choose({}), ErrorCode::BadData, "cluster.too_few_distinct_rows", {{"k", "2"}, {"distinct", "1"}});
  rows = noise(1, 2, 1);
  expect_error(choose({}), ErrorCode::InvalidArgument, "cluster.more_groups_than_rows", {{"k", "2"}, {"rows", "1"}});
}

TEST_F(ChooseKBadarg, HandsOnWhatKMeansRefuses) {
  rows(7, 1) = std::numeric_limits<float>::infinity();
  expect_error(choose({}), ErrorCode::BadData, "cluster.bad_value", {{"row", "7"}, {"column", "1"}});
}

TEST_F(ChooseKBadarg, StopsBetweenTrialsWhenAsked) {
  std::stop_source source;
  std::uint32_t trials = 0;
  const auto stop_after_two = [&](std::uint32_t done, std::uint32_t) {
    trials = done;
    if (done == 2) source.request_stop();
  };
  expect_error(choose_k(rows.view(), {}, pool, stop_after_two, source.get_token()), ErrorCode::Cancelled,
               "base.cancelled");
  EXPECT_EQ(trials, 2U);
}

}  // namespace
}  // namespace fenqun::cluster
