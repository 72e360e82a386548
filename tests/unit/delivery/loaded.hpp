// tests/unit/delivery/loaded.hpp - a small dirty utility loaded into a workspace, with its manifest and the clean one.
#pragma once

#include "delivery/utility.hpp"
#include "fixture.hpp"
#include "ingest/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fenqun::delivery {

using Keys = std::set<std::string>;

struct Item {
  std::string file, entity, key, column, fault, fate;
};

/// The records of a CSV file without line breaks in its cells.
inline std::vector<std::vector<std::string>> records_of(const fs::path& path) {
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

/// Dirty and clean utility, and a workspace with all of the dirty one loaded; made once for all suites.
class Loaded : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (folder_) return;
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

  inline static std::unique_ptr<test::TempFolder> folder_;
  inline static std::optional<warehouse::Workspace> workspace_;
  inline static std::vector<DeliverySpec> plan_;
  inline static std::optional<Utility> utility_;
  inline static std::vector<Item> items_;
};

}  // namespace fenqun::delivery
