// tests/unit/ingest/stage_plan_test.cpp
#include "ingest/stage_plan.hpp"

#include "unit/ingest/fixture.hpp"

namespace fenqun::ingest {
namespace {

class StagePlanTest : public IngestTest {};

// A row's place in the file is its place in the staged table: no part of the query may bring them out of order.
TEST_F(StagePlanTest, ReadsEveryEntityInTheOrderOfTheFile) {
  for (const auto& contract : workspace_->contracts().all()) {
    std::string header;
    Source source;
    for (const auto& field : contract.fields) {
      source.columns.push_back(field.name);
      header += (header.empty() ? "" : ",") + field.name;
    }
    source.file = write(contract.entity + ".csv", header + "\n");
    source.readable = source.file;
    const auto mapping = canonical_mapping(contract, source.columns);
    const auto plan = plan_stage({&mapping.load.front()}, mapping, contract, source, "Asia/Shanghai", "rejects");
    ASSERT_TRUE(plan.has_value()) << contract.entity;
    EXPECT_FALSE(plan->has_ordinal);
    const auto explained = workspace_->connection().query("EXPLAIN " + plan->select);
    ASSERT_TRUE(explained.has_value()) << contract.entity << explained.error().arg("reason");
    EXPECT_EQ(explained->text(0, 1).find("JOIN"), std::string::npos) << contract.entity << explained->text(0, 1);
    EXPECT_NE(explained->text(0, 1).find("READ_CSV"), std::string::npos);
    ask("DROP TABLE IF EXISTS rejects");
    ask("DROP TABLE IF EXISTS rejects_scan");
  }
}

}  // namespace
}  // namespace fenqun::ingest
