#include "strategy/events.hpp"

#include "strategy/orders.hpp"
#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

std::string event_cell(const std::string& name, const std::string& when, const std::string& order,
                       const std::string& on, const std::string& more = "") {
  return "  - cell: " + name + "\n    requirements: [R305]\n    when: \"" + when +
         "\"\n    text: {zh: 做, en: Do}\n    actions:\n      - {action: go, order: " + order + ", on: " + on + more +
         ", text: {zh: 去, en: Go}}\n";
}

/// Customer "1" (group A) owes 100 CNY since 15 May 2026; "2" (group D) has the same identity and owes 80; "3" lives at
/// the same address and owes nothing.
class StrategyEvents : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    sql("UPDATE m_customer SET identity_number = 'X1', address = '人民路1号' WHERE customer_id = '1'");
    sql("UPDATE m_customer SET identity_number = 'X1' WHERE customer_id = '2'");
    sql("UPDATE m_customer SET address = '人民路1号' WHERE customer_id = '3'");
    sql("CREATE OR REPLACE TEMP VIEW bill AS SELECT * FROM (VALUES ('b1', '1', DATE '2026-05-15', "
        "120.00::DECIMAL(18,2)), ('b2', '1', DATE '2026-08-15', 80.00::DECIMAL(18,2)), ('b3', '2', DATE '2026-06-15', "
        "80.00::DECIMAL(18,2))) t(bill_id, customer_id, due_on, amount_cny), (SELECT NULL::VARCHAR AS status, "
        "NULL::VARCHAR AS kind)");
    sql("CREATE OR REPLACE TEMP VIEW payment AS SELECT *, NULL::VARCHAR AS status FROM (VALUES ('b1', '1', DATE "
        "'2026-05-20', 20.00::DECIMAL(18,2))) t(bill_id, customer_id, paid_on, amount_cny)");
    auto law = load_disconnection_law(AssetStore(), *catalogue_);
    ASSERT_TRUE(law.has_value()) << law.error().line.key;
    law_.emplace(std::move(*law));
  }
  void write(const std::string& cells) { strategies_->write_cells(cells); }
  Result<EventOutcome> send(const EventRequest& request) {
    return handle_event(*workspace_, library(), *law_, request);
  }
  EventOutcome must(const EventRequest& request) {
    auto done = send(request);
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    return done ? std::move(*done) : EventOutcome();
  }
  static EventRequest event(const std::string& id, Occasion on, const std::string& customer) {
    EventRequest out;
    out.event_id = id;
    out.on = on;
    out.customer_id = customer;
    out.by = "marketing";
    out.now = "2026-07-14 09:30";
    return out;
  }
  std::string refusal(const EventRequest& request) {
    const auto before = ask("SELECT (SELECT count(*) FROM work_order) + (SELECT count(*) FROM service_event)");
    const auto done = send(request);
    EXPECT_EQ(ask("SELECT (SELECT count(*) FROM work_order) + (SELECT count(*) FROM service_event)"), before);
    return done ? "" : done.error().line.key;
  }

  std::optional<DisconnectionLaw> law_;
};

TEST_F(StrategyEvents, MakeOrdersOfTheCellsThatHold) {
  write(event_cell("a", "group_of('abcd') = 'A'", "follow_up", "ticket", ", urgent: true") +
        event_cell("b", "arrears_cny > 1", "callback", "ticket"));
  const auto one = must(event("t1", Occasion::Ticket, "1"));
  ASSERT_EQ(one.actions.size(), 1U);
  EXPECT_EQ(one.actions[0].cell, "a");
  EXPECT_EQ(one.priority, 1);
  EXPECT_EQ(text("SELECT owner_id FROM work_order WHERE order_id = '" + one.actions[0].order_id + "'"), "m1");
  const auto two = must(event("t2", Occasion::Ticket, "2"));
  ASSERT_EQ(two.actions.size(), 1U);
  EXPECT_EQ(two.actions[0].order_type, "callback");
  EXPECT_EQ(two.priority, 2);
  EXPECT_EQ(must(event("t3", Occasion::Application, "3")).priority, 3);
}

TEST_F(StrategyEvents, SentAgainAreAnsweredTheSameAndChangeNothing) {
  write(event_cell("a", "arrears_cny = 1", "follow_up", "ticket"));
  const auto first = must(event("t1", Occasion::Ticket, "1"));
  const auto again = must(event("t1", Occasion::Ticket, "1"));
  EXPECT_FALSE(first.again);
  EXPECT_TRUE(again.again);
  EXPECT_EQ(again.actions.at(0).order_id, first.actions.at(0).order_id);
  EXPECT_EQ(again.actions.at(0).text.zh, "去");
  EXPECT_EQ(ask("SELECT count(*) FROM work_order"), 1);
  EXPECT_EQ(ask("SELECT count(*) FROM service_event"), 1);
  EXPECT_EQ(refusal(event("t1", Occasion::Ticket, "2")), "strategy.event_id_taken");
}

