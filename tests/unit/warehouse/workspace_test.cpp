// tests/unit/warehouse/workspace_test.cpp
#include "warehouse/workspace.hpp"

#include "base/file.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> bytes_of(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = *hash_file(entry.path());
  }
  return out;
}

class WorkspaceTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Workspace::init(path(), "测试 \"所\"").has_value()); }
  fs::path path() const { return folder_.path() / "ws"; }
  Workspace open() {
    auto workspace = Workspace::open(path(), {});
    EXPECT_TRUE(workspace.has_value()) << workspace.error().line.key << " " << workspace.error().arg("reason");
    return std::move(*workspace);
  }
  test::TempFolder folder_;
};

// Two bills staged as Parquet, as ingest does it.
LakeFile stage_bills(Workspace& workspace, Workspace::Scratch& scratch) {
  LakeFile file{"bill", Month(2026, 3), "lake/bill/month=2026-03/b1.parquet", "b1", 2, 0};
  const auto target = scratch.folder() / "bill" / "month=2026-03" / "b1.parquet";
  fs::create_directories(target.parent_path());
  EXPECT_TRUE(
      workspace.connection()
          .execute("COPY (SELECT 'a' AS bill_id, '01' AS customer_id, DATE '2026-03-01' AS month, "
                   "5::DECIMAL(18,3) AS energy_kwh, 3::DECIMAL(18,2) AS amount_cny UNION ALL SELECT 'b', '02', DATE "
                   "'2026-03-01', 7, 4) TO " +
                   sql_text(target.string()) + " (FORMAT parquet)")
          .has_value());
  file.bytes = static_cast<std::int64_t>(fs::file_size(target));
  return file;
}

TEST_F(WorkspaceTest, EveryEntityHasATypedEmptyView) {
  auto workspace = open();
  for (const auto& contract : workspace.contracts().all()) {
    const auto count = workspace.connection().query_integer("SELECT count(*) FROM " + sql_name(contract.entity));
    ASSERT_TRUE(count.has_value()) << contract.entity;
    EXPECT_EQ(*count, 0);
  }
  EXPECT_TRUE(workspace.loaded_entities()->empty());
}

TEST_F(WorkspaceTest, OpeningTwiceChangesNoByte) {
  { auto workspace = open(); }
  const auto before = bytes_of(path());
  { auto workspace = open(); }
  EXPECT_EQ(bytes_of(path()), before);
}

TEST_F(WorkspaceTest, CommittedFilesAreSeenAndSurvive) {
  {
    auto workspace = open();
    auto scratch = workspace.scratch("test");
    ASSERT_TRUE(scratch.has_value());
    const auto file = stage_bills(workspace, *scratch);
    ASSERT_TRUE(workspace.commit(scratch->folder(), {file}, {"INSERT INTO meta VALUES ('k', 'v')"}).has_value());
    EXPECT_EQ(*workspace.connection().query_integer("SELECT sum(energy_kwh)::BIGINT FROM bill"), 12);
  }
  auto workspace = open();
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM bill WHERE peak_kwh IS NULL"), 2);
  EXPECT_EQ(*workspace.connection().query_text("SELECT value FROM meta WHERE key = 'k'"), "v");
  EXPECT_EQ(*workspace.loaded_entities(), std::vector<std::string>{"bill"});
}

TEST_F(WorkspaceTest, AFailedStatementUndoesTheWholeCommit) {
  auto workspace = open();
  auto scratch = workspace.scratch("test");
  ASSERT_TRUE(scratch.has_value());
  const auto file = stage_bills(workspace, *scratch);
  const auto done = workspace.commit(scratch->folder(), {file},
                                     {"INSERT INTO meta VALUES ('k', 'v')", "INSERT INTO nowhere VALUES (1)"});
  ASSERT_FALSE(done.has_value());
  EXPECT_FALSE(fs::exists(path() / file.path));
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM meta WHERE key = 'k'"), 0);
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM bill"), 0);
}

