// fuzz/fuzz_input.hpp - what the targets have in common: a scratch folder, choices out of the input, files, promises.
#pragma once

#include "reader/table.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fenqun::fuzz {

/// A promise of the reader that did not hold: ends the process, so that the input is kept.
inline void expect(bool holds, const char* promise) {
  if (holds) return;
  std::cerr << "broken promise: " << promise << "\n";
  std::abort();
}

/// In memory where the machine has such a folder; one for each process.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code ec;
    const std::filesystem::path memory = "/dev/shm";
    std::string pattern =
        ((std::filesystem::is_directory(memory, ec) ? memory : std::filesystem::temp_directory_path()) /
         "fenqun_fuzz_XXXXXX")
            .string();
    expect(mkdtemp(pattern.data()) != nullptr, "a folder for temporary files");
    path_ = pattern;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }
  [[nodiscard]] std::filesystem::path write(const char* name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The layout that an input's first byte stands for, as a mapping could say it: its bits choose.
inline reader::SourceLayout layout_of(std::uint8_t choice) {
  reader::SourceLayout layout;
  if ((choice & 1U) != 0) layout.skip_lines = choice >> 6U;
  if ((choice & 2U) != 0) {
    layout.header = false;
    layout.columns = {"a", "b", "c"};
  } else if ((choice & 4U) != 0) {
    layout.header_rows = 1 + (choice >> 6U) % 3;
  }
  if ((choice & 8U) != 0) layout.encoding = static_cast<reader::Encoding>((choice >> 5U) % 5);
  if ((choice & 16U) != 0) layout.closing_lines = static_cast<reader::ClosingLines>((choice >> 6U) % 3);
  layout.all_sheets = (choice & 32U) != 0;
  layout.fill_merged = (choice & 64U) != 0;
  return layout;
}

/// What every opened table promises: its records are there, in order, in a text the database can read.
void check_table(const reader::Table& table);

/// A request for the file with the words of closing lines in place.
reader::TableRequest request_for(std::filesystem::path file, reader::SourceFormat format, reader::SourceLayout layout,
                                 const ScratchFolder& scratch);

}  // namespace fenqun::fuzz
