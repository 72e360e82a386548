#include "strategy/orders.hpp"

#include "unit/strategy/plan_fixture.hpp"

namespace fenqun::strategy {
namespace {

class StrategyOrders : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    strategies_->write_cells(cell("a", "arrears_cny = 1", "visit") + cell("b", "arrears_cny = 2", "training"));
    plan();
    visit_ = text("SELECT order_id FROM work_order WHERE order_type = 'visit'");
    training_ = text("SELECT order_id FROM work_order WHERE order_type = 'training'");
  }
  Result<MoveOutcome> move(const std::string& order, Move what, const std::string& outcome = "",
                           const std::vector<std::pair<std::string, std::string>>& form = {},
                           const std::string& by = "m1", const std::string& note = "因为") {
    return move_order(*workspace_, library(), {order, what, by, note, outcome, form, "r1", "2026-07-14"});
  }
  Result<MoveOutcome> finish_visit() { return move(visit_, Move::Finish, "visited", {{"met_whom", "张三"}}); }
  std::string state_of(const std::string& order) {
    return text("SELECT state FROM work_order WHERE order_id = " + warehouse::sql_text(order));
  }
  std::string refusal(const Result<MoveOutcome>& done) { return done ? "" : done.error().line.key; }

  std::string visit_;
  std::string training_;
};

TEST_F(StrategyOrders, AreAcceptedAndClosedWhereNothingChecksThem) {
  ASSERT_TRUE(move(training_, Move::Accept).has_value());
  EXPECT_EQ(state_of(training_), "accepted");
  const auto done = move(training_, Move::Finish, "held");
  ASSERT_TRUE(done.has_value()) << done.error().line.key;
  EXPECT_EQ(done->order.state, OrderState::Closed);
  EXPECT_EQ(done->order.outcome, "held");
  EXPECT_FALSE(done->checker.has_value());
  const auto events = events_of(*workspace_, training_);
  ASSERT_TRUE(events.has_value());
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[1].move, "finish");
  EXPECT_EQ((*events)[1].from, OrderState::Accepted);
}

TEST_F(StrategyOrders, StayDoneUntilACallbackFoundThemInOrder) {
  const auto done = finish_visit();
  ASSERT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
  EXPECT_EQ(done->order.state, OrderState::Done);
  ASSERT_TRUE(done->checker.has_value());
  EXPECT_EQ(done->checker->type, "callback");
  EXPECT_EQ(done->checker->verifies, visit_);
  EXPECT_EQ(done->checker->owner_id, "a1");
  EXPECT_EQ(done->checker->due_on, "2026-07-21");  // five working days after Tuesday 14 July
  const auto called = move(done->checker->order_id, Move::Finish, "confirmed", {{"was_served", "true"}}, "a1");
  ASSERT_TRUE(called.has_value()) << called.error().line.key;
  EXPECT_EQ(called->order.state, OrderState::Closed);
  ASSERT_TRUE(called->checked.has_value());
  EXPECT_EQ(called->checked->state, OrderState::Closed);
}

TEST_F(StrategyOrders, AreOpenedAgainWhereTheCallbackFoundFault) {
  const auto done = finish_visit();
  ASSERT_TRUE(done.has_value());
  const auto called = move(done->checker->order_id, Move::Finish, "not_served", {{"was_served", "false"}}, "a1");
  ASSERT_TRUE(called.has_value());
  EXPECT_EQ(called->checked->state, OrderState::Open);
  EXPECT_EQ(called->checked->reopened, 1);
  // The second time it is checked by another order.
  const auto again = finish_visit();
  ASSERT_TRUE(again.has_value());
  ASSERT_TRUE(again->checker.has_value());
  EXPECT_NE(again->checker->order_id, done->checker->order_id);
}

TEST_F(StrategyOrders, AreNotVerifiedByWhoDidThem) {
  const auto done = finish_visit();
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(refusal(move(visit_, Move::Verify, "", {}, "m1")), "strategy.same_person");
  EXPECT_EQ(refusal(move(done->checker->order_id, Move::Finish, "confirmed", {{"was_served", "true"}}, "m1")),
            "strategy.same_person");
  EXPECT_EQ(state_of(visit_), "done");
  EXPECT_EQ(state_of(done->checker->order_id), "open");
}

TEST_F(StrategyOrders, AreNotVerifiedByAColleagueWhoDidThemForTheirOwner) {
  const auto done = move(visit_, Move::Finish, "visited", {{"met_whom", "张三"}}, "a1");
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(refusal(move(visit_, Move::Verify, "", {}, "a1")), "strategy.same_person");
  EXPECT_EQ(refusal(move(done->checker->order_id, Move::Finish, "confirmed", {{"was_served", "true"}}, "a1")),
            "strategy.same_person");
  EXPECT_TRUE(move(done->checker->order_id, Move::Finish, "confirmed", {{"was_served", "true"}}, "a2").has_value());
}

