// delivery/text_out.hpp - UTF-8 text into a file of another encoding, packed or not. Level 4.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace fenqun::delivery {

enum class Encoding : std::uint8_t { Utf8, Utf8Mark, Gb18030, Utf16 };  // Mark: with a byte order mark, as Utf16

/// The only file that uses zlib and iconv here. The same text gives the same bytes. Not for several threads.
class TextOut {
 public:
  /// Errors: Io.
  static Result<TextOut> create(const std::filesystem::path& path, Encoding encoding, bool packed);
  TextOut(TextOut&&) noexcept;
  TextOut& operator=(TextOut&&) noexcept;
  ~TextOut();

  /// Errors: Io (disk full), Internal (text that is not UTF-8).
  Result<void> write(std::string_view utf8);
  Result<void> close();

 private:
  struct State;
  explicit TextOut(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fenqun::delivery
