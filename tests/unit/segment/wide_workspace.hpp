// tests/unit/segment/wide_workspace.hpp - a workspace whose wide table is made by SQL, for tests of runs.
#pragma once

#include "features/catalogue.hpp"
#include "segment/run.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace fenqun::segment {

/// `wide` selects customer_id and features of 2026-06; the rest of the catalogue is there, and missing.
class WideWorkspace : public testing::Test {
 protected:
  void make(const std::string& wide, const Month& month = Month(2026, 6), const std::string& without = "") {
    namespace fs = std::filesystem;
    if (!fs::exists(path())) {
      ASSERT_TRUE(warehouse::Workspace::init(path(), "test").has_value());
    }
    auto workspace = open();
    if (!catalogue_) {
      auto catalogue = features::FeatureCatalogue::create(AssetStore());
      ASSERT_TRUE(catalogue.has_value());
      catalogue_.emplace(std::move(*catalogue));
    }
    auto scratch = workspace.scratch("test");
    ASSERT_TRUE(scratch.has_value());
    const auto name = "wide/month=" + month.text() + "/w.parquet";
    const auto file = scratch->folder() / name;
    fs::create_directories(file.parent_path());
    std::string columns = "DATE '" + month.first_date() + "' AS as_of, customer_id";
    for (const auto& feature : catalogue_->features()) {
      if (feature.name == without) continue;
      const bool filled = wide.find("AS " + feature.name) != std::string::npos;
      const char* type = feature.type == features::FeatureType::Category ? "VARCHAR"
                         : feature.type == features::FeatureType::Flag   ? "BOOLEAN"
                                                                         : "DOUBLE";
      columns += ", " + (filled ? feature.name + "::" + type : std::string("NULL::") + type) + " AS " + feature.name;
    }
    const auto done =
        workspace.connection().execute("COPY (SELECT " + columns + " FROM (" + wide + ") ORDER BY customer_id) TO " +
                                       warehouse::sql_text(file.string()) + " (FORMAT parquet)");
    ASSERT_TRUE(done.has_value()) << done.error().arg("reason");
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{"wide", month, "lake/" + name, "", 1, static_cast<std::int64_t>(fs::file_size(file))}},
                            {})
                    .has_value());
  }

  std::filesystem::path path() const { return folder_.path() / "ws"; }

  warehouse::Workspace open() {
    warehouse::WorkspaceOptions options;
    options.threads = 1;
    auto workspace = warehouse::Workspace::open(path(), options);
    EXPECT_TRUE(workspace.has_value());
    return std::move(*workspace);
  }

  Scheme scheme(const std::string& yaml, const std::string& name = "x") {
    std::filesystem::create_directories(path() / "config" / "schemes");
    std::ofstream(path() / "config" / "schemes" / (name + ".yaml")) << yaml;
    auto loaded = load_scheme(AssetStore({path()}), *catalogue_, name);
    EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : loaded.error().line.key);
    return std::move(*loaded);
  }

  Result<RunResult> run(warehouse::Workspace& workspace, const Scheme& scheme, const Month& month = Month(2026, 6)) {
    SegmentOptions options;
    options.as_of = month;
    return run_scheme(workspace, *catalogue_, scheme, options, pool_);
  }

  test::TempFolder folder_;
  std::optional<features::FeatureCatalogue> catalogue_;
  WorkerPool pool_{1};
};

}  // namespace fenqun::segment
