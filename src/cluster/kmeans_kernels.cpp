// cluster/kmeans_kernels.cpp
#include "cluster/kmeans_kernels.hpp"

#include <algorithm>
#include <array>
#include <limits>

// GCC's and clang's vector types: plain arithmetic that the compiler maps to the widest registers of the function's
// target. Helpers must be inlined into that function, hence the attribute.
#define FENQUN_INLINE inline __attribute__((always_inline))

namespace fenqun::cluster {
namespace {

constexpr std::size_t kTileRows = 32;  // rows worked on at a time, one lane each
constexpr std::size_t kTileCols = 32;  // columns transposed at a time
constexpr float kFar = std::numeric_limits<float>::infinity();

struct Wide4 {
  using Float __attribute__((vector_size(16), may_alias)) = float;
  using Int __attribute__((vector_size(16), may_alias)) = std::int32_t;
  static constexpr std::size_t kLanes = 4;
};
struct Wide8 {
  using Float __attribute__((vector_size(32), may_alias)) = float;
  using Int __attribute__((vector_size(32), may_alias)) = std::int32_t;
  static constexpr std::size_t kLanes = 8;
};

/// Four registers: std::array would drop the attributes of the element type.
template <class W>
struct Four {
  typename W::Float at[4];  // NOLINT(modernize-avoid-c-arrays)
};

/// kTileRows values per column, column after column.
struct alignas(64) Tile {
  std::array<float, kTileRows * kTileCols> values;
};
struct alignas(64) TileResult {
  std::array<float, kTileRows> squared;
  std::array<float, kTileRows> next_squared;
  std::array<std::int32_t, kTileRows> labels;
  std::array<std::int32_t, kTileRows> next_labels;
};

FENQUN_INLINE void transpose(const float* rows, std::size_t stride, std::size_t count, std::size_t cols, Tile& tile) {
  using Float = Wide4::Float;
  float* const out = tile.values.data();
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const float* const row = rows + r * stride;
    std::size_t c = 0;
    for (; c + 4 <= cols; c += 4) {
      Float in[4];  // NOLINT(modernize-avoid-c-arrays)
      for (std::size_t i = 0; i < 4; ++i) __builtin_memcpy(&in[i], row + i * stride + c, sizeof(Float));
      const Float low01 = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);
      const Float high01 = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);
      const Float low23 = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);
      const Float high23 = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);
      float* const at = out + c * kTileRows + r;
      *reinterpret_cast<Float*>(at) = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
      *reinterpret_cast<Float*>(at + kTileRows) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
      *reinterpret_cast<Float*>(at + 2 * kTileRows) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
      *reinterpret_cast<Float*>(at + 3 * kTileRows) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
    }
    for (; c < cols; ++c) {
      for (std::size_t i = 0; i < 4; ++i) out[c * kTileRows + r + i] = row[i * stride + c];
    }
  }
  // Lanes without a row repeat the last one; their results are dropped.
  for (; r < kTileRows; ++r) {
    const float* const row = rows + std::min(r, count - 1) * stride;
    for (std::size_t c = 0; c < cols; ++c) out[c * kTileRows + r] = row[c];
  }
}

