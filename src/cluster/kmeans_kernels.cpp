// cluster/kmeans_kernels.cpp - compiled once for each level of instructions; Highway chooses the levels.
#include "cluster/kmeans_kernels.hpp"

#include "cluster/row_tile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

// Between the levels left there is little to gain.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/kmeans_kernels.cpp"  // NOLINT: Highway's name
#include <hwy/foreach_target.h>
// After it: the level's types.
#include "cluster/row_tile_lanes.inc"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fenqun::cluster::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kVectors = 4;  // registers of sums worked on side by side

using Lanes = hn::CappedTag<float, 16>;
using Labels = hn::RebindToSigned<Lanes>;
using Vector = hn::Vec<Lanes>;
using LabelVector = hn::Vec<Labels>;

struct alignas(64) TileResult {
  std::array<float, kTileRows> squared;
  std::array<float, kTileRows> next_squared;
  std::array<std::int32_t, kTileRows> labels;
  std::array<std::int32_t, kTileRows> next_labels;
};

/// The distances of kVectors registers of rows, summed over columns in order. Products are rounded before they are
/// added, with or without fused instructions: every level gives the same bits.
struct Sums {
  Vector s0, s1, s2, s3;
};

HWY_INLINE Sums no_sums() {
  const Lanes d;
  return {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
}

HWY_INLINE Sums load_sums(const float* from) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  return {hn::LoadU(d, from), hn::LoadU(d, from + n), hn::LoadU(d, from + 2 * n), hn::LoadU(d, from + 3 * n)};
}

HWY_INLINE void store_sums(const Sums& sums, float* to) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  hn::StoreU(sums.s0, d, to);
  hn::StoreU(sums.s1, d, to + n);
  hn::StoreU(sums.s2, d, to + 2 * n);
  hn::StoreU(sums.s3, d, to + 3 * n);
}

/// What one column adds to a distance.
template <RowMetric kMetric>
HWY_INLINE Vector part(Vector value, Vector centre) {
  Vector difference = hn::Sub(value, centre);
  if constexpr (kMetric == RowMetric::SquaredPresent || kMetric == RowMetric::ManhattanPresent) {
    difference = hn::IfThenElseZero(hn::Eq(difference, difference), difference);
  }
  if constexpr (kMetric == RowMetric::Manhattan || kMetric == RowMetric::ManhattanPresent) return hn::Abs(difference);
  return hn::Mul(difference, difference);
}

template <RowMetric kMetric>
HWY_INLINE Sums add_parts(const float* tile, const float* centroid, std::size_t cols, Sums sums) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  for (std::size_t c = 0; c < cols; ++c, tile += kTileRows) {
    const auto centre = hn::Set(d, centroid[c]);
    sums.s0 = hn::Add(sums.s0, part<kMetric>(hn::Load(d, tile), centre));
    sums.s1 = hn::Add(sums.s1, part<kMetric>(hn::Load(d, tile + n), centre));
    sums.s2 = hn::Add(sums.s2, part<kMetric>(hn::Load(d, tile + 2 * n), centre));
    sums.s3 = hn::Add(sums.s3, part<kMetric>(hn::Load(d, tile + 3 * n), centre));
  }
  return sums;
}

/// The nearest so far of one register of rows, and the second nearest.
template <bool kTwo>
struct Nearest {
  Vector squared;
  LabelVector label;

  HWY_INLINE Nearest()
      : squared(hn::Set(Lanes(), std::numeric_limits<float>::infinity())), label(hn::Set(Labels(), -1)) {}
  HWY_INLINE void see(Vector other, LabelVector other_label) {
    const auto nearer = hn::Lt(other, squared);
    squared = hn::IfThenElse(nearer, other, squared);
    label = hn::IfThenElse(hn::RebindMask(Labels(), nearer), other_label, label);
  }
  HWY_INLINE void put(std::size_t at, TileResult& out) const {
    hn::Store(squared, Lanes(), out.squared.data() + at);
    hn::Store(label, Labels(), out.labels.data() + at);
  }
};

