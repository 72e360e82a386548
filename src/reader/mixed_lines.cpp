// reader/mixed_lines.cpp
#include "reader/mixed_lines.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

constexpr std::int64_t kProof = 5;

bool is_ideograph(std::uint32_t code) {
  return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3000 && code <= 0x303F) || (code >= 0xFF00 && code <= 0xFFEF);
}

}  // namespace

void MixedLines::add(std::string_view piece) {
  for (const char c : piece) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\n') {
      end_line();
      ++line_;
    } else if (byte >= 0x80 || pending_ > 0) {
      see(byte);
    }
  }
}

void MixedLines::see(unsigned char byte) {
  if (is_broken_) return;
  if (pending_ > 0) {
    if ((byte & 0xC0U) != 0x80U) {
      is_broken_ = true;
      pending_ = 0;
      return;
    }
    code_ = (code_ << 6U) | (byte & 0x3FU);
    if (--pending_ == 0) end_character();
  } else if (byte >= 0xC2 && byte <= 0xDF) {
    pending_ = 1;
    code_ = byte & 0x1FU;
  } else if (byte >= 0xE0 && byte <= 0xEF) {
    pending_ = 2;
    code_ = byte & 0x0FU;
  } else if (byte >= 0xF0 && byte <= 0xF4) {
    pending_ = 3;
    code_ = byte & 0x07U;
  } else {
    is_broken_ = true;
  }
}

void MixedLines::end_character() { here_ += is_ideograph(code_) ? 1 : 0; }

void MixedLines::end_line() {
  if (is_broken_ || pending_ > 0) {
    ++other_lines_;
    if (first_other_ == 0) first_other_ = line_;
  } else if (here_ > 0) {
    ++utf8_lines_;
    ideographs_ += here_;
    has_proof_ = has_proof_ || here_ >= kProof;
    if (first_utf8_ == 0) first_utf8_ = line_;
  }
  is_broken_ = false;
  here_ = 0;
  pending_ = 0;
}

void PrivateCharacters::add(std::string_view piece) {
  if (found_) return;
  std::size_t at = 0;
  for (; at < piece.size(); ++at) {
    const auto byte = static_cast<unsigned char>(piece[at]);
    if (byte < 0xEE || byte > 0xEF) continue;
    found_ = byte == 0xEE || (at + 1 < piece.size() && static_cast<unsigned char>(piece[at + 1]) <= 0xA3);
    if (found_) break;
  }
  line_ += std::count(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(at), '\n');
}

}  // namespace fenqun::reader
