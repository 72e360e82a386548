// base/short_text.hpp - values of any length made short enough for a message. Level 0.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fenqun {

inline constexpr std::size_t kMostShown = 80;  // characters of a value in a message

/// The text, or its first `most` characters (UTF-8; Chinese ones count as one) and "…".
std::string short_text(std::string_view text, std::size_t most = kMostShown);

/// The text, or at most `most` characters of it around byte `at`, with "…" where something was left out.
std::string short_text_around(std::string_view text, std::size_t at, std::size_t most = kMostShown);

}  // namespace fenqun
