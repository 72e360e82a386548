// segment/scheme_parts.hpp - parts that several methods read from a scheme's file. Level 3, inside the room.
#pragma once

#include "base/bilingual.hpp"
#include "base/settings.hpp"
#include "features/catalogue.hpp"
#include "segment/expression.hpp"

#include <string>
#include <string_view>

namespace fenqun::segment {

/// The condition below `key`. Errors: BadData naming file and line: what Expression::parse says, or no condition.
Result<Expression> read_condition(const Settings& node, std::string_view key, const NameLookup& names);

/// Errors: BadData (no such feature).
Result<void> need_feature(const Settings& node, const features::FeatureCatalogue& catalogue, const std::string& name);

}  // namespace fenqun::segment
