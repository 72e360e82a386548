// tests/unit/segment/wide_fixture.hpp - a workspace whose wide table of June 2026 is made by SQL.
#pragma once

#include "segment/run.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace fenqun::segment {

class WideTest : public testing::Test {
 protected:
  /// `wide` gives as_of, customer_id and any features; all other features are there, and missing.
  void make_wide(const std::string& wide) {
    namespace fs = std::filesystem;
    ASSERT_TRUE(warehouse::Workspace::init(path(), "test").has_value());
    auto workspace = open(2);
    auto catalogue = features::FeatureCatalogue::create(AssetStore());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().line.key;
    catalogue_.emplace(std::move(*catalogue));
    auto scratch = workspace.scratch("test");
    ASSERT_TRUE(scratch.has_value());
    const auto file = scratch->folder() / "wide" / "month=2026-06" / "w.parquet";
    fs::create_directories(file.parent_path());
    std::string columns = "as_of, customer_id";
    for (const auto& feature : catalogue_->features()) {
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
    const auto rows = workspace.connection().query_integer("SELECT count(*) FROM (" + wide + ")");
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{"wide", Month(2026, 6), "lake/wide/month=2026-06/w.parquet", "", *rows,
                              static_cast<std::int64_t>(fs::file_size(file))}},
                            {})
                    .has_value());
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "ws"; }
  [[nodiscard]] warehouse::Workspace open(std::size_t threads) const {
    warehouse::WorkspaceOptions options;
    options.threads = threads;
    auto workspace = warehouse::Workspace::open(path(), options);
    EXPECT_TRUE(workspace.has_value());
    return std::move(*workspace);
  }
  [[nodiscard]] Result<Scheme> load(const std::string& yaml) const {
    std::filesystem::create_directories(path() / "config" / "schemes");
    std::ofstream(path() / "config" / "schemes" / "x.yaml") << yaml;
    return load_scheme(AssetStore({path()}), *catalogue_, "x");
  }
  [[nodiscard]] Result<RunResult> try_run(const std::string& yaml, std::size_t threads = 2) const {
    FENQUN_TRY(const auto scheme, load(yaml));
    auto workspace = open(threads);
    WorkerPool pool(threads);
    SegmentOptions options;
    options.as_of = Month(2026, 6);
    return run_scheme(workspace, *catalogue_, scheme, options, pool);
  }
  [[nodiscard]] RunResult run(const std::string& yaml, std::size_t threads = 2) const {
    auto done = try_run(yaml, threads);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().line.key + std::string(done.error().arg("reason")));
    return done ? std::move(*done) : RunResult();
  }
  /// What is wrong with a scheme; empty: nothing.
  [[nodiscard]] std::string fault_of(const std::string& yaml) const {
    const auto loaded = load(yaml);
    return loaded ? "" : loaded.error().line.key;
  }

  test::TempFolder folder_;
  std::optional<features::FeatureCatalogue> catalogue_;
};

/// `text` with its first `from` replaced; there must be one.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace fenqun::segment
