// tests/unit/load/shape_dictionary_test.cpp
#include "load/shape_dictionary.hpp"

#include "unit/load/sample_load.hpp"

#include <numeric>

namespace fenqun::load {
namespace {

/// Rows of shares.
Matrix<float> made_profiles(std::size_t rows, std::size_t cols, std::uint64_t seed) {
  Matrix<float> out(rows, cols);
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    float sum = 0;
    for (float& value : out.row(r)) sum += value = static_cast<float>(random.uniform());
    for (float& value : out.row(r)) value /= sum;
  }
  return out;
}

class EncodeTest : public testing::Test {
 protected:
  Result<ShapeEncoding> encode(const std::stop_token& stop = {}) {
    return encode_profiles(profiles.view(), shapes.view(), theta, pool, stop);
  }
  WorkerPool pool{4};
  Matrix<float> profiles = made_profiles(9000, 6, 1);
  Matrix<float> shapes = made_profiles(70, 6, 2);
  double theta = 0.02;
};

TEST_F(EncodeTest, TheErrorIsTheSquaredDistanceByTheSquaredLengthOfTheShape) {
  profiles = matrix_of<float>({{0.5F, 0.5F}, {0, 1}});
  shapes = matrix_of<float>({{1, 0}, {0.5F, 0.5F}, {0.25F, 0.75F}});
  theta = 0.15;
  const auto found = encode().value();
  EXPECT_EQ(found.codes, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(found.errors, (std::vector<float>{0, 0.2F}));
  EXPECT_EQ(found.counts, (std::vector<std::uint64_t>{0, 1, 1}));
  EXPECT_EQ(found.coverage.violations, 1U);
  EXPECT_EQ(found.coverage.violation_share, 0.5);
  EXPECT_NEAR(found.coverage.mean_error, 0.1, 1e-12);
  EXPECT_NEAR(found.coverage.largest_error, 0.2, 1e-12);
}

TEST_F(EncodeTest, EveryShapeIsItsOwnNearestAndOfEqualOnesTheFirst) {
  std::ranges::copy(shapes.row(5), shapes.row(66).begin());
  profiles = shapes;
  const auto found = encode().value();
  for (std::uint32_t k = 0; k < 70; ++k) EXPECT_EQ(found.codes[k], k == 66 ? 5 : k);
  EXPECT_EQ(found.coverage.largest_error, 0);
}

TEST_F(EncodeTest, CountsAddUpAndAgreeForAnyThreadCount) {
  const auto found = encode().value();
  EXPECT_EQ(std::accumulate(found.counts.begin(), found.counts.end(), std::uint64_t{0}), 9000U);
  const auto above =
      std::ranges::count_if(found.errors, [&](float error) { return static_cast<double>(error) > theta; });
  EXPECT_EQ(found.coverage.violations, static_cast<std::uint64_t>(above));
  EXPECT_GT(above, 0);
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    const auto again = encode_profiles(profiles.view(), shapes.view(), theta, fewer).value();
    EXPECT_EQ(found.codes, again.codes);
    EXPECT_EQ(found.errors, again.errors);
    EXPECT_EQ(found.coverage.mean_error, again.coverage.mean_error);
  }
}

TEST_F(EncodeTest, TakesNoProfiles) {
  profiles = Matrix<float>(0, 6);
  const auto found = encode().value();
  EXPECT_EQ(found.coverage.profiles, 0U);
  EXPECT_EQ(found.coverage.violation_share, 0);
}

TEST_F(EncodeTest, RefusesBadInputNamingThePlace) {
  profiles(8000, 5) = kMissing;
  expect_error(encode(), ErrorCode::BadData, "load.bad_share", {{"row", "8000"}, {"column", "5"}, {"value", "nan"}});
  std::ranges::fill(shapes.row(69), 0.0F);
  profiles = Matrix<float>(3, 6);
  expect_error(encode(), ErrorCode::BadData, "load.zero_shape", {{"shape", "69"}});
  profiles = Matrix<float>(3, 5);
  expect_error(encode(), ErrorCode::InvalidArgument, "load.lengths_differ", {{"what", "profiles"}, {"value", "5"}});
  theta = 0;
  expect_error(encode(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "theta"}});
  shapes = Matrix<float>(0, 6);
  expect_error(encode(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "shapes"}, {"value", "0"}});
}

