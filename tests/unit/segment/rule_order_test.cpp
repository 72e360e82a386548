// tests/unit/segment/rule_order_test.cpp
#include "segment/rule_order.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fenqun::segment {
namespace {

std::optional<ValueType> type_of(std::string_view name) {
  if (name == "a" || name == "b") return ValueType::Number;
  if (name == "t") return ValueType::Text;
  if (name == "f") return ValueType::Flag;
  return std::nullopt;
}

// "2<1 3!" : the third rule (counted from 0: 2) behind the second, the fourth by itself.
std::string unreachable(const std::vector<std::string>& texts) {
  const NameLookup names{type_of, {}};
  std::vector<Expression> rules;
  for (const auto& text : texts) {
    auto rule = Expression::parse(text, names);
    EXPECT_TRUE(rule.has_value()) << text;
    rules.push_back(std::move(*rule));
  }
  std::vector<const Expression*> all;
  for (const auto& rule : rules) all.push_back(&rule);
  std::string out;
  for (const auto& found : unreachable_rules(all)) {
    out += (out.empty() ? "" : " ") + std::to_string(found.rule) + (found.because.empty() ? "!" : "<");
    for (const auto before : found.because) out += std::to_string(before);
  }
  return out;
}

TEST(RuleOrder, EverythingBehindARuleForEverybodyIsOutOfReach) {
  EXPECT_EQ(unreachable({"a > 1", "true", "a > 2", "f"}), "2<0 3<1");
  EXPECT_EQ(unreachable({"a > 1", "f", "true"}), "");
}

TEST(RuleOrder, ANarrowerRuleIsOutOfReachBehindAWiderOne) {
  EXPECT_EQ(unreachable({"a >= 3", "a >= 5"}), "1<0");
  EXPECT_EQ(unreachable({"a >= 5", "a >= 3"}), "");
  EXPECT_EQ(unreachable({"a > 3", "a >= 3"}), "") << "3 itself is left";
  EXPECT_EQ(unreachable({"a >= 3", "a > 3"}), "1<0");
  EXPECT_EQ(unreachable({"3 <= a", "a = 4"}), "1<0");
  EXPECT_EQ(unreachable({"a > -2", "a > -1"}), "1<0");
  EXPECT_EQ(unreachable({"a > 1", "a > 2 and b > 1"}), "1<0");
  EXPECT_EQ(unreachable({"a > 1 and b > 1", "a > 2"}), "");
  EXPECT_EQ(unreachable({"a > 1 or b > 1", "b > 2"}), "1<0");
  EXPECT_EQ(unreachable({"a > 1", "b > 1", "a > 2 or b > 2"}), "2<01");
}

TEST(RuleOrder, TextsAndFlagsAreComparedByTheirValues) {
  EXPECT_EQ(unreachable({"t in ('x', 'y')", "t = 'x'", "t in ('y', 'z')"}), "1<0");
  EXPECT_EQ(unreachable({"t != 'x'", "t = 'y'", "t = 'x'"}), "1<0");
  EXPECT_EQ(unreachable({"not t in ('x', 'y')", "t = 'z'", "t = 'y'"}), "1<0");
  EXPECT_EQ(unreachable({"f", "f and a > 1", "not f"}), "1<0");
  EXPECT_EQ(unreachable({"a in (1, 2)", "a = 2", "a = 3"}), "1<0");
}

TEST(RuleOrder, MissingValuesAreNeitherAboveNorBelow) {
  EXPECT_EQ(unreachable({"a is not missing", "a > 5", "a is missing"}), "1<0");
  EXPECT_EQ(unreachable({"a > 5", "a <= 5", "true"}), "") << "whose a is missing are left";
  EXPECT_EQ(unreachable({"not (a > 5)", "a < 3"}), "1<0");
  EXPECT_EQ(unreachable({"not (a > 5 or b > 5)", "a < 3", "a < 3 and b < 3"}), "2<0");
}

TEST(RuleOrder, ARuleThatContradictsItselfIsNamedWithoutAnother) {
  EXPECT_EQ(unreachable({"a > 5 and a < 3"}), "0!");
  EXPECT_EQ(unreachable({"t = 'x' and t = 'y'"}), "0!");
  EXPECT_EQ(unreachable({"a is missing and a > 3"}), "0!");
  EXPECT_EQ(unreachable({"false"}), "0!");
  EXPECT_EQ(unreachable({"f and not f"}), "0!");
}

TEST(RuleOrder, PartsThatAreNotUnderstoodCountWhenTheyAreWrittenAlike) {
  EXPECT_EQ(unreachable({"a > mean(a)", "a > mean(a) and b > 1"}), "1<0");
  EXPECT_EQ(unreachable({"a > mean(a) and b > mean(b)", "a > mean(a)", "b > mean(b)", "true"}), "");
  EXPECT_EQ(unreachable({"a + b > 3", "a + b > 4"}), "1<0");
  EXPECT_EQ(unreachable({"group_of('x') = 'high'", "group_of('x') in ('high', 'low')", "group_of('x') = 'low'"}),
            "2<1");
}

TEST(RuleOrder, RulesWithTooManyAlternativesAreLeftAlone) {
  std::string many = "a in (1";
  for (int i = 2; i < 400; ++i) many += ", " + std::to_string(i);
  many += ")";
  EXPECT_EQ(unreachable({many, "a = 1"}), "");
}

}  // namespace
}  // namespace fenqun::segment
