// report/sheet.cpp - the only file of the room that uses libxlsxwriter.
#include "report/sheet.hpp"

#include "base/number.hpp"
#include "report/clean_text.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <system_error>

namespace fenqun::report {
namespace {

std::string quoted(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string guarded(std::string_view value) {
  auto clean = clean_text(value);
  if (!clean.empty() && std::string_view("=+-@\t").find(clean.front()) != std::string_view::npos)
    clean.insert(0, 1, '\'');
  return clean;
}

std::string csv_cell(const SheetCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return quoted(guarded(*text));
  if (const auto* number = std::get_if<double>(&cell)) return std::isfinite(*number) ? shortest(*number) : "";
  return "";
}

// CJK characters are about twice as wide as Latin ones.
double width_of(std::string_view text) {
  double out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) out += 1;
    if (byte >= 0xC0) out += byte >= 0xE0 ? 2 : 1;
  }
  return out;
}

void write_sheet(lxw_workbook* book, const Sheet& sheet, lxw_format* head) {
  lxw_worksheet* tab = workbook_add_worksheet(book, sheet.name.c_str());
  if (tab == nullptr) return;
  constexpr double kWidest = 60;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    const auto column = static_cast<lxw_col_t>(c);
    worksheet_write_string(tab, 0, column, sheet.columns[c].c_str(), head);
    double width = width_of(sheet.columns[c]) + 2;
    for (const auto& row : sheet.rows) {
      if (const auto* text = c < row.size() ? std::get_if<std::string>(&row[c]) : nullptr)
        width = std::max(width, width_of(*text) + 2);
    }
    worksheet_set_column(tab, column, column, std::clamp(width, 10.0, kWidest), nullptr);
  }
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) {
      const auto row = static_cast<lxw_row_t>(r + 1);
      const auto column = static_cast<lxw_col_t>(c);
      if (const auto* number = std::get_if<double>(&sheet.rows[r][c]); number != nullptr && std::isfinite(*number))
        worksheet_write_number(tab, row, column, *number, nullptr);
      if (const auto* text = std::get_if<std::string>(&sheet.rows[r][c]))
        worksheet_write_string(tab, row, column, clean_text(*text).c_str(), nullptr);
    }
  }
  worksheet_freeze_panes(tab, 1, 0);
  if (!sheet.columns.empty())
    worksheet_autofilter(tab, 0, 0, static_cast<lxw_row_t>(sheet.rows.size()),
                         static_cast<lxw_col_t>(sheet.columns.size() - 1));
}

}  // namespace

std::string sheet_csv(const Sheet& sheet) {
  std::string out = "\xEF\xBB\xBF";
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) out += (c > 0 ? "," : "") + quoted(guarded(sheet.columns[c]));
  out += "\r\n";
  for (const auto& row : sheet.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) out += (c > 0 ? "," : "") + csv_cell(row[c]);
    out += "\r\n";
  }
  return out;
}

Result<void> write_workbook(const std::vector<Sheet>& sheets, const std::filesystem::path& file) {
  auto beside = file;
  beside += ".part";
  const auto failed = [&](const std::string& reason) {
    return fail(ErrorCode::Io, "base.cannot_write", {{"path", file.string()}, {"reason", reason}});
  };
  lxw_workbook* book = workbook_new(beside.c_str());
  if (book == nullptr) return failed("workbook_new");
  // The time of making would make every file another one.
  lxw_doc_properties properties{};
  properties.created = 1;
  workbook_set_properties(book, &properties);
  lxw_format* head = workbook_add_format(book);
  format_set_bold(head);
  format_set_bottom(head, LXW_BORDER_THIN);
  for (const auto& sheet : sheets) write_sheet(book, sheet, head);
  if (const auto done = workbook_close(book); done != LXW_NO_ERROR) return failed(lxw_strerror(done));
  std::error_code ec;
  std::filesystem::rename(beside, file, ec);
  if (ec) return failed(ec.message());
  return {};
}

}  // namespace fenqun::report
