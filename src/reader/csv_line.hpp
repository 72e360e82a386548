// reader/csv_line.hpp - values written as one record of a CSV text. Level 1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fenqun::reader {

/// Appends a record of `width` values (missing ones empty, further ones too) with its line end to `text`: comma between
/// them, LF behind, quotes where a value needs them. The one value of a one-column record is quoted when it is empty.
void append_record(std::string& text, const std::vector<std::string>& values, std::size_t width);

}  // namespace fenqun::reader
