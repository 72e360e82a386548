// fuzz/fuzz_input.cpp
#include "fuzz_input.hpp"

#include "reader/text_file.hpp"

namespace fenqun::fuzz {

void check_table(const reader::Table& table) {
  auto scanner = table.scan();
  expect(scanner.has_value(), "a table can be read again");
  reader::ScannedRecord record;
  std::int64_t records = 0;
  std::int64_t last_line = 0;
  while (scanner->next(record)) {
    ++records;
    const auto line = table.line_of(record);
    expect(line >= 1, "a record stands on a line");
    expect(line > last_line || table.report.sheets.size() > 1, "records stand in the order of the file");
    last_line = line;
    static_cast<void>(table.sheet_of(record));
  }
  expect(records == table.records, "as many records as were counted");
  expect(table.report.rows == table.records, "the report counts them too");
  expect(!table.columns.empty(), "a table has columns");
  for (const auto& name : table.columns)
    expect(!name.empty() || !table.report.headers, "a column of a header has a name");

  auto file = reader::open_shared(table.readable);
  expect(file.has_value(), "the readable text is there");
  reader::RecordScanner readable(reader::bytes_of(*file), {table.delimiter, table.columns.size() == 1, true});
  std::int64_t written = 0;
  readable.skip_lines(table.lines_before);
  if (table.header) readable.skip_record();
  while (readable.next(record)) {
    ++written;
    expect(record.fault != reader::RecordFault::OpenQuote && record.fault != reader::RecordFault::TooLong,
           "the readable text can be split");
  }
  expect(readable.first_nul() < 0 && readable.first_not_utf8() < 0, "the readable text is UTF-8");
  expect(!readable.mixed_line_ends(), "the readable text has one kind of line end");
  expect(written == table.records - table.broken_records, "the database sees what was counted");
}

reader::TableRequest request_for(std::filesystem::path file, reader::SourceFormat format, reader::SourceLayout layout,
                                 const ScratchFolder& scratch) {
  static const reader::ClosingWords words({"合计", "小计", "total"}, {"共", "总记录数"}, {"条", "rows"});
  reader::TableRequest request;
  request.file = std::move(file);
  request.format = format;
  request.layout = std::move(layout);
  request.closing_words = words;
  request.scratch = scratch.path();
  return request;
}

}  // namespace fenqun::fuzz
