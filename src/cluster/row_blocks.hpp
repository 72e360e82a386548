// cluster/row_blocks.hpp - how the rows of a matrix are cut into blocks for loops that reduce. Level 1, inside the
// room.
#pragma once

#include <algorithm>
#include <cstddef>

namespace fenqun::cluster {

/// Rows per block when each block keeps its own partial sums of `partial` doubles (k d, say). Depends on the shape
/// alone, never on the thread count, so that adding the partial sums in block order gives the same bits always.
/// At most 64 blocks, fewer when their sums would exceed 128 MiB; at least 1024 rows each.
inline std::size_t rows_per_block(std::size_t rows, std::size_t partial = 1) noexcept {
  constexpr std::size_t kMostBlocks = 64;
  constexpr std::size_t kMostDoubles = std::size_t{1} << 24U;
  constexpr std::size_t kLeastRows = 1024;
  const std::size_t blocks = std::clamp<std::size_t>(kMostDoubles / std::max<std::size_t>(partial, 1), 1, kMostBlocks);
  return std::max(kLeastRows, (rows + blocks - 1) / blocks);
}

}  // namespace fenqun::cluster
