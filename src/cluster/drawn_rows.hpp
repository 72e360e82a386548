// cluster/drawn_rows.hpp - some of the rows, drawn by a seed. Level 1, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "base/random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fenqun::cluster {

/// `count` <= n different numbers of [0, n), ascending; each set of that size is equally likely. Time O(n). Source:
/// algorithm S of Knuth, TAOCP 2, 3.4.2.
std::vector<std::size_t> draw_rows(std::size_t n, std::size_t count, Random random);

/// The rows of these numbers, one after the other.
Matrix<float> gather_rows(RowView<const float> rows, std::span<const std::size_t> numbers);

/// Their weights; none of none.
std::vector<float> gather_weights(std::span<const float> weights, std::span<const std::size_t> numbers);

/// The rows of group `group`, ascending.
std::vector<std::size_t> rows_of_group(std::span<const std::uint32_t> labels, std::uint32_t group);

}  // namespace fenqun::cluster
