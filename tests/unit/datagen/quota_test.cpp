// tests/unit/datagen/quota_test.cpp
#include "datagen/quota.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace fenqun::datagen {
namespace {

TEST(Quota, SplitsTheCaseAreaOfTheArticleExactly) {
  EXPECT_EQ(split_exactly(2100, std::array{0.6, 0.4}), (std::vector<std::int64_t>{1260, 840}));
  EXPECT_EQ(split_exactly(840, std::array{0.70, 0.20, 0.09, 0.01}), (std::vector<std::int64_t>{588, 168, 76, 8}));
}

TEST(Quota, PartsAlwaysAddUpToTheWhole) {
  for (std::int64_t total = 0; total < 200; ++total) {
    const auto parts = split_exactly(total, std::array{0.8, 0.15, 0.05, 0.0});
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), total);
    EXPECT_EQ(parts[3], 0) << total;
  }
}

TEST(Quota, LargestRemainderGetsTheRestAndTheEarlierClassOnATie) {
  EXPECT_EQ(split_exactly(10, std::array{0.44, 0.46, 0.10}), (std::vector<std::int64_t>{4, 5, 1}));
  EXPECT_EQ(split_exactly(1, std::array{1.0, 1.0, 1.0}), (std::vector<std::int64_t>{1, 0, 0}));
}

TEST(Quota, DealsEachClassAsOftenAsCounted) {
  const std::array<std::int64_t, 3> counts = {70, 0, 30};
  const auto dealt = deal(counts, Random(7));
  EXPECT_EQ(std::count(dealt.begin(), dealt.end(), 0), 70);
  EXPECT_EQ(std::count(dealt.begin(), dealt.end(), 2), 30);
  EXPECT_FALSE(std::is_sorted(dealt.begin(), dealt.end()));
  EXPECT_EQ(dealt, deal(counts, Random(7)));
  EXPECT_NE(dealt, deal(counts, Random(8)));
}

}  // namespace
}  // namespace fenqun::datagen
