// tests/unit/segment/definitions_test.cpp - the texts that runs used.
#include "segment/definitions.hpp"

#include "unit/segment/run_fixture.hpp"

namespace fenqun::segment {
namespace {

class DefinitionsTest : public RunTest {};

TEST_F(DefinitionsTest, EveryRunKeepsTheWholeTextItUsedOnce) {
  const auto first = run(kTiers);
  ASSERT_TRUE(first.has_value() && run(kTiers).has_value());
  const auto edited = std::string("# another\n") + kTiers;
  const auto second = run(edited);
  ASSERT_TRUE(second.has_value());
  auto workspace = open(1);
  const auto kept = definitions_of(workspace, "x");
  ASSERT_TRUE(kept.has_value()) << kept.error().arg("reason");
  ASSERT_EQ(kept->size(), 2U);
  EXPECT_EQ((*kept)[0].text, kTiers);
  EXPECT_EQ((*kept)[1].text, edited);
  EXPECT_EQ((*kept)[0].runs, 1);
  EXPECT_EQ((*kept)[0].version, 1);
  EXPECT_NE((*kept)[0].source.find("x.yaml"), std::string::npos);
  EXPECT_TRUE(definitions_of(workspace, "y")->empty());
}

TEST_F(DefinitionsTest, AreFoundByRunAndByHash) {
  const auto result = run(kTiers);
  ASSERT_TRUE(result.has_value());
  auto workspace = open(1);
  const auto by_run = find_definition(workspace, result->run_id);
  ASSERT_TRUE(by_run.has_value()) << by_run.error().arg("reason");
  EXPECT_EQ(by_run->text, kTiers);
  EXPECT_EQ(find_definition(workspace, by_run->definition)->text, kTiers);
  const auto none = find_definition(workspace, "nothing");
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::NotFound);
}

TEST_F(DefinitionsTest, ARunIsRepeatedFromTheTextThatItKept) {
  const auto result = run(kTiers);
  ASSERT_TRUE(result.has_value());
  auto workspace = open(1);
  const auto kept = find_definition(workspace, result->run_id);
  ASSERT_TRUE(kept.has_value());
  const auto scheme = read_scheme(kept->text, kept->source, *catalogue_, kept->scheme);
  ASSERT_TRUE(scheme.has_value());
  WorkerPool pool(1);
  SegmentOptions options;
  options.as_of = result->as_of;
  const auto again = run_scheme(workspace, *catalogue_, *scheme, options, pool);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->run_id, result->run_id);
  EXPECT_EQ(again->assignment_hash, result->assignment_hash);
}

}  // namespace
}  // namespace fenqun::segment
