// tests/unit/load/three_line_test.cpp
#include "load/three_line.hpp"

#include "load/piecewise.hpp"
#include "unit/load/sample_load.hpp"

namespace fenqun::load {
namespace {

class ThreeLineTest : public testing::Test {
 protected:
  Result<std::vector<ThermalSensitivity>> fit(const std::stop_token& stop = {}) {
    return fit_three_lines(readings.view(), {temperatures.view(), stations}, options, pool, stop);
  }
  WorkerPool pool{4};
  ThreeLineOptions options;
  Matrix<float> temperatures = made_temperatures(40, 3);
  Matrix<float> readings = made_readings(20, temperatures, 0.05, 4);
  std::vector<std::uint32_t> stations = std::vector<std::uint32_t>(20, 0);
};

/// The sum of squares left by the best line through hat functions at the given breaks, by plain elimination.
double error_with_breaks(const std::vector<double>& x, const std::vector<double>& y, std::size_t u, std::size_t v) {
  constexpr std::size_t kTerms = 4;
  std::array<std::array<double, kTerms + 1>, kTerms> a{};
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::array<double, kTerms> term{1, x[i], std::max(x[i] - x[u], 0.0), std::max(x[i] - x[v], 0.0)};
    for (std::size_t p = 0; p < kTerms; ++p) {
      for (std::size_t q = 0; q < kTerms; ++q) a[p][q] += term[p] * term[q];
      a[p][kTerms] += term[p] * y[i];
    }
    total += y[i] * y[i];
  }
  double explained = 0;
  for (std::size_t p = 0; p < kTerms; ++p) {
    explained += a[p][kTerms] * a[p][kTerms] / a[p][p];
    for (std::size_t q = p + 1; q < kTerms; ++q) {
      const double factor = a[q][p] / a[p][p];
      for (std::size_t c = p; c <= kTerms; ++c) a[q][c] -= factor * a[p][c];
    }
  }
  return total - explained;
}

TEST(Piecewise, NoPairOfBreaksFitsBetterThanTheOneFound) {
  Random random(8);
  PiecewiseFitter fitter;
  for (int trial = 0; trial < 40; ++trial) {
    const std::size_t gap = 1 + random.below(3);
    std::vector<double> x;
    std::vector<double> y;
    double at = -10;
    for (std::size_t i = 0; i < 3 * gap + 1 + random.below(12); ++i) {
      x.push_back(at += 1 + static_cast<double>(random.below(3)));
      y.push_back(random.normal() + 0.05 * at * at);
    }
    const auto found = fitter.fit(x, y, gap + 1);
    double least = 1e300;
    for (std::size_t u = gap; u + 2 * gap < x.size(); ++u) {
      for (std::size_t v = u + gap; v + gap < x.size(); ++v) least = std::min(least, error_with_breaks(x, y, u, v));
    }
    EXPECT_NEAR(found.squared_error, least, 1e-8 * (1 + found.squared_total)) << trial;
  }
}

TEST(Piecewise, FindsThreeLinesThatAreThere) {
  std::vector<double> x;
  std::vector<double> y;
  for (int t = -5; t <= 35; ++t) {
    x.push_back(t);
    y.push_back(1 + 0.1 * std::max(12 - t, 0) + 0.3 * std::max(t - 24, 0));
  }
  const auto found = PiecewiseFitter().fit(x, y, 3);
  EXPECT_EQ(found.degrees, (std::array<float, 4>{-5, 12, 24, 35}));
  EXPECT_NEAR(found.kwh[0], 2.7, 1e-6);
  EXPECT_NEAR(found.kwh[1], 1, 1e-6);
  EXPECT_NEAR(found.kwh[2], 1, 1e-6);
  EXPECT_NEAR(found.kwh[3], 4.3, 1e-6);
  EXPECT_LT(found.squared_error, 1e-20);
}

TEST(Piecewise, TakesTheFirstBreaksWhereAllFitAlike) {
  std::vector<double> x(10);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  const auto found = PiecewiseFitter().fit(x, std::vector<double>(10, 0.3), 3);
  EXPECT_EQ(found.degrees, (std::array<float, 4>{0, 2, 4, 9}));
  EXPECT_EQ(found.kwh[3], 0.3F);
  EXPECT_LT(found.squared_total, 1e-28);
}

TEST_F(ThreeLineTest, TellsHeatingCoolingAndBaseLoad) {
  Random random(6);
  for (std::size_t h = 0; h < readings.cols(); ++h) {
    const float t = temperatures(0, h);
    for (std::size_t r = 0; r < 20; ++r) {
      readings(r, h) = 0.4F + 0.02F * std::max(10 - t, 0.0F) + 0.04F * std::max(t - 22, 0.0F) +
                       0.05F * static_cast<float>(random.uniform());
    }
  }
  const auto found = fit().value();
  for (const auto& customer : found) {
    ASSERT_EQ(customer.state, ThermalState::Fitted);
    EXPECT_NEAR(customer.heating_kwh_per_degree, 0.02, 0.005);
    EXPECT_NEAR(customer.cooling_kwh_per_degree, 0.04, 0.01);
    EXPECT_NEAR(customer.base_load_kwh, 0.405, 0.02);
    EXPECT_LE(customer.upper.squared_error, customer.upper.squared_total);
  }
}

TEST_F(ThreeLineTest, CountsWhatIsMissingAndWhatIsTooRare) {
  readings = Matrix<float>(2, 48);
  temperatures = Matrix<float>(1, 48);
  for (std::size_t h = 0; h < 48; ++h) temperatures(0, h) = h < 47 ? static_cast<float>(h % 8) : 30;
  for (std::size_t h = 0; h < 48; ++h) readings(1, h) = kMissing;
  readings(0, 0) = kMissing;
  stations = {0, 0};
  const auto found = fit().value();
  EXPECT_EQ(found[0].state, ThermalState::Fitted);
  EXPECT_EQ(found[0].missing, 1U);
  EXPECT_EQ(found[0].left_out, 1U);
  EXPECT_EQ(found[0].degree_count, 8U);
  EXPECT_EQ(found[1].state, ThermalState::NoReadings);
  EXPECT_EQ(found[1].missing, 48U);
  options.least_degrees = 4;
  EXPECT_EQ(fit().value()[0].state, ThermalState::TooFewDegrees);
}

TEST_F(ThreeLineTest, ACustomersResultDependsOnNobodyElseAndOnNoThreadCount) {
  const auto all = fit().value();
  WorkerPool two(2);
  const auto again = fit_three_lines(readings.view(), {temperatures.view(), stations}, options, two).value();
  const auto alone = fit_three_lines({readings.row(7).data(), 1, readings.cols()},
                                     {temperatures.view(), std::span(stations).first(1)}, options, two)
                         .value();
  for (std::size_t r = 0; r < all.size(); ++r) {
    EXPECT_EQ(all[r].upper.kwh, again[r].upper.kwh);
    EXPECT_EQ(all[r].lower.squared_error, again[r].lower.squared_error);
  }
  EXPECT_EQ(all[7].upper.kwh, alone[0].upper.kwh);
  EXPECT_EQ(all[7].lower.degrees, alone[0].lower.degrees);
}

TEST_F(ThreeLineTest, RefusesWeatherThatDoesNotFit) {
  stations[5] = 1;
  expect_error(fit(), ErrorCode::InvalidArgument, "load.no_station", {{"row", "5"}, {"station", "1"}});
  stations.pop_back();
  expect_error(fit(), ErrorCode::InvalidArgument, "load.lengths_differ", {{"what", "station_of"}, {"value", "19"}});
  stations = std::vector<std::uint32_t>(20, 0);
  temperatures(0, 17) = kMissing;
  expect_error(fit(), ErrorCode::BadData, "load.bad_temperature", {{"station", "0"}, {"hour", "17"}, {"value", "nan"}});
  temperatures = made_temperatures(39, 3);
  expect_error(fit(), ErrorCode::InvalidArgument, "load.lengths_differ", {{"what", "temperatures"}, {"value", "936"}});
}

TEST_F(ThreeLineTest, RefusesOptionsThatCannotBe) {
  options.upper_share = 0.05;
  expect_error(fit(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "upper_share"}});
  options = {.lower_share = std::nan("")};
  expect_error(fit(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "lower_share"}});
  options = {.least_degrees = 1};
  expect_error(fit(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "least_degrees"}});
}

TEST_F(ThreeLineTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(fit(source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::load
