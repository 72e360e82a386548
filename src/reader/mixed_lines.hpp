// reader/mixed_lines.hpp - whether a text of GB18030 has lines of UTF-8 among its own, as joined exports do. Level 1.
#pragma once

#include <cstdint>
#include <string_view>

namespace fenqun::reader {

/// Looks at a text line by line. A line is of UTF-8 where all of it is, with ideographs or their punctuation among its
/// characters; of the other kind where some of it is not; lines of ASCII are of neither. A few characters of GB18030
/// happen to read as UTF-8 (one name in a hundred thousand): five ideographs in one line prove it, fewer only where
/// such lines are more than one in a thousand. Cost: about 500 MB/s.
class MixedLines {
 public:
  /// The next piece of the text.
  void add(std::string_view piece);
  /// No more pieces.
  void finish() { end_line(); }

  [[nodiscard]] bool is_mixed() const noexcept {
    return other_lines_ > 0 && (has_proof_ || (ideographs_ >= 2 && utf8_lines_ * 1000 >= utf8_lines_ + other_lines_));
  }
  /// The first line of each kind, from 1; 0: there is none.
  [[nodiscard]] std::int64_t first_utf8() const noexcept { return first_utf8_; }
  [[nodiscard]] std::int64_t first_other() const noexcept { return first_other_; }

 private:
  void see(unsigned char byte);
  void end_character();
  void end_line();

  std::int64_t line_ = 1;
  std::int64_t utf8_lines_ = 0;
  std::int64_t other_lines_ = 0;
  std::int64_t ideographs_ = 0;  // in lines of UTF-8
  std::int64_t first_utf8_ = 0;
  std::int64_t first_other_ = 0;
  bool has_proof_ = false;
  // Of the line so far.
  bool is_broken_ = false;
  std::int64_t here_ = 0;
  int pending_ = 0;
  std::uint32_t code_ = 0;
};

/// Line, from 1, of the first private-use character (U+E000..U+F8FF) in pieces of UTF-8 that each end with a whole
/// character.
class PrivateCharacters {
 public:
  void add(std::string_view piece);
  /// 0: there is none.
  [[nodiscard]] std::int64_t first_line() const noexcept { return found_ ? line_ : 0; }

 private:
  std::int64_t line_ = 1;
  bool found_ = false;
};

}  // namespace fenqun::reader