/// Adds the squared differences of `cols` columns to four registers of sums.
template <class W>
FENQUN_INLINE void add_squares(const float* tile, const float* centroid, std::size_t cols, Four<W>& sums) {
  using Float = typename W::Float;
  Float s0 = sums.at[0];
  Float s1 = sums.at[1];
  Float s2 = sums.at[2];
  Float s3 = sums.at[3];
  for (std::size_t c = 0; c < cols; ++c) {
    const auto* const x = reinterpret_cast<const Float*>(tile + c * kTileRows);
    const Float d0 = x[0] - centroid[c];
    const Float d1 = x[1] - centroid[c];
    const Float d2 = x[2] - centroid[c];
    const Float d3 = x[3] - centroid[c];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  sums = {{s0, s1, s2, s3}};
}

template <class W, bool kTwo>
FENQUN_INLINE void keep_nearest(const Four<W>& sums, std::int32_t label, std::size_t at, TileResult& out) {
  using Float = typename W::Float;
  using Int = typename W::Int;
  auto* const best = reinterpret_cast<Float*>(out.squared.data() + at);
  auto* const best_label = reinterpret_cast<Int*>(out.labels.data() + at);
  const Int mine = label - Int{};
  for (std::size_t v = 0; v < 4; ++v) {
    const Int nearer = sums.at[v] < best[v];
    if constexpr (kTwo) {
      auto* const next = reinterpret_cast<Float*>(out.next_squared.data() + at);
      auto* const next_label = reinterpret_cast<Int*>(out.next_labels.data() + at);
      const Int second = sums.at[v] < next[v];
      next[v] = nearer ? best[v] : (second ? sums.at[v] : next[v]);
      next_label[v] = nearer ? best_label[v] : (second ? mine : next_label[v]);
    }
    best[v] = nearer ? sums.at[v] : best[v];
    best_label[v] = nearer ? mine : best_label[v];
  }
}

/// One tile against all centroids. `scratch` carries the sums from one group of columns to the next.
template <class W, bool kTwo>
FENQUN_INLINE void search_tile(const float* rows, std::size_t stride, std::size_t count, RowView<const float> centroids,
                               float* scratch, TileResult& out) {
  constexpr std::size_t kGroup = 4 * W::kLanes;
  const std::size_t cols = centroids.cols();
  Tile tile;
  for (std::size_t begin = 0; begin < cols; begin += kTileCols) {
    const std::size_t width = std::min(kTileCols, cols - begin);
    const bool first = begin == 0;
    const bool last = begin + width == cols;
    transpose(rows + begin, stride, count, width, tile);
    for (std::size_t k = 0; k < centroids.rows(); ++k) {
      const float* const centroid = centroids.data() + k * centroids.stride() + begin;
      for (std::size_t at = 0; at < kTileRows; at += kGroup) {
        float* const kept = scratch + k * kTileRows + at;
        Four<W> sums = {};
        if (!first) __builtin_memcpy(&sums, kept, sizeof sums);
        add_squares<W>(tile.values.data() + at, centroid, width, sums);
        if (last) {
          keep_nearest<W, kTwo>(sums, static_cast<std::int32_t>(k), at, out);
        } else {
          __builtin_memcpy(kept, &sums, sizeof sums);
        }
      }
    }
  }
}

template <class W, bool kTwo>
FENQUN_INLINE void search_rows(RowView<const float> rows, RowView<const float> centroids, float* scratch,
                               std::uint32_t* labels, float* squared, std::uint32_t* next_labels, float* next_squared) {
  TileResult out;
  for (std::size_t begin = 0; begin < rows.rows(); begin += kTileRows) {
    const std::size_t count = std::min(kTileRows, rows.rows() - begin);
    out.squared.fill(kFar);
    out.labels.fill(-1);
    if constexpr (kTwo) {
      out.next_squared.fill(kFar);
      out.next_labels.fill(-1);
    }
    search_tile<W, kTwo>(rows.data() + begin * rows.stride(), rows.stride(), count, centroids, scratch, out);
    __builtin_memcpy(labels + begin, out.labels.data(), count * sizeof(std::uint32_t));
    __builtin_memcpy(squared + begin, out.squared.data(), count * sizeof(float));
    if constexpr (kTwo) {
      __builtin_memcpy(next_labels + begin, out.next_labels.data(), count * sizeof(std::uint32_t));
      __builtin_memcpy(next_squared + begin, out.next_squared.data(), count * sizeof(float));
    }
  }
}

void nearest_baseline(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                      std::uint32_t* labels, float* squared) noexcept {
  search_rows<Wide4, false>(rows, centroids, scratch.data(), labels, squared, nullptr, nullptr);
}
void nearest_two_baseline(RowView<const float> rows, RowView<const float> centroids, std::span<float> scratch,
                          std::uint32_t* labels, float* squared, std::uint32_t* next_labels,
                          float* next_squared) noexcept {
  search_rows<Wide4, true>(rows, centroids, scratch.data(), labels, squared, next_labels, next_squared);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void nearest_avx2(RowView<const float> rows, RowView<const float> centroids,
                                                  std::span<float> scratch, std::uint32_t* labels,
                                                  float* squared) noexcept {
  search_rows<Wide8, false>(rows, centroids, scratch.data(), labels, squared, nullptr, nullptr);
}
__attribute__((target("avx2"))) void nearest_two_avx2(RowView<const float> rows, RowView<const float> centroids,
                                                      std::span<float> scratch, std::uint32_t* labels, float* squared,
                                                      std::uint32_t* next_labels, float* next_squared) noexcept {
  search_rows<Wide8, true>(rows, centroids, scratch.data(), labels, squared, next_labels, next_squared);
}
bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") != 0; }
constexpr std::array kLevels = {KMeansKernels{"baseline", nearest_baseline, nearest_two_baseline},
                                KMeansKernels{"avx2", nearest_avx2, nearest_two_avx2}};
#else
bool has_avx2() noexcept { return false; }
constexpr std::array kLevels = {KMeansKernels{"baseline", nearest_baseline, nearest_two_baseline}};
#endif

}  // namespace

std::size_t scratch_size(std::size_t clusters, std::size_t cols) noexcept {
  return cols > kTileCols ? clusters * kTileRows : 0;
}

std::span<const KMeansKernels> kernel_levels() noexcept {
  return std::span(kLevels).first(has_avx2() ? kLevels.size() : 1);
}

const KMeansKernels& kernels() noexcept {
  static const KMeansKernels& best = kernel_levels().back();
  return best;
}

float squared_distance(std::span<const float> a, std::span<const float> b) noexcept {
  float sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    const float difference = a[c] - b[c];
    sum += difference * difference;
  }
  return sum;
}

double add_rows(RowView<const float> rows, const std::uint32_t* labels, const float* squared, double* sums,
                std::uint64_t* counts) noexcept {
  const std::size_t cols = rows.cols();
  double total = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const float* const row = rows.data() + r * rows.stride();
    double* const sum = sums + labels[r] * cols;
    for (std::size_t c = 0; c < cols; ++c) sum[c] += static_cast<double>(row[c]);
    ++counts[labels[r]];
    total += static_cast<double>(squared[r]);
  }
  return total;
}

}  // namespace fenqun::cluster
