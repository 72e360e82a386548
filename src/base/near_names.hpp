// base/near_names.hpp - which known names somebody may have meant. Level 0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fenqun {

/// At most three of `known` that are nearest to `name` by edit distance over characters (Chinese ones count as one) or
/// contain it, nearest first, joined by ", "; all of them when none is near.
std::string near_names(std::string_view name, const std::vector<std::string>& known);

/// "a, b, c"; beyond 40 names the rest is counted: "a, b ... (+1414)".
std::string name_list(const std::vector<std::string>& names);

}  // namespace fenqun
