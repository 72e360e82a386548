// tests/unit/base/yaml_tree_test.cpp
#include "base/yaml_tree.hpp"

#include <gtest/gtest.h>

namespace fenqun {
namespace {

using Kind = YamlNode::Kind;

YamlNode::Pointer tree(std::string_view text) {
  auto parsed = parse_yaml(text, "a.yaml");
  EXPECT_TRUE(parsed.has_value()) << parsed.error().line.key;
  return parsed ? *parsed : std::make_shared<const YamlNode>();
}

Error refusal(std::string_view text) {
  auto parsed = parse_yaml(text, "a.yaml");
  EXPECT_FALSE(parsed.has_value());
  return parsed ? Error{} : parsed.error();
}

TEST(YamlTree, KeepsOrderLinesAndKinds) {
  const auto root = tree("# head\n户号: '007'\nlist: [1, two]\n\nmap:\n  a: 1\n  b:\n    - x\n");
  ASSERT_EQ(root->kind, Kind::Map);
  ASSERT_EQ(root->entries.size(), 3U);
  EXPECT_EQ(root->entries[0].first->text, "户号");
  EXPECT_EQ(root->entries[0].second->text, "007");
  EXPECT_EQ(root->entries[0].second->line, 2);
  const auto& list = *root->entries[1].second;
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[1]->text, "two");
  EXPECT_EQ(list.line, 3);
  const auto& map = *root->entries[2].second;
  EXPECT_EQ(map.line, 6);
  EXPECT_EQ(map.entries[1].second->items[0]->line, 8);
}

TEST(YamlTree, NothingIsNullAndItsWordsAreUnlessQuoted) {
  EXPECT_EQ(tree("")->kind, Kind::Null);
  EXPECT_EQ(tree("# alone\n")->kind, Kind::Null);
  const auto root = tree("a:\nb: ~\nc: null\nd: 'null'\ne: ''\nf: \"~\"\ng: !!str null\n");
  for (std::size_t n = 0; n < 3; ++n) EXPECT_EQ(root->entries[n].second->kind, Kind::Null) << n;
  for (std::size_t n = 3; n < 7; ++n) EXPECT_EQ(root->entries[n].second->kind, Kind::Scalar) << n;
}

TEST(YamlTree, AnAliasIsItsAnchorOnceMore) {
  const auto root = tree("a: &x {n: 1}\nb: *x\n");
  EXPECT_EQ(root->entries[0].second, root->entries[1].second);
}

TEST(YamlTree, OnlyTheFirstDocumentCounts) { EXPECT_EQ(tree("--- 1\n--- 2\n")->text, "1"); }

TEST(YamlTree, RefusesWithLineAndColumn) {
  const auto broken = refusal("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_EQ(broken.code, ErrorCode::BadData);
  EXPECT_EQ(broken.line.key, "base.not_yaml");
  EXPECT_EQ(broken.arg("file"), "a.yaml");
  EXPECT_EQ(broken.arg("line"), "3");
  EXPECT_FALSE(broken.arg("reason").empty());
  EXPECT_EQ(refusal("a: 1\nb: \xff\xfe\n").arg("line"), "2");
  EXPECT_EQ(refusal("a: 1\na: 2\n").line.key, "base.key_twice");
  EXPECT_EQ(refusal("a: 1\na: 2\n").arg("line"), "2");
  EXPECT_EQ(refusal("- {a: {b: 1, b: 2}}\n").line.key, "base.key_twice");
}

TEST(YamlTree, RefusesWhatIsBelowItselfOrWithoutAnchor) {
  EXPECT_EQ(refusal("a: &x [1, *x]\n").line.key, "base.no_anchor");
  EXPECT_EQ(refusal("a: *nowhere\n").line.key, "base.no_anchor");
}

TEST(YamlTree, RefusesWhatIsNestedWithoutEnd) {
  EXPECT_EQ(refusal(std::string(500'000, '[')).code, ErrorCode::BadData);
  EXPECT_EQ(refusal(std::string(101, '[') + std::string(101, ']')).line.key, "base.nested_too_deep");
  std::string deep;
  for (int n = 0; n < 5000; ++n) deep += std::string(static_cast<std::size_t>(n), ' ') + "a:\n";
  EXPECT_EQ(refusal(deep).line.key, "base.nested_too_deep");
  EXPECT_EQ(tree(std::string(100, '[') + std::string(100, ']'))->kind, Kind::List);
}

// Each line doubles what the one before stands for.
TEST(YamlTree, RefusesAliasesThatStandForBillions) {
  std::string text = "a0: &a0 [x, x]\n";
  for (int n = 1; n < 60; ++n) {
    const auto before = std::to_string(n - 1);
    text += "a" + std::to_string(n) + ": &a" + std::to_string(n) + " [*a" + before + ", *a" + before + "]\n";
  }
  EXPECT_EQ(refusal(text).line.key, "base.too_many_nodes");
  EXPECT_EQ(tree(text.substr(0, text.find("a15:")))->entries.size(), 15U);
}

}  // namespace
}  // namespace fenqun
