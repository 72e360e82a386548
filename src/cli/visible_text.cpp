// cli/visible_text.cpp
#include "cli/visible_text.hpp"

#include <fmt/format.h>

namespace fenqun::cli {
namespace {

unsigned at(std::string_view text, std::size_t index) { return static_cast<unsigned char>(text[index]); }

// Bytes of the character at the beginning; 0 where there is none.
std::size_t length_of(std::string_view text) {
  const auto lead = at(text, 0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(text, i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

unsigned code_of(std::string_view character) {
  if (character.size() == 1) return at(character, 0);
  unsigned code = at(character, 0) & (0xFFU >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) code = (code << 6U) | (at(character, i) & 0x3FU);
  return code;
}

bool is_obeyed(unsigned code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200E && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string visible(std::string_view text, LineEnds line_ends) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = length_of(text);
    if (length == 0) {
      out += fmt::format("\\x{:02X}", at(text, 0));
      text.remove_prefix(1);
      continue;
    }
    const auto character = text.substr(0, length);
    const auto code = code_of(character);
    const bool is_kept = line_ends == LineEnds::Kept && (code == '\n' || code == '\t');
    if (!is_obeyed(code) || is_kept)
      out += character;
    else
      out += code < 0x80 ? fmt::format("\\x{:02X}", code) : fmt::format("\\u{:04X}", code);
    text.remove_prefix(length);
  }
  return out;
}

Error visible(Error error) {
  const auto mend = [](TextArgs& args) {
    for (auto& arg : args) arg.value = visible(arg.value, arg.name == "reason" ? LineEnds::Kept : LineEnds::Shown);
  };
  mend(error.line.args);
  for (auto& line : error.context) mend(line.args);
  return error;
}

}  // namespace fenqun::cli
