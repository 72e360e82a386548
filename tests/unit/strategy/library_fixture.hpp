// tests/unit/strategy/library_fixture.hpp - a folder of strategies of a test's own over the shipped ones.
#pragma once

#include "features/catalogue.hpp"
#include "strategy/library.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

namespace fenqun::strategy {

/// The shipped kinds of orders, rules and services below a folder; of the books only what a test writes.
class StrategyFolder {
 public:
  explicit StrategyFolder(std::filesystem::path root) : root_(std::move(root)) {
    for (const auto& path : AssetStore().list("config/strategies", ".yaml")) {
      const auto name = std::filesystem::path(path).stem().string();
      if (name == "order_types" || name == "rules" || name == "services" || name == "points") continue;
      if (name == "arrears_work") continue;
      write(name, "book: " + name +
                      "\ntitle: {zh: 空, en: Empty}\nsource: {zh: 无, en: None}\ndepartment: service\ncells: []\n");
    }
  }
  void write(const std::string& name, const std::string& text) const {
    const auto file = root_ / "config" / "strategies" / (name + ".yaml");
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void write_cells(const std::string& cells, const std::string& department = "service",
                   const std::string& name = "mine") const {
    write(name, "book: " + name +
                    "\nversion: 1\ntitle: {zh: 我的, en: Mine}\nsource: {zh: 测试, en: Test}\ndepartment: " +
                    department + "\ncells:\n" + cells);
  }

 private:
  std::filesystem::path root_;
};

class LibraryTest : public testing::Test {
 protected:
  void SetUp() override {
    auto catalogue = features::FeatureCatalogue::create(AssetStore());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().line.key;
    catalogue_.emplace(std::move(*catalogue));
  }
  void write(const std::string& name, const std::string& text) const { strategies_.write(name, text); }
  void write_cells(const std::string& cells) const { strategies_.write_cells(cells); }
  [[nodiscard]] CheckedLibrary check() const {
    auto checked = check_library(assets(), *catalogue_);
    EXPECT_TRUE(checked.has_value()) << checked.error().line.key;
    return checked ? std::move(*checked) : CheckedLibrary();
  }
  /// The one problem that the library has.
  [[nodiscard]] Error problem() const {
    const auto checked = check();
    EXPECT_EQ(checked.problems.size(), 1U);
    return checked.problems.empty() ? Error() : checked.problems.front();
  }
  [[nodiscard]] AssetStore assets() const { return AssetStore({folder_.path()}); }

  test::TempFolder folder_;
  StrategyFolder strategies_{folder_.path()};
  std::optional<features::FeatureCatalogue> catalogue_;
};

/// A cell with one action; `more` goes into the action.
inline std::string cell(const std::string& name, const std::string& when, const std::string& order = "visit",
                        const std::string& more = "", const std::string& of_cell = "") {
  return "  - cell: " + name + "\n    requirements: [R305]\n    when: \"" + when + "\"\n" + of_cell +
         "    text: {zh: 做, en: Do}\n    actions:\n      - {action: go, order: " + order + ", on: month" + more +
         ", text: {zh: 去, en: Go}}\n";
}

}  // namespace fenqun::strategy
