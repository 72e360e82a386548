// tests/unit/segment/cells_test.cpp
#include "segment/cells.hpp"

#include "unit/segment/wide_workspace.hpp"

namespace fenqun::segment {
namespace {

RunResult run_of(const std::string& id, std::size_t groups, const Month& month = Month(2026, 6)) {
  RunResult out;
  out.run_id = id;
  out.as_of = month;
  for (std::size_t g = 0; g < groups; ++g) {
    out.groups.emplace_back();
    out.groups.back().code = "g" + std::to_string(g + 1);
  }
  return out;
}

// "0-2 2-3": first and last of each batch.
std::string batches(const std::vector<RunResult>& runs) {
  std::string out;
  for (const auto& batch : batches_of(runs))
    out += (out.empty() ? "" : " ") + std::to_string(batch.first) + "-" + std::to_string(batch.last);
  return out;
}

TEST(Batches, HoldRunsOfOneMonthThatDifferAndHaveFewCellsTogether) {
  EXPECT_EQ(batches({}), "");
  EXPECT_EQ(batches({run_of("a", 3), run_of("b", 3)}), "0-2");
  EXPECT_EQ(batches({run_of("a", 3), run_of("b", 3, Month(2026, 5))}), "0-1 1-2");
  EXPECT_EQ(batches({run_of("a", 3), run_of("b", 3), run_of("a", 3)}), "0-2 2-3") << "the same run again";
  // Four groups and none are five digits: five of them to the fifth are 3,125.
  EXPECT_EQ(batches({run_of("a", 4), run_of("b", 4), run_of("c", 4), run_of("d", 4), run_of("e", 4), run_of("f", 4)}),
            "0-5 5-6");
  EXPECT_EQ(batches({run_of("a", 3), run_of("b", 9000), run_of("c", 3)}), "0-1 1-2 2-3");
}

class CellsTest : public WideWorkspace {
 protected:
  void SetUp() override {
    make("SELECT printf('%02d', range + 1) AS customer_id, range AS energy_12m_kwh FROM range(12)");
  }
  /// Customer i is in group `i % groups + 1` of the run; in none where i % 5 is `without`.
  static void assign(warehouse::Workspace& workspace, const std::string& run, int groups, int without) {
    const auto done = workspace.connection().execute(
        "INSERT INTO assignment (run_id, customer_id, group_code, state) SELECT " + warehouse::sql_text(run) +
        ", printf('%02d', i + 1), CASE WHEN i % 5 <> " + std::to_string(without) + " THEN 'g' || (i % " +
        std::to_string(groups) + " + 1) END, 'draft' FROM range(12) r(i)");
    ASSERT_TRUE(done.has_value()) << done.error().arg("reason");
  }
  static std::string rows(warehouse::Workspace& workspace, const std::string& sql) {
    const auto found = workspace.connection().query(sql);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().arg("reason"));
    std::string out;
    for (std::size_t r = 0; r < found->rows.size(); ++r) {
      for (std::size_t c = 0; c < found->columns.size(); ++c) out += (c > 0 ? " " : "") + found->text(r, c);
      out += "\n";
    }
    return out;
  }
};

TEST_F(CellsTest, AGroupsCustomersAreThoseOfAllItsCells) {
  auto workspace = open();
  assign(workspace, "a", 2, 3);
  assign(workspace, "b", 3, 4);
  const std::vector<RunResult> runs = {run_of("a", 2), run_of("b", 4)};
  const auto cells = Cells::create(workspace, "test", runs);
  ASSERT_TRUE(cells.has_value()) << cells.error().arg("reason");
  EXPECT_EQ(
      rows(workspace, "SELECT run, group_code, sum(n)::BIGINT FROM " +
                          cells->by_group("SELECT cell, count(*) AS n FROM " + cells->customers() + " GROUP BY cell") +
                          " GROUP BY ALL ORDER BY ALL"),
      "0 g1 5\n0 g2 5\n1 g1 3\n1 g2 3\n1 g3 4\n");
  for (const char* run : {"a", "b"}) {
    EXPECT_EQ(
        rows(workspace, "SELECT customer_id, group_code FROM " + cells->customers() + " c JOIN " + cells->groups() +
                            " g ON g.cell = c.cell WHERE g.run = " + (*run == 'a' ? "0" : "1") + " ORDER BY 1"),
        rows(workspace, "SELECT customer_id, group_code FROM assignment WHERE group_code IS NOT NULL AND run_id = " +
                            warehouse::sql_text(run) + " ORDER BY 1"));
  }
}

TEST_F(CellsTest, RunsWithoutGroupsHaveNoCells) {
  auto workspace = open();
  const std::vector<RunResult> runs = {run_of("a", 0)};
  const auto cells = Cells::create(workspace, "test", runs);
  ASSERT_TRUE(cells.has_value()) << cells.error().arg("reason");
  EXPECT_EQ(rows(workspace, "SELECT count(*) FROM " + cells->customers() + ", " + cells->groups()), "0\n");
}

}  // namespace
}  // namespace fenqun::segment
