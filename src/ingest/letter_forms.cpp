// ingest/letter_forms.cpp
#include "ingest/letter_forms.hpp"

#include <algorithm>
#include <cstdint>

namespace fenqun::ingest {

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string half_width(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    // All of them are three bytes long.
    const auto code = at + 2 < text.size() && (byte(at) == 0xEF || byte(at) == 0xE3)
                          ? ((byte(at) & 0xFU) << 12U) | ((byte(at + 1) & 0x3FU) << 6U) | (byte(at + 2) & 0x3FU)
                          : 0U;
    if (code == 0x3000 || (code >= 0xFF01 && code <= 0xFF5E)) {
      out += code == 0x3000 ? ' ' : static_cast<char>(code - 0xFF01 + '!');
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace fenqun::ingest
