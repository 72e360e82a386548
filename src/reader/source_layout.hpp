// reader/source_layout.hpp - how a file is laid out, as far as a mapping says so, and the `source:` section that says
// it. Level 1.
#pragma once

#include "base/settings.hpp"
#include "reader/encoding.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::reader {

enum class SourceFormat : std::uint8_t { Csv, Xlsx, Parquet, JsonLines };

/// Where lines of totals (合计) and of counts (共 123 条) are told from data.
enum class ClosingLines : std::uint8_t { AtEnd, Anywhere, Nowhere };

/// What is absent is found out by looking at the file.
struct SourceLayout {
  std::optional<SourceFormat> format;       // absent: from the file's name
  std::optional<char> delimiter;            // CSV
  std::optional<Encoding> encoding;         // CSV, JSON lines
  std::optional<std::int64_t> skip_lines;   // lines (XLSX: rows) before the header
  std::optional<std::int64_t> header_rows;  // 1..3, their names joined by "/"
  bool header = true;                       // false: the first record is data
  std::vector<std::string> columns;         // names that go before the header's; must be given without a header
  std::vector<std::string> sheets;          // XLSX; empty: the first that holds a table
  bool all_sheets = false;                  // XLSX: every visible sheet that holds a table
  bool fill_merged = false;                 // XLSX: a merged cell's value counts for all its rows
  ClosingLines closing_lines = ClosingLines::AtEnd;
};

/// "csv", "xlsx", "parquet", "json_lines".
std::string_view name_of(SourceFormat format) noexcept;

/// By the file's name, with or without a last ".gz": .csv .txt .tsv, .jsonl .ndjson, .xlsx, .parquet.
std::optional<SourceFormat> format_of(const std::filesystem::path& file);
/// The file's name without folder, ".gz" and the format's ending: "bill" for in/bill.csv.gz.
std::string bare_name(const std::filesystem::path& file);

/// Reads a mapping's `source:` section. Errors: BadData, naming file, line and key.
Result<SourceLayout> read_layout(const Settings& node);

}  // namespace fenqun::reader
