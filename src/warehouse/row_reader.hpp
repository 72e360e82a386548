// warehouse/row_reader.hpp - from the database's columns to values; private to this room. Level 1.
#pragma once

#include "warehouse/database.hpp"

#include <duckdb.h>

namespace fenqun::warehouse {

/// Reads a finished result whole. Types without a plain form are refused with Database: cast them in the query.
Result<RowSet> read_rows(duckdb_result* result);

}  // namespace fenqun::warehouse
