// bench/read_kernel.cpp - reading memory as fast as the processor can: compiled once for each level of instructions.
#include "cases.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "read_kernel.cpp"  // NOLINT: Highway's name
#include <hwy/foreach_target.h>
// After it: the level's types.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fenqun::bench::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

float sum(const float* values, std::size_t count) {
  const hn::ScalableTag<float> d;
  const std::size_t n = hn::Lanes(d);
  auto s0 = hn::Zero(d);
  auto s1 = s0;
  auto s2 = s0;
  auto s3 = s0;
  std::size_t i = 0;
  for (; i + 4 * n <= count; i += 4 * n) {
    s0 = hn::Add(s0, hn::LoadU(d, values + i));
    s1 = hn::Add(s1, hn::LoadU(d, values + i + n));
    s2 = hn::Add(s2, hn::LoadU(d, values + i + 2 * n));
    s3 = hn::Add(s3, hn::LoadU(d, values + i + 3 * n));
  }
  float out = hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
  for (; i < count; ++i) out += values[i];
  return out;
}

}  // namespace
}  // namespace fenqun::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fenqun::bench {
namespace {

HWY_EXPORT(sum);

}  // namespace

float sum_values(std::span<const float> values) { return HWY_DYNAMIC_DISPATCH(sum)(values.data(), values.size()); }

}  // namespace fenqun::bench
#endif
