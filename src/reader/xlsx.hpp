// reader/xlsx.hpp - one sheet of an XLSX workbook as a CSV text in UTF-8. Level 1.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace fenqun::reader {

// What a workbook may unpack to; a file beyond them is refused ("ingest.xlsx_limit"), since a small archive can be
// made to unpack to terabytes.
inline constexpr std::int64_t kXlsxMaxSheetBytes = 2'147'483'648;  // XML of the sheet
inline constexpr std::int64_t kXlsxMaxPartBytes = 268'435'456;     // XML of any other part: texts, styles, contents
inline constexpr std::int64_t kXlsxMaxRowBytes = 16'777'216;       // XML of one row or one text
inline constexpr std::int64_t kXlsxMaxRows = 1'048'576;            // of the format
inline constexpr std::int64_t kXlsxMaxColumns = 16'384;            // of the format

struct XlsxRequest {
  std::filesystem::path file;
  std::string sheet;            // its name; empty: the first
  std::int64_t skip_lines = 0;  // rows of the sheet before the header
};

struct XlsxRows {
  std::string sheet;
  std::vector<std::int64_t> sheet_rows;  // 1-based sheet row of each record written, header included
};

/// Writes the sheet's filled rows to `csv` (comma, LF, every row as wide as the widest cell seen in the first of
/// them; quotes where needed). Texts as they are, shared and inline; numbers in full digits; booleans true/false;
/// cells whose style shows a date or time as ISO date, time or both, from serials of 1900 or 1904; a formula's last
/// value; error values as their text (#N/A). Rows are read one at a time: memory holds the shared texts.
/// Errors: BadData "ingest.not_xlsx" (not a workbook, or damaged), "ingest.no_sheet" (names the sheets),
/// "ingest.xlsx_limit" (limit, value), Io (csv), Cancelled.
/// Source: ECMA-376 part 1, 18.3 (sheets), 18.8.30 (number formats), 18.17.4 (dates).
Result<XlsxRows> convert_xlsx(const XlsxRequest& request, const std::filesystem::path& csv,
                              const std::stop_token& stop);

}  // namespace fenqun::reader
