// cli/visible_text.hpp - texts of files and of data made harmless for a terminal. Level 8.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fenqun::cli {

enum class LineEnds : std::uint8_t {
  Kept,  // of a text of several lines; tabs stay too
  Shown  // of a name or a value: \x0A
};

/// The text with everything that a terminal would obey rather than show spelled out: control characters as \x1B or
/// \u009B, marks that turn the direction of writing as \u202E, bytes that are no UTF-8 as \xFF.
std::string visible(std::string_view text, LineEnds line_ends);

/// The error with its values made visible; reasons of other libraries keep their line ends.
Error visible(Error error);

}  // namespace fenqun::cli
