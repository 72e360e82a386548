// reader/xlsx_limits.hpp - what a workbook may unpack to; a file beyond is refused ("ingest.xlsx_limit"), since a small
// archive can be made to unpack to terabytes. Level 1.
#pragma once

#include <cstdint>

namespace fenqun::reader {

inline constexpr std::int64_t kXlsxMaxSheetBytes = 2'147'483'648;  // XML of one sheet
inline constexpr std::int64_t kXlsxMaxPartBytes = 268'435'456;     // XML of any other part: texts, styles, contents
inline constexpr std::int64_t kXlsxMaxRowBytes = 16'777'216;       // XML of one row or one text
inline constexpr std::int64_t kXlsxMaxRows = 1'048'576;            // of the format
inline constexpr std::int64_t kXlsxMaxColumns = 16'384;            // of the format
inline constexpr std::size_t kXlsxMaxMerges = 1'000'000;           // merged cells of one sheet

}  // namespace fenqun::reader
