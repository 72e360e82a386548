// reader/xlsx_table.hpp - sheets of an XLSX workbook as a table. Level 1.
#pragma once

#include "reader/table.hpp"

namespace fenqun::reader {

/// Opens `file` (request.file, or what was unpacked from it) as a workbook and makes a CSV twin of the sheets that the
/// layout names; without a name, of the first visible sheet that holds a table: two filled rows of two filled cells.
/// Header rows are found as in CSV; a cell merged over several columns or rows of the header names all of them, and
/// tells how many rows the header has. Merged cells below the header keep their value in the first row alone, unless
/// fill_merged. Several sheets must have the same columns, in whatever order.
/// Errors: as open_table and XlsxBook; BadData "ingest.no_sheet" (names the sheets), "reader.sheets_differ".
Result<Table> open_xlsx(const TableRequest& request, const std::filesystem::path& file);

}  // namespace fenqun::reader
