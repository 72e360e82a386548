// cluster/row_tile-inl.hpp - rows turned into columns, for kernels; included once for each level of instructions. Level 1,
// inside the room.
#include "cluster/row_tile.hpp"

#include <algorithm>
#include <array>

#include <hwy/highway.h>

#if defined(FENQUN_CLUSTER_ROW_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef FENQUN_CLUSTER_ROW_TILE_INL
#undef FENQUN_CLUSTER_ROW_TILE_INL
#else
#define FENQUN_CLUSTER_ROW_TILE_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace fenqun::cluster::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// kTileRows values per column, column after column.
struct alignas(64) Tile {
  std::array<float, kTileRows * kTileCols> values;
};

#if HWY_TARGET == HWY_SCALAR
constexpr std::size_t kRowsTogether = 4;

HWY_INLINE void transpose_four(const float* row, std::size_t stride, float* out) {
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t r = 0; r < kRowsTogether; ++r) out[c * kTileRows + r] = row[r * stride + c];
  }
}
#else
using TileLanes = hn::CappedTag<float, 16>;
constexpr std::size_t kRowsTogether = hn::MaxLanes(TileLanes());

/// Four values each of row, of the fourth row after it and so on, as many as there is room for.
template <class D>
HWY_INLINE hn::Vec<D> load_every_fourth(D d, const float* row, std::size_t stride) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return hn::LoadU(d, row);
  } else {
    const hn::Half<D> half;
    const auto low = load_every_fourth(half, row, stride);
    return hn::Combine(d, load_every_fourth(half, row + hn::MaxLanes(half) * stride, stride), low);
  }
}

/// kRowsTogether rows of four columns become four columns of as many rows.
HWY_INLINE void transpose_four(const float* row, std::size_t stride, float* out) {
  const TileLanes d;
  const hn::Repartition<double, TileLanes> two;
  const auto a = load_every_fourth(d, row, stride);
  const auto b = load_every_fourth(d, row + stride, stride);
  const auto c = load_every_fourth(d, row + 2 * stride, stride);
  const auto e = load_every_fourth(d, row + 3 * stride, stride);
  const auto low_ab = hn::BitCast(two, hn::InterleaveLower(d, a, b));
  const auto high_ab = hn::BitCast(two, hn::InterleaveUpper(d, a, b));
  const auto low_ce = hn::BitCast(two, hn::InterleaveLower(d, c, e));
  const auto high_ce = hn::BitCast(two, hn::InterleaveUpper(d, c, e));
  hn::Store(hn::BitCast(d, hn::InterleaveLower(two, low_ab, low_ce)), d, out);
  hn::Store(hn::BitCast(d, hn::InterleaveUpper(two, low_ab, low_ce)), d, out + kTileRows);
  hn::Store(hn::BitCast(d, hn::InterleaveLower(two, high_ab, high_ce)), d, out + 2 * kTileRows);
  hn::Store(hn::BitCast(d, hn::InterleaveUpper(two, high_ab, high_ce)), d, out + 3 * kTileRows);
}
#endif

HWY_INLINE void transpose(const float* rows, std::size_t stride, std::size_t count, std::size_t cols, Tile& tile) {
  float* const out = tile.values.data();
  std::size_t r = 0;
  for (; r + kRowsTogether <= count; r += kRowsTogether) {
    const float* const row = rows + r * stride;
    std::size_t c = 0;
    for (; c + 4 <= cols; c += 4) transpose_four(row + c, stride, out + c * kTileRows + r);
    for (; c < cols; ++c) {
      for (std::size_t i = 0; i < kRowsTogether; ++i) out[c * kTileRows + r + i] = row[i * stride + c];
    }
  }
  // Lanes without a row repeat the last one; their results are dropped.
  for (; r < kTileRows; ++r) {
    const float* const row = rows + std::min(r, count - 1) * stride;
    for (std::size_t c = 0; c < cols; ++c) out[c * kTileRows + r] = row[c];
  }
}

}  // namespace
}  // namespace fenqun::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
