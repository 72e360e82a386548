// load/similar_kernels.cpp - compiled once for each level of instructions; Highway chooses the levels.
#include "load/similar_kernels.hpp"

#include <array>
#include <cstdint>
#include <vector>

// Between the levels left there is little to gain.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "load/similar_kernels.cpp"  // NOLINT: Highway's name
#include <hwy/foreach_target.h>
// After it: the level's types.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fenqun::load::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, 16>;
using Wide = hn::CappedTag<double, 8>;
using Half = hn::Rebind<float, Wide>;

constexpr std::size_t kRows = 4;  // customers of `a` worked on at a time

HWY_INLINE void add_floats(const float* from, double* to, std::size_t count) {
  const Wide d;
  const Half half;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    hn::StoreU(hn::Add(hn::LoadU(d, to + i), hn::PromoteTo(d, hn::Load(half, from + i))), d, to + i);
  }
}

/// kRows customers of `a` with two registers of customers of `b`.
HWY_INLINE void multiply(const float* a, const float* b, std::size_t hours, double* sums, std::size_t stride) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  auto s00 = hn::Zero(d), s01 = hn::Zero(d), s10 = hn::Zero(d), s11 = hn::Zero(d);
  auto s20 = hn::Zero(d), s21 = hn::Zero(d), s30 = hn::Zero(d), s31 = hn::Zero(d);
  for (std::size_t h = 0; h < hours; ++h, a += kPanel, b += kPanel) {
    const auto b0 = hn::LoadU(d, b);
    const auto b1 = hn::LoadU(d, b + n);
    const auto a0 = hn::Set(d, a[0]);
    s00 = hn::MulAdd(a0, b0, s00);
    s01 = hn::MulAdd(a0, b1, s01);
    const auto a1 = hn::Set(d, a[1]);
    s10 = hn::MulAdd(a1, b0, s10);
    s11 = hn::MulAdd(a1, b1, s11);
    const auto a2 = hn::Set(d, a[2]);
    s20 = hn::MulAdd(a2, b0, s20);
    s21 = hn::MulAdd(a2, b1, s21);
    const auto a3 = hn::Set(d, a[3]);
    s30 = hn::MulAdd(a3, b0, s30);
    s31 = hn::MulAdd(a3, b1, s31);
  }
  alignas(64) std::array<float, kPanel> kept;
  const auto put = [&](auto first, auto second, std::size_t row) {
    hn::Store(first, d, kept.data());
    hn::Store(second, d, kept.data() + n);
    add_floats(kept.data(), sums + row * stride, 2 * n);
  };
  put(s00, s01, 0);
  put(s10, s11, 1);
  put(s20, s21, 2);
  put(s30, s31, 3);
}

void add_products(const float* a, const float* b, std::size_t hours, double* sums, std::size_t stride) noexcept {
  const std::size_t width = 2 * hn::Lanes(Lanes());
  for (std::size_t j = 0; j < kPanel; j += width) {
    for (std::size_t i = 0; i < kPanel; i += kRows) multiply(a + i, b + j, hours, sums + i * stride + j, stride);
  }
}

HWY_INLINE auto load_present(const float* from) {
  const Half half;
  const auto value = hn::LoadU(half, from);
  return hn::PromoteTo(Wide(), hn::IfThenElseZero(hn::Eq(value, value), value));
}

// Eight sums whatever the width of a register, so that every level adds alike. Products of floats are exact in double.
double dot(const float* a, const float* b, std::size_t hours) noexcept {
  constexpr std::size_t kSums = 8;
  const Wide d;
  const std::size_t n = hn::Lanes(d);
  alignas(64) std::array<double, kSums> sums{};
  const std::size_t whole = hours - hours % kSums;
  for (std::size_t at = 0; at < kSums; at += n) {
    auto sum = hn::Zero(d);
    for (std::size_t h = at; h < whole; h += kSums) {
      sum = hn::Add(sum, hn::Mul(load_present(a + h), load_present(b + h)));
    }
    hn::Store(sum, d, sums.data() + at);
  }
  for (std::size_t h = whole; h < hours; ++h) {
    const bool is_there = a[h] == a[h] && b[h] == b[h];
    if (is_there) sums[h - whole] += static_cast<double>(a[h]) * static_cast<double>(b[h]);
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

}  // namespace

SimilarKernels similar_level() { return {hwy::TargetName(HWY_TARGET), add_products, dot}; }

}  // namespace fenqun::load::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fenqun::load {
namespace {

HWY_EXPORT(similar_level);

std::vector<SimilarKernels> find_levels() {
  std::vector<SimilarKernels> out;
  // Of those compiled; the best level has the lowest bit.
  const auto all = static_cast<std::uint64_t>(hwy::SupportedTargets() & HWY_TARGETS);
  for (std::uint64_t bit = std::uint64_t{1} << 62U; bit != 0; bit >>= 1U) {
    if ((all & bit) == 0) continue;
    hwy::GetChosenTarget().Update(static_cast<std::int64_t>(bit));
    out.push_back(HWY_DYNAMIC_DISPATCH(similar_level)());
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return out;
}

}  // namespace

std::span<const SimilarKernels> similar_kernel_levels() noexcept {
  static const auto kLevels = find_levels();
  return kLevels;
}

const SimilarKernels& similar_kernels() noexcept {
  static const SimilarKernels& best = similar_kernel_levels().back();
  return best;
}

}  // namespace fenqun::load
#endif
