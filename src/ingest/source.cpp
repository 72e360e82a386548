// ingest/source.cpp
#include "ingest/source.hpp"

#include "ingest/near_names.hpp"
#include "reader/scratch_file.hpp"
#include "reader/xlsx.hpp"

#include <algorithm>
#include <memory>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using namespace reader;
using warehouse::sql_text;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

ByteSource bytes_of_file(const std::shared_ptr<InputFile>& file) {
  return [file](char* into, std::size_t size) { return file->read(into, size); };
}

// Shared: the byte source is a copyable function that keeps its file open.
Result<std::shared_ptr<InputFile>> open_shared(const fs::path& path) {
  FENQUN_TRY(auto file, InputFile::open(path));
  return std::make_shared<InputFile>(std::move(file));
}

class SourceOpener {
 public:
  SourceOpener(warehouse::Workspace& workspace, fs::path scratch, const SourceLayout& layout)
      : workspace_(workspace), scratch_(std::move(scratch)), layout_(layout) {}

  Result<Source> open(const fs::path& file);

 private:
  Result<void> open_parquet();
  Result<void> open_text();
  Result<void> decode();
  Result<void> from_xlsx();
  Result<void> read_header(RecordScanner& scanner);
  Result<void> walk(RecordScanner& scanner, bool& mixed_line_ends);
  Result<void> check_bytes(const RecordScanner& scanner) const;
  Result<void> unify_line_ends();
  [[nodiscard]] tl::unexpected<Error> bad(const char* key, TextArgs args = {}) const {
    args.push_back({"file", source_.file.string()});
    return fail(ErrorCode::BadData, key, std::move(args));
  }

  warehouse::Workspace& workspace_;
  fs::path scratch_;
  const SourceLayout& layout_;
  Source source_;
};

Result<Source> SourceOpener::open(const fs::path& file) {
  source_.file = file;
  source_.readable = file;
  source_.delimiter = layout_.delimiter;
  source_.header = layout_.header;
  source_.lines_before = layout_.skip_lines;
  FENQUN_TRY(const auto opened, InputFile::open(file));
  std::error_code ec;
  if (fs::file_size(file, ec) == 0) return bad("ingest.empty_file");
  FENQUN_TRY(const auto by_name, layout_.format ? Result<SourceFormat>(*layout_.format) : format_of(file));
  source_.format = by_name;
  if (source_.format == SourceFormat::Parquet)
    FENQUN_CHECK(open_parquet());
  else
    FENQUN_CHECK(open_text());
  return std::move(source_);
}

Result<void> SourceOpener::open_parquet() {
  const auto from = "read_parquet(" + sql_text(source_.readable.string()) + ", hive_partitioning = false)";
  auto& connection = workspace_.connection();
  const auto described = connection.query("DESCRIBE SELECT * FROM " + from);
  if (!described) {
    if (described.error().code == ErrorCode::Cancelled) return fail(described.error());
    return bad("ingest.not_parquet", {{"reason", std::string(described.error().arg("reason"))}});
  }
  for (std::size_t r = 0; r < described->rows.size(); ++r) {
    source_.columns.push_back(described->text(r, 0));
    source_.column_types.push_back(described->text(r, 1));
  }
  FENQUN_TRY(source_.records, connection.query_integer("SELECT count(*) FROM " + from));
  return {};
}

Result<void> SourceOpener::open_text() {
  if (source_.format == SourceFormat::Xlsx)
    FENQUN_CHECK(from_xlsx());
  else if (layout_.encoding != Encoding::Utf8)
    FENQUN_CHECK(decode());
  bool mixed_line_ends = false;
  {
    FENQUN_TRY(const auto file, open_shared(source_.readable));
    RecordScanner scanner(bytes_of_file(file), {source_.delimiter, false});
    FENQUN_CHECK(read_header(scanner));
  }
  {
    FENQUN_TRY(auto scanner, source_.scan());
    FENQUN_CHECK(walk(scanner, mixed_line_ends));
  }
  if (mixed_line_ends) return unify_line_ends();
  return {};
}

Result<void> SourceOpener::from_xlsx() {
  const auto twin = scratch_ / "sheet.csv";
  FENQUN_TRY(auto rows,
             convert_xlsx({source_.file, layout_.sheet, layout_.skip_lines}, twin, workspace_.options().stop));
  source_.sheet_rows = std::move(rows.sheet_rows);
  source_.readable = twin;
  source_.delimiter = ',';
  source_.lines_before = 0;
  if (source_.sheet_rows.empty()) return bad("ingest.empty_file");
  return {};
}

Result<void> SourceOpener::decode() {
  const auto twin = scratch_ / "decoded.csv";
  FENQUN_TRY(const auto file, open_shared(source_.file));
  FENQUN_TRY(auto out, OutputFile::create(twin));
  FENQUN_CHECK(convert_to_utf8(
      bytes_of_file(file), source_.file.string(), layout_.encoding,
      [&](std::string_view bytes) { return out.write(bytes); }, workspace_.options().stop));
  source_.readable = twin;
  return out.close();
}

Result<void> SourceOpener::read_header(RecordScanner& scanner) {
  scanner.skip_lines(source_.lines_before);
  ScannedRecord first;
  const bool found = scanner.next(first);
  FENQUN_CHECK(check_bytes(scanner));
  if (!found) return bad("ingest.empty_file");
  if (first.fault == RecordFault::TooLong) {
    return bad("ingest.record_too_long",
               {{"line", std::to_string(first.line)}, {"limit", std::to_string(kMaxRecordBytes)}});
  }
  if (first.fault != RecordFault::None) return bad("ingest.broken_quote", {{"line", std::to_string(first.fault_line)}});
  source_.lines_before = first.line - 1;
  const auto names =
      source_.header && layout_.columns.empty() ? split_record(first.raw, source_.delimiter) : layout_.columns;
  for (const auto& name : names) source_.columns.push_back(trimmed(name));
  return {};
}

