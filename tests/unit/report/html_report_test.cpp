// report/html_report_test.cpp
#include "report/html_report.hpp"

#include "unit/report/sample_model.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>

namespace fenqun::report {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kHostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";

Texts texts_of(Language language) { return *Texts::create(AssetStore(), language); }

std::string render(const ReportModel& model) {
  const auto page = render_html(model, sample_features(), texts_of(model.language), AssetStore());
  EXPECT_TRUE(page.has_value()) << (page ? "" : page.error().line.key);
  return page ? *page : "";
}

/// Removes every `<tag ...>...</tag>`.
std::string without(std::string html, const std::string& tag) {
  for (auto from = html.find("<" + tag); from != std::string::npos; from = html.find("<" + tag, from)) {
    const auto to = html.find("</" + tag + ">", from);
    if (to == std::string::npos) break;
    html.erase(from, to + tag.size() + 3 - from);
  }
  return html;
}

/// The page as it reads without scripts and style.
std::string readable(const std::string& html) { return without(without(html, "script"), "style"); }

std::string data_of(const std::string& html) {
  const std::string open = "<script type=\"application/json\" id=\"report-data\">";
  const auto from = html.find(open) + open.size();
  return html.substr(from, html.find("</script>", from) - from);
}

bool has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// The first tag that is closed in the wrong order or never; "" when all is balanced.
std::string unbalanced(const std::string& html) {
  static const std::regex tags("<(/?)([a-z][a-z0-9]*)[^>]*>");
  std::vector<std::string> open;
  for (auto it = std::sregex_iterator(html.begin(), html.end(), tags); it != std::sregex_iterator(); ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || name == "link") continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + name + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

TEST(HtmlReport, HasEveryPartInBothLanguages) {
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto page = readable(render(sample_model(language)));
    for (const auto* part :
         {"overview", "scheme-1", "scheme-2", "scheme-3", "scheme-4", "concentration", "data", "costs"}) {
      EXPECT_TRUE(has(page, fmt::format("<section id=\"{}\"", part)));
      EXPECT_TRUE(has(page, fmt::format("href=\"#{}\"", part)));
    }
    EXPECT_EQ(unbalanced(page), "");
  }
}

TEST(HtmlReport, LeavesNoPlaceholderAndNoTextKey) {
  static const std::regex placeholder("\\{[a-z_]+\\}");
  static const std::regex key("\\b(report|code|segment)\\.[a-z_]+");
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto page = render(sample_model(language));
    for (const auto& text : {readable(page), data_of(page)}) {
      std::smatch found;
      EXPECT_FALSE(std::regex_search(text, found, placeholder)) << found.str();
      EXPECT_FALSE(std::regex_search(text, found, key)) << found.str();
    }
  }
}

TEST(HtmlReport, ShowsItsNumbersWithoutTheScript) {
  const auto page = readable(render(sample_model(Language::Chinese)));
  EXPECT_TRUE(has(page, "示例县供电局客户分群报告"));
  EXPECT_TRUE(has(page, "2026年6月"));
  EXPECT_TRUE(has(page, "47,783"));
  EXPECT_TRUE(has(page, "4.13 亿元"));
  EXPECT_TRUE(has(page, "用电量最大的 10% 客户（4,778 户）用掉了全部电量的 84.1%。"));
  EXPECT_TRUE(has(page, "收入贡献：“收入贡献度高”共 1,932 户，占客户数的 4.1%，贡献电费收入的 56.2%。"));
  EXPECT_TRUE(has(page, "调整兰德指数 0.973"));
  EXPECT_TRUE(has(page, "price_data_truncated.csv:64222"));
  EXPECT_TRUE(has(page, "高耗能行业"));
  EXPECT_TRUE(has(page, "0300000017"));
  EXPECT_TRUE(has(page, "r-7f3a91c2-dongguan_revenue"));
}

TEST(HtmlReport, NamesTheSilhouetteForWhatItIs) {
  EXPECT_TRUE(has(readable(render(sample_model(Language::Chinese))), "轮廓系数（质心形式，全量）"));
  EXPECT_TRUE(has(readable(render(sample_model(Language::English))), "Silhouette (centroid form, all rows)"));
}

TEST(HtmlReport, SaysPlainlyThatDataIsSyntheticAndOnlyThen) {
  auto model = sample_model(Language::English);
  EXPECT_TRUE(has(readable(render(model)), "never accuracy in the field"));
  model.synthetic = false;
  const auto plain = readable(render(model));
  EXPECT_FALSE(has(plain, "never accuracy in the field"));
  EXPECT_FALSE(has(plain, "class=\"synthetic\""));
}