TEST_F(WorkspaceTest, WhatAnInterruptedCommitHadMovedInIsRemovedAtTheNextOpenAndNothingElse) {
  { auto workspace = open(); }
  const auto half = path() / "lake" / "bill" / "month=2026-01" / "half.parquet";
  const auto foreign = path() / "lake" / "notes.txt";
  fs::create_directories(half.parent_path());
  std::ofstream(half) << "half";
  std::ofstream(foreign) << "mine";
  fs::create_directories(path() / "tmp");
  std::ofstream(path() / kCommitJournal) << "lake/bill/month=2026-01/half.parquet\n";
  auto workspace = open();
  EXPECT_FALSE(fs::exists(half));
  EXPECT_TRUE(fs::exists(foreign));
  EXPECT_FALSE(fs::exists(path() / "tmp"));
}

TEST_F(WorkspaceTest, ALakeWithoutItsDatabaseIsRefusedAndKept) {
  fs::path kept;
  {
    auto workspace = open();
    auto scratch = workspace.scratch("test");
    const auto file = stage_bills(workspace, *scratch);
    ASSERT_TRUE(workspace.commit(scratch->folder(), {file}, {}).has_value());
    kept = path() / file.path;
  }
  fs::rename(path() / "warehouse.duckdb", folder_.path() / "old.duckdb");
  const auto workspace = Workspace::open(path(), {});
  ASSERT_FALSE(workspace.has_value());
  EXPECT_EQ(workspace.error().line.key, "warehouse.database_missing");
  EXPECT_TRUE(fs::exists(kept));
  EXPECT_FALSE(fs::exists(path() / "warehouse.duckdb"));
}

TEST_F(WorkspaceTest, ALakeFileThatIsGoneOrCutIsNamed) {
  {
    auto workspace = open();
    auto scratch = workspace.scratch("test");
    const auto file = stage_bills(workspace, *scratch);
    ASSERT_TRUE(workspace.commit(scratch->folder(), {file}, {}).has_value());
  }
  const auto file = path() / "lake/bill/month=2026-03/b1.parquet";
  fs::resize_file(file, fs::file_size(file) - 1);
  EXPECT_EQ(Workspace::open(path(), {}).error().line.key, "warehouse.lake_damaged");
  fs::remove(file);
  const auto gone = Workspace::open(path(), {});
  ASSERT_FALSE(gone.has_value());
  EXPECT_NE(gone.error().arg("path").find("b1.parquet"), std::string_view::npos);
}

TEST_F(WorkspaceTest, ALostFeatureMonthIsForgottenSoThatItCanBeMadeAgain) {
  {
    auto workspace = open();
    ASSERT_TRUE(workspace.connection()
                    .execute("INSERT INTO lake_file VALUES ('wide', '2026-03', "
                             "'lake/wide/month=2026-03/w.parquet', '', 1, 1, '')")
                    .has_value());
  }
  auto workspace = open();
  EXPECT_TRUE(workspace.lake_files("wide")->empty());
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM wide"), 0);
}

TEST_F(WorkspaceTest, AnObsoleteFileLeavesManifestAndDisk) {
  auto workspace = open();
  auto scratch = workspace.scratch("test");
  const auto file = stage_bills(workspace, *scratch);
  ASSERT_TRUE(workspace.commit(scratch->folder(), {file}, {}).has_value());
  ASSERT_TRUE(workspace.commit(scratch->folder(), {}, {}, {file.path}).has_value());
  EXPECT_FALSE(fs::exists(path() / file.path));
  EXPECT_EQ(*workspace.connection().query_integer("SELECT count(*) FROM bill"), 0);
}

TEST_F(WorkspaceTest, ScratchLeavesNoTrace) {
  auto workspace = open();
  {
    auto scratch = workspace.scratch("test");
    ASSERT_TRUE(scratch.has_value());
    ASSERT_TRUE(
        workspace.connection().execute("CREATE TABLE " + scratch->catalogue() + ".t AS SELECT 1 AS x").has_value());
    EXPECT_TRUE(fs::exists(path() / "tmp" / "test"));
  }
  EXPECT_FALSE(fs::exists(path() / "tmp" / "test"));
}

