// base/short_text.cpp
#include "base/short_text.hpp"

#include <algorithm>

namespace fenqun {
namespace {

constexpr std::string_view kLeftOut = "…";

bool is_start(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_start));
}

// The byte after so many characters.
std::size_t end_of(std::string_view text, std::size_t characters) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_start(text[at]) && characters-- == 0) return at;
  }
  return text.size();
}

}  // namespace

std::string short_text(std::string_view text, std::size_t most) {
  const auto end = end_of(text, most);
  return std::string(text.substr(0, end)).append(end < text.size() ? kLeftOut : "");
}

std::string short_text_around(std::string_view text, std::size_t at, std::size_t most) {
  const auto all = characters_in(text);
  if (all <= most) return std::string(text);
  const auto before = characters_in(text.substr(0, std::min(at, text.size())));
  const auto first = std::min(before - std::min(before, most / 2), all - most);
  if (first == 0) return short_text(text, most);
  return std::string(kLeftOut) + short_text(text.substr(end_of(text, first)), most);
}

}  // namespace fenqun
