// fuzz/csv_fuzz.cpp - a CSV file, gzipped or not, in whatever encoding. First byte: layout, second: delimiter.
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fenqun;
  static const fuzz::ScratchFolder scratch;
  if (size < 2) return 0;
  auto layout = fuzz::layout_of(data[0]);
  constexpr std::string_view kDelimiters = ",;\t|";
  if (data[1] >= '0' && data[1] < '4') layout.delimiter = kDelimiters[data[1] - '0'];
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto request = fuzz::request_for(scratch.write("in.csv", text), reader::SourceFormat::Csv, layout, scratch);
  const auto table = reader::open_table(request);
  if (table) fuzz::check_table(*table);
  return 0;
}
