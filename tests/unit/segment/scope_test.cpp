// tests/unit/segment/scope_test.cpp - where a scheme looks and how it differs from place to place: other schemes'
// groups, drill-down, parameters, overrides, strata.
#include "segment/run_json.hpp"
#include "segment/scheme_order.hpp"
#include "unit/segment/run_fixture.hpp"

#include <map>

namespace fenqun::segment {
namespace {

constexpr const char* kHead = "version: 1\ntitle: {zh: 甲, en: A}\n";
const std::string kSector = std::string("scheme: sector\n") + kHead +
                            "method: rules\ngroups:\n"
                            "  - {code: home, title: {zh: 家, en: Home}, when: \"category = 'residential'\"}\n"
                            "  - {code: firm, title: {zh: 企, en: Firm}, when: \"true\"}\n";

std::string rules(const std::string& name, const std::string& when, const std::string& more = "") {
  return "scheme: " + name + "\n" + kHead + more +
         "method: rules\ngroups:\n  - {code: yes, title: {zh: 是, en: Yes}, " + "when: \"" + when +
         "\"}\n  - {code: no, title: {zh: 否, en: No}, when: \"true\"}\n";
}

class ScopeTest : public RunTest {
 protected:
  void write(const std::string& name, const std::string& yaml) {
    fs::create_directories(path() / "config" / "schemes");
    std::ofstream(path() / "config" / "schemes" / (name + ".yaml")) << yaml;
  }
  Result<std::vector<Scheme>> ordered(const std::vector<std::string>& names) {
    return load_in_order(AssetStore({path()}), *catalogue_, names);
  }
  Result<RunResult> run_file(const std::string& name, SegmentOptions options = {}) {
    auto workspace = open(2);
    WorkerPool pool(2);
    options.as_of = Month(2026, 6);
    auto scheme = load_scheme(AssetStore({path()}), *catalogue_, name);
    if (!scheme) return fail(std::move(scheme).error());
    return run_scheme(workspace, *catalogue_, *scheme, options, pool);
  }
  static std::map<std::string, std::int64_t> sizes(const Result<RunResult>& run) {
    std::map<std::string, std::int64_t> out;
    if (!run) {
      ADD_FAILURE() << run.error().line.key << " " << run.error().arg("reason");
      return out;
    }
    for (const auto& group : run->groups) out[group.code] = group.customers;
    for (const auto& line : run->unclassified) out["!" + line.code] = line.customers;
    return out;
  }
  using Sizes = std::map<std::string, std::int64_t>;
};

TEST_F(ScopeTest, ARuleMayLookAtTheGroupsOfAnotherScheme) {
  write("sector", kSector);
  write("x", rules("x", "group_of('sector') = 'home' and industry = 'finance'"));
  const auto sector = run_file("sector");
  ASSERT_TRUE(sector.has_value());
  const auto found = run_file("x");
  EXPECT_EQ(sizes(found), (Sizes{{"yes", 200}, {"no", 400}}));
  ASSERT_EQ(found->uses.size(), 1U);
  EXPECT_EQ(found->uses[0].run_id, sector->run_id);
  EXPECT_FALSE(found->parent.has_value());
}

TEST_F(ScopeTest, WhatWasNotRunCannotBeLookedAt) {
  write("sector", kSector);
  write("x", rules("x", "group_of('sector') = 'home'"));
  const auto found = run_file("x");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().line.key, "segment.used_not_run");
  EXPECT_EQ(found.error().arg("line"), "6");
  EXPECT_EQ(found.error().arg("scheme"), "sector");
}

TEST_F(ScopeTest, TheRunLookedAtIsPartOfTheRunsIdentity) {
  write("sector", kSector);
  write("x", rules("x", "group_of('sector') = 'home'"));
  SegmentOptions options;
  const auto first = run_file("sector");
  options.uses = {{"sector", first->run_id}};
  const auto one = run_file("x", options);
  write("sector", "# edited\n" + kSector);
  const auto second = run_file("sector");
  ASSERT_NE(first->run_id, second->run_id);
  options.uses = {{"sector", second->run_id}};
  EXPECT_NE(run_file("x", options)->run_id, one->run_id);
  options.uses = {{"sector", first->run_id}};
  EXPECT_EQ(run_file("x", options)->run_id, one->run_id);
}

TEST_F(ScopeTest, DrillingDownLooksInsideOneGroupAndNamesIt) {
  write("sector", kSector);
  write("x", rules("x", "industry = 'finance'", "within: {scheme: sector, group: firm}\n"));
  const auto sector = run_file("sector");
  const auto found = run_file("x");
  EXPECT_EQ(sizes(found), (Sizes{{"yes", 100}, {"no", 200}}));
  EXPECT_EQ(found->population, 300);
  ASSERT_TRUE(found->parent.has_value());
  EXPECT_EQ(found->parent->group, "firm");
  auto workspace = open(1);
  const auto stored = find_run(workspace, found->run_id);
  EXPECT_EQ(stored->parent->run_id, sector->run_id);
  EXPECT_EQ(to_json(*stored).dump(), to_json(*found).dump());
}

TEST_F(ScopeTest, SchemesComeAfterThoseTheyLookAt) {
  write("sector", kSector);
  write("b", rules("b", "group_of('sector') = 'home'"));
  write("a", rules("a", "group_of('b') = 'yes'"));
  const auto found = ordered({"a", "level1"});
  ASSERT_TRUE(found.has_value()) << found.error().line.key;
  std::vector<std::string> names;
  for (const auto& scheme : *found) names.push_back(scheme.name);
  EXPECT_EQ(names, (std::vector<std::string>{"sector", "b", "a", "level1"}));
}

TEST_F(ScopeTest, ACircleIsRefusedWithItsWholePath) {
  write("a", rules("a", "group_of('b') = 'yes'"));
  write("b", rules("b", "industry = 'x'", "within: {scheme: c, group: 'yes'}\n"));
  write("c", rules("c", "group_of('b') = 'yes'"));
  const auto found = ordered({"a"});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().line.key, "segment.scheme_circle");
  const auto folder = (path() / "config" / "schemes").string();
  EXPECT_EQ(found.error().arg("path"), "b (" + folder + "/b.yaml:4) → c (" + folder + "/c.yaml:6) → b");
  write("a", rules("a", "group_of('a') = 'yes'"));
  EXPECT_EQ(ordered({"a"}).error().line.key, "segment.scheme_circle");
}

