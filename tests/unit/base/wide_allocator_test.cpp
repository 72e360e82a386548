// tests/unit/base/wide_allocator_test.cpp
#include "base/wide_allocator.hpp"

#include "base/matrix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace fenqun {
namespace {

TEST(WideAllocator, BeginsAtACacheLineWhateverTheSize) {
  for (const std::size_t count : {1UL, 100UL, 100000UL, 3000000UL}) {
    const std::vector<float, WideAllocator<float>> values(count, 1.0F);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(values.data()) % 64, 0U) << count;
    EXPECT_EQ(std::ranges::count(values, 1.0F), static_cast<std::ptrdiff_t>(count));
  }
}

TEST(WideAllocator, FillsWithZerosUnlessToldOtherwise) {
  const Matrix<float> matrix(1000, 3);
  EXPECT_EQ(std::ranges::count(matrix.values(), 0.0F), 3000);
  std::vector<int, WideAllocator<int, Fill::Nothing>> values(10);
  std::ranges::fill(values, 4);
  values.resize(20000, 7);
  EXPECT_EQ(std::ranges::count(values, 4), 10);
  EXPECT_EQ(std::ranges::count(values, 7), 19990);
}

TEST(WideAllocator, CopiesAndMovesKeepTheValues) {
  Matrix<double> one(5000, 200);
  one(4999, 199) = 3;
  const Matrix<double> copy = one;
  EXPECT_TRUE(copy == one);
  const Matrix<double> moved = std::move(one);
  EXPECT_EQ(moved(4999, 199), 3);
}

}  // namespace
}  // namespace fenqun
