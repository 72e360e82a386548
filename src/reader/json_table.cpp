// reader/json_table.cpp
#include "reader/json_table.hpp"

#include "reader/csv_line.hpp"
#include "reader/json_record.hpp"
#include "reader/table_shape.hpp"
#include "reader/text_file.hpp"
#include "reader/utf8.hpp"

#include <optional>

namespace fenqun::reader {
namespace {

std::string_view reason_of(JsonFault fault) {
  switch (fault) {
    case JsonFault::None:
    case JsonFault::Broken:
      return "broken_json";
    case JsonFault::NotObject:
      return "json_not_object";
    case JsonFault::NameTwice:
      return "json_name_twice";
    case JsonFault::NoText:
      return "json_no_text";
    case JsonFault::TooLarge:
      return "json_too_large";
  }
  return "broken_json";
}

class JsonOpener {
 public:
  JsonOpener(const TableRequest& request, const std::filesystem::path& file)
      : request_(request),
        text_request_{file, request.file.string(), request.layout.encoding, request.scratch / "decoded.jsonl",
                      request.stop} {}

  Result<Table> open();

 private:
  struct Walked {
    std::int64_t lines = 0;
    std::int64_t broken = 0;
    std::int64_t first_nul = -1;
    std::int64_t first_not_utf8 = -1;
    std::int64_t first_too_long = 0;
    std::optional<std::size_t> first_columns;  // how many there were when the first row was written
  };
  Result<void> walk();
  Result<void> check() const;
  Result<void> refuse_a_list() const;
  [[nodiscard]] tl::unexpected<Error> bad(const char* key, TextArgs args = {}) const {
    args.push_back({"file", request_.file.string()});
    return fail(ErrorCode::BadData, key, std::move(args));
  }

  const TableRequest& request_;
  TextRequest text_request_;
  TextFile text_;
  JsonRecords records_;
  Walked walked_;
};

// Writes the rows with the columns known so far.
Result<void> JsonOpener::walk() {
  FENQUN_TRY(const auto file, open_shared(text_.path));
  FENQUN_TRY(auto out, OutputFile::create(request_.scratch / "lines.csv"));
  FENQUN_TRY(auto broken, OutputFile::create(request_.scratch / "broken.csv"));
  RecordScanner scanner(bytes_of(file), {'\0', false, false});
  scanner.skip_lines(request_.layout.skip_lines.value_or(0));
  walked_ = {};
  std::string csv;
  ScannedRecord record;
  while (walked_.first_too_long == 0 && scanner.next(record)) {
    if (record.fault != RecordFault::None) walked_.first_too_long = record.line;
    const auto fault = without_blanks(record.raw).empty() ? JsonFault::Broken : records_.parse(record.raw);
    if (fault == JsonFault::None) {
      csv.clear();
      append_record(csv, records_.values(), records_.columns().size());
      FENQUN_CHECK(out.write(csv));
      if (!walked_.first_columns) walked_.first_columns = records_.columns().size();
    } else {
      ++walked_.broken;
      FENQUN_CHECK(broken.write(std::to_string(record.offset) + "," + std::string(reason_of(fault)) + "\n"));
    }
    if (++walked_.lines % 16384 == 0 && request_.stop.stop_requested())
      return fail(ErrorCode::Cancelled, "base.cancelled");
  }
  FENQUN_CHECK(file->check(request_.file.string()));
  walked_.first_nul = scanner.first_nul();
  walked_.first_not_utf8 = scanner.first_not_utf8();
  FENQUN_CHECK(broken.close());
  return out.close();
}

// The usual mistake: an export of one list with all objects in it.
Result<void> JsonOpener::refuse_a_list() const {
  FENQUN_TRY(const auto beginning, read_part(text_.path, 0, 4096));
  if (without_blanks(beginning).starts_with('[')) return bad("reader.json_list");
  return {};
}

Result<void> JsonOpener::check() const {
  if (walked_.first_nul >= 0) return bad("ingest.binary_file", {{"byte", std::to_string(walked_.first_nul)}});
  if (walked_.first_not_utf8 >= 0)
    return bad("reader.encoding_unclear", {{"byte", std::to_string(walked_.first_not_utf8)}});
  if (walked_.first_too_long != 0) {
    return bad("ingest.record_too_long",
               {{"line", std::to_string(walked_.first_too_long)}, {"limit", std::to_string(kMaxRecordBytes)}});
  }
  if (walked_.lines == 0) return bad("ingest.empty_file");
  if (records_.columns().empty()) return bad("reader.json_no_columns");
  return {};
}

Result<Table> JsonOpener::open() {
  FENQUN_TRY(text_, open_text(text_request_));
  FENQUN_CHECK(refuse_a_list());
  FENQUN_CHECK(walk());
  if (text_.is_assumed && (walked_.first_not_utf8 >= 0 || walked_.first_nul >= 0)) {
    FENQUN_TRY(text_, decode_by_guess(text_request_, walked_.first_not_utf8, walked_.first_nul));
    FENQUN_CHECK(walk());
  }
  FENQUN_CHECK(check());
  if (walked_.first_columns != records_.columns().size()) FENQUN_CHECK(walk());
  Table table;
  table.readable = request_.scratch / "lines.csv";
  auto names = name_columns(std::span(&records_.columns(), 1), records_.columns().size());
  table.columns = std::move(names.names);
  table.unnamed = std::move(names.unnamed);
  table.header = false;
  table.records = walked_.lines;
  table.json_lines = text_.path;
  table.json_skip_lines = request_.layout.skip_lines.value_or(0);
  table.broken = request_.scratch / "broken.csv";
  table.broken_records = walked_.broken;
  table.report.format = SourceFormat::JsonLines;
  table.report.encoding = text_.encoding;
  table.report.has_mark = text_.has_mark;
  table.report.rows = walked_.lines;
  return table;
}

}  // namespace

Result<Table> open_json_lines(const TableRequest& request, const std::filesystem::path& file) {
  return JsonOpener(request, file).open();
}

}  // namespace fenqun::reader
