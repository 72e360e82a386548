// tests/unit/load/golden_test.cpp - against numbers of an independent tool; origin in tests/golden/load/README.md.
#include "base/file.hpp"
#include "base/number.hpp"
#include "base/settings.hpp"
#include "load/customer_curves.hpp"
#include "load/daily_profile.hpp"
#include "load/day_profiles.hpp"
#include "load/histogram.hpp"
#include "load/shape_dictionary.hpp"
#include "load/shape_use.hpp"
#include "load/similar.hpp"
#include "load/three_line.hpp"
#include "unit/load/sample_load.hpp"

#include <filesystem>
#include <string>

namespace fenqun::load {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(FENQUN_SOURCE_DIR) / "tests/golden/load";
constexpr double kTolerance = 1e-5;  // relative: results are single precision

Matrix<float> read_table(const std::string& name) {
  const std::string text = read_file(kFolder / name).value();
  std::vector<std::vector<float>> rows;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    auto& row = rows.emplace_back();
    for (std::size_t from = at; from <= end;) {
      const std::size_t stop = std::min(text.find(',', from), end);
      const auto cell = std::string_view(text).substr(from, stop - from);
      row.push_back(cell.empty() ? kMissing : static_cast<float>(parse_number(cell).value()));
      from = stop + 1;
    }
    at = end + 1;
  }
  Matrix<float> out(rows.size(), rows.at(0).size());
  for (std::size_t r = 0; r < rows.size(); ++r) std::ranges::copy(rows[r], out.row(r).begin());
  return out;
}

std::vector<double> list_of(const Settings& list) {
  std::vector<double> out;
  const auto items = list.items().value();
  for (const auto& item : items) out.push_back(parse_number(item.text().value()).value());
  return out;
}

void expect_near(double found, double expected) {
  EXPECT_NEAR(found, expected, kTolerance * std::max(1.0, std::abs(expected)));
}

class LoadGolden : public testing::Test {
 protected:
  LoadGolden() {
    const auto list = list_of(golden.child("stations").value());
    for (const double station : list) stations.push_back(static_cast<std::uint32_t>(station));
  }
  [[nodiscard]] Settings customer(std::size_t c) const { return golden.child("customer" + std::to_string(c)).value(); }
  [[nodiscard]] Weather weather() const { return {temperatures.view(), stations}; }

  void expect_profile(const DailyProfiles& found, const std::string& key, std::size_t terms) const {
    for (std::size_t c = 0; c < readings.rows(); ++c) {
      const auto part = customer(c).child(key).value();
      const auto profile = list_of(part.child("profile").value());
      const auto hours = part.child("coefficients").value().items().value();
      for (std::size_t s = 0; s < kHoursPerDay; ++s) {
        expect_near(static_cast<double>(found.profile_kwh(c, s)), profile[s]);
        const auto coefficients = list_of(hours[s]);
        ASSERT_EQ(coefficients.size(), terms);
        for (std::size_t j = 0; j < terms; ++j) {
          expect_near(static_cast<double>(found.coefficients(c, s * kProfileTerms + j)), coefficients[j]);
        }
      }
    }
  }

  WorkerPool pool{2};
  Matrix<float> readings = read_table("readings.csv");
  Matrix<float> temperatures = read_table("temperatures.csv");
  Settings golden = Settings::parse(read_file(kFolder / "golden.yaml").value(), "golden.yaml").value();
  std::vector<std::uint32_t> stations;
};

TEST_F(LoadGolden, HistogramsAgree) {
  const auto found = count_histograms(readings.view(), pool).value();
  for (std::size_t c = 0; c < readings.rows(); ++c) {
    const auto part = customer(c).child("histogram").value();
    const auto counts = list_of(part.child("counts").value());
    for (std::size_t b = 0; b < counts.size(); ++b) EXPECT_EQ(found.counts(c, b), counts[b]) << c << ' ' << b;
    expect_near(static_cast<double>(found.least_kwh[c]), part.number("least").value());
    expect_near(static_cast<double>(found.most_kwh[c]), part.number("most").value());
  }
}

