// warehouse/spreadsheet.hpp - rows of a query as a CSV file for spreadsheets. Level 1.
#pragma once

#include "warehouse/database.hpp"

#include <filesystem>
#include <string>

namespace fenqun::warehouse {

/// `text` as a spreadsheet may show it: one that would be taken for a formula (=, +, -, @ or a tab first) gets an
/// apostrophe in front. And the same of an SQL expression of type VARCHAR.
std::string without_formula(std::string text);
std::string without_formula_sql(const std::string& value);

/// Writes the rows of the query `rows` in its own order, with its columns' names in the first line: UTF-8 with a byte
/// order mark (spreadsheets then read Chinese right), texts without_formula(), an absent value an empty cell. Written
/// beside `file` and renamed: whoever looks sees the old file or the new one. As many rows as there are pass through
/// no memory of ours. Errors: Io (base.cannot_write), Database, Cancelled.
Result<void> write_spreadsheet(Connection& connection, const std::string& rows, const std::filesystem::path& file);

}  // namespace fenqun::warehouse
