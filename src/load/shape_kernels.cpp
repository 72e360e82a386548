// load/shape_kernels.cpp - compiled once for each level of instructions; Highway chooses the levels.
#include "load/shape_kernels.hpp"

#include <algorithm>
#include <array>
#include <limits>

// Between the levels left there is little to gain.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "load/shape_kernels.cpp"  // NOLINT: Highway's name
#include <hwy/foreach_target.h>
// After it: the level's types.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fenqun::load::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, 16>;
using Codes = hn::RebindToSigned<Lanes>;
using Vector = hn::Vec<Lanes>;
using CodeVector = hn::Vec<Codes>;

constexpr std::size_t kRows = 4;       // rows worked on at a time
constexpr std::size_t kTileRows = 64;  // rows that meet a run of shapes while it is in the nearest cache

/// Where the rows of a tile begin; places past the last row repeat it.
struct RowTile {
  HWY_INLINE RowTile(RowView<const float> all, std::size_t first) : count(std::min(kTileRows, all.rows() - first)) {
    for (std::size_t r = 0; r < kTileRows; ++r) rows[r] = all.data() + (first + std::min(r, count - 1)) * all.stride();
  }
  std::size_t count;
  std::array<const float*, kTileRows> rows;
};

/// The nearest so far of one row, lane by lane.
struct Nearest {
  Vector squared;
  CodeVector code;

  HWY_INLINE Nearest() : squared(hn::Set(Lanes(), std::numeric_limits<float>::infinity())), code(hn::Zero(Codes())) {}
  HWY_INLINE void see(Vector other, CodeVector other_code) {
    const auto nearer = hn::Lt(other, squared);
    squared = hn::IfThenElse(nearer, other, squared);
    code = hn::IfThenElse(hn::RebindMask(Codes(), nearer), other_code, code);
  }
  HWY_INLINE void put(std::uint32_t* to_code, float* to_squared) const {
    alignas(64) std::array<float, 16> values;
    alignas(64) std::array<std::int32_t, 16> codes;
    hn::Store(squared, Lanes(), values.data());
    hn::Store(code, Codes(), codes.data());
    std::size_t best = 0;
    for (std::size_t i = 1; i < hn::Lanes(Lanes()); ++i) {
      const bool is_better = values[i] < values[best] || (values[i] == values[best] && codes[i] < codes[best]);
      best = is_better ? i : best;
    }
    *to_code = static_cast<std::uint32_t>(codes[best]);
    *to_squared = values[best];
  }
};

HWY_INLINE Vector add_square(Vector sum, Vector value, Vector shape) {
  const auto difference = hn::Sub(value, shape);
  return hn::Add(sum, hn::Mul(difference, difference));
}

/// kRows rows against two registers of shapes; `rows` may repeat.
HWY_INLINE void see_two(const float* const* rows, const float* shapes, std::size_t cols, CodeVector code,
                        Nearest* nearest) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  auto s00 = hn::Zero(d), s01 = hn::Zero(d), s10 = hn::Zero(d), s11 = hn::Zero(d);
  auto s20 = hn::Zero(d), s21 = hn::Zero(d), s30 = hn::Zero(d), s31 = hn::Zero(d);
  for (std::size_t c = 0; c < cols; ++c, shapes += kShapeBlock) {
    const auto p0 = hn::LoadU(d, shapes);
    const auto p1 = hn::LoadU(d, shapes + n);
    const auto x0 = hn::Set(d, rows[0][c]);
    s00 = add_square(s00, x0, p0);
    s01 = add_square(s01, x0, p1);
    const auto x1 = hn::Set(d, rows[1][c]);
    s10 = add_square(s10, x1, p0);
    s11 = add_square(s11, x1, p1);
    const auto x2 = hn::Set(d, rows[2][c]);
    s20 = add_square(s20, x2, p0);
    s21 = add_square(s21, x2, p1);
    const auto x3 = hn::Set(d, rows[3][c]);
    s30 = add_square(s30, x3, p0);
    s31 = add_square(s31, x3, p1);
  }
  const auto next = hn::Add(code, hn::Set(Codes(), static_cast<std::int32_t>(n)));
  nearest[0].see(s00, code);
  nearest[0].see(s01, next);
  nearest[1].see(s10, code);
  nearest[1].see(s11, next);
  nearest[2].see(s20, code);
  nearest[2].see(s21, next);
  nearest[3].see(s30, code);
  nearest[3].see(s31, next);
}

