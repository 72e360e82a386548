#include "strategy/campaigns.hpp"

#include "strategy/consent.hpp"
#include "strategy/notices.hpp"
#include "unit/strategy/plan_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::strategy {
namespace {

constexpr const char* kNow = "2026-07-20 10:00:00";

/// 200 customers, half of them in group A; nobody paid yet.
class StrategyCampaigns : public PlanTest {
 protected:
  void SetUp() override {
    make(200);
    sql("UPDATE m_customer SET customer_name = '客户' || customer_id, contact_phone = '1380000000' || customer_id");
    show_payments("('x', DATE '2026-06-20', 'counter')");
    write();
  }
  /// Rows of customer, day, channel.
  void show_payments(const std::string& rows) {
    sql("CREATE OR REPLACE TEMP VIEW payment AS SELECT *, NULL::VARCHAR AS status FROM (VALUES " + rows +
        ") p(customer_id, paid_on, channel)");
  }
  void write(const std::string& target = "group_of('abcd') = 'A'", const std::string& more = "hold_out: 0.2",
             const std::string& order = "notice, channel: sms, message: {zh: \"您好\", en: \"Hello\"}",
             const std::string& converts = "{paid_by: [wechat], within_days: 30}") {
    strategies_->write("promo",
                       "campaign: promo\nversion: 1\nrequirements: [R376]\ntitle: {zh: 推广, en: Promotion}\nsource: "
                       "{zh: 测试, en: Test}\ndepartment: marketing\ntarget: \"" +
                           target + "\"\n" + more + "\nactions:\n  - {action: tell, order: " + order +
                           ", on: campaign, marketing: true, text: {zh: 说, en: Tell}}\nconverts: " + converts + "\n");
  }
  Result<CampaignReach> attempt(bool keep = true, const std::string& day = "2026-07-10", const std::string& by = "li") {
    return launch_campaign(*workspace_, library(), {"promo", day, by, keep});
  }
  CampaignReach launch(bool keep = true, const std::string& day = "2026-07-10") {
    auto done = attempt(keep, day);
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    return done ? *std::move(done) : CampaignReach();
  }
  CampaignResult measure() {
    auto done = measure_campaign(*workspace_, segment::lookup_in(*catalogue_), "promo", {});
    EXPECT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    return done ? *std::move(done) : CampaignResult();
  }
  [[nodiscard]] std::string problem() const {
    const auto checked = check_library(workspace_->assets(), *catalogue_);
    return checked && checked->problems.size() == 1 ? checked->problems.front().line.key : "";
  }
  /// Payments of so many of those asked and of those held out, on a day.
  void let_pay(int asked, int held_out, const std::string& day) {
    std::string rows;
    for (const auto& [is_treated, count] : {std::pair{"TRUE", asked}, std::pair{"FALSE", held_out}}) {
      const auto found = workspace_->connection().query(
          fmt::format("SELECT customer_id FROM campaign_member WHERE is_treated = {} ORDER BY customer_id LIMIT {}",
                      is_treated, count));
      for (std::size_t r = 0; r < found->rows.size(); ++r) {
        rows += fmt::format("{}('{}', DATE '{}', 'wechat')", rows.empty() ? "" : ", ", found->text(r, 0), day);
      }
    }
    show_payments(rows);
  }
};

TEST_F(StrategyCampaigns, AskSomeAndHoldOthersOut) {
  const auto done = launch();
  EXPECT_EQ(done.customers, 200);
  EXPECT_EQ(done.in_target, 100);
  EXPECT_EQ(done.able, 100);
  EXPECT_EQ(done.treated, 80);
  EXPECT_EQ(done.held_out, 20);
  EXPECT_EQ(done.ends_on, "2026-08-08");
  EXPECT_EQ(ask("SELECT count(*) FROM work_order WHERE order_type = 'notice' AND state = 'open' AND month = DATE "
                "'2026-07-01' AND reasons = 'promo.tell' AND is_marketing AND owner_id IS NOT NULL"),
            80);
  EXPECT_EQ(ask("SELECT count(*) FROM work_order o JOIN campaign_member m ON m.customer_id = o.customer_id WHERE NOT "
                "m.is_treated"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM campaign_member"), 100);
}

TEST_F(StrategyCampaigns, AgainChangeNothing) {
  launch();
  const auto before = text("SELECT string_agg(order_id || order_key, ',' ORDER BY order_id) FROM work_order");
  const auto again = launch(true, "2026-07-15");
  EXPECT_TRUE(again.again);
  EXPECT_EQ(again.begins_on, "2026-07-10");
  EXPECT_EQ(again.treated, 80);
  EXPECT_EQ(text("SELECT string_agg(order_id || order_key, ',' ORDER BY order_id) FROM work_order"), before);
  EXPECT_EQ(ask("SELECT count(*) FROM campaign_launch"), 1);
}

TEST_F(StrategyCampaigns, PreviewsMakeNothingAndTellTheSame) {
  const auto preview = launch(false);
  EXPECT_EQ(preview.treated, 80);
  EXPECT_EQ(ask("SELECT (SELECT count(*) FROM work_order) + (SELECT count(*) FROM campaign_launch) + (SELECT count(*) "
                "FROM campaign_member)"),
            0);
}

TEST_F(StrategyCampaigns, DrawTheSameCustomersAnyTime) {
  const auto members = [&] {
    return text("SELECT string_agg(customer_id || is_treated, ',' ORDER BY customer_id) FROM campaign_member");
  };
  write("group_of('abcd') = 'A'", "hold_out: 0.5\nmost_customers: 10");
  const auto done = launch();
  EXPECT_EQ(done.treated, 5);
  EXPECT_EQ(done.held_out, 5);
  const auto first = members();
  sql("DELETE FROM campaign_launch; DELETE FROM campaign_member; DELETE FROM work_order");
  launch(true, "2026-07-11");
  EXPECT_EQ(members(), first);
}

TEST_F(StrategyCampaigns, LeaveOutWhoCannotBeAskedBeforeTheDraw) {
  sql("UPDATE m_customer SET consents_to_contact = false WHERE customer_id IN ('1', '3')");
  sql("UPDATE m_customer SET consents_to_contact = NULL WHERE customer_id = '5'");
  EXPECT_TRUE(opt_out(*workspace_, "7", "li", "", kNow).value_or(false));
  sql("INSERT INTO work_order BY NAME SELECT '2026-07-9' || i AS order_id, '9' AS customer_id, DATE '2026-07-01' AS "
      "month, 'open' AS state, 'sms' AS channel, 'notice' AS order_type, 'k' || i AS order_key, 0 AS number FROM "
      "range(2) t(i)");
  sql("INSERT INTO work_order BY NAME SELECT '2026-07-99' AS order_id, '11' AS customer_id, DATE '2026-07-01' AS "
      "month, "
      "'open' AS state, 'phone' AS channel, 'dunning' AS order_type, 'd' AS order_key, 1 AS number");
  const auto done = launch();
  std::map<std::string, std::int64_t> reasons;
  std::int64_t held = 0;
  for (const auto& one : done.by_reason) {
    reasons[one.reason] = one.customers;
    held += one.customers;
  }
  EXPECT_EQ(reasons["no_consent"], 3);
  EXPECT_EQ(reasons["consent_unknown"], 1);
  EXPECT_EQ(reasons["channel_cap"], 1);
  EXPECT_EQ(reasons["collides"], 1);
  EXPECT_EQ(done.in_target, done.able + held);
  EXPECT_EQ(ask("SELECT count(*) FROM campaign_member WHERE customer_id IN ('1', '3', '5', '7', '9', '11')"), 0);
  EXPECT_EQ(ask("SELECT count(*) FROM suppressed_action WHERE cell = 'promo'"), 6);
}

TEST_F(StrategyCampaigns, DoNotShareCustomersWithOneThatRuns) {
  launch();
  strategies_->write("other",
                     "campaign: other\nrequirements: [R376]\ntitle: {zh: 别, en: Other}\nsource: {zh: 测试, en: "
                     "Test}\ndepartment: marketing\ntarget: \"group_of('abcd') = 'A'\"\nhold_out: "
                     "0\nactions:\n  - {action: tell, order: notice, channel: wechat, on: campaign, text: {zh: "
                     "说, en: Tell}, message: {zh: 好, en: Hi}}\nconverts: {paid_by: [app]}\n");
  const auto request = CampaignRequest{"other", "2026-07-12", "li", false};
  const auto during = launch_campaign(*workspace_, library(), request);
  ASSERT_TRUE(during.has_value()) << during.error().line.key;
  EXPECT_EQ(during->able, 0);
  EXPECT_EQ(during->by_reason.front().reason, kOtherCampaign);
  EXPECT_FALSE(during->smallest_difference.has_value());
  const auto after = launch_campaign(*workspace_, library(), {"other", "2026-08-09", "li", false});
  EXPECT_EQ(after->able, 100);
}

TEST_F(StrategyCampaigns, TellWhatTheCustomersDidBeforeByThemselves) {
  show_payments(
      "('1', DATE '2026-07-01', 'wechat'), ('3', DATE '2026-06-12', 'wechat'), ('5', DATE '2026-05-01', "
      "'wechat'), ('7', DATE '2026-07-01', 'counter')");
  const auto done = launch(false);
  ASSERT_TRUE(done.baseline.has_value());
  EXPECT_DOUBLE_EQ(*done.baseline, 0.02);
  EXPECT_NEAR(done.smallest_difference.value(), smallest_difference(4.0 / 104, 80, 20).value(), 1e-12);
}

TEST_F(StrategyCampaigns, AreMeasuredAgainstThoseHeldOut) {
  launch();
  show_payments("('9', DATE '2026-07-09', 'wechat')");
  EXPECT_TRUE(measure().data_until.empty());
  let_pay(40, 2, "2026-07-15");
  const auto found = measure();
  EXPECT_EQ(found.data_until, "2026-07-15");
  EXPECT_FALSE(found.is_over);
  EXPECT_EQ(found.treated_converted, 40);
  EXPECT_EQ(found.held_out_converted, 2);
  EXPECT_DOUBLE_EQ(found.treated->share, 0.5);
  EXPECT_DOUBLE_EQ(found.difference->share, 0.4);
  EXPECT_GT(found.difference->low, 0);
  ASSERT_EQ(found.days.size(), 1U);
  EXPECT_EQ(found.days.front().treated, 40);
  let_pay(80, 20, "2026-08-09");  // a day too late
  const auto late = measure();
  EXPECT_TRUE(late.is_over);
  EXPECT_EQ(late.treated_converted + late.held_out_converted, 0);
  EXPECT_EQ(measure_campaign(*workspace_, segment::lookup_in(*catalogue_), "other", {}).error().line.key,
            "strategy.never_launched");
}

TEST_F(StrategyCampaigns, CanWantAConditionToHold) {
  write("group_of('abcd') = 'A'", "hold_out: 0.2", "notice, channel: sms, message: {zh: \"您好\", en: \"Hello\"}",
        "{holds: \"arrears_cny <= 50\", within_days: 60}");
  const auto done = launch(true, "2026-06-10");
  ASSERT_TRUE(done.baseline.has_value());
  EXPECT_DOUBLE_EQ(*done.baseline, 0.25);
  const auto found = measure();  // of June, which is prepared
  EXPECT_EQ(found.data_until, "2026-06-30");
  EXPECT_EQ(found.treated_converted + found.held_out_converted, 25);
}

TEST_F(StrategyCampaigns, StoppedCancelWhatIsOpenAndSendNothingMore) {
  launch();
  const auto made = make_notices(*workspace_, library(), Month(2026, 7), kNow);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->queued, 80);
  sql("UPDATE work_order SET state = 'closed' WHERE order_id = (SELECT min(order_id) FROM work_order)");
  EXPECT_EQ(stop_campaign(*workspace_, "promo", "li", "", kNow).error().line.key, "strategy.stop_reason");
  EXPECT_EQ(stop_campaign(*workspace_, "promo", "li", "停办", kNow).value_or(-1), 79);
  EXPECT_EQ(ask("SELECT count(*) FROM work_order_event WHERE move = 'cancel' AND note = '停办'"), 79);
  EXPECT_EQ(withdraw_notices(*workspace_, kNow).value_or(-1), 79);
  EXPECT_EQ(withdraw_notices(*workspace_, kNow).value_or(-1), 0);
  EXPECT_EQ(ask("SELECT count(*) FROM notice WHERE state = 'queued'"), 1);
  EXPECT_EQ(stop_campaign(*workspace_, "promo", "li", "停办", kNow).error().line.key, "strategy.campaign_stopped");
  EXPECT_EQ(measure().launch.stopped_because, "停办");
}

TEST_F(StrategyCampaigns, CountAgainstTheCapsOfThePlan) {
  write("group_of('abcd') = 'A'", "hold_out: 0", "notice, channel: sms, message: {zh: \"您好\", en: \"Hello\"}");
  launch();
  strategies_->write_cells(cell("a", "arrears_cny <= 2", "notice", ", channel: sms, message: {zh: 一, en: One}") +
                           cell("b", "arrears_cny <= 2", "early_bill") + cell("c", "arrears_cny <= 2", "callback") +
                           cell("d", "arrears_cny <= 2", "visit"));
  const auto outcome = plan();
  // Customer 1 was told by the campaign: two more contacts by text message are one too many, and so is a fourth one.
  EXPECT_EQ(text("SELECT string_agg(customer_id || ' ' || reason, ', ' ORDER BY customer_id, reason) FROM "
                 "suppressed_action WHERE cell IN ('a', 'b', 'c', 'd')"),
            "1 channel_cap, 1 month_cap, 2 month_cap");
  EXPECT_EQ(outcome.suppressed, 3);
}

TEST_F(StrategyCampaigns, RefuseWhatCannotBe) {
  EXPECT_EQ(launch_campaign(*workspace_, library(), {"prom", "2026-07-10", "li", true}).error().line.key,
            "strategy.no_campaign");
  EXPECT_EQ(attempt(true, "2026-07-32").error().line.key, "strategy.no_day");
  EXPECT_EQ(attempt(true, "soon").error().line.key, "strategy.no_day");
  write("group_of('level2_channel') = 'active'");
  EXPECT_EQ(attempt().error().line.key, "strategy.target_not_in_force");
  write();
  EXPECT_EQ(attempt(true, "2026-07-10", " ").error().line.key, "strategy.by_missing");
  EXPECT_EQ(ask("SELECT count(*) FROM campaign_launch"), 0);
  write("arrears_cny > 0");
  EXPECT_EQ(problem(), "strategy.campaign_without_group");
  write("group_of('abcd') = 'Z'");
  EXPECT_EQ(problem(), "strategy.no_group");
  write("group_of('abcd') = 'A'", "hold_out: 0.6");
  EXPECT_EQ(problem(), "base.setting_wrong");
  write("group_of('abcd') = 'A'", "hold_out: 0.2", "callback", "{paid_by: [wechatt]}");
  EXPECT_EQ(problem(), "strategy.no_code");
  write("group_of('abcd') = 'A'", "hold_out: 0.2", "callback", "{paid_by: [wechat], holds: \"arrears_cny = 0\"}");
  EXPECT_EQ(problem(), "strategy.one_goal");
  write("group_of('abcd') = 'A'", "hold_out: 0.2", "callback", "{paid_by: [wechat], within_days: 3}");
  EXPECT_EQ(problem(), "base.setting_wrong");
  write();
  strategies_->write("twin", "campaign: promotion\n");
  const auto named = check_library(workspace_->assets(), *catalogue_);
  EXPECT_TRUE(named && std::any_of(named->problems.begin(), named->problems.end(),
                                   [](const Error& one) { return one.line.key == "strategy.campaign_file"; }));
  strategies_->write(
      "twin", "book: twin\ntitle: {zh: 空, en: Empty}\nsource: {zh: 无, en: None}\ndepartment: service\ncells: []\n");
  strategies_->write_cells(
      "  - cell: x\n    requirements: [R1]\n    when: \"arrears_cny > 0\"\n    text: {zh: 做, en: "
      "Do}\n    actions:\n      - {action: go, order: visit, on: campaign, text: {zh: 去, en: Go}}\n");
  EXPECT_EQ(problem(), "strategy.campaign_in_book");
}

}  // namespace
}  // namespace fenqun::strategy