TEST_F(ScopeTest, FilesThatLieOutsideTheRegistryKnowEachOther) {
  const auto catalogue = features::FeatureCatalogue::create(AssetStore());
  const auto read = [&](const std::string& name, const std::string& other) {
    return read_scheme(rules(name, "group_of('" + other + "') = 'yes'"), name + ".yaml", *catalogue, {}).value();
  };
  const std::vector<Scheme> circle = {read("a", "b"), read("b", "a")};
  const auto found = order_with(AssetStore(), *catalogue, circle[0], circle);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().line.key, "segment.scheme_circle");
  EXPECT_EQ(order_with(AssetStore(), *catalogue, circle[0]).error().line.key, "segment.used_unknown");
  const std::vector<Scheme> chain = {read("a", "b"), read("b", "c"), read("c", "level1")};
  const auto ordered = order_with(AssetStore(), *catalogue, chain[0], chain);
  ASSERT_FALSE(ordered.has_value());
  EXPECT_EQ(ordered.error().line.key, "segment.used_group_unknown");
  EXPECT_EQ(ordered.error().arg("file"), "c.yaml");
}

TEST_F(ScopeTest, ASchemeOrGroupThatIsNotThereIsToldWithItsLine) {
  write("sector", kSector);
  write("x", rules("x", "group_of('sectors') = 'home'"));
  auto found = ordered({"x"});
  EXPECT_EQ(found.error().line.key, "segment.used_unknown");
  EXPECT_EQ(found.error().arg("line"), "6");
  EXPECT_EQ(found.error().arg("near"), "sector");
  write("x", rules("x", "true", "within: {scheme: sector, group: firms}\n"));
  found = ordered({"x"});
  EXPECT_EQ(found.error().line.key, "segment.used_group_unknown");
  EXPECT_EQ(found.error().arg("near"), "firm");
  write("x", rules("x", "industry = 'finance' and group_of('sector') in ('home', 'hom')"));
  found = ordered({"x"});
  EXPECT_EQ(found.error().line.key, "segment.used_group_unknown");
  EXPECT_EQ(found.error().arg("group"), "hom");
  write("x", rules("x", "group_of('sector') = 'home' or group_of('sector') is missing"));
  EXPECT_TRUE(ordered({"x"}).has_value());
}

