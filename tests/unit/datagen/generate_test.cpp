// tests/unit/datagen/generate_test.cpp - the files: content, same bytes, all or nothing, refusals.
#include "base/file.hpp"
#include "datagen/datagen.hpp"
#include "datagen/manifest.hpp"
#include "fixture.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace fenqun::datagen {
namespace {

namespace fs = std::filesystem;

const warehouse::ContractSet& contracts() {
  static const auto kSet = warehouse::ContractSet::create(shipped_assets());
  return *kSet;
}

DatagenOptions options_for(const fs::path& out, FileFormat format = FileFormat::Parquet) {
  DatagenOptions options;
  options.out = out;
  options.customers = 800;
  options.months = 14;
  options.reading_months = 2;
  options.format = format;
  return options;
}

Result<DatagenOutcome> run(const DatagenOptions& options, std::size_t threads = 2) {
  WorkerPool pool(threads);
  NoProgress silent;
  return generate(shipped_assets(), contracts(), options, pool, silent);
}

/// Path to hash of every file below a folder.
std::map<std::string, std::string> hashes(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = *hash_file(entry.path());
  }
  return out;
}

/// The data of one small utility, made once, with a session to ask it.
class MadeData : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>("made");
    auto options = options_for(folder_->path() / "out");
    options.customers = 2'000;
    const auto made = run(options);
    ASSERT_TRUE(made.has_value()) << made.error().line.key;
    outcome_ = *made;
    database_.emplace(*warehouse::Database::open({}, {}));
    session_.emplace(*database_->connect());
    for (const auto& contract : contracts().all()) {
      const auto source = contract.kind == warehouse::EntityKind::Master ? contract.entity + ".parquet"
                                                                         : contract.entity + "/*.parquet";
      const auto path = (options.out / source).string();
      static_cast<void>(session_->execute(
          fmt::format("CREATE VIEW {} AS SELECT * FROM read_parquet({})", contract.entity, warehouse::sql_text(path))));
    }
  }
  static void TearDownTestSuite() {
    session_.reset();
    database_.reset();
    folder_.reset();
  }
  static std::int64_t ask(const std::string& sql) {
    auto answer = session_->query_integer(sql);
    EXPECT_TRUE(answer.has_value()) << sql << " " << (answer ? "" : std::string(answer.error().arg("reason")));
    return answer.value_or(-1);
  }

  static std::unique_ptr<TempFolder> folder_;
  static DatagenOutcome outcome_;
  static std::optional<warehouse::Database> database_;
  static std::optional<warehouse::Connection> session_;
};
std::unique_ptr<TempFolder> MadeData::folder_;
DatagenOutcome MadeData::outcome_;
std::optional<warehouse::Database> MadeData::database_;
std::optional<warehouse::Connection> MadeData::session_;

TEST_F(MadeData, HasExactlyTheColumnsOfTheContractsInTheirOrder) {
  std::set<std::string> entities;
  for (const auto& file : outcome_.files) entities.insert(file.entity);
  for (const auto* entity : {"customer", "org_unit", "calendar_day", "bill", "payment", "reading_day", "dunning_event",
                             "inspection", "other_income", "ticket", "outage"}) {
    ASSERT_TRUE(entities.contains(entity)) << entity;
    const auto rows = session_->query(fmt::format("DESCRIBE {}", entity));
    ASSERT_TRUE(rows.has_value());
    const auto& fields = contracts().find(entity)->fields;
    ASSERT_EQ(rows->rows.size(), fields.size()) << entity;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      EXPECT_EQ(rows->text(i, 0), fields[i].name);
      EXPECT_EQ(rows->text(i, 1), warehouse::sql_type(fields[i])) << fields[i].name;
    }
  }
}

TEST_F(MadeData, KeepsKeysRequiredFieldsRangesAndCodes) {
  for (const auto& file : outcome_.files) {
    const auto* contract = contracts().find(file.entity);
    if (contract == nullptr) continue;
    std::string key;
    for (const auto& name : contract->key) key += (key.empty() ? "" : ", ") + name;
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM (SELECT {} FROM {} GROUP BY ALL HAVING count(*) > 1)", key,
                              contract->entity)),
              0)
        << contract->entity;
    for (const auto& field : contract->fields) {
      const auto where = [&](const std::string& condition) {
        return ask(fmt::format("SELECT count(*) FROM {} WHERE {}", contract->entity, condition));
      };
      if (field.required) {
        EXPECT_EQ(where(field.name + " IS NULL"), 0) << contract->entity << '.' << field.name;
      }
      if (field.min) {
        EXPECT_EQ(where(fmt::format("{} < {}", field.name, *field.min)), 0) << field.name;
      }
      if (field.max) {
        EXPECT_EQ(where(fmt::format("{} > {}", field.name, *field.max)), 0) << field.name;
      }
      if (!field.values.empty()) {
        std::string codes;
        for (const auto& value : field.values) codes += (codes.empty() ? "'" : ", '") + value + "'";
        EXPECT_EQ(where(fmt::format("{} NOT IN ({})", field.name, codes)), 0) << field.name;
      }
    }
  }
}