TEST(HtmlReport, AsksForNothingFromOutside) {
  auto page = render(sample_model(Language::Chinese));
  const auto library = AssetStore().read("web/echarts.min.js");
  ASSERT_TRUE(library.has_value());
  const auto at = page.find(library->text);
  ASSERT_NE(at, std::string::npos);
  page.erase(at, library->text.size());
  EXPECT_EQ(count(page, "http:") + count(page, "https:") + count(page, "url(") + count(page, "@import"), 0U);
  EXPECT_EQ(count(page, " src="), 0U);
  EXPECT_TRUE(has(page, "default-src 'none'"));
}

TEST(HtmlReport, ShowsUntrustedTextAsText) {
  auto model = sample_model(Language::English);
  const auto plain = render(model);
  model.workspace_name = kHostile;
  model.build = kHostile;
  model.batches[0].source = kHostile;
  model.rejections[0] = {kHostile, 1, kHostile, kHostile, kHostile};
  model.coverage.push_back({kHostile, 1, 1});
  model.entities.push_back({kHostile, {kHostile, kHostile}, 1, kHostile, kHostile});
  auto& run = model.schemes[1].run;
  run.scheme_title = {kHostile, kHostile};
  run.groups[0].title = {kHostile, kHostile};
  run.groups[0].centre[0].feature = kHostile;
  run.unclassified[0].examples = {kHostile};
  run.warnings = {kHostile};
  model.schemes[1].portrait.groups[0].categories[0].value = kHostile;

  const auto page = render(model);
  EXPECT_EQ(count(page, "<script"), count(plain, "<script"));
  EXPECT_EQ(count(page, "<img"), count(plain, "<img"));
  EXPECT_EQ(unbalanced(readable(page)), "");
  const auto data = nlohmann::json::parse(data_of(page));
  EXPECT_TRUE(has(data.dump(), "onerror=alert(2)"));
}

TEST(HtmlReport, TakesTextThatIsNotUtf8) {
  auto model = sample_model(Language::Chinese);
  model.rejections[0].value = "\xD6\xD0\xCE\xC4";  // GBK
  model.schemes[1].run.groups[0].title = {"\xFF\xFE", "\xFF\xFE"};
  const auto page = render(model);
  EXPECT_TRUE(has(readable(page), "\uFFFD\uFFFD\uFFFD\uFFFD"));
  EXPECT_TRUE(nlohmann::json::accept(data_of(page)));
}

TEST(HtmlReport, WhatIsMissingIsADashAndNeverANumber) {
  auto model = sample_model(Language::English);
  auto& section = model.schemes[1];
  section.portrait.groups[0].average_bill_cny.reset();
  section.portrait.groups[0].numbers[0].index.reset();
  section.portrait.groups[0].numbers[0].mean.reset();
  section.portrait.groups[1].numbers.clear();
  section.portrait.groups[2].categories.clear();
  section.run.groups[0].centre[0].value = kNotANumber;
  section.run.groups[1].centre.clear();
  section.run.trials[0].calinski_harabasz.reset();
  section.run.trials[1].davies_bouldin = kNotANumber;
  const auto page = render(model);
  EXPECT_GT(count(readable(page), "—"), count(readable(render(sample_model(Language::English))), "—") + 8);
  EXPECT_EQ(std::regex_search(readable(page), std::regex("\\b(nan|inf)\\b")), false);
  EXPECT_TRUE(nlohmann::json::accept(data_of(page)));
}

TEST(HtmlReport, FurtherEvidenceOnKShowsOnlyWhereASchemeAskedForIt) {
  auto model = sample_model(Language::English);
  const auto without = readable(render(model));
  EXPECT_FALSE(has(without, "Gap statistic"));
  EXPECT_FALSE(has(without, "stratified sample"));
  auto& trial = model.schemes[1].run.trials[0];
  trial.silhouette = 0.4321;
  trial.silhouette_low = 0.4123;
  trial.silhouette_high = 0.4519;
  trial.gap = 1.25;
  trial.gap_error = 0.017;
  trial.stability = 0.98;
  trial.stability_least = 0.875;
  const auto page = readable(render(model));
  EXPECT_TRUE(has(page, "Silhouette (all pairs, stratified sample)"));
  EXPECT_TRUE(has(page, "95% interval 0.412 to 0.452"));
  EXPECT_TRUE(has(page, "standard error 0.017"));
  EXPECT_TRUE(has(page, "least 0.875"));
  EXPECT_EQ(unbalanced(page), "");
}

