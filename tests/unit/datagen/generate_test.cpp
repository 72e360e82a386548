// tests/unit/datagen/generate_test.cpp - the files: same bytes, all or nothing, refusals.
#include "datagen/manifest.hpp"
#include "generating.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fenqun::datagen {
namespace {

TEST(Generate, SameSeedGivesTheSameBytesForAnyNumberOfThreads) {
  for (const auto format : {FileFormat::Parquet, FileFormat::Csv}) {
    const TempFolder folder("bytes");
    ASSERT_TRUE(run(options_for(folder.path() / "one", format), 1).has_value());
    ASSERT_TRUE(run(options_for(folder.path() / "two", format), 2).has_value());
    const auto one = hashes(folder.path() / "one");
    EXPECT_GT(one.size(), 100U);
    EXPECT_EQ(one, hashes(folder.path() / "two"));
  }
}

TEST(Generate, AnotherSeedGivesOtherBytes) {
  const TempFolder folder("seeds");
  ASSERT_TRUE(run(options_for(folder.path() / "one")).has_value());
  auto options = options_for(folder.path() / "two");
  options.seed = 2;
  ASSERT_TRUE(run(options).has_value());
  const auto one = hashes(folder.path() / "one");
  auto two = hashes(folder.path() / "two");
  for (const auto* path : {"customer.parquet", "bill/2026-06.parquet", "reading_day/2026-06.parquet",
                           "payment/2026-06.parquet", "truth/customer_class.parquet"}) {
    EXPECT_NE(one.at(path), two[path]) << path;
  }
}

TEST(Generate, CutsLargePlacesIntoSeveralFilesWithoutLosingARow) {
  const TempFolder folder("parts");
  auto text = shipped_assets().read("config/datagen/profiles/tianhe.yaml")->text;
  text.replace(text.find("customers_per_file: 150000"), 26, "customers_per_file: 50");
  folder.write("config/datagen/profiles/tianhe.yaml", text);
  const AssetStore assets({folder.path(), fs::path(FENQUN_SOURCE_DIR)});
  WorkerPool pool(2);
  NoProgress silent;
  const auto parted = generate(assets, contracts(), options_for(folder.path() / "parted"), pool, silent);
  const auto whole = run(options_for(folder.path() / "whole"));
  ASSERT_TRUE(parted.has_value() && whole.has_value());
  EXPECT_TRUE(fs::exists(folder.path() / "parted/reading_day/2026-06_16.parquet"));
  EXPECT_TRUE(fs::exists(folder.path() / "parted/bill/2026-06_02.parquet"));
  EXPECT_EQ(parted->rows, whole->rows);
}

TEST(Generate, SecondCallDoesNothing) {
  const TempFolder folder("again");
  const auto first = run(options_for(folder.path() / "out"));
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(first->already_there);
  const auto before = fs::last_write_time(folder.path() / "out/customer.parquet");
  const auto second = run(options_for(folder.path() / "out"));
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->already_there);
  EXPECT_EQ(second->rows, first->rows);
  EXPECT_EQ(second->planted.size(), first->planted.size());
  EXPECT_EQ(fs::last_write_time(folder.path() / "out/customer.parquet"), before);
}

TEST(Generate, FillsAnEmptyFolder) {
  const TempFolder folder("empty");
  EXPECT_TRUE(run(options_for(folder.path())).has_value());
  EXPECT_TRUE(fs::exists(folder.path() / kManifestName));
}

TEST(Generate, RefusesFoldersWithSomethingElseAndLeavesThemAlone) {
  const TempFolder folder("foreign");
  folder.write("out/letter.txt", "dear all");
  const auto foreign = run(options_for(folder.path() / "out"));
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(foreign.error().code, ErrorCode::Conflict);
  EXPECT_EQ(foreign.error().line.key, "datagen.foreign_folder");
  EXPECT_EQ(hashes(folder.path()).size(), 1U);
  const auto file = run(options_for(folder.path() / "out/letter.txt"));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().line.key, "datagen.not_a_folder");
}

TEST(Generate, RefusesAnotherOrAnIncompleteUtility) {
  const TempFolder folder("other");
  ASSERT_TRUE(run(options_for(folder.path() / "out")).has_value());
  auto other = options_for(folder.path() / "out");
  other.seed = 99;
  const auto conflict = run(other);
  ASSERT_FALSE(conflict.has_value());
  EXPECT_EQ(conflict.error().line.key, "datagen.other_utility");
  EXPECT_EQ(conflict.error().arg("seed"), "1");
  fs::remove(folder.path() / "out/bill/2026-01.parquet");
  const auto incomplete = run(options_for(folder.path() / "out"));
  ASSERT_FALSE(incomplete.has_value());
  EXPECT_EQ(incomplete.error().line.key, "datagen.incomplete");
  EXPECT_EQ(incomplete.error().arg("file"), "bill/2026-01.parquet");
}

