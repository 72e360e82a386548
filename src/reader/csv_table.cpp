// reader/csv_table.cpp
#include "reader/csv_table.hpp"

#include "reader/csv_sorting.hpp"
#include "reader/delimiter.hpp"
#include "reader/table_shape.hpp"

#include <algorithm>
#include <optional>

namespace fenqun::reader {
namespace {

// More than the longest record, so that the first one is whole.
constexpr std::size_t kBeginningBytes = 2 * kMaxRecordBytes;
constexpr std::size_t kMostShifts = 1'000'000;

// What a walk over the whole text found.
struct Walked {
  std::int64_t first_broken = 0;    // line of the first quote that does not fit
  std::int64_t first_too_long = 0;  // line
  bool open_quote = false;
  std::int64_t first_nul = -1;
  std::int64_t first_not_utf8 = -1;
  bool mixed_line_ends = false;
};

class CsvOpener {
 public:
  CsvOpener(const TableRequest& request, const std::filesystem::path& file)
      : request_(request),
        text_request_{file, request.file.string(), request.layout.encoding, request.scratch / "decoded.csv",
                      request.stop},
        twin_(request.scratch / "rows.csv") {}
  CsvOpener(const TableRequest& request, const CsvDump& dump, std::filesystem::path twin)
      : request_(request), dump_(&dump), twin_(std::move(twin)) {
    text_.path = dump.path;
  }

  Result<Table> open();
  Result<Table> sort();

 private:
  Result<void> look();
  void look_at_rows(std::string_view beginning);
  void name_columns_of(std::span<const Cells> rows, std::span<const std::string> raws, std::size_t data_from);
  Result<void> walk();
  [[nodiscard]] Result<void> check() const;
  Result<void> rewrite();
  Result<void> write_row(const ScannedRecord& record, OutputFile& out);
  Result<void> number_rows();
  Result<Table> finish();
  [[nodiscard]] ScannerOptions options() const { return {table_.delimiter, table_.columns.size() == 1, true}; }
  [[nodiscard]] tl::unexpected<Error> bad(const char* key, TextArgs args = {}) const {
    args.push_back({"file", request_.file.string()});
    return fail(ErrorCode::BadData, key, std::move(args));
  }

