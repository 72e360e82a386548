// tests/unit/cluster/agreement_test.cpp
#include "cluster/agreement.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <numeric>

namespace fenqun::cluster {
namespace {

using Labels = std::vector<std::uint32_t>;

double index_of(const Labels& first, const Labels& second) {
  const auto out = adjusted_rand_index(first, second);
  EXPECT_TRUE(out.has_value());
  return out.value_or(-2);
}

/// From the definition, over all pairs of rows.
double index_by_pairs(const Labels& a, const Labels& b) {
  double both = 0;
  double first = 0;
  double second = 0;
  double all = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      first += a[i] == a[j] ? 1 : 0;
      second += b[i] == b[j] ? 1 : 0;
      both += a[i] == a[j] && b[i] == b[j] ? 1 : 0;
      all += 1;
    }
  }
  const double expected = first * second / all;
  return (both - expected) / ((first + second) / 2 - expected);
}

TEST(Agreement, TableCountsEveryPairOfLabels) {
  const auto table = contingency_table(Labels{0, 0, 1, 2, 2}, Labels{1, 0, 1, 1, 1});
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->counts, matrix_of<std::uint64_t>({{1, 1}, {0, 1}, {0, 2}}));
  EXPECT_EQ(table->first_totals, (std::vector<std::uint64_t>{2, 1, 2}));
  EXPECT_EQ(table->second_totals, (std::vector<std::uint64_t>{1, 4}));
  EXPECT_EQ(table->total, 5U);
}

TEST(Agreement, OtherNamesForTheSameGroupsAgreeFully) {
  Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    const auto k = static_cast<std::uint32_t>(1 + random.below(9));
    Labels names(k);
    std::iota(names.begin(), names.end(), 0U);
    for (std::uint32_t i = k; i > 1; --i) std::swap(names[i - 1], names[random.below(i)]);
    Labels first(1 + random.below(500));
    for (auto& label : first) label = static_cast<std::uint32_t>(random.below(k));
    Labels second = first;
    for (auto& label : second) label = names[label];
    EXPECT_EQ(index_of(first, second), 1.0);
  }
}

TEST(Agreement, FollowsTheDefinitionOverPairs) {
  Random random(4);
  for (int trial = 0; trial < 20; ++trial) {
    Labels first(200);
    Labels second(200);
    for (std::size_t i = 0; i < 200; ++i) {
      first[i] = static_cast<std::uint32_t>(random.below(4));
      second[i] = random.chance(0.7) ? first[i] : static_cast<std::uint32_t>(random.below(6));
    }
    EXPECT_NEAR(index_of(first, second), index_by_pairs(first, second), 1e-12);
    EXPECT_EQ(index_of(first, second), index_of(second, first));
  }
}

TEST(Agreement, ChanceScoresAboutZeroAndLessThanChanceBelow) {
  Random random(5);
  Labels first(20000);
  Labels second(20000);
  for (std::size_t i = 0; i < first.size(); ++i) {
    first[i] = static_cast<std::uint32_t>(random.below(5));
    second[i] = static_cast<std::uint32_t>(random.below(5));
  }
  EXPECT_NEAR(index_of(first, second), 0, 0.005);
  EXPECT_DOUBLE_EQ(index_of({0, 0, 1, 1}, {0, 1, 0, 1}), -0.5);
}

TEST(Agreement, TrivialGroupingsAgreeWithThemselvesOnly) {
  EXPECT_EQ(index_of({0}, {4}), 1.0);
  EXPECT_EQ(index_of({0, 0, 0}, {1, 1, 1}), 1.0);
  EXPECT_EQ(index_of({0, 1, 2}, {2, 1, 0}), 1.0);
  EXPECT_EQ(index_of({0, 0, 0}, {0, 1, 2}), 0.0);
}

TEST(Agreement, CountsOfBillionsStayExact) {
  // Two halves of 2 billion rows, 1 in 1000 swapped: pair counts pass 2^60.
  constexpr std::uint64_t kKept = 1'998'000'000;
  constexpr std::uint64_t kMoved = 2'000'000;
  const ContingencyTable table{matrix_of<std::uint64_t>({{kKept, kMoved}, {kMoved, kKept}}),
                               {kKept + kMoved, kKept + kMoved},
                               {kKept + kMoved, kKept + kMoved},
                               2 * (kKept + kMoved)};
  // Two equal halves: the index tends to (1 - 2 p)^2 with p the share moved.
  EXPECT_NEAR(adjusted_rand_index(table), 0.998 * 0.998, 1e-8);
}

}  // namespace
}  // namespace fenqun::cluster
