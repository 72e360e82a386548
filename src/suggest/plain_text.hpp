// suggest/plain_text.hpp - texts made comparable: width, case and spelling of characters do not count. Level 3.
#pragma once

#include <string>
#include <string_view>

namespace fenqun::suggest {

/// Characters of a UTF-8 text; bytes that are none count as U+FFFD.
std::u32string characters(std::string_view utf8);
std::string to_utf8(std::u32string_view characters);

/// Full-width forms become half-width, letters small, traditional characters that occur in headers simplified, and the
/// spellings 帐 and 交费 those of 账 and 缴费. Blanks at the ends are taken off.
std::u32string plain(std::string_view utf8);
/// The letters, digits and Chinese characters among them.
std::u32string letters_of(std::u32string_view plain);

bool is_chinese(char32_t character) noexcept;

/// Levenshtein distance.
std::size_t edit_distance(std::u32string_view a, std::u32string_view b);

}  // namespace fenqun::suggest
