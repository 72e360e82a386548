// reader/csv_table.hpp - a CSV text as a table: delimiter, header, rows; what is neither left out and told. Level 1.
#pragma once

#include "reader/table.hpp"
#include "reader/table_shape.hpp"
#include "reader/text_file.hpp"

namespace fenqun::reader {

/// Opens `file` (request.file, or what was unpacked from it) as CSV; fills all of the table. Errors as open_table.
Result<Table> open_csv(const TableRequest& request, const std::filesystem::path& file);

/// A CSV text of our own making: UTF-8, commas, LF; its records were numbered differently where they came from.
struct CsvDump {
  std::filesystem::path path;
  HeaderPlace place;                      // rows: 0 without a header
  std::vector<std::string> header_again;  // how header rows look where they stand again, if not as above the rows
  std::vector<std::uint32_t> rows;        // for each record its number in the sheet
  std::int64_t skipped = 0;               // filled lines that were passed over before the first record
};

/// Sorts a dump into a table as open_csv does a file; `twin` is written where something is left out. Lines of the
/// report are the dump's row numbers. Errors: as open_csv.
Result<Table> sort_dump(const TableRequest& request, const CsvDump& dump, const std::filesystem::path& twin);

}  // namespace fenqun::reader
