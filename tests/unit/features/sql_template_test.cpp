// tests/unit/features/sql_template_test.cpp
#include "features/sql_template.hpp"

#include <gtest/gtest.h>

namespace fenqun::features {
namespace {

std::string filled(const std::string& sql, Month as_of) {
  const TemplateValues values{as_of, {"bill", "ticket"}, {"bill"}};
  const auto out = fill_template(sql, "x.sql", values);
  return out ? *out : out.error().line.key + ":" + std::string(out.error().arg("line"));
}

TEST(SqlTemplate, DatesFollowTheMonth) {
  EXPECT_EQ(filled("${as_of} ${month_end} ${next_month}", Month(2024, 2)),
            "DATE '2024-02-01' DATE '2024-02-29' DATE '2024-03-01'");
  EXPECT_EQ(filled("${month_end}", Month(2025, 2)), "DATE '2025-02-28'");
  EXPECT_EQ(filled("${next_month}", Month(2025, 12)), "DATE '2026-01-01'");
}

TEST(SqlTemplate, AWindowEndsWithTheMonthItself) {
  EXPECT_EQ(filled("${months_back:1}", Month(2026, 6)), "DATE '2026-06-01'");
  EXPECT_EQ(filled("${months_back:12}", Month(2026, 6)), "DATE '2025-07-01'");
  EXPECT_EQ(filled("${months_back:36}", Month(2026, 6)), "DATE '2023-07-01'");
}

TEST(SqlTemplate, LoadedTellsWhetherAnEntityHasData) {
  EXPECT_EQ(filled("${loaded:bill} ${loaded:ticket}", Month(2026, 6)), "TRUE FALSE");
}

TEST(SqlTemplate, TextWithoutPlaceholdersStays) {
  EXPECT_EQ(filled("SELECT '$' || \"{x}\"", Month(2026, 6)), "SELECT '$' || \"{x}\"");
  EXPECT_EQ(filled("", Month(2026, 6)), "");
}

TEST(SqlTemplate, WhatIsNotAPlaceholderIsRefusedWithItsLine) {
  for (const auto* bad : {"${}", "${asof}", "${as_of:1}", "${months_back}", "${months_back:}", "${months_back:0}",
                          "${months_back:121}", "${months_back:x}", "${loaded:bills}", "${loaded}", "${as_of"}) {
    EXPECT_EQ(filled(std::string("a\nb\n") + bad, Month(2026, 6)), "features.placeholder:3") << bad;
  }
}

}  // namespace
}  // namespace fenqun::features
