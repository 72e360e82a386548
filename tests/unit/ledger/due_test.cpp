// tests/unit/ledger/due_test.cpp - when a scheme is to be run again, on the small wide table of the segment tests.
#include "ledger/due.hpp"

#include "unit/segment/run_fixture.hpp"

#include <algorithm>

namespace fenqun::ledger {
namespace {

using segment::kTiers;

class DueTest : public segment::RunTest {
 protected:
  DueScheme due(const std::string& yaml, Month month = Month(2026, 6)) {
    const auto wanted = scheme(yaml);
    auto workspace = open(2);
    WorkerPool pool(2);
    auto found = find_due(workspace, *catalogue_, wanted, month, pool);
    EXPECT_TRUE(found.has_value()) << found.error().line.key << " " << found.error().arg("reason");
    return found ? std::move(*found) : DueScheme{};
  }
  /// Another month, whose energy is that of June times `factor`, plus 10,000 kWh for every tenth customer.
  void add_july(double factor) {
    auto workspace = open(1);
    auto scratch = workspace.scratch("july");
    ASSERT_TRUE(scratch.has_value());
    const auto file = scratch->folder() / "wide" / "month=2026-07" / "w.parquet";
    std::filesystem::create_directories(file.parent_path());
    ASSERT_TRUE(
        workspace.connection()
            .execute("COPY (SELECT * REPLACE (DATE '2026-07-01' AS as_of, energy_12m_kwh * " + std::to_string(factor) +
                     " + CASE WHEN right(customer_id, 1) = '0' THEN 10000 ELSE 0 END AS energy_12m_kwh) FROM wide "
                     "ORDER BY customer_id) TO " +
                     warehouse::sql_text(file.string()) + " (FORMAT parquet)")
            .has_value());
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{"wide", Month(2026, 7), "lake/wide/month=2026-07/w.parquet", "", 600,
                              static_cast<std::int64_t>(std::filesystem::file_size(file))}},
                            {})
                    .has_value());
  }
  static bool has(const DueScheme& scheme, DueReason reason) {
    return std::find(scheme.reasons.begin(), scheme.reasons.end(), reason) != scheme.reasons.end();
  }
};

TEST_F(DueTest, ASchemeThatWasNeverRunIsDue) {
  EXPECT_EQ(due(kTiers).reasons, std::vector<DueReason>{DueReason::NeverRun});
}

TEST_F(DueTest, WhatWasJustRunIsNot) {
  ASSERT_TRUE(run(kTiers).has_value());
  const auto found = due(kTiers);
  EXPECT_TRUE(found.reasons.empty());
  ASSERT_EQ(found.drift.size(), 1U);
  EXPECT_DOUBLE_EQ(found.drift[0].psi, 0);
  EXPECT_EQ(found.compared, 598);
  EXPECT_EQ(found.moved, 0);
}

TEST_F(DueTest, ANewMonthAndAChangedSchemeAreReasons) {
  ASSERT_TRUE(run(kTiers).has_value());
  add_july(1);
  const auto found = due(std::string("# edited\n") + kTiers, Month(2026, 7));
  EXPECT_TRUE(has(found, DueReason::NewMonth));
  EXPECT_TRUE(has(found, DueReason::SchemeChanged));
  EXPECT_EQ(found.last_month, Month(2026, 6));
}

TEST_F(DueTest, DriftAndMovesAboveTheAlarmAreReasonsBelowItNot) {
  ASSERT_TRUE(run(kTiers).has_value());
  add_july(1);
  const std::string alarms = kTiers;
  const auto strict = due(alarms + "refresh: {drift_psi: 0.01, moved_share: 0.01}\n", Month(2026, 7));
  EXPECT_TRUE(has(strict, DueReason::Drift));
  EXPECT_TRUE(has(strict, DueReason::Moved));
  EXPECT_EQ(strict.drift[0].feature, "energy_12m_kwh");
  // Of every ten customers the last one becomes big; none of these was big before.
  EXPECT_EQ(strict.moved, 60);
  const auto easy = due(alarms + "refresh: {drift_psi: 5, moved_share: 0.5}\n", Month(2026, 7));
  EXPECT_FALSE(has(easy, DueReason::Drift));
  EXPECT_FALSE(has(easy, DueReason::Moved));
}

}  // namespace
}  // namespace fenqun::ledger
