#include "strategy/library.hpp"

#include "unit/strategy/library_fixture.hpp"

#include <algorithm>
#include <set>

namespace fenqun::strategy {
namespace {

using StrategyLibrary = LibraryTest;

TEST(ShippedStrategies, HaveNothingWrongOrDoubtful) {
  const auto catalogue = features::FeatureCatalogue::create(AssetStore());
  ASSERT_TRUE(catalogue.has_value());
  const auto checked = check_library(AssetStore(), *catalogue);
  ASSERT_TRUE(checked.has_value()) << checked.error().line.key;
  for (const auto& error : checked->problems) ADD_FAILURE() << error.line.key << " " << error.arg("line");
  for (const auto& error : checked->doubts) ADD_FAILURE() << error.line.key << " " << error.arg("cell");
  EXPECT_GE(checked->library.books.size(), 11U);
}

TEST_F(StrategyLibrary, ReadsACellWithItsAction) {
  write_cells(cell("big", "group_of('dongguan_revenue') = 'high' and arrears_cny = 0", "visit",
                   ", every_months: 3, days: [1, 15], urgent: true"));
  const auto checked = check();
  ASSERT_TRUE(checked.problems.empty());
  const auto& books = checked.library.books;
  const auto mine = std::find_if(books.begin(), books.end(), [](const Book& one) { return one.name == "mine"; });
  ASSERT_NE(mine, books.end());
  ASSERT_EQ(mine->cells.size(), 1U);
  const auto& action = mine->cells[0].actions.at(0);
  EXPECT_EQ(checked.library.types[action.order].code, "visit");
  EXPECT_EQ(action.every_months, 3);
  EXPECT_EQ(action.days, std::make_pair(1, 15));
  EXPECT_TRUE(action.is_urgent);
  EXPECT_EQ(action.channel, Channel::OnSite);  // of the order type
  EXPECT_EQ(action.owner, Role::AccountManager);
}

TEST_F(StrategyLibrary, RefusesAnUnknownGroupWithNearNames) {
  write_cells(cell("big", "group_of('dongguan_revenue') = 'hihg'"));
  const auto error = problem();
  EXPECT_EQ(error.line.key, "strategy.no_group");
  EXPECT_EQ(error.arg("group"), "hihg");
  EXPECT_NE(error.arg("near").find("high"), std::string::npos);
  EXPECT_NE(error.arg("file").find("mine.yaml"), std::string::npos);
}

TEST_F(StrategyLibrary, RefusesAnUnknownSchemeFeatureAndOrderType) {
  write_cells(cell("a", "group_of('dongguan_revenues') = 'high'") + cell("b", "arears_cny > 0") +
              cell("c", "arrears_cny > 0", "vist"));
  std::multiset<std::string> keys;
  for (const auto& error : check().problems) keys.insert(error.line.key);
  EXPECT_EQ(keys.count("strategy.no_scheme"), 1U);
  EXPECT_EQ(keys.count("strategy.no_order_type"), 1U);
  EXPECT_EQ(keys.size(), 3U);
}

TEST_F(StrategyLibrary, RefusesSomethingThatIsNoCondition) {
  write_cells(cell("a", "arrears_cny + 1"));
  EXPECT_EQ(problem().line.key, "strategy.not_a_condition");
}

TEST_F(StrategyLibrary, RefusesCellsThatGiveWayInACircle) {
  write_cells(cell("a", "arrears_cny > 0", "visit", "", "    yields_to: [b]\n") +
              cell("b", "arrears_cny > 1", "visit", "", "    yields_to: [c]\n") +
              cell("c", "arrears_cny > 2", "visit", "", "    yields_to: [a]\n"));
  const auto error = problem();
  EXPECT_EQ(error.line.key, "strategy.circle");
  EXPECT_EQ(error.arg("circle"), "a → b → c → a");
}

TEST_F(StrategyLibrary, RefusesToGiveWayToNobody) {
  write_cells(cell("first", "arrears_cny > 0") +
              cell("second", "arrears_cny > 1", "visit", "", "    yields_to: [frist]\n"));
  const auto error = problem();
  EXPECT_EQ(error.line.key, "strategy.no_cell");
  EXPECT_NE(error.arg("near").find("first"), std::string::npos);
}

TEST_F(StrategyLibrary, RefusesAMessageWithAnUnknownVariable) {
  write_cells(
      cell("a", "arrears_cny > 0", "notice", ", message: {zh: '尊敬的{custmer_name}', en: 'Dear {customer_name}'}"));
  const auto error = problem();
  EXPECT_EQ(error.line.key, "strategy.no_variable");
  EXPECT_EQ(error.arg("variable"), "custmer_name");
  EXPECT_NE(error.arg("near").find("customer_name"), std::string::npos);
}

TEST_F(StrategyLibrary, RefusesAVariableThatTheOccasionCannotFill) {
  write_cells(
      cell("a", "arrears_cny > 0", "notice", ", message: {zh: '{outage_from}停电', en: 'From {customer_name}'}"));
  EXPECT_EQ(problem().line.key, "strategy.variable_elsewhere");
}

TEST_F(StrategyLibrary, RefusesANoticeWithoutAMessage) {
  write_cells(cell("a", "arrears_cny > 0", "notice"));
  EXPECT_EQ(problem().line.key, "base.setting_missing");
}

TEST_F(StrategyLibrary, RefusesNamesUsedTwice) {
  write_cells(cell("a", "arrears_cny > 0") + cell("a", "arrears_cny > 1"));
  const auto error = problem();
  EXPECT_EQ(error.line.key, "strategy.twice");
  EXPECT_EQ(error.arg("name"), "a");
}

TEST_F(StrategyLibrary, RefusesMonthsThatDoNotGoIntoAYear) {
  write_cells(cell("a", "arrears_cny > 0", "visit", ", every_months: 5"));
  EXPECT_EQ(problem().arg("key"), "every_months");
}

TEST_F(StrategyLibrary, TellsOfCellsThatNeverOrAlwaysHold) {
  write_cells(cell("never", "group_of('abcd') = 'A' and group_of('abcd') = 'B'") +
              cell("empty", "arrears_cny > 10 and arrears_cny < 5") +
              cell("always", "arrears_cny >= 0 or arrears_cny < 0 or arrears_cny is missing") +
              cell("some", "arrears_cny > 5 and arrears_cny < 10"));
  const auto checked = check();
  EXPECT_TRUE(checked.problems.empty());
  std::set<std::string> told;
  for (const auto& error : checked.doubts) {
    if (!error.arg("cell").empty()) told.insert(error.line.key + " " + std::string(error.arg("cell")));
  }
  EXPECT_EQ(told, (std::set<std::string>{"strategy.never_holds never", "strategy.never_holds empty",
                                         "strategy.always_holds always"}));
}

TEST_F(StrategyLibrary, TellsOfOrderTypesThatNothingUses) {
  write_cells(cell("a", "arrears_cny > 0"));
  const auto checked = check();
  const auto told = std::count_if(checked.doubts.begin(), checked.doubts.end(),
                                  [](const Error& error) { return error.line.key == "strategy.unused_type"; });
  EXPECT_EQ(told, std::ssize(checked.library.types) - 3);  // the disconnection is made by the program
}

TEST_F(StrategyLibrary, RefusesAnOrderTypeThatNothingSettles) {
  write("order_types",
        "types:\n  - order: visit\n    requirements: [R305]\n    title: {zh: 走访, en: Visit}\n    owner: "
        "account_manager\n"
        "    channel: on_site\n    outcomes:\n      - {code: open, settles: false, title: {zh: 未办结, en: Open}}\n");
  const auto checked = check();
  EXPECT_TRUE(std::any_of(checked.problems.begin(), checked.problems.end(),
                          [](const Error& error) { return error.line.key == "strategy.never_settles"; }));
}

TEST_F(StrategyLibrary, LoadsNothingWithAProblem) {
  write_cells(cell("a", "arrears_cny +"));
  const auto loaded = load_library(assets(), *catalogue_);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::BadData);
}

TEST_F(StrategyLibrary, HasAnotherFingerprintWithAnotherText) {
  write_cells(cell("a", "arrears_cny > 0"));
  const auto before = check().library.fingerprint;
  EXPECT_EQ(check().library.fingerprint, before);
  write_cells(cell("a", "arrears_cny > 1"));
  EXPECT_NE(check().library.fingerprint, before);
}

}  // namespace
}  // namespace fenqun::strategy
