// report/clean_text.cpp
#include "report/clean_text.hpp"

#include <cstdint>

namespace fenqun::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bounds of the second byte after a lead byte, and how many bytes the character has; length 0: no lead byte.
struct Lead {
  std::size_t length = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

Lead lead_of(std::uint8_t byte) noexcept {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2 || byte > 0xF4) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte < 0xF0) {
    return {3, static_cast<std::uint8_t>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<std::uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
  }
  return {4, static_cast<std::uint8_t>(byte == 0xF0 ? 0x90 : 0x80),
          static_cast<std::uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
}

/// Bytes of the well-formed character at the start of `bytes`; 0 if there is none.
std::size_t character_length(std::string_view bytes) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  const Lead lead = lead_of(at(0));
  if (lead.length < 2) return lead.length;
  if (bytes.size() < lead.length || at(1) < lead.low || at(1) > lead.high) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if (at(i) < 0x80 || at(i) > 0xBF) return 0;
  }
  return lead.length;
}

}  // namespace

std::string clean_text(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    const auto first = static_cast<std::uint8_t>(bytes.front());
    const bool control = (first < 0x20 && first != '\t' && first != '\n') || first == 0x7F;
    out += length == 0 || control ? kReplacement : bytes.substr(0, length);
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string escape_html(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : clean_text(bytes)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string close_up(std::string_view text) {
  // Lead bytes of U+3000..U+9FFF and U+F000..U+FFFF, all of three bytes: Chinese characters and full-width punctuation.
  const auto is_chinese = [&](std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    return (lead >= 0xE3 && lead <= 0xE9) || lead == 0xEF;
  };
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool between = text[at] == ' ' && at >= 3 && at + 1 < text.size() && is_chinese(at - 3) && is_chinese(at + 1);
    if (!between) out += text[at];
  }
  return out;
}

}  // namespace fenqun::report
