// datagen/quota.hpp - exact shares: how many of a whole each class gets, and who. Level 3.
#pragma once

#include "base/random.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fenqun::datagen {

/// Splits `total` in proportion to `weights` (>= 0, not all 0) into whole numbers that add up to it: largest
/// remainders get the rest (Hamilton's method), the earlier class first on a tie.
std::vector<std::int64_t> split_exactly(std::int64_t total, std::span<const double> weights);

/// One class per place, class i exactly counts[i] times, in random order.
std::vector<std::uint8_t> deal(std::span<const std::int64_t> counts, Random random);

}  // namespace fenqun::datagen