/// Asks to stop after some files.
class StopAfter final : public Progress {
 public:
  explicit StopAfter(int files) : left_(files) {}
  void begin(const std::string&) override {}
  void update(double share, const std::string& detail) override {
    EXPECT_GE(share, last_);
    EXPECT_LE(share, 1 + 1e-9);
    EXPECT_FALSE(detail.empty());
    last_ = share;
    if (--left_ == 0) source_.request_stop();
  }
  void end() override {}
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] double last() const { return last_; }

 private:
  int left_;
  double last_ = 0;
  std::stop_source source_;
};

TEST(Generate, InterruptedLeavesNothing) {
  const TempFolder folder("stopped");
  WorkerPool pool(2);
  for (const int files : {1, 5, 40}) {
    StopAfter stopper(files);
    const auto made =
        generate(shipped_assets(), contracts(), options_for(folder.path() / "out"), pool, stopper, stopper.token());
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, ErrorCode::Cancelled);
    EXPECT_TRUE(folder.is_empty());
  }
}

TEST(Generate, ReportsProgressPerFileUpToTheEnd) {
  const TempFolder folder("progress");
  WorkerPool pool(2);
  StopAfter watcher(1'000'000);
  ASSERT_TRUE(generate(shipped_assets(), contracts(), options_for(folder.path() / "out"), pool, watcher).has_value());
  EXPECT_NEAR(watcher.last(), 1, 1e-9);
}

TEST(Generate, RemovesWhatAKilledCallLeft) {
  const TempFolder folder("killed");
  folder.write(".out.part/bill/2026-01.parquet", "half");
  ASSERT_TRUE(run(options_for(folder.path() / "out")).has_value());
  EXPECT_FALSE(fs::exists(folder.path() / ".out.part"));
}

TEST(Generate, RefusesOptionsOutOfRange) {
  const TempFolder folder("range");
  const auto key_of = [&](auto&& change) {
    auto options = options_for(folder.path() / "out");
    change(options);
    const auto made = run(options);
    return made ? std::string("made") : made.error().line.key + " " + std::string(made.error().arg("option"));
  };
  EXPECT_EQ(key_of([](auto& o) { o.customers = 499; }), "datagen.option_range --customers");
  EXPECT_EQ(key_of([](auto& o) { o.customers = 10'000'000; }), "datagen.option_range --customers");
  EXPECT_EQ(key_of([](auto& o) { o.months = 0; }), "datagen.option_range --months");
  EXPECT_EQ(key_of([](auto& o) { o.reading_months = 15; }), "datagen.option_range --reading-months");
  EXPECT_EQ(key_of([](auto& o) { o.end_month = Month(2040, 1); }), "datagen.no_calendar ");
  EXPECT_EQ(key_of([](auto& o) { o.profile = "atlantis"; }), "datagen.no_profile ");
  EXPECT_TRUE(folder.is_empty()) << "a refused call leaves nothing";
  EXPECT_EQ(parse_file_format("xlsx").error().line.key, "datagen.unknown_format");
  EXPECT_EQ(*parse_file_format("csv"), FileFormat::Csv);
}

TEST(Generate, MakesACityOfAnySizeAndSpan) {
  const TempFolder folder("city");
  auto options = options_for(folder.path() / "out");
  options.profile = "city";
  options.months = 3;
  options.reading_months = 0;
  options.end_month = Month(2025, 2);
  const auto made = run(options);
  ASSERT_TRUE(made.has_value()) << made.error().line.key;
  EXPECT_EQ(made->first_month.text(), "2024-12");
  EXPECT_FALSE(fs::exists(folder.path() / "out/reading_day"));
  EXPECT_TRUE(fs::exists(folder.path() / "out/bill/2025-02.parquet"));
}

TEST(Generate, RefusesContractsItCannotFill) {
  const TempFolder folder("contract");
  auto text = shipped_assets().read("config/contracts/bill.yaml")->text;
  folder.write("config/contracts/bill.yaml",
               text + "  - {name: tax_cny, type: decimal, scale: 2, required: true, zh: 税, en: Tax}\n");
  const AssetStore assets({folder.path(), fs::path(FENQUN_SOURCE_DIR)});
  const auto changed = warehouse::ContractSet::create(assets);
  ASSERT_TRUE(changed.has_value());
  WorkerPool pool(1);
  NoProgress silent;
  const auto made = generate(assets, *changed, options_for(folder.path() / "out"), pool, silent);
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().line.key, "datagen.field_not_made");
  EXPECT_EQ(made.error().arg("field"), "tax_cny");
  EXPECT_FALSE(fs::exists(folder.path() / "out"));
}

}  // namespace
}  // namespace fenqun::datagen
