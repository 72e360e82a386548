// reader/source_layout.hpp - how a file is laid out, as far as a mapping says so. Level 1.
#pragma once

#include "reader/encoding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::reader {

enum class SourceFormat : std::uint8_t { Csv, Xlsx, Parquet };

/// How the file is laid out.
struct SourceLayout {
  std::optional<SourceFormat> format;  // absent: from the file's name
  char delimiter = ',';
  Encoding encoding = Encoding::Utf8;
  bool header = true;
  std::string sheet;                 // XLSX; empty: the first
  std::vector<std::string> columns;  // names for a file without a header
  std::int64_t skip_lines = 0;       // lines (XLSX: rows) before the header
};

}  // namespace fenqun::reader