template <>
struct Nearest<true> {
  Vector squared;
  Vector next_squared;
  LabelVector label;
  LabelVector next_label;

  HWY_INLINE Nearest()
      : squared(hn::Set(Lanes(), std::numeric_limits<float>::infinity())),
        next_squared(squared),
        label(hn::Set(Labels(), -1)),
        next_label(label) {}
  HWY_INLINE void see(Vector other, LabelVector other_label) {
    const auto nearer = hn::Lt(other, squared);
    const auto second = hn::Lt(other, next_squared);
    const auto label_nearer = hn::RebindMask(Labels(), nearer);
    next_squared = hn::IfThenElse(nearer, squared, hn::IfThenElse(second, other, next_squared));
    next_label =
        hn::IfThenElse(label_nearer, label, hn::IfThenElse(hn::RebindMask(Labels(), second), other_label, next_label));
    squared = hn::IfThenElse(nearer, other, squared);
    label = hn::IfThenElse(label_nearer, other_label, label);
  }
  HWY_INLINE void put(std::size_t at, TileResult& out) const {
    hn::Store(squared, Lanes(), out.squared.data() + at);
    hn::Store(label, Labels(), out.labels.data() + at);
    hn::Store(next_squared, Lanes(), out.next_squared.data() + at);
    hn::Store(next_label, Labels(), out.next_labels.data() + at);
  }
};

/// The last columns of a tile against all centroids, on top of what `scratch` holds of those before.
template <RowMetric kMetric, bool kTwo>
HWY_INLINE void search_tile(const Tile& tile, std::size_t begin, std::size_t width, RowView<const float> centroids,
                            const float* scratch, TileResult& out) {
  const std::size_t n = hn::Lanes(Lanes());
  for (std::size_t at = 0; at < kTileRows; at += kVectors * n) {
    Nearest<kTwo> v0, v1, v2, v3;
    for (std::size_t k = 0; k < centroids.rows(); ++k) {
      const float* const centroid = centroids.data() + k * centroids.stride() + begin;
      const auto before = begin == 0 ? no_sums() : load_sums(scratch + k * kTileRows + at);
      const auto sums = add_parts<kMetric>(tile.values.data() + at, centroid, width, before);
      const auto label = hn::Set(Labels(), static_cast<std::int32_t>(k));
      v0.see(sums.s0, label);
      v1.see(sums.s1, label);
      v2.see(sums.s2, label);
      v3.see(sums.s3, label);
    }
    v0.put(at, out);
    v1.put(at + n, out);
    v2.put(at + 2 * n, out);
    v3.put(at + 3 * n, out);
  }
}

/// All columns but the last kTileCols or fewer, summed into `scratch`; returns where the rest begins.
template <RowMetric kMetric>
HWY_INLINE std::size_t sum_first_columns(const float* rows, std::size_t stride, std::size_t count,
                                         RowView<const float> centroids, Tile& tile, float* scratch) {
  const std::size_t n = hn::Lanes(Lanes());
  std::size_t begin = 0;
  for (; begin + kTileCols < centroids.cols(); begin += kTileCols) {
    transpose(rows + begin, stride, count, kTileCols, tile);
    for (std::size_t k = 0; k < centroids.rows(); ++k) {
      const float* const centroid = centroids.data() + k * centroids.stride() + begin;
      for (std::size_t at = 0; at < kTileRows; at += kVectors * n) {
        float* const kept = scratch + k * kTileRows + at;
        const auto before = begin == 0 ? no_sums() : load_sums(kept);
        store_sums(add_parts<kMetric>(tile.values.data() + at, centroid, kTileCols, before), kept);
      }
    }
  }
  return begin;
}

/// Fetches narrow rows that are searched soon; wide ones take long enough for the processor to see them coming.
HWY_INLINE void fetch_ahead(const float* rows, std::size_t stride) {
  constexpr std::size_t kLineValues = 16;
  if (stride > kTileCols) return;
  const float* const ahead = rows + 2 * kTileRows * stride;
  for (std::size_t i = 0; i < kTileRows * stride; i += kLineValues) __builtin_prefetch(ahead + i);
}

