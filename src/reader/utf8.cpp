// reader/utf8.cpp
#include "reader/utf8.hpp"

#include <array>

namespace fenqun::reader {
namespace {

bool is_ascii(std::string_view piece) {
  unsigned seen = 0;
  for (const char c : piece) seen |= static_cast<unsigned char>(c);
  return (seen & 0x80U) == 0;
}

constexpr std::array<std::string_view, 7> kBlanks = {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};

}  // namespace

void Utf8Check::add(std::string_view piece) {
  const auto before = seen_;
  seen_ += static_cast<std::int64_t>(piece.size());
  if (first_fault_ >= 0 || (pending_ == 0 && is_ascii(piece))) return;
  for (std::size_t at = 0; at < piece.size(); ++at) {
    const auto byte = static_cast<std::uint32_t>(static_cast<unsigned char>(piece[at]));
    if (pending_ > 0) {
      code_ = (code_ << 6U) | (byte & 0x3FU);
      const bool surrogate_or_beyond = (code_ >= 0xD800 && code_ <= 0xDFFF) || code_ > 0x10FFFF;
      if ((byte & 0xC0U) != 0x80 || (--pending_ == 0 && (code_ < least_ || surrogate_or_beyond))) {
        first_fault_ = start_;
        return;
      }
      continue;
    }
    if (byte < 0x80) continue;
    start_ = before + static_cast<std::int64_t>(at);
    pending_ = byte >= 0xF0 && byte < 0xF8 ? 3 : byte >= 0xE0 ? 2 : 1;
    code_ = byte & (0x3FU >> pending_);
    least_ = pending_ == 3 ? 0x10000 : pending_ == 2 ? 0x800 : 0x80;
    if (byte < 0xC0 || byte >= 0xF8) {
      first_fault_ = start_;
      return;
    }
  }
}

void Utf8Check::finish() {
  if (first_fault_ < 0 && pending_ > 0) first_fault_ = start_;
}

std::size_t blank_at(std::string_view text) {
  for (const auto blank : kBlanks) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}

std::string_view without_blanks(std::string_view text) {
  while (const auto blank = blank_at(text)) text.remove_prefix(blank);
  const auto blank_end = [&] {
    for (const auto blank : kBlanks) {
      if (text.ends_with(blank)) return blank.size();
    }
    return std::size_t{0};
  };
  while (const auto blank = blank_end()) text.remove_suffix(blank);
  return text;
}

std::string beginning_of(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80) --limit;
  return std::string(text.substr(0, limit));
}

}  // namespace fenqun::reader
