// tests/unit/delivery/pipeline_test.cpp - what was written in a hundred ways is loaded as what it was: the workspace
// holds exactly the rows of the clean utility, but for those whose fate the manifest tells.
#include "delivery/utility.hpp"
#include "fixture.hpp"
#include "ingest/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

namespace fenqun::delivery {
namespace {

using Keys = std::set<std::string>;

struct Item {
  std::string file, entity, key, column, fault, fate;
};

/// The records of a CSV file without line breaks in its cells.
std::vector<std::vector<std::string>> records_of(const fs::path& path) {
  std::vector<std::vector<std::string>> out;
  std::istringstream lines(*read_file(path));
  for (std::string line; std::getline(lines, line);) {
    auto& cells = out.emplace_back(1);
    bool is_quoted = false;
    for (const char c : line) {
      if (c == '"') {
        is_quoted = !is_quoted;
      } else if (c == ',' && !is_quoted) {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
  }
  return out;
}

/// Dirty and clean utility, and a workspace with all of the dirty one loaded.
class Loaded : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TempFolder>();
    const auto root = folder_->path();
    ASSERT_TRUE(make_dirty(root / "dirty").has_value());
    WorkerPool pool(2);
    NoProgress silent;
    ASSERT_TRUE(datagen::generate(shipped_assets(), contracts(), village(root / "clean"), pool, silent).has_value());
    ASSERT_TRUE(warehouse::Workspace::init(root / "ws", "test").has_value());
    auto opened = warehouse::Workspace::open(root / "ws", {});
    ASSERT_TRUE(opened.has_value());
    workspace_.emplace(std::move(*opened));
    plan_ = *read_plan(shipped_assets(), contracts());
    utility_.emplace(*Utility::open(root / "clean", contracts(), Month(2026, 6), {}));
    read_manifest();
    load_all();
    for (const auto& contract : contracts().all()) {
      const bool is_one = fs::exists(root / "clean" / (contract.entity + ".parquet"));
      const auto path = root / "clean" / (contract.entity + (is_one ? ".parquet" : "/*.parquet"));
      ASSERT_TRUE(session()
                      .execute(fmt::format("CREATE TEMP VIEW clean_{} AS SELECT * FROM read_parquet({})",
                                           contract.entity, warehouse::sql_text(path.string())))
                      .has_value());
    }
  }
  static void TearDownTestSuite() {
    utility_.reset();
    workspace_.reset();
    folder_.reset();
  }

  static warehouse::Connection& session() { return workspace_->connection(); }

  static void read_manifest() {
    const auto records = records_of(folder_->path() / "dirty/truth/planted.csv");
    for (std::size_t i = 1; i < records.size(); ++i) {
      const auto& cells = records[i];
      items_.push_back({cells[0], cells[3], cells[4], cells[5], cells[7], cells[8]});
    }
  }

  static void load_all() {
    const auto root = folder_->path() / "dirty";
    const auto records = records_of(root / "truth/deliveries.csv");
    for (std::size_t i = 1; i < records.size(); ++i) {
      ingest::IngestRequest request;
      request.file = root / records[i][1];
      request.max_rejected_share = 1;
      if (!records[i][2].empty()) request.mapping = (root / "mappings" / records[i][2]).string();
      const auto done = ingest::ingest(*workspace_, request);
      const auto& outcome = records[i][4];
      EXPECT_EQ(done.has_value(), outcome != "refused") << records[i][1];
      if (!done) continue;
      EXPECT_EQ(done->already_loaded, outcome == "already_loaded") << records[i][1];
      if (done->already_loaded) continue;
      EXPECT_EQ(std::to_string(done->total.rows_in), records[i][5]) << records[i][1];
      EXPECT_EQ(std::to_string(done->total.rows_loaded), records[i][6]) << records[i][1];
      EXPECT_EQ(std::to_string(done->total.rows_duplicate), records[i][7]) << records[i][1];
      EXPECT_EQ(std::to_string(done->total.rows_superseded), records[i][8]) << records[i][1];
      EXPECT_EQ(std::to_string(done->total.rows_rejected), records[i][9]) << records[i][1];
    }
  }

  /// SQL of a contract's key as the manifest writes it.
  static std::string key_sql(const warehouse::Contract& contract) {
    std::string out;
    for (const auto& name : contract.key) {
      const bool is_month = contract.find(name)->type == warehouse::FieldType::Month;
      out += (out.empty() ? "" : ", ") +
             (is_month ? fmt::format("strftime({}, '%Y-%m')", name) : fmt::format("CAST({} AS VARCHAR)", name));
    }
    return fmt::format("concat_ws(' / ', {})", out);
  }

  static Keys ask(const std::string& sql) {
    const auto rows = session().query(sql);
    EXPECT_TRUE(rows.has_value()) << sql << (rows ? "" : std::string(rows.error().arg("reason")));
    Keys out;
    for (std::size_t i = 0; rows && i < rows->rows.size(); ++i) out.insert(rows->text(i, 0));
    return out;
  }

  /// Rows of a delivery that did not come as they were, and stayed so.
  static Keys expected_lost(const DeliverySpec& spec) {
    Keys out;
    for (const auto& item : items_) {
      const bool is_swollen = item.fault == "spike" || item.fault == "rollover";
      const bool is_gone = item.fate == "rejected" || item.fate == "absent";
      if (item.file == spec.file && (is_gone || is_swollen)) out.insert(item.key);
    }
    for (const auto& later : plan_) {
      if (!later.again || later.again->from != spec.file) continue;
      for (const auto& item : items_) {
        if (item.file != later.file) continue;
        if (item.fault == "repaired_later") out.erase(item.key);
        if (item.fate == "superseded") out.insert(item.key);
      }
    }
    return out;
  }

  static std::unique_ptr<test::TempFolder> folder_;
  static std::optional<warehouse::Workspace> workspace_;
  static std::vector<DeliverySpec> plan_;
  static std::optional<Utility> utility_;
  static std::vector<Item> items_;
};
std::unique_ptr<test::TempFolder> Loaded::folder_;
std::optional<warehouse::Workspace> Loaded::workspace_;
std::vector<DeliverySpec> Loaded::plan_;
std::optional<Utility> Loaded::utility_;
std::vector<Item> Loaded::items_;

TEST_F(Loaded, EveryRowIsThereInEveryFieldAsItWasOrTheManifestSaysWhyNot) {
  int compared = 0;
  for (const auto& spec : plan_) {
    if (spec.again || !spec.same_as.empty() || spec.is_cut || !spec.lacks.empty()) continue;
    const auto& contract = *contracts().find(spec.entity);
    std::string fields;
    const auto list = utility_->fields_of(spec);
    ASSERT_TRUE(list.has_value());
    for (const auto* field : *list) fields += (fields.empty() ? "" : ", ") + field->name;
    Keys lost;
    const auto sheets = spec.sheets.empty() ? std::vector<SheetSpec>(1) : spec.sheets;
    for (const auto& sheet : sheets) {
      auto rows = utility_->rows_of(spec, sheet);
      rows.replace(rows.find('"') + 1, 0, "clean_");
      const auto sql = fmt::format("SELECT {} FROM (SELECT {} {} EXCEPT SELECT {} FROM {})", key_sql(contract), fields,
                                   rows, fields, spec.entity);
      lost.merge(ask(sql));
    }
    EXPECT_EQ(lost, expected_lost(spec)) << spec.file;
    ++compared;
  }
  EXPECT_GT(compared, 30);
}

TEST_F(Loaded, NothingIsThereThatNobodySentButOrphans) {
  int orphans = 0;
  for (const auto& contract : contracts().all()) {
    Keys expected;
    for (const auto& item : items_) {
      if (item.entity == contract.entity && item.fault == "orphan") expected.insert(item.key);
    }
    orphans += static_cast<int>(expected.size());
    const auto key = key_sql(contract);
    EXPECT_EQ(ask(fmt::format("SELECT {} FROM {} EXCEPT SELECT {} FROM clean_{}", key, contract.entity, key,
                              contract.entity)),
              expected)
        << contract.entity;
  }
  EXPECT_GT(orphans, 5);
}

TEST_F(Loaded, CorrectionsTookThePlaceOfTheOldRows) {
  int corrected = 0;
  for (const auto& spec : plan_) {
    if (!spec.again || spec.again->changed == 0) continue;
    const auto& contract = *contracts().find(spec.entity);
    Keys expected;
    for (const auto& item : items_) {
      if (item.file == spec.file && item.fate == "superseded") expected.insert(item.key);
    }
    corrected += static_cast<int>(expected.size());
    Keys changed;
    const auto other =
        ask(fmt::format("SELECT {0} FROM {1} w JOIN clean_{1} c USING ({2}) WHERE w.{3} IS DISTINCT FROM c.{3}",
                        contract.key.front(), contract.entity, contract.key.front(), spec.again->field));
    std::set_intersection(other.begin(), other.end(), expected.begin(), expected.end(),
                          std::inserter(changed, changed.end()));
    EXPECT_EQ(changed, expected) << spec.file;
  }
  EXPECT_GT(corrected, 10);
}

}  // namespace
}  // namespace fenqun::delivery