template <RowMetric kMetric, bool kTwo>
HWY_INLINE void search_rows(RowView<const float> rows, RowView<const float> centroids, float* scratch,
                            std::uint32_t* labels, float* squared, std::uint32_t* next_labels, float* next_squared) {
  Tile tile;
  TileResult out;
  for (std::size_t first = 0; first < rows.rows(); first += kTileRows) {
    const std::size_t count = std::min(kTileRows, rows.rows() - first);
    const float* const at = rows.data() + first * rows.stride();
    fetch_ahead(at, rows.stride());
    const std::size_t begin = sum_first_columns<kMetric>(at, rows.stride(), count, centroids, tile, scratch);
    const std::size_t width = centroids.cols() - begin;
    transpose(at + begin, rows.stride(), count, width, tile);
    search_tile<kMetric, kTwo>(tile, begin, width, centroids, scratch, out);
    __builtin_memcpy(labels + first, out.labels.data(), count * sizeof(std::uint32_t));
    __builtin_memcpy(squared + first, out.squared.data(), count * sizeof(float));
    if constexpr (kTwo) {
      __builtin_memcpy(next_labels + first, out.next_labels.data(), count * sizeof(std::uint32_t));
      __builtin_memcpy(next_squared + first, out.next_squared.data(), count * sizeof(float));
    }
  }
}

template <RowMetric kMetric>
void nearest(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch, std::uint32_t* labels,
             float* distances) noexcept {
  search_rows<kMetric, false>(rows, centroids, scratch.data(), labels, distances, nullptr, nullptr);
}

template <RowMetric kMetric>
void nearest_two(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                 std::uint32_t* labels, float* distances, std::uint32_t* next_labels, float* next_distances) noexcept {
  search_rows<kMetric, true>(rows, centroids, scratch.data(), labels, distances, next_labels, next_distances);
}

template <RowMetric kMetric>
constexpr SearchKernels search_kernels() {
  return {nearest<kMetric>, nearest_two<kMetric>};
}

/// The squares of what lies between a row and its centroid, column by column.
HWY_INLINE void square_row(const float* row, const float* centroid, std::size_t cols, float* out) {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + n <= cols; c += n) {
    const auto difference = hn::Sub(hn::LoadU(d, row + c), hn::LoadU(d, centroid + c));
    hn::StoreU(hn::Mul(difference, difference), d, out + c);
  }
  for (; c < cols; ++c) out[c] = (row[c] - centroid[c]) * (row[c] - centroid[c]);
}

void own(RowView<const float> rows, RowView<const float> centroids, const std::uint32_t* labels,
         float* distances) noexcept {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  struct alignas(64) Squares {
    std::array<float, kTileRows * kTileCols> values;
  } squares;
  Tile tile;
  for (std::size_t first = 0; first < rows.rows(); first += kTileRows) {
    const std::size_t count = std::min(kTileRows, rows.rows() - first);
    const float* const at = rows.data() + first * rows.stride();
    fetch_ahead(at, rows.stride());
    struct alignas(64) Total {
      std::array<float, kTileRows> squared = {};
    } total;
    for (std::size_t begin = 0; begin < rows.cols(); begin += kTileCols) {
      const std::size_t width = std::min(kTileCols, rows.cols() - begin);
      for (std::size_t r = 0; r < count; ++r) {
        const float* const centroid = centroids.data() + labels[first + r] * centroids.stride() + begin;
        square_row(at + r * rows.stride() + begin, centroid, width, squares.values.data() + r * width);
      }
      transpose(squares.values.data(), width, count, width, tile);
      for (std::size_t i = 0; i < kTileRows; i += n) {
        auto sum = hn::Load(d, total.squared.data() + i);
        for (std::size_t c = 0; c < width; ++c) sum = hn::Add(sum, hn::Load(d, tile.values.data() + c * kTileRows + i));
        hn::Store(sum, d, total.squared.data() + i);
      }
    }
    __builtin_memcpy(distances + first, total.squared.data(), count * sizeof(float));
  }
}

