// report/sheet.hpp - a table of texts and numbers as CSV and as a workbook. Level 5.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fenqun::report {

/// Nothing, a text, or a number that is finite.
using SheetCell = std::variant<std::monostate, std::string, double>;

struct Sheet {
  std::string name;                  // of the tab
  std::vector<std::string> columns;  // titles
  std::vector<std::vector<SheetCell>> rows;
};

/// UTF-8 with byte order mark, commas, CRLF, quotes as in RFC 4180; a text that a spreadsheet would take for a formula
/// gets an apostrophe in front.
std::string sheet_csv(const Sheet& sheet);

/// One tab per sheet: titles bold and frozen, columns as wide as their content asks (at most 60), a filter, numbers as
/// numbers. Made beside `file` first, then in its place; the same sheets give the same bytes. Errors: Io.
Result<void> write_workbook(const std::vector<Sheet>& sheets, const std::filesystem::path& file);

}  // namespace fenqun::report
