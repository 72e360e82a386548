// reader/json_table.hpp - JSON lines as a table: one object a line, columns the union of their names. Level 1.
#pragma once

#include "reader/table.hpp"

namespace fenqun::reader {

/// Opens `file` (request.file, or what was unpacked from it) as JSON lines. Writes a CSV twin; a second pass over the
/// file when columns appear after the first line. Lines that are no object of their own are broken records, listed with
/// reason broken_json, json_not_object, json_name_twice, json_no_text or json_too_large. Bounded memory.
/// Errors: as open_table; BadData "reader.json_list" (the file is one list), "reader.json_no_columns".
Result<Table> open_json_lines(const TableRequest& request, const std::filesystem::path& file);

}  // namespace fenqun::reader
