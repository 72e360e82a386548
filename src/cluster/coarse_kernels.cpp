// cluster/coarse_kernels.cpp - compiled once for each level of instructions; Highway chooses the levels.
#include "cluster/coarse_kernels.hpp"

#include <algorithm>
#include <array>
#include <vector>

// To SSE4 there is little to gain; the level after AVX3 is one Highway makes on request only.
#define HWY_WANT_AVX3_DL  // NOLINT: Highway's name
#define HWY_DISABLED_TARGETS HWY_SSSE3
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/coarse_kernels.cpp"  // NOLINT: Highway's name
#include <hwy/foreach_target.h>
// After it: the level's types.
#include "cluster/row_tile_lanes.inc"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fenqun::cluster::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int32_t kNoScore = (1 << 29) + 1;
constexpr float kComputed = 1.00001F;  // covers the rounding of a sum of floats
constexpr float kMostUnits = 255;

// Added to a small float, leaves the whole number nearest to it in the lowest bits.
constexpr float kWhole = 0x1.8p23F;

/// What the columns seen so far leave between rows and their codes, squared.
struct alignas(64) RowsOff {
  std::array<float, kTileRows> squared = {};
};

using Values = hn::CappedTag<float, 16>;
using Value = hn::Vec<Values>;
using Bits = hn::RebindToUnsigned<Values>;

/// The codes of one column in the lowest bits; adds what they leave.
HWY_INLINE hn::Vec<Bits> codes_of(const float* values, const CodeScale& scale, std::size_t c, Value& squared) {
  const Values d;
  const auto away = hn::Sub(hn::Load(d, values), hn::Set(d, scale.middle[c]));
  const auto scaled = hn::Mul(away, hn::Set(d, scale.per_step[c]));
  const auto within = hn::Min(hn::Max(scaled, hn::Set(d, -kMostCode)), hn::Set(d, kMostCode));
  const auto whole = hn::Add(within, hn::Set(d, kWhole));
  const auto off = hn::Sub(away, hn::Mul(hn::Sub(whole, hn::Set(d, kWhole)), hn::Set(d, scale.step[c])));
  squared = hn::Add(squared, hn::Mul(off, off));
  return hn::BitCast(Bits(), whole);
}

/// `width` columns of a tile from column `begin` on, an even number.
HWY_INLINE void encode_columns(const Tile& tile, const CodeScale& scale, std::size_t begin, std::size_t width,
                               std::int8_t* codes, RowsOff& off) {
  const Values d;
  const Bits du;
  const hn::Rebind<std::uint16_t, Values> two;
  for (std::size_t at = 0; at < kTileRows; at += hn::Lanes(d)) {
    auto squared = hn::Load(d, off.squared.data() + at);
    for (std::size_t c = 0; c < width; c += 2) {
      const float* const values = tile.values.data() + c * kTileRows + at;
      const auto first = hn::And(codes_of(values, scale, begin + c, squared), hn::Set(du, 0xFF));
      auto second = hn::Zero(du);
      if (c + 1 < width) second = codes_of(values + kTileRows, scale, begin + c + 1, squared);
      hn::StoreU(hn::TruncateTo(two, hn::Or(first, hn::ShiftLeft<8>(second))), two,
                 reinterpret_cast<std::uint16_t*>(codes + ((begin + c) * kTileRows + 2 * at)));  // NOLINT: pairs
    }
    hn::Store(squared, d, off.squared.data() + at);
  }
}

void encode(RowView<const float> rows, const CodeScale& scale, const CodedTile& out) noexcept {
  Tile tile;
  RowsOff off;
  for (std::size_t begin = 0; begin < rows.cols(); begin += kTileCols) {
    const std::size_t width = std::min(kTileCols, rows.cols() - begin);
    transpose(rows.data() + begin, rows.stride(), rows.rows(), width, tile);
    encode_columns(tile, scale, begin, width, out.codes, off);
  }
  const Values d;
  const hn::Rebind<std::uint8_t, Values> bytes;
  *out.outside = 0;
  for (std::size_t at = 0; at < kTileRows; at += hn::Lanes(d)) {
    const auto distance = hn::Sqrt(hn::Load(d, off.squared.data() + at));
    const auto units = hn::Mul(distance, hn::Set(d, kComputed * scale.per_off_unit));
    const auto up = hn::Min(hn::Add(units, hn::Set(d, 1.0F)), hn::Set(d, kMostUnits));
    hn::StoreU(hn::DemoteTo(bytes, hn::ConvertTo(hn::RebindToSigned<Values>(), up)), bytes, out.off + at);
    std::array<std::uint8_t, 8> outside = {};
    hn::StoreMaskBits(d, hn::Not(hn::Lt(up, hn::Set(d, kMostUnits))), outside.data());
    *out.outside |= (outside[0] | std::uint64_t{outside[1]} << 8U) << at;
  }
}

