// cluster/coarse_kernels.hpp - rows in one byte a value against centroids, in whole numbers. Level 1, inside the room.
// Checked input only, noexcept. Whole numbers add up exactly: every level of instructions gives the same.
#pragma once

#include "base/matrix.hpp"
#include "cluster/row_tile.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fenqun::cluster {

/// Centroids that are compared side by side.
inline constexpr std::size_t kCoarseWidth = 4;
/// Rows in the widest register.
inline constexpr std::size_t kMostLanes = 16;

/// Bytes of one tile: for every two columns the two codes of each row, an odd last column beside zeros.
constexpr std::size_t tile_bytes(std::size_t cols) noexcept { return (cols + 1) / 2 * 2 * kTileRows; }

/// code = the whole number nearest to (value - middle) / step, within -127..127.
struct CodeScale {
  std::span<const float> middle;    // d
  std::span<const float> step;      // d, >= 0
  std::span<const float> per_step;  // d: 1 / step, or 0 where the code is always 0
  float per_off_unit = 0;           // 1 / the unit of CodedTile::off
};
inline constexpr float kMostCode = 127;

/// One tile of rows in codes.
struct CodedTile {
  std::int8_t* codes = nullptr;      // tile_bytes(d)
  std::uint8_t* off = nullptr;       // kTileRows: how far each row is from what its codes say, in units, rounded up
  std::uint64_t* outside = nullptr;  // bit i: row i is farther off than units tell; any for rows missing
};

/// Centroids in units of the codes: score[g] = base[g] + sum over columns of weight[g][c] code[c], the nearest has the
/// least. |score| stays up to 2^29.
struct CoarseCentroids {
  std::size_t cols = 0;
  std::size_t padded = 0;              // k rounded up to kCoarseWidth; the centroids added score 2^29
  std::span<const std::int32_t> base;  // padded
  // g is the nearest beyond doubt where the next score is greater by more than slack + slack_per_off[g] off, a sum of
  // at most 2^30.
  std::int32_t slack = 0;
  std::span<const std::int32_t> slack_per_off;  // padded, and kMostLanes at least
  // padded / kCoarseWidth x column pairs x kCoarseWidth: weights of two columns, the first in the low 16 bits.
  std::span<const std::int32_t> weights;
};

struct alignas(64) CoarseFound {
  std::array<std::uint32_t, kTileRows> labels;  // of the least score
  std::uint64_t open = 0;                       // bit i: row i may belong to another
  std::uint64_t changed = 0;                    // bit i: its label is not the one before
};

struct CoarseKernels {
  std::string_view level;
  /// 1..kTileRows rows; the codes of those missing are those of the last.
  void (*encode)(RowView<const float> rows, const CodeScale& scale, const CodedTile& out) noexcept;
  /// `codes` of tile_bytes(cols); `off` and `before` of kTileRows.
  void (*search)(const std::int8_t* codes, const std::uint8_t* off, const CoarseCentroids& centroids,
                 const std::uint32_t* before, CoarseFound& out) noexcept;
};

/// Every level this processor runs, the slowest first.
std::span<const CoarseKernels> coarse_kernel_levels() noexcept;
/// The fastest of them.
const CoarseKernels& coarse_kernels() noexcept;

}  // namespace fenqun::cluster
