// segment/shape_names.hpp - what to call the shape of a day. Level 3, inside the room.
#pragma once

#include "base/asset.hpp"
#include "segment/result.hpp"

#include <cstddef>
#include <span>

namespace fenqun::segment {

/// Proposes title and description of a group from its mean curve: 48 shares, working days then rest days, each 24 that
/// add up to 1. Told are the four hours in a row with most energy, over midnight as well, or that there are none: less
/// than a fifth in them. `place` numbers the group. Errors: as Texts::create.
Result<void> name_shape(const AssetStore& assets, std::span<const float> curve, std::size_t place, GroupResult& group);

/// Titles the shapes of a dictionary the same way, each from its 24 shares, numbered as they stand. Errors: as
/// Texts::create.
Result<void> name_days(const AssetStore& assets, std::span<ShapeResult> shapes);

}  // namespace fenqun::segment
