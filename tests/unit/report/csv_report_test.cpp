// report/csv_report_test.cpp
#include "report/csv_report.hpp"

#include "unit/report/sample_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace fenqun::report {
namespace {

using Cells = std::vector<std::string>;

/// Reads RFC 4180 without mercy: records end in CRLF, quotes stand only around whole cells.
std::vector<Cells> parse(std::string_view csv) {
  std::vector<Cells> rows(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
        cell += csv[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == ',') {
      rows.back().push_back(std::move(cell));
      cell.clear();
    } else if (c == '\r' && i + 1 < csv.size() && csv[i + 1] == '\n') {
      rows.back().push_back(std::move(cell));
      cell.clear();
      rows.emplace_back();
      ++i;
    } else {
      EXPECT_NE(c, '\n') << "a bare line feed outside of quotes";
      cell += c;
    }
  }
  EXPECT_TRUE(rows.back().empty()) << "the last record does not end in CRLF";
  rows.pop_back();
  return rows;
}

constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::vector<Cells> read(const std::string& csv) {
  EXPECT_TRUE(csv.starts_with(kMark));
  return parse(std::string_view(csv).substr(kMark.size()));
}

Texts texts_of(Language language) { return *Texts::create(AssetStore(), language); }

std::size_t column(const std::vector<Cells>& rows, std::string_view title) {
  const auto found = std::find(rows[0].begin(), rows[0].end(), title);
  EXPECT_NE(found, rows[0].end()) << title;
  return static_cast<std::size_t>(found - rows[0].begin());
}

TEST(GroupsCsv, HasARowForEveryGroupAndEveryReason) {
  const auto model = sample_model(Language::Chinese);
  const auto rows = read(render_groups_csv(model, texts_of(Language::Chinese)));
  std::size_t wanted = 1;
  for (const auto& section : model.schemes) wanted += section.run.groups.size() + section.run.unclassified.size();
  ASSERT_EQ(rows.size(), wanted);
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
}

TEST(GroupsCsv, NumbersArePlainAndTitlesNameTheUnit) {
  const auto rows = read(render_groups_csv(sample_model(Language::English), texts_of(Language::English)));
  const auto& important = rows[1];
  EXPECT_EQ(important[column(rows, "Group code")], "important");
  EXPECT_EQ(important[column(rows, "Customers")], "52");
  EXPECT_EQ(important[column(rows, "Share of customers (0-1)")], "0.0011");
  EXPECT_EQ(important[column(rows, "Revenue of 12 months (CNY)")], "37550723.21");
  EXPECT_EQ(important[column(rows, "Energy of 12 months (kWh)")], "66535620");
}

TEST(GroupsCsv, WhatIsUnknownIsAnEmptyCell) {
  auto model = sample_model(Language::English);
  model.schemes.resize(1);
  model.schemes[0].portrait.has_revenue = false;
  model.schemes[0].portrait.groups[1].energy_share = std::numeric_limits<double>::quiet_NaN();
  const auto rows = read(render_groups_csv(model, texts_of(Language::English)));
  EXPECT_EQ(rows[1][column(rows, "Average bill (CNY)")], "");
  EXPECT_EQ(rows[1][column(rows, "Revenue of 12 months (CNY)")], "");
  EXPECT_EQ(rows[2][column(rows, "Share of energy (0-1)")], "");
}

TEST(GroupsCsv, QuotesWhatNeedsItAndNothingElse) {
  auto model = sample_model(Language::English);
  model.schemes.resize(1);
  model.schemes[0].run.groups[0].title = {"", "say \"A, B\"\r\nand C"};
  const auto csv = render_groups_csv(model, texts_of(Language::English));
  EXPECT_NE(csv.find("\"say \"\"A, B\"\"\uFFFD\nand C\""), std::string::npos);
  EXPECT_EQ(read(csv)[1][6], "say \"A, B\"\uFFFD\nand C");
}

TEST(GroupsCsv, ATextThatLooksLikeAFormulaIsMadeHarmless) {
  auto model = sample_model(Language::English);
  model.schemes.resize(1);
  model.schemes[0].run.groups[0].title = {"", "=HYPERLINK(1)"};
  model.schemes[0].run.groups[1].title = {"", "@SUM(1)"};
  const auto rows = read(render_groups_csv(model, texts_of(Language::English)));
  EXPECT_EQ(rows[1][6], "'=HYPERLINK(1)");
  EXPECT_EQ(rows[2][6], "'@SUM(1)");
}

TEST(GroupsCsv, OfNothingIsOnlyTitles) {
  ReportModel model;
  EXPECT_EQ(read(render_groups_csv(model, texts_of(Language::Chinese))).size(), 1U);
}

TEST(PortraitCsv, TellsCentresMeansAndSharesWithUnitAndIndex) {
  const auto rows =
      read(render_portrait_csv(sample_model(Language::English), sample_features(), texts_of(Language::English)));
  const auto find = [&](std::string_view group, std::string_view measure, std::string_view attribute,
                        std::string_view value) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
      return row[0] == "dongguan_revenue" && row[4] == group && row[6] == measure && row[7] == attribute &&
             row[9] == value;
    });
    EXPECT_NE(found, rows.end()) << group << ' ' << measure << ' ' << attribute;
    return found == rows.end() ? Cells(rows[0].size()) : *found;
  };
  const auto own = column(rows, "Value in the group");
  const auto unit = column(rows, "Unit");
  const auto index = column(rows, "Index (group / population)");

  const auto centre = find("high", "centre", "bill_revenue_12m_cny", "");
  EXPECT_EQ(centre[own], "128430.5");
  EXPECT_EQ(centre[unit], "CNY");
  EXPECT_EQ(centre[index], "");
  const auto mean = find("low", "mean", "growth_12m_share", "");
  EXPECT_EQ(mean[own], "-0.012");
  EXPECT_EQ(mean[unit], "share");
  const auto flag = find("high", "share of yes", "is_key_attention", "");
  EXPECT_EQ(flag[unit], "share");
  EXPECT_EQ(flag[index], "7.5089");
  const auto category = find("high", "share of value", "industry", "high_energy");
  EXPECT_EQ(category[column(rows, "Value")], "Energy-intensive industry");
  EXPECT_EQ(category[index], "24.25");
}

TEST(PortraitCsv, EveryRowHasEveryColumnInBothLanguages) {
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto rows = read(render_portrait_csv(sample_model(language), sample_features(), texts_of(language)));
    ASSERT_GT(rows.size(), 80U);
    for (const auto& row : rows) {
      ASSERT_EQ(row.size(), rows[0].size());
      for (const auto& cell : row) EXPECT_EQ(cell.find("report."), std::string::npos) << cell;
    }
  }
}

TEST(PortraitCsv, KeepsAFeatureThatTheCatalogueNoLongerKnows) {
  const auto rows = read(render_portrait_csv(sample_model(Language::English), std::vector<features::Feature>(),
                                             texts_of(Language::English)));
  EXPECT_EQ(rows[1][column(rows, "Attribute")], rows[1][column(rows, "Attribute code")]);
}

}  // namespace
}  // namespace fenqun::report