TEST_F(LoadGolden, ThreeLinesAgreeWithAFitOfEveryPairOfBreaks) {
  const auto found = fit_three_lines(readings.view(), weather(), {}, pool).value();
  for (std::size_t c = 0; c < readings.rows(); ++c) {
    ASSERT_EQ(found[c].state, ThermalState::Fitted);
    for (const std::string band : {"lower", "upper"}) {
      const ThreeLines& lines = band == "lower" ? found[c].lower : found[c].upper;
      const auto part = customer(c).child("thermal").value().child(band).value();
      const auto degrees = list_of(part.child("degrees").value());
      const auto kwh = list_of(part.child("kwh").value());
      expect_near(lines.squared_error, part.number("error").value());
      for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(lines.degrees[i], static_cast<float>(degrees[i])) << c << band;
        expect_near(static_cast<double>(lines.kwh[i]), kwh[i]);
      }
    }
  }
}

TEST_F(LoadGolden, DailyProfilesAgreeWithoutAndWithAConstant) {
  expect_profile(fit_daily_profiles(readings.view(), weather(), {}, pool).value(), "par", 4);
  expect_profile(fit_daily_profiles(readings.view(), weather(), {.constant = true}, pool).value(), "par_constant", 5);
}

TEST_F(LoadGolden, SimilarCustomersAgree) {
  const auto found = find_similar(readings.view(), {.count = 3}, pool).value();
  const auto part = golden.child("similar").value();
  const auto neighbours = part.child("neighbours").value().items().value();
  const auto cosines = part.child("cosines").value().items().value();
  for (std::size_t c = 0; c < readings.rows(); ++c) {
    const auto expected = list_of(neighbours[c]);
    const auto values = list_of(cosines[c]);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(found.neighbours(c, k), expected[k]);
      EXPECT_NEAR(found.cosines(c, k), values[k], 1e-12);
    }
  }
}

TEST_F(LoadGolden, DaysAreEncodedAndTheirEntropyAgrees) {
  const auto part = golden.child("shapes").value();
  const auto days = normalise_days(days_of(readings.view()).value(), pool).value();
  const auto expected_days = list_of(part.child("days").value());
  ASSERT_EQ(days.day_of.size(), expected_days.size());
  EXPECT_TRUE(std::ranges::equal(days.day_of, expected_days));
  const RowView<const float> dictionary(days.rows.values().data(), 20, 24);
  const auto found = encode_profiles(days.rows.view(), dictionary, 0.2, pool).value();
  EXPECT_TRUE(std::ranges::equal(found.codes, list_of(part.child("codes").value())));
  const auto errors = list_of(part.child("errors").value());
  for (std::size_t i = 0; i < errors.size(); ++i) expect_near(static_cast<double>(found.errors[i]), errors[i]);
  EXPECT_EQ(found.coverage.violations, part.number("violations").value());

  std::vector<std::uint32_t> owners(days.day_of.size());
  std::ranges::transform(days.day_of, owners.begin(), [](std::uint32_t day) { return day / 60; });
  const auto variety = measure_variety({found.codes, owners, 20, 5}, pool).value();
  const auto entropy = list_of(part.child("entropy").value());
  for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(variety[c].entropy_bits, entropy[c], 1e-12);
}

TEST_F(LoadGolden, ShapesAreMergedAsHierarchicalClusteringDoes) {
  const auto part = golden.child("shapes").value();
  const auto days = normalise_days(days_of(readings.view()).value(), pool).value();
  const ShapeDictionary all{days.rows, std::vector<std::uint64_t>(days.day_of.size(), 1)};
  for (const auto& [name, cost] : {std::pair{"ward", MergeCost::Variance}, {"centroid", MergeCost::Distance}}) {
    const auto found = merge_shapes(all, 12, cost, pool).value();
    const auto labels = list_of(part.child(name).value());
    std::vector<double> label_of(12, 0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      double& label = label_of[found.new_code_of[i]];
      if (label == 0) label = labels[i];
      EXPECT_EQ(label, labels[i]) << name << ' ' << i;
    }
    std::ranges::sort(label_of);
    EXPECT_EQ(std::ranges::adjacent_find(label_of), label_of.end()) << name;
  }
}

TEST_F(LoadGolden, MonthlyTrendsAgree) {
  const auto part = golden.child("months").value();
  const auto rows = part.child("energy").value().items().value();
  Matrix<float> energy(rows.size(), 30);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::ranges::transform(list_of(rows[r]), energy.row(r).begin(), [](double v) { return static_cast<float>(v); });
  }
  const auto found = shape_months(energy.view(), pool).value();
  const auto slope = list_of(part.child("slope").value());
  const auto seasonal = list_of(part.child("seasonal").value());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    EXPECT_NEAR(found.slope[r], slope[r], 1e-7);
    EXPECT_NEAR(found.seasonal[r], seasonal[r], 1e-5);
  }
}

}  // namespace
}  // namespace fenqun::load