  const TableRequest& request_;
  TextRequest text_request_;
  const CsvDump* dump_ = nullptr;
  std::filesystem::path twin_;
  TextFile text_;
  Table table_;
  CsvPreamble preamble_;
  std::int64_t last_header_line_ = 0;  // or the line before the first record
  // The database passes over lines above the header, but it minds quotes while doing so.
  bool quotes_above_ = false;
  std::optional<CsvSorting> sorting_;
  Walked walked_;
  std::int64_t twin_line_ = 1;  // the line that is written next
};

// Delimiter, header and columns, from the text's beginning.
Result<void> CsvOpener::look() {
  FENQUN_TRY(const auto beginning, read_part(text_.path, 0, kBeginningBytes));
  const auto& layout = request_.layout;
  preamble_ = {};
  if (dump_ == nullptr) {
    const auto values = layout.header ? 0 : layout.columns.size();
    table_.delimiter = layout.delimiter ? *layout.delimiter : detect_delimiter(beginning, values);
    preamble_.skip_lines = layout.skip_lines.value_or(stated_delimiter(beginning) != 0 ? 1 : 0);
  }
  look_at_rows(beginning);
  return {};
}

void CsvOpener::look_at_rows(std::string_view beginning) {
  RecordScanner scanner(bytes_of(beginning), {table_.delimiter, false, true});
  scanner.skip_lines(preamble_.skip_lines);
  std::vector<Cells> rows;
  std::vector<std::string> raws;
  std::vector<std::int64_t> lines;
  std::vector<std::size_t> offsets;
  ScannedRecord record;
  while (rows.size() < kWindowRows && scanner.next(record)) {
    const auto end = static_cast<std::size_t>(record.offset) + record.raw.size();
    if (beginning.size() == kBeginningBytes && end >= beginning.size()) break;
    // A row whose quotes do not fit tells nothing; a header of that kind is refused, and what comes first without a
    // header is a row.
    const bool is_odd = record.fault == RecordFault::TextAfterQuote;
    if (is_odd && !rows.empty()) continue;
    if (record.fault != RecordFault::None && !(is_odd && !request_.layout.header)) break;
    if (record.fault == RecordFault::None && first_value(record.raw, table_.delimiter).empty()) continue;
    rows.push_back(split_record(record.raw, table_.delimiter));
    raws.emplace_back(record.raw);
    lines.push_back(record.line);
    offsets.push_back(static_cast<std::size_t>(record.offset));
  }
  const auto& layout = request_.layout;
  auto place = dump_ != nullptr ? dump_->place : find_header(rows, layout);
  // Rows so long that the beginning does not hold those above the header.
  if (place.first + place.rows > rows.size()) place = {0, std::min<std::size_t>(1, rows.size())};
  preamble_.titles = place.first;
  preamble_.headers = layout.header && !rows.empty() ? place.rows : 0;
  const auto data_from = preamble_.titles + preamble_.headers;
  name_columns_of(rows, raws, data_from);
  table_.header = layout.header;
  table_.lines_before = lines.empty() ? 0 : lines[place.first] - 1;
  last_header_line_ = preamble_.headers > 0 ? lines[data_from - 1] : table_.lines_before + 1;
  quotes_above_ = !offsets.empty() && beginning.substr(0, offsets[place.first]).find('"') != std::string_view::npos;
  raws.resize(data_from);
  preamble_.lines = std::move(raws);
  if (dump_ != nullptr)
    preamble_.lines.insert(preamble_.lines.end(), dump_->header_again.begin(), dump_->header_again.end());
}

void CsvOpener::name_columns_of(std::span<const Cells> rows, std::span<const std::string> raws, std::size_t data_from) {
  table_.columns.clear();
  table_.unnamed.clear();
  for (const auto& name : request_.layout.columns) table_.columns.emplace_back(without_blanks(name));
  if (!request_.layout.header || !request_.layout.columns.empty()) return;
  std::vector<Cells> data;
  for (auto at = data_from; at < rows.size(); ++at) {
    const bool is_header_again = std::find(raws.begin(), raws.begin() + static_cast<std::ptrdiff_t>(data_from),
                                           raws[at]) != raws.begin() + static_cast<std::ptrdiff_t>(data_from);
    const bool is_closing = request_.closing_words.judge(first_value(raws[at], table_.delimiter), "").has_value();
    if (!is_header_again && !is_closing) data.push_back(rows[at]);
  }
  const auto header = rows.subspan(preamble_.titles, data_from - preamble_.titles);
  auto names = name_columns(header, table_width(header, data));
  table_.columns = std::move(names.names);
  table_.unnamed = std::move(names.unnamed);
}

// Tells the rows from the rest, and finds what makes the file as a whole unreadable.
Result<void> CsvOpener::walk() {
  FENQUN_TRY(const auto file, open_shared(text_.path));
  RecordScanner scanner(bytes_of(file), options());
  sorting_.emplace(preamble_, request_.closing_words, request_.layout.closing_lines, table_.delimiter);
  sorting_->skip(dump_ != nullptr ? dump_->skipped : scanner.skip_lines(preamble_.skip_lines));
  walked_ = {};
  ScannedRecord record;
  std::int64_t since_stop_check = 0;
  while (!walked_.open_quote && walked_.first_too_long == 0 && scanner.next(record)) {
    if (record.fault == RecordFault::TooLong)
      walked_.first_too_long = record.line;
    else if (record.fault != RecordFault::None && walked_.first_broken == 0)
      walked_.first_broken = record.fault_line;
    walked_.open_quote = record.fault == RecordFault::OpenQuote;
    if (table_.header && record.line <= last_header_line_) scanner.forget_traits();
    if (dump_ != nullptr) record.line = dump_->rows[static_cast<std::size_t>(record.ordinal)];
    sorting_->add(record);
    if (++since_stop_check % 65536 == 0 && request_.stop.stop_requested())
      return fail(ErrorCode::Cancelled, "base.cancelled");
  }
  FENQUN_CHECK(file->check(request_.file.string()));
  sorting_->finish();
  walked_.first_nul = scanner.first_nul();
  walked_.first_not_utf8 = scanner.first_not_utf8();
  walked_.mixed_line_ends = scanner.mixed_line_ends();
  table_.has_odd_quotes = walked_.first_broken != 0;
  table_.traits = scanner.traits();
  return {};
}

Result<void> CsvOpener::check() const {
  if (walked_.first_nul >= 0) return bad("ingest.binary_file", {{"byte", std::to_string(walked_.first_nul)}});
  if (walked_.first_not_utf8 >= 0)
    return bad("reader.encoding_unclear", {{"byte", std::to_string(walked_.first_not_utf8)}});
  const bool no_table = table_.columns.empty() || (preamble_.headers == 0 && table_.header);
  // With a quote left open at the end, the first quote that does not fit is where it went wrong.
  if (walked_.open_quote || (no_table && walked_.first_broken != 0))
    return bad("ingest.broken_quote", {{"line", std::to_string(walked_.first_broken)}});
  if (walked_.first_too_long != 0) {
    return bad("ingest.record_too_long",
               {{"line", std::to_string(walked_.first_too_long)}, {"limit", std::to_string(kMaxRecordBytes)}});
  }
  const auto& counts = sorting_->counts();
  if (no_table || counts.headers + counts.rows == 0) return bad("ingest.empty_file");
  return {};
}

// Rows keep their line numbers: what is left out leaves an empty line behind. In a text of one column an empty line is
// a value, so there the lines move up and the shifts are kept.
Result<void> CsvOpener::write_row(const ScannedRecord& record, OutputFile& out) {
  if (table_.columns.size() > 1 || twin_line_ <= last_header_line_) {
    for (; twin_line_ < record.line; ++twin_line_) FENQUN_CHECK(out.write("\n"));
  } else {
    const auto by = record.line - twin_line_;
    if (by != (table_.shifts.empty() ? 0 : table_.shifts.back().by)) table_.shifts.push_back({twin_line_, by});
    if (table_.shifts.size() > kMostShifts)
      return bad("reader.too_scattered", {{"limit", std::to_string(kMostShifts)}});
  }
  FENQUN_CHECK(out.write(record.raw));
  FENQUN_CHECK(out.write("\n"));
  twin_line_ += 1 + record.lines_within;
  return {};
}

// The database refuses a text that ends its lines now this way, now that, and would take for rows what is none.
Result<void> CsvOpener::rewrite() {
  FENQUN_TRY(const auto file, open_shared(text_.path));
  FENQUN_TRY(auto out, OutputFile::create(twin_));
  RecordScanner scanner(bytes_of(file), options());
  scanner.skip_lines(preamble_.skip_lines);
  ScannedRecord record;
  std::int64_t since_stop_check = 0;
  twin_line_ = 1;
  while (scanner.next(record)) {
    const bool is_header = table_.header && record.line == last_header_line_;
    if (is_header || sorting_->is_row(record)) FENQUN_CHECK(write_row(record, out));
    if (++since_stop_check % 65536 == 0 && request_.stop.stop_requested())
      return fail(ErrorCode::Cancelled, "base.cancelled");
  }
  FENQUN_CHECK(file->check(request_.file.string()));
  table_.readable = twin_;
  table_.lines_before = last_header_line_ - 1;
  return out.close();
}

// The sheet's row for each row of the table.
Result<void> CsvOpener::number_rows() {
  FENQUN_TRY(const auto file, open_shared(text_.path));
  RecordScanner scanner(bytes_of(file), options());
  ScannedRecord record;
  while (scanner.next(record)) {
    if (sorting_->is_row(record))
      table_.sheet_rows.push_back({0, dump_->rows[static_cast<std::size_t>(record.ordinal)]});
  }
  return {};
}

Result<Table> CsvOpener::open() {
  FENQUN_TRY(text_, open_text(text_request_));
  FENQUN_CHECK(look());
  FENQUN_CHECK(walk());
  if (text_.is_assumed && (walked_.first_not_utf8 >= 0 || walked_.first_nul >= 0)) {
    FENQUN_TRY(text_, decode_by_guess(text_request_, walked_.first_not_utf8, walked_.first_nul));
    FENQUN_CHECK(look());
    FENQUN_CHECK(walk());
  }
  return finish();
}

Result<Table> CsvOpener::sort() {
  FENQUN_CHECK(look());
  FENQUN_CHECK(walk());
  FENQUN_CHECK(number_rows());
  return finish();
}

Result<Table> CsvOpener::finish() {
  FENQUN_CHECK(check());
  table_.readable = text_.path;
  if (walked_.mixed_line_ends || sorting_->leaves_out_rows() || preamble_.headers > 1 || quotes_above_)
    FENQUN_CHECK(rewrite());
  table_.report = sorting_->counts();
  table_.records = table_.report.rows;
  if (dump_ != nullptr) return std::move(table_);
  table_.report.encoding = text_.encoding;
  table_.report.has_mark = text_.has_mark;
  table_.report.delimiter = table_.delimiter;
  return std::move(table_);
}

}  // namespace

Result<Table> open_csv(const TableRequest& request, const std::filesystem::path& file) {
  return CsvOpener(request, file).open();
}

Result<Table> sort_dump(const TableRequest& request, const CsvDump& dump, const std::filesystem::path& twin) {
  return CsvOpener(request, dump, twin).sort();
}

}  // namespace fenqun::reader
