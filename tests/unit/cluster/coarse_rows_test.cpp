// tests/unit/cluster/coarse_rows_test.cpp
#include "cluster/coarse_rows.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace fenqun::cluster {
namespace {

float rounding_of(std::size_t cols) { return static_cast<float>(cols + 4) * 0x1.0p-23F; }

std::uint32_t nearest_of(std::span<const float> row, const Matrix<float>& centroids) {
  std::uint32_t best = 0;
  float least = std::numeric_limits<float>::infinity();
  for (std::uint32_t k = 0; k < centroids.rows(); ++k) {
    const float distance = squared_distance(row, centroids.row(k));
    if (distance < least) {
      least = distance;
      best = k;
    }
  }
  return best;
}

struct Seen {
  std::size_t open = 0;
  std::size_t wrong = 0;          // labels given beyond doubt that are not the nearest
  std::size_t wrong_changes = 0;  // bits that do not say whether the label is another
};

/// Every row by its codes, all of label 1 before.
Seen look(const Matrix<float>& rows, const Matrix<float>& centroids, std::size_t block_rows = 1000) {
  const GroupedRows grouped{rows.view()};
  WorkerPool pool(1);
  CoarseRows codes(grouped, block_rows, pool);
  for (std::size_t begin = 0; begin < rows.rows(); begin += block_rows)
    codes.encode(begin, std::min(rows.rows(), begin + block_rows));
  codes.aim(centroids.view(), rounding_of(rows.cols()));
  Seen seen;
  CoarseFound found;
  std::size_t row = 0;
  for (std::size_t block = 0; block * block_rows < rows.rows(); ++block) {
    for (std::size_t tile = 0; tile < codes.tiles_in_block(block); ++tile) {
      const std::vector<std::uint32_t> before(codes.rows_in_tile(block, tile), 1);
      codes.search(block, tile, before, found);
      if (before.size() < kTileRows) {
        EXPECT_EQ((found.open | found.changed) >> before.size(), 0U) << "rows that are not there";
      }
      for (std::size_t i = 0; i < before.size(); ++i, ++row) {
        seen.wrong_changes += (found.changed >> i & 1U) != (found.labels[i] != 1 ? 1U : 0U) ? 1U : 0U;
        if ((found.open >> i & 1U) != 0)
          ++seen.open;
        else
          seen.wrong += found.labels[i] != nearest_of(rows.row(row), centroids) ? 1U : 0U;
      }
    }
  }
  EXPECT_EQ(row, rows.rows());
  return seen;
}

Matrix<float> first_of(const Matrix<float>& rows, std::size_t k, std::size_t step = 1) {
  Matrix<float> out(k, rows.cols());
  for (std::size_t i = 0; i < k; ++i) std::ranges::copy(rows.row(i * step), out.row(i).begin());
  return out;
}

TEST(CoarseRows, WhatTheySayBeyondDoubtIsTheNearestForAnyShape) {
  Random random(11);
  for (int trial = 0; trial < 40; ++trial) {
    const std::size_t cols = 1 + random.below(70);
    const auto rows = planted(1 + random.below(3000), cols, 5, 3, random.next()).rows;
    const auto centroids = noise(2 + random.below(30), cols, random.next());
    const auto seen = look(rows, centroids, 64 + random.below(2000));
    EXPECT_EQ(seen.wrong, 0U) << rows.rows() << 'x' << cols << ' ' << centroids.rows();
    EXPECT_EQ(seen.wrong_changes, 0U);
  }
}

TEST(CoarseRows, FewRowsOfRoundCloudsStayOpen) {
  const auto rows = planted(20000, 16, 8, 3, 3).rows;
  const auto seen = look(rows, first_of(rows, 4));
  EXPECT_EQ(seen.wrong, 0U);
  EXPECT_LT(seen.open, rows.rows() / 10);
  EXPECT_GT(seen.open, 0U) << "some rows always lie between";
}

TEST(CoarseRows, RowsFarOutsideTheSampleStayOpen) {
  auto rows = noise(5000, 3, 5);
  for (std::size_t r = 1000; r < 1010; ++r) rows(r, 1) = 1e30F;
  rows(1020, 0) = std::numeric_limits<float>::max();
  const auto seen = look(rows, first_of(rows, 3));
  EXPECT_EQ(seen.wrong, 0U);
  EXPECT_GE(seen.open, 11U);
}

TEST(CoarseRows, HeavyTailsAreNeverToldWrong) {
  Random random(6);
  Matrix<float> rows(4000, 6);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) rows(r, c) = static_cast<float>(std::exp(4 * random.normal()));
  }
  EXPECT_EQ(look(rows, first_of(rows, 7, 13)).wrong, 0U);
}

TEST(CoarseRows, TiesStayOpen) {
  // The centroids lie on either side of every row, at the same distance.
  Matrix<float> rows(500, 2);
  Random random(9);
  for (std::size_t r = 0; r < rows.rows(); ++r) rows(r, 1) = static_cast<float>(random.normal());
  const auto seen = look(rows, matrix_of<float>({{-1, 0}, {1, 0}}));
  EXPECT_EQ(seen.open, rows.rows());
}

