// tests/unit/ledger/membership_test.cpp - intervals in business time and recorded time; names that last.
#include "base/random.hpp"
#include "unit/ledger/ledger_fixture.hpp"

#include <sstream>

namespace fenqun::ledger {
namespace {

class MembershipTest : public LedgerTest {};

constexpr Month kJanuary(2026, 1);
constexpr Month kFebruary(2026, 2);
constexpr Month kMarch(2026, 3);

TEST_F(MembershipTest, WhoStaysKeepsHisIntervalAndOnlyChangesAreWritten) {
  published("r1", kJanuary, {{"1", "a"}, {"2", "b"}, {"3", "!short"}, {"4", "a"}});
  add_run("r2", kFebruary, {{"1", "a"}, {"2", "a"}, {"3", "b"}, {"5", "!short"}});
  accept("r2");
  const auto second = publish("r2");
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->publication.customers, 4);
  EXPECT_EQ(second->publication.classified, 3);
  EXPECT_EQ(second->publication.compared, 2) << "1 and 2 have a group before and after";
  EXPECT_EQ(second->publication.moved, 1);
  EXPECT_EQ(second->publication.ended, 3);   // of 2, 3, 4
  EXPECT_EQ(second->publication.opened, 6);  // January of 2, 3, 4; February of 2, 3, 5
  const auto one = history_of(*workspace_, "1", "", Belief::Present);
  ASSERT_EQ(one->size(), 1U);
  EXPECT_EQ((*one)[0].from, kJanuary);
  EXPECT_EQ((*one)[0].to, std::nullopt);
  EXPECT_EQ((*one)[0].run_id, "r1");
  EXPECT_EQ((*one)[0].definition, "definition of s");
  const auto three = history_of(*workspace_, "3", "s", Belief::Present);
  ASSERT_EQ(three->size(), 2U);
  EXPECT_EQ((*three)[0].reason_code, "short");
  EXPECT_EQ((*three)[0].title.zh, "因!short");
  EXPECT_EQ((*three)[0].to, kFebruary);
  EXPECT_EQ((*three)[1].group_code, "b");
  EXPECT_EQ((*three)[1].title.en, "Group b");
  const auto all = history_of(*workspace_, "3", "s", Belief::Superseded);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[0].superseded_by, 2);
  EXPECT_FALSE((*all)[0].superseded_at.empty());
  EXPECT_EQ(history_of(*workspace_, "9", "", Belief::Present).error().line.key, "ledger.no_customer");
}

TEST_F(MembershipTest, ACorrectionOfThePastChangesItsMonthAloneAndForgetsNothing) {
  const Groups january = {{"1", "a"}, {"2", "b"}};
  const Groups march = {{"1", "a"}, {"2", "a"}};
  published("r1", kJanuary, january);
  published("r3", kMarch, march);
  published("r2", kFebruary, {{"1", "b"}, {"2", "b"}, {"3", "a"}});
  EXPECT_EQ(groups_of(kJanuary), january);
  EXPECT_EQ(groups_of(kFebruary), (Groups{{"1", "b"}, {"2", "b"}, {"3", "a"}}));
  EXPECT_EQ(groups_of(kMarch), march);
  EXPECT_EQ(groups_of(kFebruary, 2), january);
  expect_sound();
}

TEST_F(MembershipTest, SchemesDoNotTouchEachOther) {
  published("r1", kJanuary, {{"1", "a"}}, "s");
  published("q1", kJanuary, {{"1", "x"}}, "t");
  published("r2", kFebruary, {{"1", "b"}}, "s");
  EXPECT_EQ(groups_of(kFebruary, {}, "t"), (Groups{{"1", "x"}}));
  const auto both = as_of(*workspace_, {kFebruary, "", {}, {}}, Language::Chinese);
  ASSERT_EQ(both->size(), 2U);
  EXPECT_EQ((*both)[0].run_id, "r2");
  EXPECT_EQ((*both)[1].groups[0].title.zh, "群x");
}