TEST(HtmlReport, AScoreTellsItsPartsItsPointsPerGroupAndHowItsScoresLie) {
  const auto page = readable(render(sample_model(Language::Chinese)));
  for (const auto* text : {"评分的构成", "方案自身规则", "已知项的权重不足 60% 的客户不评分", "几乎全部逾期", "48.2",
                           "其他高风险（60 分起）", "评分分布与分档", "55 至 60 分"})
    EXPECT_TRUE(has(page, text)) << text;
  EXPECT_TRUE(has(data_of(render(sample_model(Language::English))), "\"kind\":\"histogram\""));
}

TEST(HtmlReport, AScoreOfAnEarlierVersionStillTellsItsParts) {
  auto model = sample_model(Language::Chinese);
  for (auto& section : model.schemes) {
    if (section.run.score) section.run.score->bands.clear();
  }
  const auto page = render(model);
  EXPECT_TRUE(has(readable(page), "评分的构成"));
  EXPECT_FALSE(has(readable(page), "评分分布与分档"));
  EXPECT_FALSE(has(data_of(page), "\"kind\":\"histogram\""));
}

TEST(HtmlReport, EachShapeOfTheDictionaryIsNamedWithItsShareOfDays) {
  const auto page = readable(render(sample_model(Language::Chinese)));
  for (const auto* text : {"日负荷形态词典", "占 66.7%，120,000 天", "夏季休息日", "找到 31 种形态，合并为 2 种"})
    EXPECT_TRUE(has(page, text)) << text;
  EXPECT_EQ(count(data_of(render(sample_model(Language::Chinese))), "\"kind\":\"day\""), 2U);
  auto model = sample_model(Language::Chinese);
  for (auto& section : model.schemes) {
    if (!section.run.shapes) continue;
    for (auto& shape : section.run.shapes->dictionary) shape = {shape.days, shape.hours, shape.days_by_cell};
  }
  EXPECT_TRUE(has(readable(render(model)), "形态 2"));
}

TEST(HtmlReport, BoundsOnSizesTellTheirPriceAndStrataTheirOwnTrials) {
  const auto page = readable(render(sample_model(Language::Chinese)));
  for (const auto* text : {"每群占客户数的 5% 至 45%", "变化 +3.1%，有 1,234 户", "10,312", "城镇（23,000 户）",
                           "城镇 · 稳健 18,730 户；城镇 · 成长 4,682 户"})
    EXPECT_TRUE(has(page, text)) << text;
  auto free = sample_model(Language::Chinese);
  for (auto& section : free.schemes) {
    if (section.run.balance) section.run.balance->moved = 0;
  }
  EXPECT_TRUE(has(readable(render(free)), "各群规模本来就在此范围内"));
  EXPECT_FALSE(has(page, "农村（23,827 户）")) << "a stratum without trials";
}

TEST(HtmlReport, StandsWithoutAnyData) {
  for (const auto language : {Language::Chinese, Language::English}) {
    ReportModel model;
    model.language = language;
    const auto page = readable(render(model));
    EXPECT_EQ(unbalanced(page), "");
    EXPECT_FALSE(has(page, "id=\"concentration\""));
    EXPECT_FALSE(has(page, "id=\"costs\""));
    EXPECT_TRUE(has(page, texts_of(language)("report.no_data")));
  }
}

TEST(HtmlReport, ASchemeWithoutGroupsSaysSo) {
  auto model = sample_model(Language::English);
  auto& section = model.schemes[1];
  section.run.groups.clear();
  section.run.trials.clear();
  section.run.classified = 0;
  section.portrait = {};
  const auto page = readable(render(model));
  EXPECT_TRUE(has(page, "No customer could be given a group"));
  EXPECT_EQ(unbalanced(page), "");
}

TEST(HtmlReport, ASchemeThatGroupsNobodyShowsReasonsAndNoEmptyGroups) {
  auto model = sample_model(Language::Chinese);
  auto section = model.schemes[1];
  model.schemes = {section};
  auto& run = model.schemes[0].run;
  run.classified = 0;
  run.population = 592;
  run.unclassified = {{"missing:x", {"历史不足36个月", "Too short"}, 592, {"0600000009"}}};
  for (auto& group : run.groups) group.customers = 0;
  const auto page = readable(render(model));
  EXPECT_TRUE(has(page, "没有任何客户可以分群"));
  EXPECT_TRUE(has(page, "592 户均未分群"));
  EXPECT_TRUE(has(page, "历史不足36个月"));
  EXPECT_TRUE(has(page, "0600000009"));
  EXPECT_FALSE(has(page, "class=\"card\""));
}