TEST_F(StrategyEvents, TakeAnOrderThatIsOpenInsteadOfASecondOne) {
  write(event_cell("a", "arrears_cny = 1", "follow_up", "ticket", ", by_days: 10") +
        event_cell("b", "arrears_cny = 1", "follow_up", "arrears", ", by_days: 1"));
  const auto first = must(event("t1", Occasion::Ticket, "1")).actions.at(0).order_id;
  EXPECT_EQ(must(event("t2", Occasion::Arrears, "1")).actions.at(0).order_id, first);
  EXPECT_EQ(text("SELECT reasons FROM work_order"), "a.go, b.go");
  EXPECT_EQ(text("SELECT CAST(due_on AS VARCHAR) FROM work_order"), "2026-07-15");
}

TEST_F(StrategyEvents, TellAnApplicationWhoOwesByPersonAddressAndAccount) {
  sql("INSERT INTO m_account BY NAME SELECT * FROM (VALUES ('k1', '3', '6222'), ('k2', '2', '6222')) a(account_id, "
      "customer_id, bank_account_number)");
  const auto known = must(event("n1", Occasion::Application, "3"));
  EXPECT_EQ(known.verdict, Verdict::ClearDebt);
  ASSERT_EQ(known.debts.size(), 2U);
  EXPECT_EQ(known.debts[0].customer_id, "1");
  EXPECT_EQ(known.debts[0].via, std::vector<std::string>{"address"});
  EXPECT_EQ(known.debts[0].owed_cny, "100.00");
  EXPECT_EQ(known.debts[1].via, std::vector<std::string>{"account"});
  auto stranger = event("n2", Occasion::Application, "");
  stranger.identity_number = "X1";
  const auto told = must(stranger);
  EXPECT_EQ(told.verdict, Verdict::ClearDebt);
  EXPECT_EQ(told.debts.size(), 2U);
  stranger.event_id = "n3";
  stranger.identity_number = "nobody's";
  EXPECT_EQ(must(stranger).verdict, Verdict::Proceed);
}

TEST_F(StrategyEvents, BlockAClosingUntilDebtAndInspectionAreSettled) {
  write(event_cell("c", "arrears_cny = 4 or arrears_cny = 1", "closing_inspection", "closing", ", urgent: true"));
  const auto first = must(event("c1", Occasion::Closing, "4"));
  EXPECT_EQ(first.verdict, Verdict::Blocked);
  ASSERT_EQ(first.blocking.size(), 1U);
  EXPECT_EQ(must(event("c2", Occasion::Closing, "4")).blocking, first.blocking);
  const auto done = move_order(
      *workspace_, library(),
      {first.blocking[0], Move::Finish, "i1", "", "in_order", {{"violation", "none"}}, "", "2026-07-16 10:00"});
  ASSERT_TRUE(done.has_value()) << done.error().line.key;
  auto later = event("c3", Occasion::Closing, "4");
  later.now = "2026-07-17 09:00";
  const auto then = must(later);
  EXPECT_EQ(then.verdict, Verdict::Proceed);
  EXPECT_EQ(ask("SELECT count(*) FROM work_order"), 1);
  // Long after, it is inspected anew; and a debt alone blocks too.
  later.event_id = "c4";
  later.now = "2026-10-17 09:00";
  EXPECT_EQ(must(later).verdict, Verdict::Blocked);
  const auto debtor = must(event("c5", Occasion::Closing, "2"));
  EXPECT_EQ(debtor.verdict, Verdict::Blocked);
  EXPECT_EQ(debtor.debts.size(), 1U);
  EXPECT_EQ(must(event("c6", Occasion::Closing, "3")).verdict, Verdict::Proceed);
}