TEST_F(ScopeTest, AParameterIsANumberThatPlacesMayOverride) {
  const std::string parameters =
      "parameters: {large_kwh: 5000}\n"
      "overrides:\n"
      "  - {where: \"industry = 'health'\", set: {large_kwh: 500}, reason: 按当地规定}\n"
      "  - {where: \"category = 'residential'\", set: {large_kwh: 50}}\n";
  write("x", rules("x", "energy_12m_kwh >= large_kwh", parameters));
  // Of the blobs of 100, 1,000 and 10,000 kWh each alternates between finance and health (of 300, 200, 100 customers);
  // health takes from 500, finance from 5,000, finance at home from 50.
  auto workspace = open(1);
  const auto health = workspace.connection().query_integer(
      "SELECT count(*) FROM wide WHERE industry = 'health' AND energy_12m_kwh >= 500");
  const auto finance = workspace.connection().query_integer(
      "SELECT count(*) FROM wide WHERE industry = 'finance' AND energy_12m_kwh >= CASE category WHEN 'residential' "
      "THEN "
      "50 ELSE 5000 END");
  ASSERT_TRUE(health.has_value() && finance.has_value());
  EXPECT_GT(*health, 0);
  EXPECT_GT(*finance, 0);
  { auto gone = std::move(workspace); }
  EXPECT_EQ(sizes(run_file("x"))["yes"], *health + *finance);
}

