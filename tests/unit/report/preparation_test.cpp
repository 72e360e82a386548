// report/preparation_test.cpp
#include "report/preparation.hpp"

#include "unit/report/sample_preparation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace fenqun::report {
namespace {

constexpr const char* kHostile = "</script><img src=x onerror=alert(1)>\"'&";

Texts texts_of(Language language) { return *Texts::create(AssetStore(), language); }

std::string page(const PreparationModel& model, Language language = Language::Chinese) {
  const auto html = render_preparation(model, texts_of(language), AssetStore());
  EXPECT_TRUE(html.has_value()) << (html ? "" : html.error().line.key);
  return html.value_or("");
}

std::vector<PreparationSection> sections(const PreparationModel& model, Language language = Language::Chinese) {
  const auto texts = texts_of(language);
  const Wording words(texts, model.catalogue->features());
  return describe_preparation(model, words);
}

const PreparationSection& section(const std::vector<PreparationSection>& all, const std::string& anchor) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const PreparationSection& one) { return one.anchor == anchor; });
  if (found == all.end()) throw std::runtime_error("no section " + anchor);
  return *found;
}

const PreparationTable& table(const PreparationSection& section, const std::string& name) {
  const auto found = std::find_if(section.tables.begin(), section.tables.end(),
                                  [&](const PreparationTable& one) { return one.table.name == name; });
  if (found == section.tables.end()) throw std::runtime_error("no table " + name);
  return *found;
}

std::vector<std::string> cells(const Row& row) {
  std::vector<std::string> out;
  for (const auto& cell : row) out.push_back(cell.text);
  return out;
}

using Cells = std::vector<std::string>;

bool has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

TEST(Preparation, EveryStepHasItsSectionThenSufficiencyAndComparability) {
  std::vector<std::string> anchors;
  for (const auto& one : sections(sample_preparation())) anchors.push_back(one.anchor);
  EXPECT_EQ(anchors, (Cells{"select", "clean", "reconstruct", "integrate", "format", "sufficiency", "comparable"}));
}

TEST(Preparation, StepsThatWereNotTriedHaveNoSection) {
  auto model = sample_preparation();
  model.record.steps.resize(2);
  std::vector<std::string> anchors;
  for (const auto& one : sections(model)) anchors.push_back(one.anchor);
  EXPECT_EQ(anchors, (Cells{"select", "clean"}));
  EXPECT_FALSE(has(page(model), "id=\"comparable\""));
}

TEST(Preparation, EveryNumberOfTheRecordStandsOnThePage) {
  // Kinds whose count on that side is the same for all, told once, or says nothing.
  const std::set<std::string> without_in = {"field", "feature", "join", "sufficiency", "not_comparable", "family"};
  const std::set<std::string> without_out = {"entity", "outcome", "rejection", "left_out"};
  const auto model = sample_preparation();
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = texts_of(language);
    const Wording words(texts, model.catalogue->features());
    const auto html = page(model, language);
    for (const auto& step : model.record.steps) {
      EXPECT_TRUE(has(html, "<b>" + words.count(step.rows_in) + "</b>")) << name_of(step.step);
      EXPECT_TRUE(has(html, "<b>" + words.count(step.rows_out) + "</b>")) << name_of(step.step);
      for (const auto& item : step.items) {
        if (item.reason == "not_loaded") continue;
        const auto shown = [&](std::int64_t value) {
          return has(html, ">" + words.count(value) + "<") || has(html, ">" + words.count(value) + " ");
        };
        if (!without_in.contains(item.kind)) {
          EXPECT_TRUE(shown(item.rows_in)) << item.kind << " " << item.subject;
        }
        if (!without_out.contains(item.kind)) {
          EXPECT_TRUE(shown(item.rows_out)) << item.kind << " " << item.subject << " " << item.name;
        }
      }
    }
  }
}

TEST(Preparation, EveryNameIsInTheReadersLanguage) {
  const auto model = sample_preparation();
  for (const auto& one : sections(model, Language::English)) {
    for (const auto& table : one.tables) {
      for (const auto& row : table.table.rows) {
        for (const auto& cell : row) {
          if (cell.text == "自建映射" || has(cell.text, "电费(万元)")) continue;  // as delivered
          EXPECT_TRUE(std::none_of(cell.text.begin(), cell.text.end(), [](unsigned char c) { return c >= 0xE3; }))
              << one.anchor << ": " << cell.text;
        }
      }
    }
  }
  const auto chinese = sections(model);
  for (const auto& one : chinese) {
    for (const auto& table : one.tables) {
      for (const auto& row : table.table.rows) {
        EXPECT_FALSE(has(row.front().text, "_")) << one.anchor << ": " << row.front().text;
      }
    }
  }
}

