// fuzz/json_lines_fuzz.cpp - a file of JSON lines, gzipped or not, in whatever encoding. First byte: layout.
#include "fuzz_input.hpp"
#include "reader/csv_line.hpp"
#include "reader/json_record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fenqun;
  static const fuzz::ScratchFolder scratch;
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  reader::JsonRecords records;
  for (int again = 0; again < 2; ++again) {
    const auto known = records.columns().size();
    const auto fault = records.parse(text);
    fuzz::expect(records.values().size() == records.columns().size(), "one value for each column");
    fuzz::expect(fault == reader::JsonFault::None || records.columns().size() == known, "a faulty line adds no column");
    std::string line;
    reader::append_record(line, records.values(), records.columns().size());
    fuzz::expect(fault != reader::JsonFault::None || records.columns().size() < 2 ||
                     reader::split_record(std::string_view(line).substr(0, line.size() - 1), ',') == records.values(),
                 "values come back out of the record");
  }
  const auto request = fuzz::request_for(scratch.write("in.jsonl", text), reader::SourceFormat::JsonLines,
                                         fuzz::layout_of(data[0]), scratch);
  const auto table = reader::open_table(request);
  if (table) fuzz::check_table(*table);
  return 0;
}
