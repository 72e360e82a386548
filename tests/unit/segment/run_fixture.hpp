// tests/unit/segment/run_fixture.hpp - a workspace with a small wide table made by SQL, and schemes run on it.
#pragma once

#include "segment/run.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace fenqun::segment {

namespace fs = std::filesystem;

// 600 customers: three blobs of energy (100, 1,000, 10,000 kWh, shares 50/33/17 %), number 1 constant, number 2 without
// energy. Revenue is half the energy; the truth is the blob.
inline constexpr const char* kWide =
    "SELECT DATE '2026-06-01' AS as_of, printf('%06d', n) AS customer_id, "
    "CASE WHEN n = 2 THEN NULL ELSE 10 ** (2 + blob) * (1 + 0.1 * ((n * 37) % 11 - 5) / 5) END AS energy_12m_kwh, "
    "CASE WHEN n = 2 THEN NULL ELSE 5 * 10 ** (1 + blob) END AS bill_revenue_12m_cny, 12::DOUBLE AS months_billed_12m, "
    "n = 1 AS is_constant_series, CASE WHEN n % 2 = 0 THEN 'finance' ELSE 'health' END AS industry, "
    "CASE blob WHEN 0 THEN 'residential' ELSE 'non_residential' END AS category, blob "
    "FROM (SELECT range + 1 AS n, CASE WHEN (range + 1) % 6 < 3 THEN 0 WHEN (range + 1) % 6 < 5 THEN 1 ELSE 2 END AS "
    "blob FROM range(600))";

inline constexpr const char* kTiers =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\ntruth: blob\n"
    "not_classifiable:\n  - {code: constant_series, reason: {zh: 恒定, en: Constant}, when: is_constant_series}\n"
    "features: [{name: energy_12m_kwh, log: true, scale: robust}]\nk: {publish: 3, restarts: 4}\n"
    "groups:\n  - {code: big, title: {zh: 大, en: Big}}\n  - {code: mid, title: {zh: 中, en: Mid}}\n  - {code: small, "
    "title: {zh: 小, en: Small}}\n";

class RunTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(warehouse::Workspace::init(path(), "test").has_value());
    auto workspace = open(2);
    auto catalogue = features::FeatureCatalogue::create(AssetStore());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().line.key;
    catalogue_.emplace(std::move(*catalogue));
    auto scratch = workspace.scratch("test");
    ASSERT_TRUE(scratch.has_value());
    const auto file = scratch->folder() / "wide" / "month=2026-06" / "w.parquet";
    fs::create_directories(file.parent_path());
    // The columns of the catalogue that this table does not fill are there, and missing.
    std::string columns = "as_of, customer_id";
    for (const auto& feature : catalogue_->features()) {
      const bool filled = std::string(kWide).find("AS " + feature.name) != std::string::npos;
      const char* type = feature.type == features::FeatureType::Category ? "VARCHAR"
                         : feature.type == features::FeatureType::Flag   ? "BOOLEAN"
                                                                         : "DOUBLE";
      columns += ", " + (filled ? feature.name + "::" + type : std::string("NULL::") + type) + " AS " + feature.name;
    }
    const auto done =
        workspace.connection().execute("COPY (SELECT " + columns + " FROM (" + kWide + ") ORDER BY customer_id) TO " +
                                       warehouse::sql_text(file.string()) + " (FORMAT parquet)");
    ASSERT_TRUE(done.has_value()) << done.error().arg("reason");
    ASSERT_TRUE(workspace.connection()
                    .execute("COPY (SELECT customer_id, blob FROM (" + std::string(kWide) + ")) TO " +
                             warehouse::sql_text(truth().string()) + " (FORMAT csv, HEADER)")
                    .has_value());
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{"wide", Month(2026, 6), "lake/wide/month=2026-06/w.parquet", "", 600,
                              static_cast<std::int64_t>(fs::file_size(file))}},
                            {})
                    .has_value());
  }
  fs::path path() const { return folder_.path() / "ws"; }
  fs::path truth() const { return folder_.path() / "truth.csv"; }
  warehouse::Workspace open(std::size_t threads) {
    warehouse::WorkspaceOptions options;
    options.threads = threads;
    auto workspace = warehouse::Workspace::open(path(), options);
    EXPECT_TRUE(workspace.has_value());
    return std::move(*workspace);
  }
  Scheme scheme(const std::string& yaml) {
    fs::create_directories(path() / "config" / "schemes");
    std::ofstream(path() / "config" / "schemes" / "x.yaml") << yaml;
    auto loaded = load_scheme(AssetStore({path()}), *catalogue_, "x");
    EXPECT_TRUE(loaded.has_value()) << (loaded
                                            ? ""
                                            : loaded.error().line.key + " " + std::string(loaded.error().arg("key")));
    return std::move(*loaded);
  }
  Result<RunResult> run(const std::string& yaml, std::size_t threads = 2, SegmentOptions options = {}) {
    auto workspace = open(threads);
    WorkerPool pool(threads);
    options.as_of = Month(2026, 6);
    return run_scheme(workspace, *catalogue_, scheme(yaml), options, pool);
  }
  test::TempFolder folder_;
  std::optional<features::FeatureCatalogue> catalogue_;
};

}  // namespace fenqun::segment