TEST_F(EncodeTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(encode(source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

class MergeTest : public testing::TestWithParam<MergeCost> {
 protected:
  Result<MergedDictionary> merge(std::uint32_t cap, const std::stop_token& stop = {}) {
    return merge_shapes(dictionary, cap, GetParam(), pool, stop);
  }
  static ShapeDictionary made(std::size_t count) {
    ShapeDictionary out{made_profiles(count, 5, 9), {}};
    Random random(4);
    for (std::size_t k = 0; k < count; ++k) out.members.push_back(1 + random.below(50));
    return out;
  }
  WorkerPool pool{4};
  ShapeDictionary dictionary = made(80);
};

/// The squared error of the old shapes, as points with weights, around those they became.
double weighted_error(const ShapeDictionary& before, const MergedDictionary& after) {
  double sum = 0;
  for (std::size_t i = 0; i < before.members.size(); ++i) {
    for (std::size_t c = 0; c < before.shapes.cols(); ++c) {
      const double difference = static_cast<double>(before.shapes(i, c)) -
                                static_cast<double>(after.dictionary.shapes(after.new_code_of[i], c));
      sum += static_cast<double>(before.members[i]) * difference * difference;
    }
  }
  return sum;
}

TEST_P(MergeTest, EveryStepTakesTheCheapestPairOfAll) {
  for (std::uint32_t left = 79; left >= 60; --left) {
    const auto& old = dictionary;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < old.members.size(); ++a) {
      for (std::size_t b = a + 1; b < old.members.size(); ++b) {
        double squared = 0;
        for (std::size_t c = 0; c < 5; ++c) {
          const double difference = static_cast<double>(old.shapes(a, c)) - static_cast<double>(old.shapes(b, c));
          squared += difference * difference;
        }
        const auto x = static_cast<double>(old.members[a]);
        const auto y = static_cast<double>(old.members[b]);
        least = std::min(least, GetParam() == MergeCost::Distance ? squared : squared * x * y / (x + y));
      }
    }
    auto found = merge(left).value();
    std::vector<std::size_t> pair;
    for (std::uint32_t code = 0; code < left; ++code) {
      std::vector<std::size_t> olds;
      for (std::size_t i = 0; i < found.new_code_of.size(); ++i) {
        if (found.new_code_of[i] == code) olds.push_back(i);
      }
      if (olds.size() == 2) pair = olds;
    }
    ASSERT_EQ(pair.size(), 2U);
    const auto x = static_cast<double>(old.members[pair[0]]);
    const auto y = static_cast<double>(old.members[pair[1]]);
    const double squared = found.added_error * (x + y) / (x * y);
    EXPECT_NEAR(GetParam() == MergeCost::Distance ? squared : found.added_error, least, 1e-6 * least);
    dictionary = std::move(found.dictionary);
  }
}

TEST_P(MergeTest, KeepsMembersMeansAndTheErrorAdded) {
  const auto found = merge(9).value();
  ASSERT_EQ(found.dictionary.members.size(), 9U);
  EXPECT_TRUE(std::ranges::is_sorted(found.dictionary.members, std::greater<>()));
  std::vector<std::uint64_t> members(9);
  Matrix<double> sums(9, 5);
  for (std::size_t i = 0; i < 80; ++i) {
    ASSERT_LT(found.new_code_of[i], 9U);
    members[found.new_code_of[i]] += dictionary.members[i];
    for (std::size_t c = 0; c < 5; ++c) {
      sums(found.new_code_of[i], c) +=
          static_cast<double>(dictionary.members[i]) * static_cast<double>(dictionary.shapes(i, c));
    }
  }
  EXPECT_EQ(members, found.dictionary.members);
  for (std::size_t k = 0; k < 9; ++k) {
    for (std::size_t c = 0; c < 5; ++c) {
      EXPECT_NEAR(found.dictionary.shapes(k, c), sums(k, c) / static_cast<double>(members[k]), 1e-6);
    }
  }
  EXPECT_NEAR(found.added_error, weighted_error(dictionary, found), 1e-5 * found.added_error);
}

TEST_P(MergeTest, DownToOneIsTheMeanOfAll) {
  const auto found = merge(1).value();
  EXPECT_EQ(found.dictionary.members[0],
            std::accumulate(dictionary.members.begin(), dictionary.members.end(), std::uint64_t{0}));
  EXPECT_TRUE(std::ranges::all_of(found.new_code_of, [](std::uint32_t code) { return code == 0; }));
}

TEST_P(MergeTest, LeavesASmallDictionaryAsItIsButForTheOrder) {
  const auto found = merge(80).value();
  EXPECT_EQ(found.added_error, 0);
  for (std::size_t i = 0; i < 80; ++i) {
    EXPECT_TRUE(std::ranges::equal(dictionary.shapes.row(i), found.dictionary.shapes.row(found.new_code_of[i])));
  }
}

TEST_P(MergeTest, EqualShapesAreMergedFirstAndCostNothing) {
  for (std::size_t i = 1; i < 10; ++i) std::ranges::copy(dictionary.shapes.row(0), dictionary.shapes.row(i).begin());
  const auto found = merge(71).value();
  EXPECT_EQ(found.added_error, 0);
  for (std::size_t i = 1; i < 10; ++i) EXPECT_EQ(found.new_code_of[i], found.new_code_of[0]);
}

TEST_P(MergeTest, SameBitsForAnyThreadCount) {
  const auto found = merge(12).value();
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    const auto again = merge_shapes(dictionary, 12, GetParam(), fewer).value();
    EXPECT_EQ(found.dictionary.shapes, again.dictionary.shapes);
    EXPECT_EQ(found.new_code_of, again.new_code_of);
  }
}

TEST_P(MergeTest, RefusesBadInput) {
  expect_error(merge(0), ErrorCode::InvalidArgument, "load.option_range", {{"option", "cap"}});
  dictionary.members[3] = 0;
  expect_error(merge(5), ErrorCode::InvalidArgument, "load.option_range", {{"option", "members"}});
  dictionary.members.pop_back();
  expect_error(merge(5), ErrorCode::InvalidArgument, "load.lengths_differ", {{"what", "members"}, {"value", "79"}});
  dictionary = made(80);
  dictionary.shapes(7, 2) = 1e7F;
  expect_error(merge(5), ErrorCode::BadData, "load.bad_share", {{"row", "7"}, {"column", "2"}});
  dictionary = {};
  expect_error(merge(5), ErrorCode::InvalidArgument, "load.option_range", {{"option", "shapes"}});
}

TEST_P(MergeTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(merge(5, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

INSTANTIATE_TEST_SUITE_P(Costs, MergeTest, testing::Values(MergeCost::Distance, MergeCost::Variance));

}  // namespace
}  // namespace fenqun::load
