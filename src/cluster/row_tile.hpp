// cluster/row_tile.hpp - the size of the tiles in which rows are worked on. Level 1, inside the room.
#pragma once

#include <cstddef>

namespace fenqun::cluster {

inline constexpr std::size_t kTileRows = 64;  // one lane each
inline constexpr std::size_t kTileCols = 32;  // columns transposed at a time

}  // namespace fenqun::cluster