HWY_INLINE void add_row(const float* row, std::size_t cols, double* sum) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> half;
  const std::size_t n = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + n <= cols; c += n)
    hn::StoreU(hn::Add(hn::LoadU(d, sum + c), hn::PromoteTo(d, hn::LoadU(half, row + c))), d, sum + c);
  for (; c < cols; ++c) sum[c] += static_cast<double>(row[c]);
}

/// Out of one sum, into another.
HWY_INLINE void move_row(const float* row, std::size_t cols, double* from, double* to) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> half;
  const std::size_t n = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + n <= cols; c += n) {
    const auto values = hn::PromoteTo(d, hn::LoadU(half, row + c));
    hn::StoreU(hn::Sub(hn::LoadU(d, from + c), values), d, from + c);
    hn::StoreU(hn::Add(hn::LoadU(d, to + c), values), d, to + c);
  }
  for (; c < cols; ++c) {
    from[c] -= static_cast<double>(row[c]);
    to[c] += static_cast<double>(row[c]);
  }
}

void add_rows(RowView<const float> rows, const std::uint32_t* labels, double* sums, std::uint64_t* counts) noexcept {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    add_row(rows.data() + r * rows.stride(), rows.cols(), sums + labels[r] * rows.cols());
    ++counts[labels[r]];
  }
}

std::size_t move_rows(RowView<const float> rows, const std::uint32_t* from, const std::uint32_t* to, double* sums,
                      std::uint64_t* counts) noexcept {
  std::size_t moved = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    if (from[r] == to[r]) continue;
    const float* const row = rows.data() + r * rows.stride();
    move_row(row, rows.cols(), sums + from[r] * rows.cols(), sums + to[r] * rows.cols());
    --counts[from[r]];
    ++counts[to[r]];
    ++moved;
  }
  return moved;
}

void move_chosen(RowView<const float> rows, std::span<const std::size_t> which, const std::uint32_t* from,
                 const std::uint32_t* to, double* sums, std::uint64_t* counts) noexcept {
  for (std::size_t i = 0; i < which.size(); ++i) {
    const float* const row = rows.data() + which[i] * rows.stride();
    move_row(row, rows.cols(), sums + from[i] * rows.cols(), sums + to[i] * rows.cols());
    --counts[from[i]];
    ++counts[to[i]];
  }
}

