// fuzz/xlsx_fuzz.cpp - a workbook. First byte: layout. Then an archive as it is ("PK..."), or its parts as text, each
// behind a line "=== xl/workbook.xml": checksums and packing are no hurdle for what is to be found in the parts.
#include "fuzz_input.hpp"

#include <minizip/zip.h>

namespace {

std::filesystem::path write_archive(const fenqun::fuzz::ScratchFolder& scratch, std::string_view parts) {
  const auto path = scratch.path() / "in.xlsx";
  std::filesystem::remove(path);
  zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  fenqun::fuzz::expect(zip != nullptr, "an archive can be made");
  constexpr std::string_view kMark = "=== ";
  for (auto at = parts.find(kMark); at != std::string_view::npos;) {
    const auto name_end = parts.find('\n', at);
    if (name_end == std::string_view::npos) break;
    const auto next = parts.find(kMark, name_end);
    const std::string name(parts.substr(at + kMark.size(), name_end - at - kMark.size()));
    const auto content = parts.substr(name_end + 1, next == std::string_view::npos ? next : next - name_end - 1);
    if (zipOpenNewFileInZip(zip, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, 0, 0) == ZIP_OK) {
      zipWriteInFileInZip(zip, content.data(), static_cast<unsigned>(content.size()));
      zipCloseFileInZip(zip);
    }
    at = next;
  }
  zipClose(zip, nullptr);
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fenqun;
  static const fuzz::ScratchFolder scratch;
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto file = text.starts_with("PK") ? scratch.write("in.xlsx", text) : write_archive(scratch, text);
  const auto request = fuzz::request_for(file, reader::SourceFormat::Xlsx, fuzz::layout_of(data[0]), scratch);
  const auto table = reader::open_table(request);
  if (table) fuzz::check_table(*table);
  return 0;
}
