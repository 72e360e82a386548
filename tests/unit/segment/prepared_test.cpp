// tests/unit/segment/prepared_test.cpp - a month that was prepared before a feature was there.
#include "segment/prepared.hpp"

#include "segment/portrait.hpp"
#include "unit/segment/wide_workspace.hpp"

namespace fenqun::segment {
namespace {

constexpr const char* kCustomers =
    "SELECT printf('%06d', range + 1) AS customer_id, range * 10.0 AS bill_revenue_12m_cny FROM range(50)";

std::string by(const std::string& feature) {
  return "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n  - {code: a, title: {zh: 甲, en: A}, "
         "when: " +
         feature + " > 100}\n  - {code: b, title: {zh: 乙, en: B}, when: \"true\"}\n";
}

TEST_F(WideWorkspace, AFeatureThatTheMonthDoesNotHaveIsNamedWithTheMonthAlsoWhereAnotherMonthHasIt) {
  make(kCustomers, Month(2026, 5), "tickets_12m");
  make(kCustomers, Month(2026, 6));
  auto workspace = open();
  const auto refused = run(workspace, scheme(by("tickets_12m")), Month(2026, 5));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::BadData);
  EXPECT_EQ(refused.error().line.key, "segment.feature_not_prepared");
  EXPECT_EQ(refused.error().arg("features"), "tickets_12m");
  EXPECT_EQ(refused.error().arg("month"), "2026-05");
  EXPECT_TRUE(run(workspace, scheme(by("tickets_12m")), Month(2026, 6)).has_value());
  const auto other = run(workspace, scheme(by("bill_revenue_12m_cny")), Month(2026, 5));
  ASSERT_TRUE(other.has_value()) << "what a scheme does not look at it need not have";
  const auto portrait = make_portrait(workspace, *catalogue_, *other);
  ASSERT_FALSE(portrait.has_value());
  EXPECT_EQ(portrait.error().line.key, "segment.feature_not_prepared");
}

}  // namespace
}  // namespace fenqun::segment
