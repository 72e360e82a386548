// tests/unit/segment/scheme_test.cpp
#include "segment/scheme.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace fenqun::segment {
namespace {

features::FeatureCatalogue shipped_catalogue() {
  auto catalogue = features::FeatureCatalogue::create(AssetStore());
  EXPECT_TRUE(catalogue.has_value()) << (catalogue ? "" : catalogue.error().line.key);
  return std::move(*catalogue);
}

TEST(Scheme, EveryShippedSchemeLoads) {
  const auto catalogue = shipped_catalogue();
  const auto names = scheme_names(AssetStore());
  EXPECT_GE(names.size(), 10U);
  for (const auto& name : names) {
    const auto scheme = load_scheme(AssetStore(), catalogue, name);
    ASSERT_TRUE(scheme.has_value()) << name << ": " << scheme.error().line.key << " " << scheme.error().arg("feature")
                                    << scheme.error().arg("name");
    EXPECT_FALSE(scheme->title.zh.empty());
    EXPECT_FALSE(scheme->title.en.empty());
  }
}

TEST(Scheme, TheFourDimensionsPublishThreeThreeFourThree) {
  const auto catalogue = shipped_catalogue();
  const auto count = [&](const char* name) { return load_scheme(AssetStore(), catalogue, name)->groups.size(); };
  EXPECT_EQ(count("dongguan_revenue"), 3U);
  EXPECT_EQ(count("dongguan_influence"), 3U);
  EXPECT_EQ(count("dongguan_growth"), 4U);
  EXPECT_EQ(count("dongguan_arrears"), 3U);
  std::size_t features = 0;
  for (const auto* name : {"dongguan_revenue", "dongguan_influence", "dongguan_growth", "dongguan_arrears"}) {
    features += load_scheme(AssetStore(), catalogue, name)->features.size();
  }
  EXPECT_EQ(features, 16U);
}

class FaultyScheme : public testing::Test {
 protected:
  std::string key_of(const std::string& body) {
    const auto folder = folder_.path() / "config" / "schemes";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "x.yaml") << "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\n" + body;
    const auto scheme = load_scheme(AssetStore({folder_.path()}), shipped_catalogue(), "x");
    return scheme ? "" : scheme.error().line.key;
  }
  test::TempFolder folder_;
};

TEST_F(FaultyScheme, IsRefusedWithItsReason) {
  const std::string group = "groups:\n  - {code: g, title: {zh: 甲, en: A}, when: \"true\"}\n";
  EXPECT_EQ(key_of("method: rules\n" + group), "");
  // An unquoted comma inside {zh: 甲,乙} ends the text: what follows it must not get lost without a word.
  EXPECT_EQ(key_of("method: rules\ngroups:\n  - {code: g, title: {zh: 甲,乙, en: A}, when: \"true\"}\n"),
            "base.setting_unknown");
  EXPECT_EQ(key_of("method: magic\n" + group), "base.setting_wrong");
  EXPECT_EQ(key_of("method: rules\n"), "base.setting_missing");
  EXPECT_EQ(key_of("method: rules\nmethods: x\n" + group), "base.setting_unknown");
  EXPECT_EQ(key_of("method: rules\nrequired: [nothing_such]\n" + group), "segment.unknown_feature");
  EXPECT_EQ(key_of("method: rules\ngroups:\n  - {code: g, title: {zh: 甲, en: A}, when: \"energy_12m_kwh\"}\n"),
            "segment.not_a_condition");
  EXPECT_EQ(key_of("method: rules\ngroups:\n  - {code: g, title: {zh: 甲, en: A}, when: \"energy > 1\"}\n"),
            "segment.expression_name");
  EXPECT_EQ(key_of("method: rules\n" + group + "  - {code: g, title: {zh: 乙, en: B}, when: \"true\"}\n"),
            "segment.group_twice");
  EXPECT_EQ(key_of("method: tiers\n"), "base.setting_missing");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: industry}]\n"), "segment.not_a_number");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh, weight: 0}]\n"), "base.setting_wrong");
  for (const auto* wrong :
       {"scale: ranks", "winsor: [0.1]", "winsor: [0.9, 0.1]", "winsor: [0, 2]", "winsor: [a, 1]"}) {
    EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh, " + std::string(wrong) + "}]\n"),
              "base.setting_wrong")
        << wrong;
  }
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh, winsor: [0.01, 0.99], scale: quantile}]\n"), "");
  EXPECT_EQ(key_of("method: tiers\nrow_norm: zero\nfeatures: [{name: energy_12m_kwh}]\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {resamples: -1}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {publish: 8}\n"),
            "segment.publish_needs_override");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {publish: 8, override: {reason: x}}\n"), "");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {max: 9}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {min: 1}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("method: tiers\nfeatures: [{name: energy_12m_kwh}]\nk: {publish: 3}\ngroups:\n  - {code: g, title: "
                   "{zh: 甲, en: A}}\n"),
            "segment.group_count");
  EXPECT_EQ(
      key_of("method: bands\nfeatures: [{name: energy_12m_kwh}]\ngroups:\n  - {code: g, title: {zh: 甲, en: A}}\n"),
      "segment.band_edge");
  EXPECT_EQ(key_of("method: bands\nfeatures: [{name: energy_12m_kwh}]\ngroups:\n  - {code: g, title: {zh: 甲, en: A}, "
                   "top_share: 0.5}\n"
                   "  - {code: h, title: {zh: 乙, en: B}, top_share: 0.2}\n"),
            "segment.band_edge");
}

