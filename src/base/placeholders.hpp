// base/placeholders.hpp - puts values into the {named} places of a text.
// Level 0.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace fenqun {

/// "Cannot read {path}." and {"path", "a.csv"} give "Cannot read a.csv."; a place without a value stays as it is.
std::string fill_placeholders(std::string_view pattern, const TextArgs& args);

/// What stands for a text that is not known, so that nothing is lost: "room.key file=a.csv line=3".
std::string name_values(std::string_view key, const TextArgs& args);

}  // namespace fenqun