TEST_F(ScopeTest, FaultyParametersAreRefused) {
  const auto key_of = [&](const std::string& more) {
    const auto parsed = parse_scheme(rules("x", "true", more), "x.yaml", *catalogue_, "x");
    return parsed.problems.empty() ? "" : parsed.problems.front().line.key;
  };
  EXPECT_EQ(key_of("parameters: {a: 1}\noverrides: [{where: \"true\", set: {b: 2}}]\n"), "segment.unknown_parameter");
  EXPECT_EQ(key_of("parameters: {energy_12m_kwh: 1}\n"), "segment.parameter_name");
  EXPECT_EQ(key_of("parameters: {A: 1}\n"), "segment.parameter_name");
  EXPECT_EQ(key_of("parameters: {a: x}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("parameters: {a: 1}\noverrides: [{where: \"a > 1\", set: {a: 2}}]\n"), "segment.expression_name");
  EXPECT_EQ(key_of("within: {scheme: sector}\n"), "base.setting_missing");
  EXPECT_EQ(key_of("strata: {by: energy_12m_kwh}\n"), "segment.strata_of_number");
  EXPECT_EQ(key_of("strata: {by: category, groups: mixed}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("refresh: {drift_psi: 0}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("refresh: {moved_share: 2}\n"), "base.setting_wrong");
  EXPECT_EQ(key_of("strata: {groups: shared, by: [{code: a, title: {zh: 甲, en: A}, when: \"true\", publish: 3}]}\n"),
            "segment.shared_groups_differ");
}

std::string tiers_in(const std::string& strata, const std::string& publish = "2") {
  return std::string("scheme: x\n") + kHead + "method: tiers\nstrata: " + strata +
         "\nfeatures: [{name: energy_12m_kwh, log: true, scale: none}]\nk: {max: 3, publish: " + publish +
         ", restarts: 2}\n"
         "groups:\n  - {code: much, title: {zh: 多, en: Much}}\n  - {code: little, title: {zh: 少, en: Little}}\n";
}

TEST_F(ScopeTest, EachStratumHasGroupsOfItsOwn) {
  // Residential: one blob of 300 about 100 kWh; the others: 200 about 1,000 and 100 about 10,000 kWh.
  write("x", tiers_in("{by: category}"));
  const auto found = run_file("x");
  const auto all = sizes(found);
  EXPECT_EQ(all.at("non_residential.much"), 100);
  EXPECT_EQ(all.at("non_residential.little"), 200);
  EXPECT_EQ(all.at("residential.much") + all.at("residential.little"), 299);
  EXPECT_EQ(all.at("!missing:energy_12m_kwh"), 1);
  ASSERT_EQ(found->strata.size(), 2U);
  EXPECT_EQ(found->strata[0].code, "non_residential");
  EXPECT_EQ(found->strata[0].customers, 300);
  EXPECT_EQ(found->strata[0].published_k, 2U);
  EXPECT_EQ(found->strata[0].trials.size(), 2U);
  EXPECT_NEAR(found->strata[0].groups[0].centre[0].value, 10000, 400);
  EXPECT_EQ(found->groups[0].title.en, found->strata[0].title.en + " · Much");
  auto workspace = open(1);
  EXPECT_EQ(to_json(*find_run(workspace, found->run_id)).dump(), to_json(*found).dump());
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM assignment WHERE group_code IS NOT NULL AND "
                                                  "next_group NOT LIKE split_part(group_code, '.', 1) || '.%'"),
            0);
}

TEST_F(ScopeTest, StrataMayShareTheirGroups) {
  write("x", tiers_in("{by: category, groups: shared}"));
  const auto found = run_file("x");
  const auto all = sizes(found);
  ASSERT_EQ(found->groups.size(), 2U);
  EXPECT_EQ(all.at("much") + all.at("little"), 599);
  EXPECT_GE(all.at("much"), 100);
  EXPECT_TRUE(found->groups[0].centre.empty());
  EXPECT_EQ(found->strata[0].groups[0].customers, 100);
}

TEST_F(ScopeTest, StrataByConditionsLeaveOutWhomNoneTakes) {
  write("x", tiers_in("{by: [{code: firms, title: {zh: 企业, en: Firms}, when: \"category != 'residential'\"},\n"
                      "  {code: none, title: {zh: 无, en: None}, when: \"energy_12m_kwh > 1000000\"}]}"));
  const auto all = sizes(run_file("x"));
  EXPECT_EQ(all.at("firms.much"), 100);
  EXPECT_EQ(all.at("!no_stratum"), 299);
  EXPECT_EQ(all.at("none.much"), 0);
}

TEST_F(ScopeTest, StrataGiveTheSameBitsForAnyNumberOfThreads) {
  write("x", tiers_in("{by: industry}"));
  const auto once = [&](std::size_t threads) {
    auto workspace = open(threads);
    WorkerPool pool(threads);
    SegmentOptions options;
    options.as_of = Month(2026, 6);
    const auto scheme = load_scheme(AssetStore({path()}), *catalogue_, "x");
    const auto run = run_scheme(workspace, *catalogue_, *scheme, options, pool);
    return run ? to_json(*run).dump() : run.error().line.key;
  };
  EXPECT_EQ(once(1), once(2));
}

TEST_F(ScopeTest, WorkingARunOutKeepsNothing) {
  write("sector", kSector);
  auto workspace = open(1);
  WorkerPool pool(1);
  SegmentOptions options;
  options.as_of = Month(2026, 6);
  const auto scheme = load_scheme(AssetStore({path()}), *catalogue_, "sector");
  {
    const auto found = work_out_run(workspace, *catalogue_, *scheme, options, pool);
    ASSERT_TRUE(found.has_value()) << found.error().line.key;
    EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM " + found->everybody), 600);
  }
  EXPECT_EQ(
      *workspace.connection().query_integer("SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM assignment) "
                                            "+ (SELECT count(*) FROM scheme_version)"),
      0);
}

}  // namespace
}  // namespace fenqun::segment