TEST_F(MadeData, EveryReferenceExists) {
  const auto is_made = [](const std::string& entity) {
    return std::any_of(outcome_.files.begin(), outcome_.files.end(),
                       [&](const auto& file) { return file.entity == entity; });
  };
  for (const auto& contract : contracts().all()) {
    for (const auto& field : contract.fields) {
      const auto* target = contracts().find(field.references);
      if (target == nullptr || !is_made(contract.entity) || !is_made(target->entity)) continue;
      EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM {0} a WHERE {1} IS NOT NULL AND NOT EXISTS "
                                "(SELECT 1 FROM {2} b WHERE b.{3} = a.{1})",
                                contract.entity, field.name, target->entity, target->key.front())),
                0)
          << contract.entity << '.' << field.name;
    }
  }
}

TEST_F(MadeData, PeakFlatAndValleyAddUpInReadingsAndBills) {
  for (const auto* entity : {"reading_day", "bill"}) {
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM {} WHERE peak_kwh + flat_kwh + valley_kwh <> energy_kwh", entity)),
              0);
  }
}

TEST_F(MadeData, ReadingsOfAMonthSumToItsBill) {
  EXPECT_EQ(
      ask("SELECT count(*) FROM (SELECT customer_id, date_trunc('month', day)::DATE AS month, sum(energy_kwh) AS kwh, "
          "sum(peak_kwh) AS peak FROM reading_day GROUP BY ALL) r FULL JOIN "
          "(SELECT * FROM bill WHERE month >= '2026-05-01') b USING (customer_id, month) "
          "WHERE r.kwh IS DISTINCT FROM b.energy_kwh OR r.peak IS DISTINCT FROM b.peak_kwh"),
      0);
  EXPECT_GT(ask("SELECT count(*) FROM reading_day"), 100'000);
}

TEST_F(MadeData, PaymentsPayTheirBillsInFullInOneOrTwoParts) {
  const std::string paid =
      "(SELECT bill_id, any_value(customer_id) AS who, sum(amount_cny) AS paid, count(*) AS parts, "
      "count(*) FILTER (payment_id LIKE 'P%') AS last_parts, min(amount_cny) AS least FROM payment GROUP BY bill_id)";
  // Of a bill paid in two parts across the end of the data only the first is there.
  EXPECT_EQ(ask("SELECT count(*) FROM " + paid +
                " p JOIN bill b USING (bill_id) WHERE who <> customer_id OR parts > 2 OR least <= 0 OR "
                "(last_parts = 1 AND paid <> amount_cny) OR (last_parts = 0 AND paid >= amount_cny)"),
            0);
  EXPECT_GT(ask("SELECT count(*) FROM " + paid + " WHERE parts = 2"), 100);
  EXPECT_EQ(ask("SELECT count(*) FROM payment q JOIN payment p USING (bill_id) "
                "WHERE q.payment_id LIKE 'Q%' AND p.payment_id LIKE 'P%' AND q.paid_on >= p.paid_on"),
            0);
  // All but the unpaid bills and those not yet due at the end are there: nothing got lost between two months.
  const auto bills = ask("SELECT count(*) FROM bill WHERE month < '2026-03-01'");
  const auto paid_bills =
      ask("SELECT count(*) FROM bill WHERE month < '2026-03-01' AND bill_id IN (SELECT bill_id FROM payment)");
  EXPECT_NEAR(static_cast<double>(paid_bills) / static_cast<double>(bills), 1 - 0.05 * 3.8 / 12 - 0.15 * 0.08 / 12,
              0.004);
}

TEST_F(MadeData, EachRowStandsInTheFileOfItsMonth) {
  for (const auto& contract : contracts().all()) {
    if (contract.kind != warehouse::EntityKind::Fact) continue;
    for (const auto& file : outcome_.files) {
      if (file.entity != contract.entity) continue;
      const auto month = file.path.substr(contract.entity.size() + 1, 7);
      EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) WHERE strftime({}, '%Y-%m') <> '{}'",
                                warehouse::sql_text((outcome_.out / file.path).string()), contract.month_field, month)),
                0)
          << file.path;
    }
  }
}

TEST_F(MadeData, ManifestAndTruthSayWhatTheyAre) {
  const auto manifest = read_manifest(outcome_.out);
  ASSERT_TRUE(manifest.has_value());
  ASSERT_TRUE(manifest->has_value());
  EXPECT_EQ((*manifest)->identity.customers, 2'000);
  EXPECT_EQ((*manifest)->files.size(), outcome_.files.size());
  EXPECT_EQ(first_missing(**manifest, outcome_.out), "");
  EXPECT_NE(read_file(outcome_.out / kManifestName)->find("synthetic: true"), std::string::npos);
  std::int64_t rows = 0;
  for (const auto& file : outcome_.files) rows += file.rows;
  EXPECT_EQ(rows, outcome_.rows);
  const auto truth = warehouse::sql_text((outcome_.out / "truth/customer_class.parquet").string());
  EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) JOIN customer USING (customer_id)", truth)), 2'000);
  for (const auto& planted : outcome_.planted) {
    if (planted.dimension != "revenue" || planted.name == "none") continue;
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) WHERE revenue_class = {}", truth, planted.name)),
              planted.customers);
  }
}

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
