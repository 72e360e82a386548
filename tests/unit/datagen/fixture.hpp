// tests/unit/datagen/fixture.hpp - worlds for the tests: the whole station once, and a small one.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"
#include "datagen/world.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace fenqun::datagen {

inline AssetStore shipped_assets() { return AssetStore({std::filesystem::path(FENQUN_SOURCE_DIR)}); }

inline std::unique_ptr<World> make_world(const std::string& profile, std::int64_t customers, std::uint64_t seed = 1,
                                         std::size_t threads = 2) {
  WorkerPool pool(threads);
  auto parameters = Parameters::create(shipped_assets(), profile);
  if (!parameters) {
    ADD_FAILURE() << parameters.error().line.key;
    return nullptr;
  }
  const Timeline timeline(parameters->profile.end_month, parameters->profile.months,
                          parameters->profile.reading_months);
  auto world = World::create(*std::move(parameters), customers, timeline, seed, pool);
  if (!world) {
    ADD_FAILURE() << world.error().line.key;
    return nullptr;
  }
  return *std::move(world);
}

/// The Tianhe station with all 47,783 customers, made once for all tests that only look at it.
inline const World& tianhe() {
  static const std::unique_ptr<World> kWorld = make_world("tianhe", 47'783);
  return *kWorld;
}
/// The same station with 2,000 customers.
inline const World& small_tianhe() {
  static const std::unique_ptr<World> kWorld = make_world("tianhe", 2'000);
  return *kWorld;
}

/// A folder of its own for one test, gone afterwards.
class TempFolder {
 public:
  explicit TempFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("fenqun_datagen_" + name + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] bool is_empty() const { return std::filesystem::is_empty(path_); }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace fenqun::datagen