double add_up(std::span<const float> values) noexcept {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> half;
  const std::size_t n = hn::Lanes(d);
  constexpr std::size_t kSums = 8;  // the same on every level
  alignas(64) std::array<double, kSums> sums = {};
  std::size_t i = 0;
  for (; i + kSums <= values.size(); i += kSums) {
    for (std::size_t j = 0; j < kSums; j += n) {
      const auto more = hn::PromoteTo(d, hn::LoadU(half, values.data() + i + j));
      hn::Store(hn::Add(hn::Load(d, sums.data() + j), more), d, sums.data() + j);
    }
  }
  for (std::size_t j = 0; i < values.size(); ++i, ++j) sums[j] += static_cast<double>(values[i]);
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

std::size_t narrow_margins(std::span<float> margins, const std::uint32_t* labels, const float* less,
                           std::uint8_t* open) noexcept {
  const Lanes d;
  const Labels di;
  const std::size_t n = hn::Lanes(d);
  const auto kept = hn::Set(d, kMarginKept);
  std::size_t count = 0;
  std::size_t i = 0;
  for (; i + n <= margins.size(); i += n) {
    const auto label = hn::BitCast(di, hn::LoadU(hn::RebindToUnsigned<Labels>(), labels + i));
    const auto left = hn::Mul(hn::Sub(hn::LoadU(d, margins.data() + i), hn::GatherIndex(d, less, label)), kept);
    hn::StoreU(left, d, margins.data() + i);
    const auto is_open = hn::Not(hn::Gt(left, hn::Zero(d)));
    std::array<std::uint8_t, 8> bytes = {};
    hn::StoreMaskBits(d, is_open, bytes.data());
    for (std::uint32_t bits = bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8U; bits != 0; bits &= bits - 1) {
      open[count++] = static_cast<std::uint8_t>(i + static_cast<std::size_t>(__builtin_ctz(bits)));
    }
  }
  for (; i < margins.size(); ++i) {
    margins[i] = (margins[i] - less[labels[i]]) * kMarginKept;
    open[count] = static_cast<std::uint8_t>(i);
    count += !(margins[i] > 0) ? 1U : 0U;
  }
  return count;
}

void find_margins(std::span<const float> squared, const float* next_squared, float rounding, float* margins) noexcept {
  const Lanes d;
  const std::size_t n = hn::Lanes(d);
  const auto twice = hn::Set(d, 2 * rounding);
  std::size_t i = 0;
  for (; i + n <= squared.size(); i += n) {
    const auto own = hn::Sqrt(hn::LoadU(d, squared.data() + i));
    const auto next = hn::Sqrt(hn::LoadU(d, next_squared + i));
    hn::StoreU(hn::Sub(hn::Sub(next, own), hn::Mul(twice, hn::Add(next, own))), d, margins + i);
  }
  for (; i < squared.size(); ++i) {
    const float own = std::sqrt(squared[i]);
    const float next = std::sqrt(next_squared[i]);
    margins[i] = next - own - 2 * rounding * (next + own);
  }
}

}  // namespace

KMeansKernels level_kernels() {
  return {hwy::TargetName(HWY_TARGET),
          {search_kernels<RowMetric::Squared>(), search_kernels<RowMetric::SquaredPresent>(),
           search_kernels<RowMetric::Manhattan>(), search_kernels<RowMetric::ManhattanPresent>()},
          nearest<RowMetric::Squared>,
          nearest_two<RowMetric::Squared>,
          own,
          add_rows,
          move_rows,
          move_chosen,
          add_up,
          find_margins,
          narrow_margins};
}

}  // namespace fenqun::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fenqun::cluster {
namespace {

HWY_EXPORT(level_kernels);

std::vector<KMeansKernels> find_levels() {
  std::vector<KMeansKernels> out;
  // Of those compiled; the best level has the lowest bit.
  const auto all = static_cast<std::uint64_t>(hwy::SupportedTargets() & HWY_TARGETS);
  for (std::uint64_t bit = std::uint64_t{1} << 62U; bit != 0; bit >>= 1U) {
    if ((all & bit) == 0) continue;
    hwy::GetChosenTarget().Update(static_cast<std::int64_t>(bit));
    out.push_back(HWY_DYNAMIC_DISPATCH(level_kernels)());
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return out;
}

}  // namespace

std::size_t scratch_size(std::size_t clusters, std::size_t cols) noexcept {
  return cols > kTileCols ? clusters * kTileRows : 0;
}

std::span<const KMeansKernels> kernel_levels() noexcept {
  static const auto kLevels = find_levels();
  return kLevels;
}

const KMeansKernels& kernels() noexcept {
  static const KMeansKernels& best = kernel_levels().back();
  return best;
}

float row_distance(RowMetric metric, std::span<const float> a, std::span<const float> b) noexcept {
  const bool is_squared = metric == RowMetric::Squared || metric == RowMetric::SquaredPresent;
  const bool skips_missing = metric == RowMetric::SquaredPresent || metric == RowMetric::ManhattanPresent;
  float sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    const float difference = a[c] - b[c];
    if (skips_missing && std::isnan(difference)) continue;
    sum += is_squared ? difference * difference : std::abs(difference);
  }
  return sum;
}

float squared_distance(std::span<const float> a, std::span<const float> b) noexcept {
  return row_distance(RowMetric::Squared, a, b);
}

}  // namespace fenqun::cluster
#endif
