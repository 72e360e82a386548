// reader/utf8.hpp - whether bytes are UTF-8, piece by piece; blanks as people type them. Level 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fenqun::reader {

/// Finds the first byte of a text that is not UTF-8 (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF). A
/// sequence may be cut by the pieces. Cost: pieces of ASCII alone at memory speed.
class Utf8Check {
 public:
  /// The next piece; nothing more is looked at after the first fault.
  void add(std::string_view piece);
  /// No more pieces: a sequence left open is a fault.
  void finish();
  /// Offset of the faulty sequence's first byte; -1: none so far.
  [[nodiscard]] std::int64_t first_fault() const noexcept { return first_fault_; }

 private:
  std::int64_t seen_ = 0;  // bytes in the pieces before
  std::int64_t first_fault_ = -1;
  std::int64_t start_ = 0;     // offset of the sequence's first byte
  std::uint32_t pending_ = 0;  // continuation bytes still due
  std::uint32_t code_ = 0;     // code point so far
  std::uint32_t least_ = 0;    // smallest code point of this length
};

/// Bytes of the blank that the text begins with; 0: with none.
std::size_t blank_at(std::string_view text);
/// Without the blanks at both ends: space, tab, line ends, no-break space, ideographic space, byte order mark.
std::string_view without_blanks(std::string_view text);
/// At most `limit` bytes of it, ending with a whole character.
std::string beginning_of(std::string_view text, std::size_t limit);

}  // namespace fenqun::reader