TEST(Preparation, FieldsLeftOutAreCountedByReasonWithExamples) {
  const auto all = sections(sample_preparation());
  const auto& reasons = table(section(all, "select"), "舍去与提示的原因").table.rows;
  std::map<std::string, Cells> by_reason;
  for (const auto& row : reasons) by_reason[row[0].text] = cells(row);
  EXPECT_EQ(by_reason["敏感信息，不得使用"], (Cells{"敏感信息，不得使用", "1", "客户·户名"}));
  EXPECT_EQ(by_reason["尚未接入"][1], "1");
  EXPECT_EQ(by_reason["几乎为空"][1], "1");
  EXPECT_EQ(by_reason.size(), 5U);
  const auto& fields = table(section(all, "select"), "逐个字段的处理");
  EXPECT_TRUE(fields.is_detail);
  const auto& rows = fields.table.rows;
  EXPECT_EQ(cells(rows[0]), Cells{"客户"});
  EXPECT_EQ(rows[2][3].text, "采用，提示：几乎为空");
}

TEST(Preparation, LoadingAddsUp) {
  const auto all = sections(sample_preparation());
  const auto& loading = table(section(all, "clean"), "来料与载入").table;
  ASSERT_TRUE(loading.last_is_total);
  EXPECT_EQ(cells(loading.rows.back()), (Cells{"合计", "382,959", "380,961", "63", "61", "67"}));
  EXPECT_TRUE(has(section(all, "clean").lead, "来料 382,959 行，载入 380,961 行，重复 61 行，错误 67 行"));
}

TEST(Preparation, ErrorsAreSummedByReasonAndListedByColumn) {
  const auto all = sections(sample_preparation());
  const auto& by_reason = table(section(all, "clean"), "错误记录（按原因）").table.rows;
  ASSERT_EQ(by_reason.size(), 3U);
  EXPECT_EQ(cells(by_reason[0]), (Cells{"小于最小值", "31", "电费账单"}));
  const auto& by_column = table(section(all, "clean"), "错误记录（按数据和列）").table.rows;
  EXPECT_EQ(cells(by_column[1]), (Cells{"电费(万元)", "小于最小值", "31"}));
  EXPECT_EQ(cells(by_column[2]), (Cells{"户号 / 电费年月", "主键重复且内容不同", "29"}));
  EXPECT_EQ(by_column[3][0].text, "整行");
}

TEST(Preparation, CustomersThatAreNotComparableHaveAReasonAndExamples) {
  const auto all = sections(sample_preparation());
  const auto& rows = table(section(all, "comparable"), "不可比的客户").table.rows;
  EXPECT_EQ(cells(rows[0]), (Cells{"月末前已销户", "291", "0600000001  0600000002"}));
  EXPECT_EQ(cells(rows[1]), (Cells{"历史过短：有电量的月份不足6个", "53", "0600000003"}));
  EXPECT_TRUE(has(section(all, "comparable").lead, "共 344 户"));
}

TEST(Preparation, LongTablesAreFoldedOnThePage) {
  const auto html = page(sample_preparation());
  EXPECT_TRUE(has(html, "<summary>来料与载入（18 行）</summary>"));
  EXPECT_TRUE(has(html, "<h3>错误记录（按原因）</h3>"));
}

TEST(Preparation, ThePageEscapesWhatComesFromData) {
  auto model = sample_preparation();
  model.workspace_name = kHostile;
  model.record.steps[1].items.push_back({"rejection", "bill", kHostile, "", kHostile, 1, 0});
  model.record.steps[1].items.push_back({"conversion", kHostile, "", "", "", 1, 1});
  model.record.steps[1].items.push_back({"loading", kHostile, "", "", "", 1, 1});
  model.excluded[0].examples = {kHostile};
  const auto html = page(model);
  EXPECT_FALSE(has(html, "<img"));
  EXPECT_TRUE(has(html, "&lt;img src=x onerror=alert(1)&gt;"));
}

TEST(Preparation, ThePageSaysWhenDataAreSyntheticAndLinksTheListOfCustomers) {
  auto model = sample_preparation();
  EXPECT_TRUE(has(page(model), "class=\"synthetic\""));
  EXPECT_TRUE(has(page(model), "href=\"preparation.zh.customers.csv\""));
  model.synthetic = false;
  model.customers_csv.clear();
  EXPECT_FALSE(has(page(model), "class=\"synthetic\""));
  EXPECT_FALSE(has(page(model), "customers.csv"));
}

}  // namespace
}  // namespace fenqun::report