TEST(HtmlReport, SaysWhoIsNotComparableAndWhereEveryCustomerIsListed) {
  auto model = sample_model(Language::English);
  EXPECT_FALSE(has(render(model), "not comparable"));
  model.not_comparable = {{"closed", {"已销户", "closed"}, 8, {}}, {"short", {"过短", "Short <history>"}, 3, {}}};
  model.customers_csv = "report.en.customers.csv";
  const auto page = readable(render(model));
  EXPECT_TRUE(has(page, "found 11 customers not comparable: closed (8); Short &lt;history&gt; (3)."));
  EXPECT_TRUE(has(page, "href=\"report.en.customers.csv\""));
}

TEST(HtmlReport, AGroupWithoutCustomersIsShown) {
  auto model = sample_model(Language::English);
  auto& group = model.schemes[3].run.groups[0];
  group.customers = 0;
  group.share = 0;
  EXPECT_TRUE(has(readable(render(model)), "Arrears risk: &quot;High risk&quot; is 0 customers, 0.0% of all"));
}

TEST(HtmlReport, SaysWhenTheRowsOfAFileDoNotAddUp) {
  auto model = sample_model(Language::English);
  EXPECT_FALSE(has(readable(render(model)), "rows differ"));
  model.batches[0].loaded -= 3;
  EXPECT_TRUE(has(readable(render(model)), "3 rows differ"));
}

TEST(HtmlReport, SaysHowManyOfTheRejectedRowsItShows) {
  auto model = sample_model(Language::English);
  model.batches = {{"big.csv", "", 20'000, 10'000, 0, 0, 10'000}};
  model.rejections.assign(200, {"big.csv", 7, "energy_kwh", "below_minimum", "-1"});
  const auto page = readable(render(model));
  EXPECT_TRUE(has(page, "10,000 rows were rejected, 200 of them are shown"));
  EXPECT_EQ(count(page, "big.csv:7"), 200U);
}

TEST(HtmlReport, APersonalValueOfARejectedRowIsNotShown) {
  auto model = sample_model(Language::Chinese);
  model.rejections = {{"a.csv", 3, "contact_phone", "too_long", "1380013800a", true},
                      {"a.csv", 4, "energy_kwh", "bad_number", "x7y", false}};
  const auto page = render(model);
  EXPECT_FALSE(has(page, "1380013800a"));
  EXPECT_TRUE(has(readable(page), "可能含个人信息，不在此显示"));
  EXPECT_TRUE(has(readable(page), "x7y"));
}

TEST(HtmlReport, EveryChartHasAPlaceOfFixedHeightAndAName) {
  const auto page = render(sample_model(Language::Chinese));
  const auto data = nlohmann::json::parse(data_of(page));
  ASSERT_GE(data["charts"].size(), 20U);
  static const std::regex place(
      "<div class=\"chart\" id=\"chart-\\d+\" role=\"img\" aria-label=\"[^\"]{10,}\" "
      "style=\"height:\\d+px\"></div>");
  const auto html = readable(page);
  EXPECT_EQ(std::distance(std::sregex_iterator(html.begin(), html.end(), place), std::sregex_iterator()),
            std::ssize(data["charts"]));
}

TEST(HtmlReport, IsTheSameForTheSameInput) {
  EXPECT_EQ(render(sample_model(Language::Chinese)), render(sample_model(Language::Chinese)));
}

TEST(HtmlReport, RefusesTextsOfAnotherLanguage) {
  const auto page =
      render_html(sample_model(Language::Chinese), sample_features(), texts_of(Language::English), AssetStore());
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(page.error().line.key, "report.language_differs");
}

/// Renders with a page skeleton of the workspace's own.
Result<std::string> render_in(const std::string& skeleton) {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder.path() / "config/report");
  std::ofstream(folder.path() / "config/report/report.html", std::ios::binary) << skeleton;
  return render_html(sample_model(Language::Chinese), sample_features(), texts_of(Language::Chinese),
                     AssetStore({folder.path()}));
}

TEST(HtmlReport, RefusesASkeletonWithAnUnknownSlot) {
  const auto page = render_in("<html>{{parts}}{{weather}}</html>");
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().code, ErrorCode::BadData);
  EXPECT_EQ(page.error().line.key, "report.unknown_slot");
  EXPECT_EQ(page.error().arg("slot"), "weather");
}

TEST(HtmlReport, RefusesASkeletonThatHasNoPlaceForAPart) {
  const auto page = render_in("<html>{{parts}}</html>");
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().line.key, "report.missing_slot");
  // A slot twice does not make up for one that is missing.
  std::string twice = "<html>";
  for (int i = 0; i < 40; ++i) twice += "{{parts}}";
  EXPECT_FALSE(render_in(twice).has_value());
}

}  // namespace
}  // namespace fenqun::report