#if HWY_TARGET == HWY_SCALAR

void search(const std::int8_t* tile, const std::uint8_t* off, const CoarseCentroids& centroids,
            const std::uint32_t* before, CoarseFound& out) noexcept {
  const std::size_t pairs = (centroids.cols + 1) / 2;
  out.open = out.changed = 0;
  for (std::size_t r = 0; r < kTileRows; ++r) {
    std::int32_t best = kNoScore, next = kNoScore;
    std::uint32_t label = 0;
    for (std::size_t g = 0; g < centroids.padded; ++g) {
      std::int32_t score = centroids.base[g];
      const std::int32_t* weights =
          centroids.weights.data() + g / kCoarseWidth * pairs * kCoarseWidth + g % kCoarseWidth;
      for (std::size_t p = 0; p < pairs; ++p, weights += kCoarseWidth) {
        const std::int8_t* const codes = tile + (p * kTileRows + r) * 2;
        score += static_cast<std::int16_t>(*weights & 0xFFFF) * codes[0] + (*weights >> 16) * codes[1];
      }
      next = std::min(next, std::max(best, score));
      if (score < best) label = static_cast<std::uint32_t>(g);
      best = std::min(best, score);
    }
    out.labels[r] = label;
    const std::int32_t slack = centroids.slack + centroids.slack_per_off[label] * off[r];
    out.open |= static_cast<std::uint64_t>(next - best <= slack) << r;
    out.changed |= static_cast<std::uint64_t>(label != before[r]) << r;
  }
}

#else

using Scores = hn::CappedTag<std::int32_t, 16>;
using Codes = hn::Repartition<std::int16_t, Scores>;
using Bytes = hn::Rebind<std::int8_t, Codes>;
using Vector = hn::Vec<Scores>;

/// The least score so far of one register of rows, its label, and the next score.
struct Least {
  Vector best;
  Vector next;
  Vector label;

  HWY_INLINE Least() : best(hn::Set(Scores(), kNoScore)), next(best), label(hn::Zero(Scores())) {}
  HWY_INLINE void see(Vector score, Vector its_label) {
    label = hn::IfThenElse(hn::Lt(score, best), its_label, label);
    next = hn::Min(next, hn::Max(best, score));
    best = hn::Min(best, score);
  }
};

HWY_INLINE Vector slack_per_off(const CoarseCentroids& centroids, Vector label) {
  const Scores d;
  const std::int32_t* const table = centroids.slack_per_off.data();
  if (centroids.padded > hn::Lanes(d)) return hn::GatherIndex(d, table, label);
  return hn::TableLookupLanes(hn::LoadU(d, table), hn::IndicesFromVec(d, label));
}

HWY_INLINE void put(const Least& found, std::size_t at, const std::uint8_t* off, const CoarseCentroids& centroids,
                    const std::uint32_t* before, CoarseFound& out) {
  const Scores d;
  const hn::RebindToUnsigned<Scores> du;
  hn::Store(hn::BitCast(du, found.label), du, out.labels.data() + at);
  const auto its_off = hn::PromoteTo(d, hn::LoadU(hn::Rebind<std::uint8_t, Scores>(), off + at));
  const auto needed = hn::Add(hn::Set(d, centroids.slack), hn::Mul(slack_per_off(centroids, found.label), its_off));
  std::array<std::uint8_t, 8> open = {}, changed = {};
  hn::StoreMaskBits(d, hn::Not(hn::Gt(hn::Sub(found.next, found.best), needed)), open.data());
  hn::StoreMaskBits(d, hn::Ne(found.label, hn::BitCast(d, hn::LoadU(du, before + at))), changed.data());
  out.open |= (open[0] | std::uint64_t{open[1]} << 8U) << at;
  out.changed |= (changed[0] | std::uint64_t{changed[1]} << 8U) << at;
}