Result<void> SourceOpener::check_bytes(const RecordScanner& scanner) const {
  if (scanner.first_nul() < 0 && scanner.first_not_utf8() < 0) return {};
  FENQUN_TRY(const auto file, open_shared(source_.readable));
  const auto guess = guess_encoding(bytes_of_file(file));
  if (guess) {
    const auto byte = scanner.first_not_utf8() >= 0 ? scanner.first_not_utf8() : scanner.first_nul();
    return bad("ingest.not_utf8", {{"byte", std::to_string(byte)}, {"encoding", std::string(name_of(*guess))}});
  }
  if (scanner.first_nul() >= 0) return bad("ingest.binary_file", {{"byte", std::to_string(scanner.first_nul())}});
  return bad("ingest.binary_file", {{"byte", std::to_string(scanner.first_not_utf8())}});
}

// Counts the records and finds what makes the file as a whole unreadable.
Result<void> SourceOpener::walk(RecordScanner& scanner, bool& mixed_line_ends) {
  ScannedRecord record;
  std::int64_t first_broken = 0;
  std::int64_t first_too_long = 0;
  std::int64_t since_stop_check = 0;
  bool open_quote = false;
  while (!open_quote && first_too_long == 0 && scanner.next(record)) {
    if (record.fault == RecordFault::TooLong)
      first_too_long = record.line;
    else if (record.fault != RecordFault::None && first_broken == 0)
      first_broken = record.fault_line;
    open_quote = record.fault == RecordFault::OpenQuote;
    if (++since_stop_check % 65536 == 0 && workspace_.stop_requested())
      return fail(ErrorCode::Cancelled, "base.cancelled");
  }
  FENQUN_CHECK(check_bytes(scanner));
  // With a quote left open at the end, the first quote that does not fit is where it went wrong.
  if (open_quote) return bad("ingest.broken_quote", {{"line", std::to_string(first_broken)}});
  if (first_too_long != 0) {
    return bad("ingest.record_too_long",
               {{"line", std::to_string(first_too_long)}, {"limit", std::to_string(kMaxRecordBytes)}});
  }
  source_.records = scanner.records();
  source_.traits = scanner.traits();
  mixed_line_ends = scanner.mixed_line_ends();
  return {};
}

// The database refuses a text that ends its lines now this way, now that; a twin ends them all alike. Lines keep their
// numbers.
Result<void> SourceOpener::unify_line_ends() {
  const auto twin = scratch_ / "lines.csv";
  FENQUN_TRY(const auto file, open_shared(source_.readable));
  FENQUN_TRY(auto out, OutputFile::create(twin));
  RecordScanner scanner(bytes_of_file(file), {source_.delimiter, source_.columns.size() == 1});
  ScannedRecord record;
  std::int64_t line = 1;
  scanner.skip_lines(source_.lines_before);
  while (scanner.next(record)) {
    for (; line < record.line; ++line) FENQUN_CHECK(out.write("\n"));
    FENQUN_CHECK(out.write(record.raw));
    FENQUN_CHECK(out.write("\n"));
    line += 1 + static_cast<std::int64_t>(record.lines_within);
  }
  source_.readable = twin;
  return out.close();
}

}  // namespace

std::string Source::reader_sql(const std::string& rejects) const {
  if (format == SourceFormat::Parquet) {
    return "read_parquet(" + sql_text(readable.string()) + ", hive_partitioning = false)";
  }
  std::string names;
  for (std::size_t i = 0; i < columns.size(); ++i)
    names += (i > 0 ? ", 'c" : "'c") + std::to_string(i) + "': 'VARCHAR'";
  // Nothing is left to be guessed: what the scanner counted and what the database reads must be the same records.
  return "read_csv(" + sql_text(readable.string()) + ", auto_detect = false, all_varchar = true, strict_mode = true" +
         ", null_padding = false, quote = '\"', escape = '\"', delim = " + sql_text(std::string(1, delimiter)) +
         ", header = " + (header ? "true" : "false") + ", skip = " + std::to_string(lines_before) +
         ", store_rejects = true, rejects_table = " + sql_text(rejects) +
         ", rejects_scan = " + sql_text(rejects + "_scan") + ", columns = {" + names + "})";
}

std::optional<std::size_t> Source::find(std::string_view column) const {
  const auto at = std::find(columns.begin(), columns.end(), column);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

std::int64_t Source::shown_line(const ScannedRecord& record) const {
  if (sheet_rows.empty()) return record.line;
  const auto row = static_cast<std::size_t>(record.ordinal) + (header ? 1U : 0U);
  return row < sheet_rows.size() ? sheet_rows[row] : record.line;
}

Result<RecordScanner> Source::scan() const {
  FENQUN_TRY(const auto input, open_shared(readable));
  RecordScanner scanner(bytes_of_file(input), {delimiter, columns.size() == 1});
  scanner.skip_lines(lines_before);
  if (header) scanner.skip_record();
  return scanner;
}

Result<SourceFormat> format_of(const fs::path& file) {
  auto name = file.extension().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name == ".csv" || name == ".txt" || name == ".tsv") return SourceFormat::Csv;
  if (name == ".xlsx") return SourceFormat::Xlsx;
  if (name == ".parquet") return SourceFormat::Parquet;
  return fail(ErrorCode::BadData, "ingest.unknown_format", {{"file", file.string()}});
}

Result<Source> open_source(warehouse::Workspace& workspace, const fs::path& scratch, const fs::path& file,
                           const SourceLayout& layout) {
  return SourceOpener(workspace, scratch, layout).open(file);
}

}  // namespace fenqun::ingest
