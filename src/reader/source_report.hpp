// reader/source_report.hpp - what a file turned out to be, and which of its lines are no rows. Level 1.
#pragma once

#include "reader/source_layout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::reader {

/// Why a line of the file is no row.
enum class LineKind : std::uint8_t {
  Title,           // above the header
  RepeatedHeader,  // the header, or a title, again
  Total,           // 合计
  RowCount,        // 共 123 条
};

/// "title", "repeated_header", "total", "row_count".
std::string_view name_of(LineKind kind) noexcept;

struct LeftOutLine {
  LineKind kind = LineKind::Title;
  std::string sheet;      // of a workbook read from several sheets
  std::int64_t line = 0;  // XLSX: row of the sheet
  std::string text;       // its beginning
};

/// How many left-out lines are kept one by one; all are counted.
inline constexpr std::size_t kShownLeftOut = 100;

/// Always: records() = rows + titles + headers + repeated_headers + closing + blank.
struct SourceReport {
  SourceFormat format = SourceFormat::Csv;
  bool is_gzip = false;
  std::optional<Encoding> encoding;  // of a text file; a byte order mark makes it Utf16Le or Utf16Be
  bool has_mark = false;
  char delimiter = 0;                      // CSV
  std::vector<std::string> sheets;         // XLSX: those that were read, in order
  std::vector<std::string> unread_sheets;  // XLSX: others that are not empty, hidden ones too
  std::int64_t rows = 0;                   // data records, broken ones too
  std::int64_t titles = 0;                 // filled lines above the header
  std::int64_t headers = 0;                // header rows; of each sheet
  std::int64_t repeated_headers = 0;
  std::int64_t closing = 0;                 // totals and row counts
  std::int64_t blank = 0;                   // records of nothing but delimiters and blanks; empty lines are no records
  std::vector<LeftOutLine> left_out;        // the first of them, in the order of the file, blank ones aside
  std::optional<std::int64_t> stated_rows;  // what a line such as 共 123 条 says

  [[nodiscard]] std::int64_t records() const noexcept {
    return rows + titles + headers + repeated_headers + closing + blank;
  }
  /// Nothing to tell: UTF-8 CSV with commas, all of whose records are the header and rows.
  [[nodiscard]] bool is_plain() const noexcept;
};

}  // namespace fenqun::reader