HWY_INLINE Vector add(Vector sum, hn::Vec<Codes> codes, std::int32_t weights) {
  const Scores d;
#if HWY_TARGET == HWY_AVX3_DL
  // The level's one instruction for it, which Highway 1.0 leaves out.
  asm("vpdpwssd %2, %1, %0" : "+v"(sum.raw) : "v"(codes.raw), "v"(hn::Set(d, weights).raw));
  return sum;
#else
  Vector none = hn::Zero(d);
  return hn::ReorderWidenMulAccumulate(d, codes, hn::BitCast(Codes(), hn::Set(d, weights)), sum, none);
#endif
}

/// Two registers of rows against kGroups times kCoarseWidth centroids from g on.
template <std::size_t kGroups>
HWY_INLINE void score(const std::int8_t* codes, const CoarseCentroids& centroids, std::size_t g, Least& a, Least& b) {
  constexpr std::size_t kWidth = kGroups * kCoarseWidth;
  const Scores d;
  const std::size_t pairs = (centroids.cols + 1) / 2;
  const std::int32_t* weights = centroids.weights.data() + g * pairs;
  std::array<Vector, kWidth> of_a, of_b;
  for (std::size_t i = 0; i < kWidth; ++i) of_a[i] = of_b[i] = hn::Set(d, centroids.base[g + i]);
  for (std::size_t p = 0; p < pairs; ++p, codes += kTileRows * 2, weights += kCoarseWidth) {
    const auto codes_a = hn::PromoteTo(Codes(), hn::LoadU(Bytes(), codes));
    const auto codes_b = hn::PromoteTo(Codes(), hn::LoadU(Bytes(), codes + 2 * hn::Lanes(d)));
    for (std::size_t i = 0; i < kWidth; ++i) {
      const std::int32_t weight = weights[i / kCoarseWidth * pairs * kCoarseWidth + i % kCoarseWidth];
      of_a[i] = add(of_a[i], codes_a, weight);
      of_b[i] = add(of_b[i], codes_b, weight);
    }
  }
  for (std::size_t i = 0; i < kWidth; ++i) {
    const auto label = hn::Set(d, static_cast<std::int32_t>(g + i));
    a.see(of_a[i], label);
    b.see(of_b[i], label);
  }
}

/// Two registers of rows against all centroids.
HWY_INLINE void search_rows(const std::int8_t* tile, const std::uint8_t* off, std::size_t at,
                            const CoarseCentroids& centroids, const std::uint32_t* before, CoarseFound& out) {
  Least a, b;
  std::size_t g = 0;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  // Registers enough for twice as many: codes are widened half as often.
  for (; g + 2 * kCoarseWidth <= centroids.padded; g += 2 * kCoarseWidth) score<2>(tile + at * 2, centroids, g, a, b);
#endif
  for (; g < centroids.padded; g += kCoarseWidth) score<1>(tile + at * 2, centroids, g, a, b);
  put(a, at, off, centroids, before, out);
  put(b, at + hn::Lanes(Scores()), off, centroids, before, out);
}

void search(const std::int8_t* tile, const std::uint8_t* off, const CoarseCentroids& centroids,
            const std::uint32_t* before, CoarseFound& out) noexcept {
  const std::size_t n = hn::Lanes(Scores());
  out.open = out.changed = 0;
  for (std::size_t at = 0; at < kTileRows; at += 2 * n) search_rows(tile, off, at, centroids, before, out);
}

#endif

}  // namespace

CoarseKernels coarse_level_kernels() { return {hwy::TargetName(HWY_TARGET), encode, search}; }

}  // namespace fenqun::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fenqun::cluster {
namespace {

HWY_EXPORT(coarse_level_kernels);

std::vector<CoarseKernels> find_levels() {
  std::vector<CoarseKernels> out;
  // Of those compiled; the best level has the lowest bit.
  const auto all = static_cast<std::uint64_t>(hwy::SupportedTargets() & HWY_TARGETS);
  for (std::uint64_t bit = std::uint64_t{1} << 62U; bit != 0; bit >>= 1U) {
    if ((all & bit) == 0) continue;
    hwy::GetChosenTarget().Update(static_cast<std::int64_t>(bit));
    out.push_back(HWY_DYNAMIC_DISPATCH(coarse_level_kernels)());
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return out;
}

}  // namespace

std::span<const CoarseKernels> coarse_kernel_levels() noexcept {
  static const auto kLevels = find_levels();
  return kLevels;
}

const CoarseKernels& coarse_kernels() noexcept {
  static const CoarseKernels& best = coarse_kernel_levels().back();
  return best;
}

}  // namespace fenqun::cluster
#endif
