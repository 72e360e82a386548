// reader/json_record.hpp - one line of JSON taken apart into named texts. Level 1. The only file that parses JSON
// lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::reader {

/// Limits of one line, against lines made to exhaust memory.
inline constexpr std::size_t kJsonMaxDepth = 32;
inline constexpr std::size_t kJsonMaxColumns = 16'384;

enum class JsonFault : std::uint8_t {
  None,
  Broken,     // not JSON, or more than one value
  NotObject,  // a list, a text, a number
  NameTwice,  // an object that has two values of one name
  NoText,     // a character that no table can hold: U+0000
  TooLarge,   // nested deeper than kJsonMaxDepth, or a column beyond kJsonMaxColumns
};

/// Turns lines into rows. Columns are the union of all names seen, in the order of their first appearance; an object
/// within the object gives names joined by a dot, a list stays one text of JSON. Numbers keep their digits exactly;
/// null is an empty text; true and false stand as written. A faulty line adds no column. Not for several threads.
class JsonRecords {
 public:
  JsonRecords();
  JsonRecords(const JsonRecords&) = delete;
  JsonRecords& operator=(const JsonRecords&) = delete;
  ~JsonRecords();

  /// Parses one line (UTF-8).
  JsonFault parse(std::string_view line);
  /// The last line's values, one for each column known then.
  [[nodiscard]] const std::vector<std::string>& values() const noexcept;
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept;

 private:
  class Handler;
  std::unique_ptr<Handler> handler_;
};

}  // namespace fenqun::reader