TEST_F(MembershipTest, AsOfWritesOneRowForEachCustomer) {
  published("r1", kJanuary, {{"1", "a"}, {"2", "!short"}});
  published("r2", kFebruary, {{"1", "b"}, {"2", "!short"}});
  const auto file = folder_.path() / "out.csv";
  const auto found = as_of(*workspace_, {kJanuary, "s", {}, file}, Language::English);
  ASSERT_TRUE(found.has_value()) << found.error().line.key << found.error().arg("reason");
  EXPECT_EQ(found->front().customers, 2);
  EXPECT_EQ(found->front().groups[0].code, "a");
  EXPECT_FALSE(found->front().groups[1].is_group);
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(),
            "\xEF\xBB\xBFscheme,customer_id,group_code,group,reason_code,valid_from,run_id\n"
            "s,1,a,Group a,,2026-01-01,r1\ns,2,,,short,2026-01-01,r1\n");
  EXPECT_EQ(as_of(*workspace_, {Month(2025, 12), "", {}, {}}, Language::English).error().line.key,
            "ledger.nothing_in_force");
  EXPECT_EQ(as_of(*workspace_, {kJanuary, "t", {}, {}}, Language::English).error().line.key,
            "ledger.scheme_not_in_force");
  EXPECT_EQ(as_of(*workspace_, {kJanuary, "", 7, {}}, Language::English).error().line.key,
            "ledger.no_such_publication");
  EXPECT_EQ(as_of(*workspace_, {kJanuary, "", {}, folder_.path() / "no" / "out.csv"}, Language::English).error().code,
            ErrorCode::Io);
}

// Twenty-four months of random moves, newcomers and leavers; in between months of the past are corrected and
// publications taken back. A plain model keeps what was said of each month, after each publication.
TEST_F(MembershipTest, AsOfEachOfTwentyFourMonthsEqualsTheSnapshotKeptThen) {
  Random random(20260701);
  using Snapshot = std::map<Month, Groups>;  // what is in force from a month on
  std::vector<Snapshot> known = {{}};        // after publication 0, 1, 2 ...
  std::vector<Snapshot> standing = {{}};     // each as it was when a publication that stands was made
  const auto draw = [&](const Groups& before) {
    Groups out;
    for (int n = 0; n < 40; ++n) {
      const auto customer = std::to_string(1000 + n);
      const auto old = before.find(customer);
      const auto dice = random.below(100);
      if (old != before.end() && dice < 85)
        out.insert(*old);
      else if (dice < 95)
        out[customer] = dice % 7 == 0 ? "!missing" : std::string(1, static_cast<char>('a' + random.below(4)));
    }
    return out;
  };
  const auto publish_drawn = [&](Month month) {
    const auto& now = known.back();
    const auto next = now.upper_bound(month);
    const auto groups = draw(next == now.begin() ? Groups() : std::prev(next)->second);
    published("r" + std::to_string(known.size()), month, groups);
    auto after = now;
    after[month] = groups;
    standing.push_back(after);
    known.push_back(std::move(after));
  };
  for (int m = 0; m < 24; ++m) {
    publish_drawn(Month(2024, 1).plus(m));
    if (HasFatalFailure()) return;
    const auto earlier = random.below(static_cast<std::uint64_t>(m) + 1);
    if (m > 2 && random.below(3) == 0) publish_drawn(Month(2024, 1).plus(static_cast<int>(earlier)));
    for (auto back = random.below(8); back >= 5 && standing.size() > 2; --back) {
      const auto done = roll_back(*workspace_, {"s", "王主任", "回退"});
      ASSERT_TRUE(done.has_value()) << done.error().line.key;
      standing.pop_back();
      known.push_back(standing.back());
    }
  }
  ASSERT_GT(known.size(), 28U) << "corrections and rollbacks took place";
  for (std::size_t sequence = 1; sequence < known.size(); ++sequence) {
    for (int m = 0; m < 24; ++m) {
      const auto month = Month(2024, 1).plus(m);
      const auto after = known[sequence].upper_bound(month);
      const auto expected = after == known[sequence].begin() ? Groups() : std::prev(after)->second;
      ASSERT_EQ(groups_of(month, static_cast<std::int64_t>(sequence)), expected)
          << "publication " << sequence << ", month " << month.text();
    }
  }
  EXPECT_EQ(groups_of(Month(2024, 7)), std::prev(known.back().upper_bound(Month(2024, 7)))->second);
  expect_sound();
}

