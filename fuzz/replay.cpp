// fuzz/replay.cpp - runs a target over files and folders, with any compiler: `replay_csv fuzz/corpus/csv`.
// With `--made N` over N more that are made up, each time the same.
#include "fuzz_input.hpp"

#include <algorithm>
#include <iterator>
#include <random>
#include <vector>

namespace {

// Choices rather than texts: no letter is first.
void try_made(std::uint32_t number) {
  constexpr std::uint32_t kMostBytes = 400;
  std::mt19937 random(number);
  std::vector<std::uint8_t> bytes(random() % kMostBytes + 1);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  bytes.front() &= 0x3FU;
  static_cast<void>(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()));
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  int first = 1;
  if (argc > 2 && std::string_view(argv[1]) == "--made") {
    const auto count = static_cast<std::uint32_t>(std::atoi(argv[2]));
    for (std::uint32_t n = 0; n < count; ++n) try_made(n);
    first = 3;
  }
  for (int i = first; i < argc; ++i) {
    const fs::path path(argv[i]);
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      std::cerr << "cannot read " << file << "\n";
      return 1;
    }
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::cerr << file.filename().string() << "\n";
    static_cast<void>(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
  }
  std::cout << files.size() << " inputs\n";
  // A corpus that is gone must not pass for one that holds.
  return files.empty() ? 1 : 0;
}
