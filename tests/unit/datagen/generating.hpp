// tests/unit/datagen/generating.hpp - makes small utilities for the tests that look at files.
#pragma once

#include "base/file.hpp"
#include "datagen/datagen.hpp"
#include "fixture.hpp"
#include "warehouse/database.hpp"

#include <map>

namespace fenqun::datagen {

namespace fs = std::filesystem;

inline const warehouse::ContractSet& contracts() {
  static const auto kSet = warehouse::ContractSet::create(shipped_assets());
  return *kSet;
}

inline DatagenOptions options_for(const fs::path& out, FileFormat format = FileFormat::Parquet) {
  DatagenOptions options;
  options.out = out;
  options.customers = 800;
  options.months = 14;
  options.reading_months = 2;
  options.format = format;
  return options;
}

inline Result<DatagenOutcome> run(const DatagenOptions& options, std::size_t threads = 2) {
  WorkerPool pool(threads);
  NoProgress silent;
  return generate(shipped_assets(), contracts(), options, pool, silent);
}

/// Path to hash of every file below a folder.
inline std::map<std::string, std::string> hashes(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = *hash_file(entry.path());
  }
  return out;
}

}  // namespace fenqun::datagen