TEST_F(StrategyEvents, OfPaymentsEndDunningOnceAllIsPaidAndConnectAgain) {
  write(event_cell("d", "arrears_cny = 1", "dunning", "arrears"));
  const auto dunning = must(event("a1", Occasion::Arrears, "1")).actions.at(0).order_id;
  sql("INSERT INTO work_order BY NAME SELECT '2026-07-000900' AS order_id, 900 AS number, 'k' AS order_key, "
      "'disconnection' AS order_type, '1' AS customer_id, DATE '2026-07-01' AS month, 'closed' AS state, "
      "'disconnected' "
      "AS outcome, TIMESTAMP '2026-07-10 10:00' AS changed_at");
  auto part = event("p1", Occasion::Payment, "1");
  part.amount_cny = "30.00";
  const auto partly = must(part);
  EXPECT_EQ(partly.debts.at(0).owed_cny, "70.00");
  EXPECT_TRUE(partly.cancelled.empty());
  EXPECT_TRUE(partly.reconnection.empty());
  auto whole = event("p2", Occasion::Payment, "1");
  whole.amount_cny = "70.00";  // together with the 30.00 of before
  const auto paid = must(whole);
  EXPECT_EQ(paid.cancelled, std::vector<std::string>{dunning});
  EXPECT_EQ(text("SELECT state FROM work_order WHERE order_id = '" + dunning + "'"), "cancelled");
  EXPECT_EQ(text("SELECT order_type || ' ' || CAST(due_on AS VARCHAR) FROM work_order WHERE order_id = '" +
                 paid.reconnection + "'"),
            "reconnection 2026-07-15");
  whole.event_id = "p3";
  EXPECT_TRUE(must(whole).reconnection.empty());
}

TEST_F(StrategyEvents, OfCallsAreSaidOrOrderedByWhetherSomebodyAnswered) {
  write(event_cell("a", "arrears_cny = 1", "callback", "incoming_call") +
        event_cell("b", "arrears_cny = 1", "notice", "incoming_call", ", message: {zh: 好, en: Good}"));
  const auto answered = must(event("i1", Occasion::IncomingCall, "1"));
  ASSERT_EQ(answered.actions.size(), 2U);
  EXPECT_EQ(ask("SELECT count(*) FROM work_order"), 0);
  auto missed = event("i2", Occasion::IncomingCall, "1");
  missed.kind = "missed";
  EXPECT_EQ(must(missed).actions.at(0).order_type, "callback");
  EXPECT_EQ(text("SELECT string_agg(order_type, ',') FROM work_order"), "callback");
}

TEST_F(StrategyEvents, HoldBackWhatConsentAndCapsForbid) {
  write(event_cell("m", "arrears_cny <= 4", "follow_up", "ticket", ", marketing: true") +
        event_cell("n", "arrears_cny <= 4", "callback", "arrears"));
  sql("UPDATE m_customer SET consents_to_contact = false WHERE customer_id = '1'");
  EXPECT_EQ(must(event("e1", Occasion::Ticket, "1")).actions.at(0).held, "no_consent");
  EXPECT_EQ(must(event("e2", Occasion::Ticket, "2")).actions.at(0).held, "");
  sql("INSERT INTO opt_out VALUES ('3', NULL, 'li', TIMESTAMP '2026-07-01 00:00', NULL, NULL)");
  EXPECT_EQ(must(event("e3", Occasion::Ticket, "3")).actions.at(0).held, "no_consent");
  for (int n = 0; n < 3; ++n) {
    sql("INSERT INTO work_order BY NAME SELECT 'x" + std::to_string(n) +
        "' AS order_id, 'visit' AS order_type, '4' AS customer_id, DATE '2026-07-01' AS month, 'open' AS state, "
        "'on_site' AS channel");
  }
  EXPECT_EQ(must(event("e4", Occasion::Arrears, "4")).actions.at(0).held, "month_cap");
  EXPECT_EQ(ask("SELECT count(*) FROM suppressed_action WHERE plan_id = 0"), 3);
}

TEST_F(StrategyEvents, AreRefusedWithoutChange) {
  EXPECT_EQ(refusal(event("", Occasion::Ticket, "1")), "strategy.event_without_id");
  EXPECT_EQ(refusal(event("x", Occasion::Ticket, "")), "strategy.event_of_nobody");
  EXPECT_EQ(refusal(event("x", Occasion::Ticket, "99")), "strategy.no_customer");
  auto bad = event("x", Occasion::Payment, "1");
  bad.amount_cny = "-5";
  EXPECT_EQ(refusal(bad), "strategy.event_amount");
  bad.amount_cny = "five";
  EXPECT_EQ(refusal(bad), "strategy.event_amount");
  EXPECT_FALSE(parse_event("month").has_value());
  EXPECT_FALSE(parse_event("birthday").has_value());
}

TEST_F(StrategyEvents, AreListedLatestFirst) {
  write(event_cell("a", "arrears_cny = 1", "follow_up", "ticket"));
  must(event("t1", Occasion::Ticket, "1"));
  auto later = event("t2", Occasion::Ticket, "2");
  later.now = "2026-07-15 09:30";
  must(later);
  const auto all = list_events(*workspace_, "", 0);
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->front().event_id, "t2");
  EXPECT_EQ(list_events(*workspace_, "1", 0)->at(0).outcome.actions.size(), 1U);
}

}  // namespace
}  // namespace fenqun::strategy
