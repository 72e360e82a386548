// warehouse/spreadsheet.cpp
#include "warehouse/spreadsheet.hpp"

#include <system_error>
#include <utility>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

// Spreadsheets take a file for UTF-8 that begins with it.
constexpr const char* kMark = "\xEF\xBB\xBF";

// The columns of a query, texts guarded, the first name behind the mark.
Result<std::string> guarded_columns(Connection& connection, const std::string& rows) {
  FENQUN_TRY(const auto columns, connection.query("SELECT column_name, column_type FROM (DESCRIBE " + rows + ")"));
  std::string out;
  for (std::size_t c = 0; c < columns.rows.size(); ++c) {
    const auto column = sql_name(columns.text(c, 0));
    out += (out.empty() ? "" : ", ") + (columns.text(c, 1) == "VARCHAR" ? without_formula_sql(column) : column) +
           " AS " + sql_name((c == 0 ? kMark : "") + columns.text(c, 0));
  }
  return out;
}

}  // namespace

std::string without_formula(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos) text.insert(0, 1, '\'');
  return text;
}

std::string without_formula_sql(const std::string& value) {
  return "CASE WHEN left(" + value + ", 1) IN ('=', '+', '-', '@', chr(9)) THEN '''' || " + value + " ELSE " + value +
         " END";
}

Result<void> write_spreadsheet(Connection& connection, const std::string& rows, const fs::path& file) {
  FENQUN_TRY(const auto columns, guarded_columns(connection, rows));
  auto beside = file;
  beside += ".part";
  auto done = connection.execute("COPY (SELECT " + columns + " FROM (" + rows + ")) TO " + sql_text(beside.string()) +
                                 " (FORMAT csv, HEADER)");
  std::error_code ec;
  if (done) fs::rename(beside, file, ec);
  if (done && !ec) return {};
  const auto reason = ec ? ec.message() : std::string(done.error().arg("reason"));
  fs::remove(beside, ec);
  if (!done && done.error().code == ErrorCode::Cancelled) return done;
  return fail(ErrorCode::Io, "base.cannot_write", {{"path", file.string()}, {"reason", reason}});
}

}  // namespace fenqun::warehouse