TEST(CoarseRows, EqualCentroidsLeaveTheirRowsOpen) {
  const auto rows = noise(1000, 4, 2);
  Matrix<float> centroids(3, 4);
  std::ranges::fill(centroids.row(2), 50.0F);
  EXPECT_EQ(look(rows, centroids).open, rows.rows());
}

TEST(CoarseRows, ColumnsWithoutSpreadSayNothing) {
  auto rows = noise(3000, 3, 4);
  for (std::size_t r = 0; r < rows.rows(); ++r) rows(r, 1) = 7;
  EXPECT_EQ(look(rows, first_of(rows, 5)).wrong, 0U);
  // All alike: the nearest is told by the centroids' places alone.
  Matrix<float> alike(300, 2);
  const auto seen = look(alike, matrix_of<float>({{1, 1}, {5, 5}}));
  EXPECT_EQ(seen.open, 0U);
  EXPECT_EQ(seen.wrong, 0U);
}

TEST(CoarseRows, LargeOffsetsTinySpreadsAndFarCentroidsAreNeverToldWrong) {
  for (const float scale : {1e-30F, 1e-18F, 1e-6F, 1.0F, 1e6F, 1e15F}) {
    for (const float offset : {0.0F, 1.0F, 1e4F}) {
      auto rows = noise(1500, 5, 8);
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        for (std::size_t c = 0; c < rows.cols(); ++c) rows(r, c) = (rows(r, c) + offset) * scale;
      }
      auto centroids = first_of(rows, 6);
      EXPECT_EQ(look(rows, centroids).wrong, 0U) << scale << ' ' << offset;
      std::ranges::fill(centroids.row(5), scale * 1e6F);
      EXPECT_EQ(look(rows, centroids).wrong, 0U) << scale << ' ' << offset << " and one far";
    }
  }
}

TEST(CoarseRows, RowsThatNearlyTieAreToldAsSinglePrecisionTellsThem) {
  // A hair to one side or the other of the middle between two centroids, beside large values.
  Random random(10);
  Matrix<float> rows(4000, 2);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    rows(r, 0) = static_cast<float>(random.normal() * 1e-5);
    rows(r, 1) = static_cast<float>(random.normal() * 100);
  }
  EXPECT_EQ(look(rows, matrix_of<float>({{-1, 0}, {1, 0}, {0.3F, 90}})).wrong, 0U);
}

TEST(CoarseKernels, EveryLevelGivesTheSameCodesAndFindsTheSame) {
  Random random(14);
  for (int trial = 0; trial < 30; ++trial) {
    const std::size_t cols = 1 + random.below(70), k = 2 + random.below(20);
    const auto rows = noise(1 + random.below(kTileRows), cols, random.next());
    const std::vector<float> middle(cols, 0.1F), step(cols, 0.02F), per_step(cols, 50);
    const CodeScale scale{middle, step, per_step, 100};
    const std::size_t padded = (k + kCoarseWidth - 1) / kCoarseWidth * kCoarseWidth;
    std::vector<std::int32_t> base(padded, 1 << 29), per_off(std::max(padded, kMostLanes));
    std::vector<std::int32_t> weights(padded * ((cols + 1) / 2));
    for (std::size_t g = 0; g < k; ++g) {
      base[g] = static_cast<std::int32_t>(random.below(1000000));
      per_off[g] = static_cast<std::int32_t>(random.below(100));
    }
    for (auto& pair : weights) pair = static_cast<std::int32_t>(random.below(30000) << 16U | random.below(30000));
    const CoarseCentroids centroids{cols,    padded, base, static_cast<std::int32_t>(random.below(100000)),
                                    per_off, weights};
    const std::vector<std::uint32_t> before(kTileRows, 1);

    struct Outcome {
      std::vector<std::int8_t> codes;
      std::vector<std::uint8_t> off;
      std::uint64_t outside = 0, open = 0, changed = 0;
      std::vector<std::uint32_t> labels;
      bool operator==(const Outcome&) const = default;
    };
    std::vector<Outcome> outcomes;
    for (const auto& level : coarse_kernel_levels()) {
      Outcome out{std::vector<std::int8_t>(tile_bytes(cols)), std::vector<std::uint8_t>(kTileRows), 0, 0, 0, {}};
      level.encode(rows.view(), scale, {out.codes.data(), out.off.data(), &out.outside});
      CoarseFound found;
      level.search(out.codes.data(), out.off.data(), centroids, before.data(), found);
      out.open = found.open;
      out.changed = found.changed;
      out.labels.assign(found.labels.begin(), found.labels.end());
      outcomes.push_back(std::move(out));
    }
    for (const auto& each : outcomes) EXPECT_TRUE(each == outcomes.front()) << cols << ' ' << k;
  }
}

}  // namespace
}  // namespace fenqun::cluster