TEST_F(MembershipTest, GroupsWithoutANameOfTheirOwnCarryOnTheNamesOfTheirCustomers) {
  Groups first;
  Groups second;
  for (int n = 0; n < 100; ++n) {
    const auto customer = std::to_string(1000 + n);
    first[customer] = n < 60 ? "g1" : "g2";
    // The new run numbers them the other way round, and splits ten off.
    second[customer] = n < 50 ? "g3" : n < 60 ? "g2" : "g1";
  }
  published("r1", kJanuary, first, "s", Named::No);
  add_run("r2", kFebruary, second, "s", Named::No);
  accept("r2");
  const auto done = publish("r2");
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->publication.compared, 100);
  EXPECT_EQ(done->publication.moved, 10);
  const auto now = groups_of(kFebruary);
  EXPECT_EQ(now.at("1000"), "g1");
  EXPECT_EQ(now.at("1055"), "g3") << "a code that the scheme never had";
  EXPECT_EQ(now.at("1099"), "g2");
  std::map<std::string, std::string> titles;
  for (const auto& name : done->publication.names) titles[name.code] = name.title.zh;
  EXPECT_EQ(titles.at("g1"), "群g1");
  EXPECT_EQ(titles.at("g2"), "群g2");
  EXPECT_EQ(titles.at("g3"), "第3群") << "what its run calls it, another group was called";
  // The split-off group ends; its code is not given to another one.
  published("r3", kMarch, {{"2000", "g1"}, {"2001", "g2"}}, "s", Named::No);
  EXPECT_EQ(groups_of(kMarch), (Groups{{"2000", "g4"}, {"2001", "g5"}}));
  ASSERT_TRUE(roll_back(*workspace_, {"s", "王主任", "x"}).has_value());
  EXPECT_EQ(groups_of(kMarch), now) << "a rollback brings the names of then back";
  expect_sound();
}

TEST_F(MembershipTest, AGroupThatIsNewHasTheNameThatItsRunProposes) {
  published("r1", kJanuary, {{"1", "g1"}, {"2", "g1"}, {"3", "g2"}}, "s", Named::No);
  const auto run = describe("r2", kFebruary, {"g1", "g2", "g3"}, "s", Named::No);
  auto proposed = run;
  proposed.groups[2].title = {"夜间用电占比高", "high night share"};
  enter(proposed);
  sql("INSERT INTO assignment SELECT 'r2', c, g, 'x', NULL, NULL, NULL, NULL FROM (VALUES ('1', 'g1'), ('2', 'g1'), "
      "('3', 'g2'), ('4', 'g3')) t(c, g)");
  accept("r2");
  const auto done = publish("r2");
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->publication.names[0].title.zh, "群g1");
  EXPECT_EQ(done->publication.names[2].code, "g3");
  EXPECT_EQ(done->publication.names[2].title.zh, "夜间用电占比高");
}

TEST_F(MembershipTest, AMonthBeforeTheFirstPublishedHasTheNamesOfThoseAfterIt) {
  published("r1", kMarch, {{"1", "g1"}, {"2", "g1"}, {"3", "g2"}}, "s", Named::No);
  published("r2", kJanuary, {{"1", "g2"}, {"2", "g2"}, {"3", "g1"}}, "s", Named::No);
  EXPECT_EQ(groups_of(kJanuary), (Groups{{"1", "g1"}, {"2", "g1"}, {"3", "g2"}}));
  expect_sound();
}

}  // namespace
}  // namespace fenqun::ledger
