// tests/fault/publication_test.cpp - a publication that is killed, or has no room: all of it is there or none.
#include "unit/ledger/ledger_fixture.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace fenqun::ledger {
namespace {

constexpr Month kJanuary(2026, 1);
constexpr Month kFebruary(2026, 2);
constexpr int kCustomers = 200'000;

class PublicationFault : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    add_big("r1", kJanuary, "CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END");
    add_big("r2", kFebruary, "CASE WHEN n % 3 = 0 THEN 'a' ELSE 'b' END");
    ASSERT_TRUE(publish("r1").has_value());
    sql("CHECKPOINT");
  }
  void add_big(const std::string& id, Month month, const std::string& group) {
    enter(describe(id, month, {"a", "b"}, "s", Named::Yes));
    sql("INSERT INTO assignment SELECT '" + id + "', printf('%08d', n), " + group +
        ", 'x', NULL, NULL, NULL, NULL FROM (SELECT range AS n FROM range(" + std::to_string(kCustomers) + "))");
    accept(id);
  }
  // Publishes r2 in a process of its own; `limit` > 0: no file may grow beyond. Exit status 0: published, 1: refused.
  pid_t publish_apart(rlim_t limit) {
    workspace_.reset();
    const pid_t child = fork();
    if (child != 0) return child;
    auto opened = warehouse::Workspace::open(path(), {});
    if (!opened) _exit(10);
    if (limit > 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit bytes = {limit, limit};
      if (setrlimit(RLIMIT_FSIZE, &bytes) != 0) _exit(11);
    }
    _exit(publish_run(*opened, {"r2", "李班长", "", ""}) ? 0 : 1);
  }
  // All of the second publication or nothing of it.
  void expect_whole() {
    expect_sound();
    const auto publications = ask("SELECT count(*) FROM publication");
    const bool there = publications == 2;
    EXPECT_TRUE(there || publications == 1) << publications;
    EXPECT_EQ(ask("SELECT count(*) FROM membership WHERE recorded_by > " + std::to_string(publications)), 0);
    EXPECT_EQ(ask("SELECT count(*) FROM membership WHERE superseded_by IS NOT NULL") > 0, there);
    const auto share = there ? "n % 3 = 0" : "n % 2 = 0";
    EXPECT_EQ(
        ask("SELECT count(*) FROM membership WHERE group_code = 'a' AND superseded_by IS NULL AND valid_to IS NULL"),
        ask("SELECT count(*) FROM (SELECT range AS n FROM range(" + std::to_string(kCustomers) + ")) WHERE " + share));
  }
};

TEST_F(PublicationFault, KilledAtAnyMomentItIsThereAsAWholeOrNotAtAll) {
  // How long an undisturbed one takes tells when to kill.
  const auto start = std::chrono::steady_clock::now();
  auto child = publish_apart(1'000'000);  // refused late: nothing is there afterwards
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  const auto whole = std::chrono::steady_clock::now() - start;
  reopen();
  expect_whole();
  for (int part = 1; part <= 12; ++part) {
    child = publish_apart(0);
    ASSERT_GT(child, 0);
    std::this_thread::sleep_for(whole * part / 6);
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, &status, 0), child);
    reopen();
    expect_whole();
    if (HasFailure()) return;
  }
  const auto last = publish("r2");
  ASSERT_TRUE(last.has_value()) << last.error().line.key;
  expect_whole();
  EXPECT_EQ(ask("SELECT count(*) FROM publication"), 2);
}

TEST_F(PublicationFault, WithoutRoomItIsRefusedAndNothingIsHalfDone) {
  const auto child = publish_apart(1'000'000);
  ASSERT_GT(child, 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  reopen();
  expect_whole();
  EXPECT_EQ(ask("SELECT count(*) FROM publication"), 1);
  ASSERT_TRUE(publish("r2").has_value()) << "there is room again";
  expect_whole();
}

}  // namespace
}  // namespace fenqun::ledger
