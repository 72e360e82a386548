// tests/unit/ingest/folder_test.cpp
#include "unit/ingest/fixture.hpp"

namespace fenqun::ingest {
namespace {

class Folder : public IngestTest {
 protected:
  Result<std::vector<IngestOutcome>> load_folder() { return ingest_folder(*workspace_, root() / "in", {}); }

  void fill() {
    write("in/bill/2026-01.csv", "bill_id,customer_id,month,energy_kwh,amount_cny\nB1,1,2026-01,1,1\n");
    write("in/bill/2026-02.csv", "bill_id,customer_id,month,energy_kwh,amount_cny\nB2,1,2026-02,1,1\n");
    write("in/customer.csv", "customer_id,category\n1,residential\n");
    write("in/truth/customer.csv", "customer_id,planted\n1,x\n");
    write("in/notes.csv", "a\n1\n");
    write("in/synthetic.yaml", "synthetic: true\nseed: 1\n");
  }
};

TEST_F(Folder, LoadsFilesByTheirNamesMastersFirst) {
  fill();
  const auto outcomes = load_folder();
  ASSERT_TRUE(outcomes.has_value()) << outcomes.error().line.key;
  ASSERT_EQ(outcomes->size(), 3U);
  EXPECT_EQ(outcomes->front().file.filename(), "customer.csv");
  EXPECT_EQ(ask("SELECT count(*) FROM bill"), "2");
  EXPECT_EQ(ask("SELECT value FROM meta WHERE key = 'synthetic'"), "true");
}

TEST_F(Folder, ASecondTimeChangesNothing) {
  fill();
  ASSERT_TRUE(load_folder().has_value());
  const auto again = load_folder();
  ASSERT_TRUE(again.has_value());
  for (const auto& outcome : *again) EXPECT_TRUE(outcome.already_loaded);
  EXPECT_EQ(ask("SELECT count(*) FROM batch"), "3");
}

TEST_F(Folder, RealDataIsNotMarkedSynthetic) {
  fill();
  std::filesystem::remove(root() / "in/synthetic.yaml");
  ASSERT_TRUE(load_folder().has_value());
  EXPECT_EQ(ask("SELECT count(*) FROM meta WHERE key = 'synthetic'"), "0");
}

TEST_F(Folder, StopsAtTheFirstBadFileAndSaysHowFarItCame) {
  fill();
  write("in/bill/2026-03.csv", "");
  const auto outcomes = load_folder();
  ASSERT_FALSE(outcomes.has_value());
  EXPECT_EQ(outcomes.error().line.key, "ingest.empty_file");
  ASSERT_FALSE(outcomes.error().context.empty());
  EXPECT_EQ(outcomes.error().context.back().key, "ingest.folder_stopped");
  EXPECT_EQ(outcomes.error().context.back().args[0].value, "3");
}

TEST_F(Folder, RefusesAFolderWithNothingInIt) {
  std::filesystem::create_directories(root() / "in");
  EXPECT_EQ(load_folder().error().line.key, "ingest.empty_folder");
  EXPECT_EQ(ingest_folder(*workspace_, root() / "none", {}).error().line.key, "ingest.unreadable");
  IngestRequest request;
  request.mapping = "powerco_client";
  EXPECT_EQ(ingest_folder(*workspace_, root() / "in", request).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace fenqun::ingest
