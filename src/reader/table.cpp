// reader/table.cpp
#include "reader/table.hpp"

#include "reader/csv_table.hpp"
#include "reader/gzip.hpp"
#include "reader/json_table.hpp"
#include "reader/text_file.hpp"
#include "reader/utf8.hpp"
#include "reader/xlsx_table.hpp"

#include <algorithm>

namespace fenqun::reader {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> bad_file(const char* key, const fs::path& file) {
  return fail(ErrorCode::BadData, key, {{"file", file.string()}});
}

}  // namespace

Result<RecordScanner> Table::scan() const {
  const bool is_json = !json_lines.empty();
  FENQUN_TRY(const auto file, open_shared(is_json ? json_lines : readable));
  RecordScanner scanner(bytes_of(file), {delimiter, !is_json && columns.size() == 1, !is_json});
  scanner.skip_lines(is_json ? json_skip_lines : lines_before);
  if (header) scanner.skip_record();
  return scanner;
}

std::int64_t Table::line_of(const ScannedRecord& record) const {
  if (!sheet_rows.empty()) {
    const auto at = static_cast<std::size_t>(record.ordinal);
    return at < sheet_rows.size() ? sheet_rows[at].row : record.line;
  }
  const auto after = std::upper_bound(shifts.begin(), shifts.end(), record.line,
                                      [](std::int64_t line, const LineShift& shift) { return line < shift.line; });
  return record.line + (after == shifts.begin() ? 0 : (after - 1)->by);
}

std::string Table::sheet_of(const ScannedRecord& record) const {
  const auto at = static_cast<std::size_t>(record.ordinal);
  if (report.sheets.size() < 2 || at >= sheet_rows.size()) return {};
  return report.sheets[sheet_rows[at].sheet];
}

Result<SourceFormat> format_of_xls(const fs::path& file) {
  FENQUN_TRY(const auto beginning, read_part(file, 0, 512));
  if (beginning.starts_with("\xD0\xCF\x11\xE0")) return bad_file("reader.old_workbook", file);
  if (beginning.starts_with("PK")) return SourceFormat::Xlsx;
  if (without_blanks(beginning).starts_with('<')) return bad_file("reader.web_page", file);
  return SourceFormat::Csv;
}

Result<fs::path> unpacked(const fs::path& file, const fs::path& twin, const std::stop_token& stop) {
  FENQUN_TRY(const auto beginning, read_part(file, 0, 16));
  if (!is_gzip(beginning)) return file;
  FENQUN_TRY(const auto input, open_shared(file));
  FENQUN_TRY(auto out, OutputFile::create(twin));
  FENQUN_CHECK(gunzip(
      bytes_of(input), file.string(), [&](std::string_view bytes) { return out.write(bytes); }, stop));
  FENQUN_CHECK(input->check(file.string()));
  FENQUN_CHECK(out.close());
  return twin;
}

Result<Table> open_table(const TableRequest& request) {
  FENQUN_TRY(const auto opened, InputFile::open(request.file));
  std::error_code ec;
  const auto size = fs::file_size(request.file, ec);
  if (!ec && size == 0) return bad_file("ingest.empty_file", request.file);
  FENQUN_TRY(const auto file, unpacked(request.file, request.scratch / "unpacked", request.stop));
  auto table = [&]() -> Result<Table> {
    if (request.format == SourceFormat::Xlsx) {
      FENQUN_TRY(const auto content, format_of_xls(file));
      static_cast<void>(content);
      FENQUN_TRY(const auto beginning, read_part(file, 0, 4));
      if (beginning == "PAR1") return bad_file("reader.workbook_is_parquet", request.file);
      if (!beginning.starts_with("PK")) return bad_file("reader.no_workbook", request.file);
      return open_xlsx(request, file);
    }
    if (request.format == SourceFormat::JsonLines) return open_json_lines(request, file);
    return open_csv(request, file);
  }();
  if (table) table->report.is_gzip = file != request.file;
  return table;
}

}  // namespace fenqun::reader