void nearest(RowView<const float> rows, const PackedShapes& shapes, std::uint32_t* codes, float* squared) noexcept {
  const std::size_t cols = shapes.cols();
  const std::size_t width = 2 * hn::Lanes(Lanes());
  for (std::size_t first = 0; first < rows.rows(); first += kTileRows) {
    const RowTile tile(rows, first);
    Nearest found[kTileRows];
    for (std::size_t place = 0; place < shapes.blocks() * kShapeBlock; place += width) {
      const float* const values = shapes.data() + place / kShapeBlock * cols * kShapeBlock + place % kShapeBlock;
      const auto code = hn::Iota(Codes(), static_cast<std::int32_t>(place));
      for (std::size_t r = 0; r < tile.count; r += kRows) see_two(tile.rows.data() + r, values, cols, code, found + r);
    }
    for (std::size_t r = 0; r < tile.count; ++r) found[r].put(codes + first + r, squared + first + r);
  }
}

/// The least two so far of one row, lane by lane.
struct LeastTwo {
  Vector least;
  Vector second;
  CodeVector code;

  HWY_INLINE LeastTwo()
      : least(hn::Set(Lanes(), std::numeric_limits<float>::infinity())), second(least), code(hn::Zero(Codes())) {}
  HWY_INLINE void see(Vector other, CodeVector other_code) {
    const auto lower = hn::Lt(other, least);
    second = hn::Min(second, hn::Max(other, least));
    least = hn::Min(other, least);
    code = hn::IfThenElse(hn::RebindMask(Codes(), lower), other_code, code);
  }
  HWY_INLINE void put(std::uint32_t* to_code, float* to_gap) const {
    alignas(64) std::array<float, 16> values;
    alignas(64) std::array<float, 16> seconds;
    alignas(64) std::array<std::int32_t, 16> codes;
    hn::Store(least, Lanes(), values.data());
    hn::Store(second, Lanes(), seconds.data());
    hn::Store(code, Codes(), codes.data());
    std::size_t best = 0;
    float next = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < hn::Lanes(Lanes()); ++i) {
      next = std::min(next, i == 0 ? seconds[0] : std::min(seconds[i], std::max(values[i], values[best])));
      best = values[i] < values[best] ? i : best;
    }
    *to_code = static_cast<std::uint32_t>(codes[best]);
    *to_gap = next - values[best];
  }
};

HWY_INLINE void guess_two(const float* const* rows, const float* shapes, const float* half_squares, std::size_t cols,
                          CodeVector code, LeastTwo* found) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  auto s00 = hn::LoadU(d, half_squares);
  auto s01 = hn::LoadU(d, half_squares + n);
  auto s10 = s00, s20 = s00, s30 = s00;
  auto s11 = s01, s21 = s01, s31 = s01;
  for (std::size_t c = 0; c < cols; ++c, shapes += kShapeBlock) {
    const auto p0 = hn::LoadU(d, shapes);
    const auto p1 = hn::LoadU(d, shapes + n);
    const auto x0 = hn::Set(d, rows[0][c]);
    s00 = hn::NegMulAdd(x0, p0, s00);
    s01 = hn::NegMulAdd(x0, p1, s01);
    const auto x1 = hn::Set(d, rows[1][c]);
    s10 = hn::NegMulAdd(x1, p0, s10);
    s11 = hn::NegMulAdd(x1, p1, s11);
    const auto x2 = hn::Set(d, rows[2][c]);
    s20 = hn::NegMulAdd(x2, p0, s20);
    s21 = hn::NegMulAdd(x2, p1, s21);
    const auto x3 = hn::Set(d, rows[3][c]);
    s30 = hn::NegMulAdd(x3, p0, s30);
    s31 = hn::NegMulAdd(x3, p1, s31);
  }
  const auto next = hn::Add(code, hn::Set(Codes(), static_cast<std::int32_t>(n)));
  found[0].see(s00, code);
  found[0].see(s01, next);
  found[1].see(s10, code);
  found[1].see(s11, next);
  found[2].see(s20, code);
  found[2].see(s21, next);
  found[3].see(s30, code);
  found[3].see(s31, next);
}

