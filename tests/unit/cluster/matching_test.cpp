#include "cluster/matching.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <numeric>

namespace fenqun::cluster {
namespace {

using Pairs = std::vector<std::uint32_t>;

Matrix<double> worths(std::size_t rows, std::size_t cols, std::uint64_t seed, std::uint64_t levels) {
  Matrix<double> out(rows, cols);
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) out(r, c) = static_cast<double>(random.below(levels)) - 3;
  }
  return out;
}

double total_of(const Matrix<double>& worth, const Pairs& pairs) {
  double total = 0;
  for (std::size_t r = 0; r < pairs.size(); ++r) total += pairs[r] == kUnmatched ? 0 : worth(r, pairs[r]);
  return total;
}

/// Every way to pair them.
double best_total(const Matrix<double>& worth) {
  std::vector<std::size_t> columns(std::max(worth.rows(), worth.cols()));
  std::iota(columns.begin(), columns.end(), 0U);
  double best = -1e300;
  do {
    double total = 0;
    for (std::size_t r = 0; r < worth.rows(); ++r) total += columns[r] < worth.cols() ? worth(r, columns[r]) : 0;
    best = std::max(best, total);
  } while (std::next_permutation(columns.begin(), columns.end()));
  return best;
}

TEST(Matching, IsWorthAsMuchAsTheBestOfAllPairings) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const auto worth = worths(1 + random.below(6), 1 + random.below(6), seed, seed % 2 == 0 ? 3 : 1000);
    const auto pairs = best_matching(worth.view());
    ASSERT_TRUE(pairs.has_value());
    EXPECT_DOUBLE_EQ(total_of(worth, *pairs), best_total(worth)) << seed;
  }
}

TEST(Matching, PairsEachAtMostOnceAndAsManyAsThereAre) {
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{40, 25}, {25, 40}, {30, 30}}) {
    const auto worth = worths(rows, cols, 7, 100);
    const auto pairs = *best_matching(worth.view());
    std::vector<int> used(cols);
    std::size_t count = 0;
    for (const auto to : pairs) {
      if (to == kUnmatched) continue;
      ++count;
      EXPECT_EQ(++used[to], 1);
    }
    EXPECT_EQ(count, std::min(rows, cols));
  }
}

TEST(Matching, OfNothingIsNothing) {
  EXPECT_EQ(*best_matching({}), Pairs{});
  EXPECT_EQ(*best_matching(Matrix<double>(2, 0).view()), (Pairs{kUnmatched, kUnmatched}));
}

TEST(MatchingBadarg, RefusesWhatIsNoNumber) {
  const auto worth = matrix_of<double>({{1, 2}, {3, std::numeric_limits<double>::quiet_NaN()}});
  expect_error(best_matching(worth.view()), ErrorCode::BadData, "cluster.not_finite", {{"row", "1"}, {"column", "1"}});
}

TEST(MatchingBadarg, RefusesMoreThanGroupsCanBe) {
  expect_error(best_matching(Matrix<double>(4097, 1).view()), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "rows"}, {"value", "4097"}});
}

TEST(Matching, OfTheGreatestNumbersEnds) {
  constexpr double kHuge = 1.7e308;
  const auto worth = matrix_of<double>({{kHuge, -kHuge}, {kHuge, kHuge}});
  const auto pairs = best_matching(worth.view());
  ASSERT_TRUE(pairs.has_value());
  EXPECT_EQ(*pairs, (Pairs{0, 1}));
  const auto alike = matrix_of<double>({{kHuge, -kHuge}, {kHuge, -kHuge}});
  EXPECT_TRUE(best_matching(alike.view()).has_value());
}

}  // namespace
}  // namespace fenqun::cluster
