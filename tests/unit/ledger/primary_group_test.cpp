// tests/unit/ledger/primary_group_test.cpp
#include "ledger/primary_group.hpp"

#include "segment/scheme.hpp"
#include "unit/ledger/ledger_fixture.hpp"

#include <sstream>

namespace fenqun::ledger {
namespace {

class PrimaryGroupTest : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    auto catalogue = features::FeatureCatalogue::create(AssetStore());
    ASSERT_TRUE(catalogue.has_value());
    catalogue_.emplace(std::move(*catalogue));
    for (const auto* scheme : {"size", "debt"}) {
      const auto folder = path() / "config" / "schemes";
      std::filesystem::create_directories(folder);
      std::ofstream(folder / (std::string(scheme) + ".yaml"))
          << "scheme: " << scheme << "\nversion: 1\ntitle: {zh: 甲, en: A}\ndepartment: {zh: 部门" << scheme
          << ", en: Office of " << scheme
          << "}\nmethod: rules\ngroups:\n  - {code: high, title: {zh: 高, en: High}, when: is_key_attention}\n"
             "  - {code: low, title: {zh: 低, en: Low}, when: \"true\"}\n";
    }
    rules(kRules);
  }
  static constexpr const char* kRules =
      "priority:\n  - {scheme: size, group: high}\n  - {scheme: debt, group: high}\n  - {scheme: size, group: low}\n"
      "conflicts:\n  - between: [{scheme: size, group: high}, {scheme: debt, group: high}]\n"
      "    reason: {zh: 相左, en: Opposed}\n";
  void rules(const std::string& yaml) { std::ofstream(path() / "config" / "primary_group.yaml") << yaml; }
  Result<PrimaryOutcome> find(PrimaryRequest request = {}) {
    request.month = Month(2026, 6);
    return find_primary_groups(*workspace_, *catalogue_, request, Language::English);
  }
  static std::string text_of(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
  }
  std::optional<features::FeatureCatalogue> catalogue_;
};

TEST_F(PrimaryGroupTest, IsTheFirstOfTheListThatTheCustomerIsIn) {
  add_run("r1", Month(2026, 6), {{"a", "high"}, {"b", "low"}, {"c", "low"}, {"d", "!why"}}, "size");
  add_run("r2", Month(2026, 6), {{"a", "high"}, {"b", "high"}, {"c", "low"}, {"d", "low"}, {"e", "low"}}, "debt");
  PrimaryRequest request;
  request.out = path() / "primary.csv";
  request.conflicts = path() / "conflicts.csv";
  const auto found = find(request);
  ASSERT_TRUE(found.has_value()) << found.error().line.key << found.error().arg("reason");
  ASSERT_EQ(found->groups.size(), 3U);
  EXPECT_EQ(found->groups[0].customers, 1);
  EXPECT_EQ(found->groups[1].customers, 1);
  EXPECT_EQ(found->groups[1].members, 2);
  EXPECT_EQ(found->groups[2].customers, 1);
  EXPECT_EQ(found->customers, 5);
  EXPECT_EQ(found->without, 2);
  EXPECT_EQ(text_of(request.out),
            "\xEF\xBB\xBF"
            "customer_id,scheme,group_code,group,place\na,size,high,Group high,1\nb,debt,high,Group high,2\n"
            "c,size,low,Group low,3\nd,,,,\ne,,,,\n");
  ASSERT_EQ(found->conflicts.size(), 1U);
  EXPECT_EQ(found->conflicts[0].customers, 1);
  EXPECT_EQ(found->conflicts[0].examples, std::vector<std::string>{"a"});
  EXPECT_EQ(found->conflicts[0].rule.prevails, "size") << "the higher one of the list";
  EXPECT_EQ(found->in_conflict, 1);
  EXPECT_NE(
      text_of(request.conflicts).find("a,size,Group high,Office of size,debt,Group high,Office of debt,size,Opposed"),
      std::string::npos);
}

TEST_F(PrimaryGroupTest, WhatIsPublishedCountsBeforeALaterRun) {
  published("r1", Month(2026, 6), {{"a", "low"}}, "size");
  add_run("r3", Month(2026, 6), {{"a", "high"}}, "size");
  const auto found = find();
  ASSERT_TRUE(found.has_value()) << found.error().line.key;
  EXPECT_EQ(found->groups[0].customers, 0);
  EXPECT_EQ(found->groups[2].customers, 1);
  EXPECT_EQ(found->sources[0].run_id, "r1");
  EXPECT_TRUE(found->sources[0].is_published);
  EXPECT_TRUE(found->sources[1].run_id.empty());
}

TEST_F(PrimaryGroupTest, WithoutAnyRunThereIsNothingToTell) {
  const auto found = find();
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().line.key, "ledger.primary_no_runs");
}

TEST_F(PrimaryGroupTest, FaultyRulesAreRefusedWithTheirLine) {
  const auto key_of = [&](const std::string& yaml) {
    rules(yaml);
    const auto read = load_primary_rules(AssetStore({path()}), *catalogue_);
    return read ? "" : read.error().line.key + ":" + std::string(read.error().arg("line"));
  };
  const std::string one = "priority:\n  - {scheme: size, group: high}\n";
  EXPECT_EQ(key_of(one), "");
  EXPECT_EQ(key_of(one + "  - {scheme: size, group: high}\n"), "ledger.primary_twice:3");
  EXPECT_EQ(key_of(one + "  - {scheme: sizes, group: high}\n"), "ledger.primary_no_scheme:3");
  EXPECT_EQ(key_of(one + "  - {scheme: size, group: middle}\n"), "ledger.primary_no_group:3");
  const auto conflict = [&](const std::string& between, const std::string& more = "") {
    return one + "conflicts:\n  - between: [" + between + "]\n    reason: {zh: 甲, en: A}\n" + more;
  };
  EXPECT_EQ(key_of(conflict("{scheme: size, group: high}")), "ledger.conflict_pair:4");
  EXPECT_EQ(key_of(conflict("{scheme: size, group: high}, {scheme: size, group: low}")), "ledger.conflict_pair:4");
  EXPECT_EQ(key_of(conflict("{scheme: size, group: low}, {scheme: debt, group: low}")), "ledger.conflict_undecided:4");
  EXPECT_EQ(key_of(conflict("{scheme: size, group: low}, {scheme: debt, group: low}", "    prevails: level1\n")),
            "ledger.conflict_undecided:4");
  EXPECT_EQ(key_of(conflict("{scheme: size, group: low}, {scheme: debt, group: low}", "    prevails: debt\n")), "");
}

TEST_F(PrimaryGroupTest, TheShippedRulesFitTheShippedSchemes) {
  const auto read = load_primary_rules(AssetStore(), *catalogue_);
  ASSERT_TRUE(read.has_value()) << read.error().line.key << " " << read.error().arg("line");
  EXPECT_GE(read->priority.size(), 5U);
  EXPECT_GE(read->conflicts.size(), 3U);
  for (const auto& rule : read->conflicts) {
    for (const auto* scheme : {&rule.first.scheme, &rule.second.scheme}) {
      EXPECT_FALSE(segment::load_scheme(AssetStore(), *catalogue_, *scheme)->department.zh.empty()) << *scheme;
    }
  }
}

}  // namespace
}  // namespace fenqun::ledger
