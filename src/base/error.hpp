// base/error.hpp - what went wrong, as a value: a code, a text key and the values that belong into the text.
// Level 0: may include nothing but base/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun {

/// The ten ways in which something can fail. What each means to a caller stands in base/error_table.hpp.
enum class ErrorCode : std::uint8_t {
  InvalidArgument,  // wrong use: an option, a name or a value that cannot be
  NotFound,         // a thing that was named does not exist
  Denied,           // refused by policy
  Conflict,         // somebody else holds it, or it exists with other content
  BadData,          // the input's content is unusable
  Io,               // reading or writing failed: path, disk, network
  Database,         // the embedded database refused
  Cancelled,        // the user interrupted
  Unavailable,      // a needed part is missing or busy
  Internal          // a fault of ours
};

/// One named value of a text: {"file", "bill.csv"} fills "{file}".
struct TextArg {
  std::string name;
  std::string value;
};
using TextArgs = std::vector<TextArg>;

/// An error never holds finished prose: `key` names a text in config/texts/<language>/<room>.yaml and `args`
/// fill its {placeholders}, so that the same error reads in Chinese or English (render_error, base/texts.hpp).
/// `context` is what callers add as it rises, outermost last.
struct Error {
  struct Line {
    std::string key;
    TextArgs args;
  };
  ErrorCode code = ErrorCode::Internal;
  Line line;
  std::vector<Line> context;

  /// The error with one more line of context: what the caller was doing.
  [[nodiscard]] Error with_context(std::string key, TextArgs args = {}) && {
    context.push_back({std::move(key), std::move(args)});
    return std::move(*this);
  }
  /// The value of a named argument, empty when absent.
  [[nodiscard]] std::string_view arg(std::string_view name) const {
    for (const auto& a : line.args) {
      if (a.name == name) return a.value;
    }
    return {};
  }
};

}  // namespace fenqun
