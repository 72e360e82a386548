// report/dictionary_test.cpp
#include "report/dictionary.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace fenqun::report {
namespace {

namespace fs = std::filesystem;

const warehouse::ContractSet& shipped() {
  static const auto contracts = *warehouse::ContractSet::create(AssetStore());
  return contracts;
}

Dictionary of(const warehouse::ContractSet& contracts) {
  Dictionary dictionary;
  dictionary.contracts = &contracts;
  dictionary.generated_at = "2026-07-01 09:30";
  dictionary.build = "1.0";
  return dictionary;
}

std::string markdown(const Dictionary& dictionary, Language language = Language::Chinese) {
  return render_dictionary_markdown(dictionary, *Texts::create(AssetStore(), language));
}

std::string page(const Dictionary& dictionary, Language language = Language::Chinese) {
  const auto html = render_dictionary_html(dictionary, *Texts::create(AssetStore(), language), AssetStore());
  EXPECT_TRUE(html.has_value()) << (html ? "" : html.error().line.key);
  return html.value_or("");
}

bool has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

std::string line_with(const std::string& text, const std::string& what) {
  const auto at = text.find(what);
  if (at == std::string::npos) return "";
  const auto begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

TEST(Dictionary, NamesEveryEntityAndFieldInBothForms) {
  const auto text = markdown(of(shipped()));
  const auto html = page(of(shipped()));
  for (const auto& contract : shipped().all()) {
    EXPECT_TRUE(has(text, "### " + contract.title.zh + " `" + contract.entity + "`")) << contract.entity;
    EXPECT_TRUE(has(html, "id=\"entity-" + contract.entity + "\"")) << contract.entity;
    for (const auto& field : contract.fields) {
      EXPECT_TRUE(has(text, "| `" + field.name + "` | " + field.title.zh)) << contract.entity << "." << field.name;
      EXPECT_TRUE(has(html, "<code>" + field.name + "</code>")) << contract.entity << "." << field.name;
    }
  }
}

TEST(Dictionary, ALineSaysTypeUnitRangeRuleAndClass) {
  const auto text = markdown(of(shipped()));
  EXPECT_EQ(line_with(text, "`energy_kwh` | 电量 / Energy"),
            "| `energy_kwh` | 电量 / Energy | 数值，3 位小数 | 0 至 1,000,000,000 千瓦时 | 必填 | 公开 | "
            "又称：用电量、总电量、结算电量、计费电量、总用电量、t_pq |");
  EXPECT_TRUE(has(line_with(text, "`economic_status`"), "敏感信息"));
  EXPECT_TRUE(has(markdown(of(shipped()), Language::English), "| `energy_kwh` | Energy / 电量 | Number, 3 decimals |"));
}

TEST(Dictionary, SynonymsOfAKeyStandOnlyWhereTheKeyIs) {
  const auto text = markdown(of(shipped()));
  std::size_t found = 0;
  for (auto at = text.find("cons_no"); at != std::string::npos; at = text.find("cons_no", at + 1)) ++found;
  EXPECT_EQ(found, 1U);
}

TEST(Dictionary, CodesStandWithNamesAndSynonyms) {
  const auto text = markdown(of(shipped()));
  EXPECT_TRUE(has(text, "- `bank_debit` 银行代扣 / Bank direct debit 又称：代扣、批扣"));
  EXPECT_TRUE(has(page(of(shipped()), Language::English), "Bank direct debit"));
}

TEST(Dictionary, RelationsGoBothWays) {
  const auto text = markdown(of(shipped()));
  const auto payment = text.substr(text.find("### 缴费记录"));
  EXPECT_TRUE(has(line_with(payment, "- 引用："), "电费账单"));
  const auto bill = text.substr(text.find("### 电费账单"));
  EXPECT_TRUE(has(line_with(bill, "- 被引用："), "缴费记录"));
  // A unit above a unit is no relation to another entity.
  EXPECT_FALSE(has(line_with(text.substr(text.find("### 组织单元")), "- 引用："), "组织单元"));
}

TEST(Dictionary, AProfileSaysHowManyValuesAreEmpty) {
  auto dictionary = of(shipped());
  dictionary.workspace_name = "天河";
  EntityProfile profile{8, std::vector<FieldProfile>(shipped().find("calendar_day")->fields.size())};
  profile.fields[0] = {8, "2026-01-01", "2026-01-08"};
  profile.fields[4] = {2, "", ""};
  dictionary.profiles["calendar_day"] = profile;
  const auto text = markdown(dictionary);
  EXPECT_TRUE(has(text, "天河"));
  EXPECT_TRUE(has(text, "空值 0.0% 2026-01-01 至 2026-01-08 |"));
  EXPECT_TRUE(has(line_with(text, "`holiday_name`"), "空值 75.0% |"));
  EXPECT_TRUE(has(page(dictionary), "空值 75.0%"));
  // Nothing was loaded of the others: they have no such column.
  EXPECT_FALSE(has(line_with(text, "`energy_kwh`"), "空值"));
}

TEST(Dictionary, TextOfAWorkspaceCannotBreakOut) {
  const test::TempFolder folder;
  const auto contracts = folder.path() / "config" / "contracts";
  fs::create_directories(contracts);
  std::ofstream(contracts / "pole.yaml")
      << "entity: pole\ntitle: {zh: '</script><b>|杆', en: Pole}\nkind: master\nkey: [pole_id]\nfields:\n"
         "  - {name: pole_id, type: id, required: true, zh: \"杆|号\\n*x*\", en: Pole}\n";
  const auto set = warehouse::ContractSet::create(AssetStore({folder.path()}));
  ASSERT_TRUE(set.has_value());
  const auto html = page(of(*set));
  EXPECT_FALSE(has(html, "</script><b>"));
  EXPECT_TRUE(has(html, "&lt;/script&gt;&lt;b&gt;|杆"));
  EXPECT_TRUE(has(markdown(of(*set)), "| `pole_id` | 杆\\|号 \\*x\\* / Pole |"));
}

TEST(Dictionary, ThePageAsksForNothingFromOutside) {
  const auto html = page(of(shipped()), Language::English);
  EXPECT_FALSE(has(html, "url("));
  EXPECT_FALSE(has(html, "src="));
  EXPECT_FALSE(has(html, "{{"));
  EXPECT_TRUE(has(html, "<html lang=\"en\">"));
}

}  // namespace
}  // namespace fenqun::report
