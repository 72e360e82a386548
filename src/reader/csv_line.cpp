// reader/csv_line.cpp
#include "reader/csv_line.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

void append_value(std::string& text, std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    text += value;
    return;
  }
  text += '"';
  for (const char c : value) {
    text += c;
    if (c == '"') text += c;
  }
  text += '"';
}

}  // namespace

void append_record(std::string& text, const std::vector<std::string>& values, std::size_t width) {
  const auto count = std::max(width, values.size());
  for (std::size_t at = 0; at < count; ++at) {
    if (at > 0) text += ',';
    if (at < values.size()) append_value(text, values[at]);
  }
  if (count == 1 && (values.empty() || values.front().empty())) text += "\"\"";
  text += '\n';
}

}  // namespace fenqun::reader