TEST_F(FaultyScheme, SharesThatNoDivisionCanHaveAreRefused) {
  const std::string personas = "method: personas\nfeatures: [{name: energy_12m_kwh}]\n";
  EXPECT_EQ(key_of(personas + "k: {min: 2, max: 6, publish: 4}\nbalance: {least_share: 0.25, most_share: 0.6}\n"), "");
  EXPECT_EQ(key_of(personas + "k: {min: 2, max: 6, publish: 4}\nbalance: {least_share: 0.26, most_share: 0.6}\n"),
            "segment.balance_impossible");
  EXPECT_EQ(key_of(personas + "k: {min: 2, max: 4}\nbalance: {least_share: 0, most_share: 0.2}\n"),
            "segment.balance_impossible");
}

TEST_F(FaultyScheme, TellsEverythingThatIsWrongEachWithItsLine) {
  const auto parsed = parse_scheme(
      "scheme: x\nversion: one\ntitle: {zh: 甲}\nmethod: rules\nrequired: [energy_12m_kw]\ngroups:\n"
      "  - {code: g, when: \"true\"}\n  - {code: h, title: {zh: 乙, en: B}, when: \"contract_capacity > 3\"}\n"
      "  - {code: i, title: {zh: 丙, en: C}, when: \"true\"}\n",
      "x.yaml", shipped_catalogue(), "y");
  std::vector<std::string> found;
  for (const auto& problem : parsed.problems) {
    const auto& place = problem.arg("line").empty() ? problem.context.at(0).args : problem.line.args;
    for (const auto& arg : place) {
      if (arg.name == "line") found.push_back(problem.line.key + ":" + arg.value);
    }
  }
  EXPECT_EQ(found, (std::vector<std::string>{"base.setting_wrong:1", "base.setting_wrong:2", "base.setting_missing:3",
                                             "segment.unknown_feature:5", "base.setting_missing:7",
                                             "segment.expression_name:8"}));
  EXPECT_NE(parsed.problems[3].arg("near").find("energy_12m_kwh"), std::string_view::npos);
  EXPECT_NE(parsed.problems[5].arg("near").find("contract_capacity_kva"), std::string_view::npos);
  EXPECT_EQ(parsed.scheme.groups.size(), 1U);
}

// Each problem as "key:line", with the line of the error itself or of what was put around it.
std::vector<std::string> problems_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& problem : parse_scheme(text, "x.yaml", shipped_catalogue(), {}).problems) {
    const auto& place = problem.arg("line").empty() ? problem.context.at(0).args : problem.line.args;
    for (const auto& arg : place) {
      if (arg.name == "line") out.push_back(problem.line.key + ":" + arg.value);
    }
  }
  return out;
}
using Found = std::vector<std::string>;

TEST(SchemeText, WithoutAnythingInItIsSaidToBeEmpty) {
  for (const auto* text : {"", "# nothing yet\n\n# at all\n", "---\n"}) {
    const auto parsed = parse_scheme(text, "x.yaml", shipped_catalogue(), {});
    ASSERT_EQ(parsed.problems.size(), 1U) << text;
    EXPECT_EQ(parsed.problems[0].line.key, "segment.scheme_empty");
  }
  EXPECT_EQ(problems_of("[]"), Found{"base.wrong_kind:1"});
}

