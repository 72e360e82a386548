// tests/unit/cluster/sample_rows.hpp - matrices to test with, and what an error has to be.
#pragma once

#include "base/matrix.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::cluster {

template <class T>
Matrix<T> matrix_of(std::initializer_list<std::initializer_list<T>> rows) {
  Matrix<T> out(rows.size(), rows.begin()->size());
  std::size_t r = 0;
  for (const auto& row : rows) {
    std::size_t c = 0;
    for (const T value : row) out(r, c++) = value;
    ++r;
  }
  return out;
}

/// n x d standard normal numbers.
inline Matrix<float> noise(std::size_t rows, std::size_t cols, std::uint64_t seed) {
  Matrix<float> out(rows, cols);
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) out(r, c) = static_cast<float>(random.normal());
  }
  return out;
}

struct Planted {
  Matrix<float> rows;
  std::vector<std::uint32_t> labels;
};

/// Groups of unit noise around centres `apart` from one another, row r in group r % groups.
inline Planted planted(std::size_t rows, std::size_t cols, std::uint32_t groups, float apart, std::uint64_t seed) {
  Planted out{noise(rows, cols, seed), std::vector<std::uint32_t>(rows)};
  for (std::size_t r = 0; r < rows; ++r) {
    out.labels[r] = static_cast<std::uint32_t>(r % groups);
    out.rows(r, out.labels[r] % cols) += apart * static_cast<float>(1 + out.labels[r] / cols);
  }
  return out;
}

/// `result` failed with this code and key, and both languages have a sentence for it that uses every value.
template <class T>
void expect_error(const Result<T>& result, ErrorCode code, const std::string& key, const TextArgs& args = {}) {
  ASSERT_FALSE(result.has_value());
  const Error& error = result.error();
  EXPECT_EQ(error.code, code);
  EXPECT_EQ(error.line.key, key);
  for (const auto& arg : args) EXPECT_EQ(error.arg(arg.name), arg.value) << arg.name;
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(AssetStore(), language);
    ASSERT_TRUE(texts.has_value());
    EXPECT_TRUE(texts->has(key)) << key;
    const std::string text = render_error(error, *texts);
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
    for (const auto& arg : error.line.args) EXPECT_NE(text.find(arg.value), std::string::npos) << arg.name;
  }
}

}  // namespace fenqun::cluster