TEST_F(StrategyOrders, RefuseMovesThatTheirStateDoesNotAllow) {
  const std::map<std::string, std::vector<Move>> allowed = {
      {"open", {Move::Accept, Move::Assign, Move::Record, Move::Finish, Move::Cancel}},
      {"accepted", {Move::Assign, Move::Record, Move::Finish, Move::Cancel}},
      {"done", {Move::Verify, Move::Reopen}},
      {"closed", {Move::Reopen}},
      {"cancelled", {}}};
  for (const auto& [state, moves] : allowed) {
    for (const auto one :
         {Move::Accept, Move::Assign, Move::Record, Move::Finish, Move::Verify, Move::Reopen, Move::Cancel}) {
      sql("UPDATE work_order SET state = '" + state + "' WHERE order_id = '" + visit_ + "'");
      const auto events = ask("SELECT count(*) FROM work_order_event");
      const auto done = move(visit_, one, one == Move::Finish || one == Move::Record ? "visited" : "",
                             one == Move::Finish ? std::vector<std::pair<std::string, std::string>>{{"met_whom", "x"}}
                                                 : std::vector<std::pair<std::string, std::string>>{},
                             one == Move::Verify ? "s8" : "s9");
      const bool may = std::find(moves.begin(), moves.end(), one) != moves.end();
      EXPECT_EQ(done.has_value(), may) << state << " " << name_of(one) << " " << refusal(done);
      if (may) continue;
      EXPECT_EQ(done.error().line.key, "strategy.impossible_move");
      EXPECT_EQ(state_of(visit_), state);
      EXPECT_EQ(ask("SELECT count(*) FROM work_order_event"), events);
    }
  }
}

TEST_F(StrategyOrders, RefuseOutcomesThatAreNoneOrSettleNothing) {
  EXPECT_EQ(refusal(move(visit_, Move::Finish)), "strategy.outcome_missing");
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "visitd")), "strategy.no_outcome");
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "nobody_home")), "strategy.not_settled");
  EXPECT_TRUE(move(visit_, Move::Record, "nobody_home").has_value());
  EXPECT_EQ(state_of(visit_), "open");
}

TEST_F(StrategyOrders, RefuseAFormThatLacksAFieldOrHasAWrongValue) {
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "visited")), "strategy.field_missing");
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "visited", {{"met_whom", " "}})), "strategy.field_missing");
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "visited", {{"met_who", "x"}})), "strategy.field_unknown");
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "visited", {{"met_whom", "x"}, {"attitude", "cross"}})),
            "strategy.field_wrong");
  EXPECT_EQ(refusal(move(visit_, Move::Finish, "visited", {{"met_whom", "x"}, {"hazard_found", "yes"}})),
            "strategy.field_wrong");
  EXPECT_EQ(state_of(visit_), "open");
  EXPECT_EQ(ask("SELECT count(*) FROM work_order_event"), 0);
}

TEST_F(StrategyOrders, NeedAReasonToBeCancelledOrOpenedAgain) {
  EXPECT_EQ(refusal(move(visit_, Move::Cancel, "", {}, "m1", "  ")), "strategy.reason_missing");
  EXPECT_EQ(refusal(move(visit_, Move::Cancel, "", {}, "", "x")), "strategy.by_missing");
  ASSERT_TRUE(move(visit_, Move::Cancel).has_value());
  EXPECT_EQ(state_of(visit_), "cancelled");
}

TEST_F(StrategyOrders, AreGivenToEmployeesThatThereAre) {
  const auto given = move(visit_, Move::Assign);
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->order.owner_id, "r1");
  const auto wrong =
      move_order(*workspace_, library(), {visit_, Move::Assign, "m1", "", "", {}, "nobody", "2026-07-14"});
  EXPECT_EQ(refusal(wrong), "strategy.no_staff");
}

TEST_F(StrategyOrders, AreListedByOwnerStateAndDueDate) {
  OrderFilter filter;
  filter.owner = "m1";
  auto found = list_orders(*workspace_, filter);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->found, 1);
  filter = {};
  filter.overdue_on = "2026-12-31";
  filter.limit = 1;
  found = list_orders(*workspace_, filter);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->found, 2);
  EXPECT_EQ(found->orders.size(), 1U);
  EXPECT_EQ(refusal(move("2026-07-999999", Move::Accept)), "strategy.no_order");
}

}  // namespace
}  // namespace fenqun::strategy