TEST(SchemeText, ATitleThatIsNoMapIsToldByItsNameAndValue) {
  const auto parsed =
      parse_scheme("scheme: x\nversion: 1\ntitle: 5\nmethod: rules\ngroups: []\n", "x.yaml", shipped_catalogue(), {});
  ASSERT_EQ(parsed.problems.size(), 2U);
  EXPECT_EQ(parsed.problems[0].arg("key"), "title");
  EXPECT_EQ(parsed.problems[0].arg("value"), "5");
  EXPECT_EQ(parsed.problems[0].arg("line"), "3");
  EXPECT_EQ(parsed.problems[1].line.key, "segment.list_empty");
  EXPECT_EQ(parsed.problems[1].arg("line"), "5");
}

const std::string kHead = "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\n";

TEST(SchemeText, WhatIsWrongWithOneGroupIsToldAtItsLine) {
  const std::string group = "  - {code: g, title: {zh: 甲, en: A}, when: \"true\"}\n";
  EXPECT_EQ(problems_of(kHead + "method: rules\ngroups:\n" + group + group), Found{"segment.group_twice:7"});
  EXPECT_EQ(problems_of(kHead + "method: bands\nfeatures: [{name: energy_12m_kwh}]\ngroups:\n"
                                "  - {code: g, title: {zh: 甲, en: A}, top_share: 0.5}\n"
                                "  - {code: h, title: {zh: 乙, en: B}, top_share: 0.2}\n"),
            Found{"segment.band_edge:8"});
}

TEST(SchemeText, EverythingThatIsWrongWithAnEntryIsTold) {
  EXPECT_EQ(
      problems_of(kHead + "method: tiers\nfeatures:\n"
                          "  - {name: nothing_such, winsor: [3, 2], scale: bad, weight: -1, colour: red, hue: 1}\n"),
      (Found{"base.setting_unknown:6", "base.setting_unknown:6", "segment.unknown_feature:6", "base.setting_wrong:6",
             "base.setting_wrong:6", "base.setting_wrong:6"}));
  EXPECT_EQ(problems_of(kHead + "method: rules\ngroups:\n  - {colour: red, title: A, when: \"1 +\"}\n"),
            (Found{"base.setting_unknown:6", "base.setting_missing:6", "base.setting_wrong:6",
                   "segment.expression_syntax:6"}));
}

TEST(SchemeText, NumbersThatAreTooLargeAreOutOfRange) {
  const std::string rest = "title: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: energy_12m_kwh}]\n";
  EXPECT_EQ(problems_of("scheme: x\nversion: 99999999999\n" + rest), Found{"base.setting_out_of_range:2"});
  EXPECT_EQ(problems_of("scheme: x\nversion: 0\n" + rest), Found{"base.setting_out_of_range:2"});
  EXPECT_EQ(problems_of("scheme: x\nversion: 1\n" + rest + "k: {seed: 18446744073709551616}\n"),
            Found{"base.setting_out_of_range:6"});
}

TEST(SchemeText, LongConditionsAndCodesAreShortenedWhereTheyAreQuoted) {
  std::string condition = "nothing_such > 2";
  for (int i = 0; i < 60; ++i) condition = "energy_12m_kwh > 1 or " + condition;
  const std::string code(5000, 'x');
  const auto parsed = parse_scheme(
      kHead + "method: rules\ngroups:\n  - {code: " + code + ", title: {zh: 甲, en: A}, when: \"" + condition + "\"}\n",
      "x.yaml", shipped_catalogue(), {});
  ASSERT_EQ(parsed.problems.size(), 1U);
  const auto quoted = parsed.problems[0].arg("expression");
  EXPECT_LT(quoted.size(), 120U);
  EXPECT_NE(quoted.find("nothing_such"), std::string_view::npos);
  EXPECT_EQ(parsed.problems[0].arg("position"), "1321");
  const std::string group = "  - {code: " + code + ", title: {zh: 甲, en: A}, when: \"true\"}\n";
  const auto twice =
      parse_scheme(kHead + "method: rules\ngroups:\n" + group + group, "x.yaml", shipped_catalogue(), {});
  ASSERT_EQ(twice.problems.size(), 1U);
  EXPECT_LT(twice.problems[0].arg("code").size(), 120U);
}

TEST_F(FaultyScheme, AnUnknownNameListsWhatThereIs) {
  const auto scheme = load_scheme(AssetStore(), shipped_catalogue(), "no_such");
  ASSERT_FALSE(scheme.has_value());
  EXPECT_EQ(scheme.error().code, ErrorCode::NotFound);
  EXPECT_NE(scheme.error().arg("known").find("level1"), std::string_view::npos);
}

}  // namespace
}  // namespace fenqun::segment
