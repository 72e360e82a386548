// ingest/wide_cells.hpp - the cells of a wide table, each of which becomes a row. Level 2.
#pragma once

#include "ingest/source_columns.hpp"

#include <string>

namespace fenqun::ingest {

/// SQL that makes of each row of `inner` one for each cell: _name (what the column stands for), _cell (its text) and,
/// for a series, _at (SeriesCell::position). Cells without a value are left out where the entry reads them.
/// Errors: those of SourceColumns and find_series; "ingest.series_year" (a time, day or month is to be put together
/// with names that have a year).
Result<std::string> unfold_cells(const LoadEntry& entry, SourceColumns& columns, const Reading& reading,
                                 const std::string& inner);

/// Columns of the file that are the entry's cells, as far as can be said without an error.
std::set<std::size_t> cell_columns(const WideLayout& wide, const Source& source);

}  // namespace fenqun::ingest