void guess(RowView<const float> rows, const PackedShapes& shapes, std::uint32_t* codes, float* gaps) noexcept {
  const std::size_t cols = shapes.cols();
  const std::size_t width = 2 * hn::Lanes(Lanes());
  for (std::size_t first = 0; first < rows.rows(); first += kTileRows) {
    const RowTile tile(rows, first);
    LeastTwo found[kTileRows];
    for (std::size_t place = 0; place < shapes.blocks() * kShapeBlock; place += width) {
      const float* const values = shapes.data() + place / kShapeBlock * cols * kShapeBlock + place % kShapeBlock;
      const auto code = hn::Iota(Codes(), static_cast<std::int32_t>(place));
      for (std::size_t r = 0; r < tile.count; r += kRows) {
        guess_two(tile.rows.data() + r, values, shapes.half_squares() + place, cols, code, found + r);
      }
    }
    for (std::size_t r = 0; r < tile.count; ++r) found[r].put(codes + first + r, gaps + first + r);
  }
}

void distances(const float* row, const PackedShapes& shapes, float* squared) noexcept {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  for (std::size_t block = 0; block < shapes.blocks(); ++block) {
    const float* const values = shapes.data() + block * shapes.cols() * kShapeBlock;
    for (std::size_t i = 0; i < kShapeBlock; i += 2 * n) {
      auto s0 = hn::Zero(d);
      auto s1 = hn::Zero(d);
      for (std::size_t c = 0; c < shapes.cols(); ++c) {
        const auto x = hn::Set(d, row[c]);
        s0 = add_square(s0, x, hn::LoadU(d, values + c * kShapeBlock + i));
        s1 = add_square(s1, x, hn::LoadU(d, values + c * kShapeBlock + i + n));
      }
      hn::StoreU(s0, d, squared + block * kShapeBlock + i);
      hn::StoreU(s1, d, squared + block * kShapeBlock + i + n);
    }
  }
}

}  // namespace

ShapeKernels shape_level() { return {hwy::TargetName(HWY_TARGET), nearest, guess, distances}; }

}  // namespace fenqun::load::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fenqun::load {
namespace {

HWY_EXPORT(shape_level);

std::vector<ShapeKernels> find_levels() {
  std::vector<ShapeKernels> out;
  // Of those compiled; the best level has the lowest bit.
  const auto all = static_cast<std::uint64_t>(hwy::SupportedTargets() & HWY_TARGETS);
  for (std::uint64_t bit = std::uint64_t{1} << 62U; bit != 0; bit >>= 1U) {
    if ((all & bit) == 0) continue;
    hwy::GetChosenTarget().Update(static_cast<std::int64_t>(bit));
    out.push_back(HWY_DYNAMIC_DISPATCH(shape_level)());
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return out;
}

}  // namespace

PackedShapes::PackedShapes(RowView<const float> shapes)
    : count_(shapes.rows()),
      cols_(shapes.cols()),
      values_(blocks() * kShapeBlock * cols_, kNowhere),
      half_squares_(blocks() * kShapeBlock, kNowhere * kNowhere) {
  for (std::size_t code = 0; code < count_; ++code) set(code, shapes.row(code));
}

void PackedShapes::set(std::size_t code, std::span<const float> shape) {
  double squares = 0;
  for (std::size_t c = 0; c < cols_; ++c) {
    at(code, c) = shape[c];
    squares += static_cast<double>(shape[c]) * static_cast<double>(shape[c]);
  }
  half_squares_[code] = static_cast<float>(squares / 2);
}

void PackedShapes::remove(std::size_t code) {
  for (std::size_t c = 0; c < cols_; ++c) at(code, c) = kNowhere;
  half_squares_[code] = kNowhere * kNowhere;
}

std::span<const ShapeKernels> shape_kernel_levels() noexcept {
  static const auto kLevels = find_levels();
  return kLevels;
}

const ShapeKernels& shape_kernels() noexcept {
  static const ShapeKernels& best = shape_kernel_levels().back();
  return best;
}

}  // namespace fenqun::load
#endif
