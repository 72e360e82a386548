// reader/sheet_dump.hpp - one sheet of a workbook written down as CSV, with the place of its header. Level 1.
#pragma once

#include "reader/csv_table.hpp"
#include "reader/xlsx_book.hpp"

namespace fenqun::reader {

/// Writes every filled row of the sheet to `csv`, each at least as wide as the widest of the first rows, and finds the
/// header among these. Errors: those of XlsxBook, Io.
Result<CsvDump> dump_sheet(XlsxBook& book, const SheetInfo& sheet, const SourceLayout& layout,
                           const std::filesystem::path& csv);

/// Whether the sheet's first rows look like a table: two rows at least, of two filled cells or more.
enum class SheetContent : std::uint8_t { Empty, Text, Table };
Result<SheetContent> look_at(XlsxBook& book, const SheetInfo& sheet);

}  // namespace fenqun::reader
