// tests/unit/delivery/fixture.hpp - a small dirty utility, made once; plans of a test's own.
#pragma once

#include "base/asset.hpp"
#include "base/file.hpp"
#include "delivery/delivery.hpp"
#include "delivery/plan.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace fenqun::delivery {

namespace fs = std::filesystem;

inline AssetStore shipped_assets() { return AssetStore({fs::path(FENQUN_SOURCE_DIR)}); }

inline const warehouse::ContractSet& contracts() {
  static const auto kSet = warehouse::ContractSet::create(shipped_assets());
  return *kSet;
}

inline datagen::DatagenOptions village(const fs::path& out) {
  datagen::DatagenOptions options;
  options.profile = "village";
  options.out = out;
  return options;
}

inline Result<DirtOutcome> make_dirty(const fs::path& out, const DirtOptions& dirt = {}, std::size_t threads = 2,
                                      const AssetStore& assets = shipped_assets()) {
  WorkerPool pool(threads);
  NoProgress silent;
  return deliver(assets, contracts(), village(out), dirt, pool, silent);
}

/// Path to hash of every file below a folder.
inline std::map<std::string, std::string> hashes(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = *hash_file(entry.path());
  }
  return out;
}

}  // namespace fenqun::delivery
