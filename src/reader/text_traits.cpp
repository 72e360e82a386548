// reader/text_traits.cpp
#include "reader/text_traits.hpp"

#include <cstddef>

namespace fenqun::reader {
namespace {

using Byte = unsigned char;

// In bytes and without branches, so that the compiler takes many at a time.
Byte begins_number_letter(Byte before, Byte byte) {
  const Byte digit = static_cast<Byte>(before - '0') < 10 ? 1 : 0;
  const Byte point = before == '.' ? 1 : 0;
  const Byte letter = (byte | 0x20U) == 'e' ? 1 : 0;
  const Byte stroke = byte == '_' ? 1 : 0;
  return static_cast<Byte>((digit | point) & (letter | stroke));
}

}  // namespace

void TraitScanner::see(std::string_view piece) {
  if (piece.empty()) return;
  const auto* at = reinterpret_cast<const Byte*>(piece.data());
  const auto size = piece.size();
  const Byte tab = delimiter_ == '\t' ? '\t' : '\n';
  Byte control = 0;
  Byte blank = 0;
  Byte colon = 0;
  Byte letters = begins_number_letter(last_, at[0]);
  for (std::size_t i = 0; i < size; ++i) {
    const Byte byte = at[i];
    const Byte low = byte < 0x20 ? 1 : 0;
    const Byte allowed = byte == '\n' || byte == '\r' || byte == tab ? 1 : 0;
    control |= static_cast<Byte>(low & ~allowed) | static_cast<Byte>(byte == 0x7F ? 1 : 0);
  }
  // A loop of their own: all in one are not taken many at a time.
  for (std::size_t i = 0; i < size; ++i) {
    blank |= static_cast<Byte>(at[i] == ' ' ? 1 : 0);
    colon |= static_cast<Byte>(at[i] == ':' ? 1 : 0);
  }
  for (std::size_t i = 1; i < size; ++i) letters |= begins_number_letter(at[i - 1], at[i]);
  last_ = at[size - 1];
  control_ |= control;
  number_letters_ |= letters;
  blank_ |= blank;
  colon_ |= colon;
}

}  // namespace fenqun::reader