TEST_F(WorkspaceTest, WrongPlacesAreRefusedClearly) {
  EXPECT_EQ(Workspace::open(folder_.path() / "none", {}).error().line.key, "warehouse.no_workspace");
  EXPECT_EQ(Workspace::init(path(), "x").error().line.key, "warehouse.exists");
  std::ofstream(folder_.path() / "something") << "x";
  EXPECT_EQ(Workspace::init(folder_.path(), "x").error().line.key, "warehouse.folder_taken");
}

TEST(Contracts, AllShippedContractsAreSound) {
  const auto contracts = ContractSet::create(AssetStore());
  ASSERT_TRUE(contracts.has_value()) << contracts.error().line.key << contracts.error().arg("file");
  EXPECT_GE(contracts->all().size(), 13U);
  ASSERT_NE(contracts->find("bill"), nullptr);
  EXPECT_EQ(sql_type(*contracts->find("bill")->find("amount_cny")), "DECIMAL(18,2)");
  EXPECT_EQ(contracts->find("no such entity"), nullptr);
}

TEST(Contracts, AFaultyContractIsRefusedWithItsLine) {
  const test::TempFolder folder;
  fs::create_directories(folder.path() / "config" / "contracts");
  std::ofstream(folder.path() / "config" / "contracts" / "bill.yaml")
      << "entity: bill\ntitle: {zh: 账, en: Bill}\nkind: master\nkey: [x]\nfields:\n  - {name: x, type: idd, zh: 甲, "
         "en: A}\n";
  const auto contracts = ContractSet::create(AssetStore({folder.path()}));
  ASSERT_FALSE(contracts.has_value());
  EXPECT_EQ(contracts.error().line.key, "warehouse.contract_type");
  EXPECT_EQ(contracts.error().arg("line"), "6");
}

TEST_F(WorkspaceTest, ASharedWorkspaceSeesWhatAnotherCommits) {
  auto writer = open();
  auto reader = writer.share(nullptr, {});
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(*reader->connection().query_integer("SELECT count(*) FROM bill"), 0);
  auto scratch = writer.scratch("test");
  ASSERT_TRUE(scratch.has_value());
  const auto file = stage_bills(writer, *scratch);
  ASSERT_TRUE(writer.commit(scratch->folder(), {file}, {"INSERT INTO meta VALUES ('k', 'v')"}).has_value());
  EXPECT_EQ(*reader->connection().query_integer("SELECT count(*) FROM meta WHERE key = 'k'"), 1);
  EXPECT_EQ(*reader->connection().query_integer("SELECT sum(energy_kwh)::BIGINT FROM bill"), 12);
}

TEST_F(WorkspaceTest, SharedWorkspacesHaveScratchDatabasesOfOneNameAtATime) {
  auto first = open();
  auto second = first.share(nullptr, {});
  auto third = second->share(nullptr, {});
  ASSERT_TRUE(second.has_value() && third.has_value());
  auto a = first.scratch("test");
  auto b = second->scratch("test");
  auto c = third->scratch("test", Workspace::ScratchPlace::InMemory);
  ASSERT_TRUE(a.has_value() && b.has_value() && c.has_value());
  EXPECT_NE(a->folder(), b->folder());
  EXPECT_NE(a->catalogue(), c->catalogue());
}

TEST_F(WorkspaceTest, ASharedWorkspaceOutlivesTheOneThatOpened) {
  auto first = std::make_unique<Workspace>(open());
  auto second = first->share(nullptr, {});
  ASSERT_TRUE(second.has_value());
  first.reset();
  EXPECT_EQ(*second->connection().query_integer("SELECT count(*) FROM bill"), 0);
}

TEST_F(WorkspaceTest, AStopOfOneSharedWorkspaceLeavesTheOthersAlone) {
  auto first = open();
  std::stop_source stop;
  auto second = first.share(nullptr, stop.get_token());
  ASSERT_TRUE(second.has_value());
  stop.request_stop();
  EXPECT_EQ(second->connection().execute("SELECT 1").error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(first.connection().execute("SELECT 1").has_value());
}

}  // namespace
}  // namespace fenqun::warehouse
