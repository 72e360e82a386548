// tests/fault/ingest_disk_full_test.cpp - no room for what a load has to write: clear error, exit code 3, nothing
// half-done.
#include "base/random.hpp"
#include "unit/ingest/fixture.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace fenqun::ingest {
namespace {

// Numbers that do not compress: what is written is as large as what is read.
std::string bills(int rows) {
  Random random(3);
  std::string text = "bill_id,customer_id,month,energy_kwh,amount_cny\n";
  for (int i = 0; i < rows; ++i) {
    text += "B" + std::to_string(random.next()) + ",C" + std::to_string(random.next()) + ",2026-0" +
            std::to_string(1 + i % 9) + "," + std::to_string(random.below(1'000'000'000)) + "," +
            std::to_string(random.below(1'000'000'000)) + "\n";
  }
  return text;
}

class DiskFull : public IngestTest {};

// What the child found, as its exit status: 0 refused as it should be, else which expectation failed.
int load_with_file_limit(const std::filesystem::path& workspace, const std::filesystem::path& file, rlim_t limit) {
  std::signal(SIGXFSZ, SIG_IGN);
  auto opened = warehouse::Workspace::open(workspace, {});
  if (!opened) return 10;
  const rlimit bytes = {limit, limit};
  if (setrlimit(RLIMIT_FSIZE, &bytes) != 0) return 11;
  IngestRequest request;
  request.file = file;
  const auto outcome = ingest(*opened, request);
  if (outcome) return 12;
  if (outcome.error().code != ErrorCode::BadData) return 13;
  if (outcome.error().line.key != "ingest.disk_full") return 14;
  return outcome.error().arg("reason").empty() ? 15 : 0;
}

TEST_F(DiskFull, AFileThatMayNotGrowLeavesTheWorkspaceAsItWas) {
  ASSERT_TRUE(load(write("old/customer.csv", "customer_id,category\n1,residential\n")).has_value());
  const auto file = write("bill.csv", bills(200000));
  const auto before = fingerprint();
  workspace_.reset();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(load_with_file_limit(root() / "ws", file, 100'000));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  open();
  EXPECT_EQ(fingerprint(), before);
  EXPECT_EQ(ask("SELECT count(*) FROM batch"), "1");
  const auto later = load(file);
  ASSERT_TRUE(later.has_value()) << "loads once there is room";
  EXPECT_EQ(later->total.rows_loaded, 200000);
}

class TinyDisk : public DiskFull {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(disk());
    if (mount("tmpfs", disk().c_str(), "tmpfs", 0, "size=6m") != 0) GTEST_SKIP() << "mounting is not permitted here";
    mounted_ = true;
    ASSERT_TRUE(warehouse::Workspace::init(disk() / "ws", "test").has_value());
    reopen();
  }
  void TearDown() override {
    tiny_.reset();
    if (mounted_) umount(disk().c_str());
  }
  [[nodiscard]] std::filesystem::path disk() const { return root() / "disk"; }
  void reopen() {
    tiny_.reset();
    auto opened = warehouse::Workspace::open(disk() / "ws", {});
    ASSERT_TRUE(opened.has_value()) << opened.error().line.key;
    tiny_.emplace(std::move(*opened));
  }
  Result<IngestOutcome> load_tiny(const std::filesystem::path& file) {
    IngestRequest request;
    request.file = file;
    return ingest(*tiny_, request);
  }

  static std::string customers(int count) {
    Random random(5);
    std::string text = "customer_id,category\n";
    for (int i = 0; i < count; ++i) text += std::to_string(random.next()) + ",residential\n";
    return text;
  }

  bool mounted_ = false;
  std::optional<warehouse::Workspace> tiny_;
};

TEST_F(TinyDisk, AFullDiskRefusesTheFileAndKeepsWhatWasThere) {
  ASSERT_TRUE(load_tiny(write("bill.csv", bills(1000))).has_value());
  const auto outcome = load_tiny(write("b/bill.csv", bills(400000)));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::BadData);
  EXPECT_EQ(outcome.error().line.key, "ingest.disk_full");
  reopen();
  const auto count = tiny_->connection().query_integer("SELECT count(*) FROM bill");
  EXPECT_EQ(count.value_or(-1), 1000);
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM batch").value_or(-1), 1);
}

// Nothing can be written, not even what makes room: what is there can still be asked.
TEST_F(TinyDisk, ADiskWithoutAnyRoomIsStillRead) {
  ASSERT_TRUE(load_tiny(write("bill.csv", bills(1000))).has_value());
  ASSERT_FALSE(load_tiny(write("customer.csv", customers(600000))).has_value());
  tiny_.reset();
  {
    std::ofstream rest(disk() / "rest", std::ios::binary);
    const std::string block(4096, 'x');
    while (rest.write(block.data(), 4096) && rest.flush()) {
    }
  }
  reopen();
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM bill").value_or(-1), 1000);
  reopen();
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM bill").value_or(-1), 1000);
}

// The second copy of facts is for speed alone: it leaves the last room to others.
TEST_F(TinyDisk, FactsAreNotCopiedWhereThereIsNoRoomForIt) {
  ASSERT_TRUE(load_tiny(write("bill.csv", bills(30'000))).has_value());
  ASSERT_TRUE(tiny_->keep_customer_rows().has_value());
  const auto refused = tiny_->arrange_customer_rows({"bill"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().line.key, "warehouse.no_room");
  EXPECT_EQ(tiny_->unarranged_customer_rows({"bill"}), 1U);
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM \"bill by customer\"").value_or(-1), 30'000);
  ASSERT_EQ(mount("tmpfs", disk().c_str(), "tmpfs", MS_REMOUNT, "size=60m"), 0);
  EXPECT_EQ(tiny_->arrange_customer_rows({"bill"}).value_or(0), 1U);
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM \"bill by customer\"").value_or(-1), 30'000);
}

// A master's rows go into the database itself: the disk is full in the middle of the commit.
TEST_F(TinyDisk, ADiskThatFillsWhileCommittingKeepsWhatWasThere) {
  ASSERT_TRUE(load_tiny(write("bill.csv", bills(1000))).has_value());
  const auto outcome = load_tiny(write("customer.csv", customers(600000)));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().line.key, "ingest.disk_full");
  reopen();
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM customer").value_or(-1), 0);
  EXPECT_EQ(tiny_->connection().query_integer("SELECT count(*) FROM bill").value_or(-1), 1000);
  const auto later = load_tiny(write("b/customer.csv", "customer_id,category\n1,residential\n"));
  ASSERT_TRUE(later.has_value()) << later.error().line.key << ' ' << later.error().arg("reason");
}

}  // namespace
}  // namespace fenqun::ingest
