// report/clean_text.hpp - untrusted bytes as text that any reader takes. Level 5.
#pragma once

#include <string>
#include <string_view>

namespace fenqun::report {

/// The text with every byte that is not part of well-formed UTF-8, and every control character but tab and line
/// feed, replaced by U+FFFD. Source: Unicode 15, table 3-7 (well-formed byte sequences).
std::string clean_text(std::string_view bytes);

/// The text without single spaces between two Chinese characters: where a value ends in a unit, as in "由 3 个月 变为",
/// the space that belongs after a digit has no place.
std::string close_up(std::string_view text);

/// clean_text with & < > " ' as entities: fit for the content of an element and for a quoted attribute.
std::string escape_html(std::string_view bytes);

}  // namespace fenqun::report
