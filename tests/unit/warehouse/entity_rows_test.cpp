// tests/unit/warehouse/entity_rows_test.cpp
#include "warehouse/entity_rows.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <stop_token>

namespace fenqun::warehouse {
namespace {

class EntityRowsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Workspace::init(folder_.path() / "ws", "test").has_value());
    workspace_.emplace(*Workspace::open(folder_.path() / "ws", options_));
    // Of an older contract: without peak_kwh, with a column that no contract has.
    const auto query =
        "SELECT 'a' AS customer_id, DATE '2026-05-01' AS day, CAST(1.5 AS DECIMAL(18,3)) AS energy_kwh, "
        "'x' AS batch";
    ASSERT_TRUE(workspace_->connection()
                    .execute("COPY (" + std::string(query) + ") TO " +
                             sql_text((workspace_->folder() / "old.parquet").string()) + " (FORMAT parquet)")
                    .has_value());
  }

  Connection& connection() { return workspace_->connection(); }
  [[nodiscard]] const Contract& readings() const { return *workspace_->contracts().find("reading_day"); }

  fenqun::test::TempFolder folder_;
  std::stop_source stop_;
  WorkspaceOptions options_{0, 0, stop_.get_token(), nullptr};
  std::optional<Workspace> workspace_;
};

TEST_F(EntityRowsTest, HaveTheContractsColumnsWhateverTheFilesHave) {
  const LakeFile old{"reading_day", Month(2026, 5), "old.parquet", "b", 1, 1};
  for (const auto& files : {std::vector<LakeFile>{}, std::vector<LakeFile>{old}}) {
    const auto rows =
        connection().query("SELECT * FROM (" + entity_rows(workspace_->folder(), readings(), files) + ")");
    ASSERT_TRUE(rows.has_value());
    ASSERT_EQ(rows->columns.size(), readings().fields.size());
    for (std::size_t f = 0; f < rows->columns.size(); ++f) EXPECT_EQ(rows->columns[f], readings().fields[f].name);
    ASSERT_EQ(rows->rows.size(), files.size());
    EXPECT_EQ(files.empty() ? "a" : rows->text(0, 0), "a");
  }
}

TEST_F(EntityRowsTest, AViewInPlaceGoesAndTheOldOneComesBackEvenAfterAStop) {
  const auto count = "SELECT count(*) FROM reading_day";
  {
    ViewInPlace view(*workspace_);
    ASSERT_TRUE(view.show("reading_day", "SELECT 1 AS a FROM range(3)").has_value());
    EXPECT_EQ(*connection().query_integer(count), 3);
    ASSERT_TRUE(view.show("reading_day", "SELECT 1 AS a FROM range(5)").has_value());
    EXPECT_EQ(*connection().query_integer(count), 5);
    stop_.request_stop();
  }
  connection().watch(nullptr, {});
  EXPECT_EQ(*connection().query_integer(count), 0);
  EXPECT_EQ(*connection().query_integer("SELECT count(*) FROM duckdb_views() WHERE view_name LIKE '%of all months'"),
            0);
}

}  // namespace
}  // namespace fenqun::warehouse
