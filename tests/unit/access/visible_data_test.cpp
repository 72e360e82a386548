// tests/unit/access/visible_data_test.cpp
#include "access/visible_data.hpp"

#include "access/mask.hpp"
#include "unit/access/open_workspace.hpp"

#include <algorithm>

namespace fenqun::access {
namespace {

class VisibleDataTest : public test::OpenWorkspace {
 protected:
  void SetUp() override {
    test::OpenWorkspace::SetUp();
    auto rules = RoleSet::create(workspace_->assets());
    ASSERT_TRUE(rules.has_value()) << rules.error().line.key;
    rules_.emplace(std::move(*rules));
  }
  Viewer viewer(const std::string& role) const { return viewer(role, Scope::all()); }
  Viewer viewer(const std::string& role, std::vector<std::string> units) const {
    return viewer(role, Scope::of(std::move(units)));
  }
  Viewer viewer(const std::string& role, Scope scope) const {
    return {"u", "u", rules_->find(role), std::move(scope), Language::Chinese, false};
  }
  std::string seen(const Viewer& viewer, std::string_view entity, const std::string& column) {
    return list(VisibleData(viewer, *rules_, workspace_->contracts()).rows_of(entity), column);
  }
  std::optional<RoleSet> rules_;
};

TEST_F(VisibleDataTest, AStationSeesItsOwnCustomersAndThoseOfUnitsBelow) {
  EXPECT_EQ(seen(viewer("manager"), "customer", "customer_id"), "c1 c2 c3 c4");
  EXPECT_EQ(seen(viewer("manager", {"0101"}), "customer", "customer_id"), "c1 c2 c4");
  EXPECT_EQ(seen(viewer("manager", {"01"}), "customer", "customer_id"), "c1 c2 c3 c4");
  EXPECT_EQ(seen(viewer("manager", {"T1"}), "customer", "customer_id"), "c4");
  EXPECT_EQ(seen(viewer("manager", {"T1", "0102"}), "customer", "customer_id"), "c3 c4");
  EXPECT_EQ(seen(viewer("manager", {"nowhere"}), "customer", "customer_id"), "");
}

TEST_F(VisibleDataTest, WhoWasGivenNoUnitSeesNobody) {
  const auto nobody = viewer("manager", Scope());
  EXPECT_FALSE(nobody.sees_everybody());
  EXPECT_EQ(seen(nobody, "customer", "customer_id"), "");
  EXPECT_EQ(seen(nobody, "contact", "contact_id"), "");
  EXPECT_EQ(list(VisibleData(nobody, *rules_, workspace_->contracts()).customer_ids(), "customer_id"), "");
}

TEST_F(VisibleDataTest, ATextIsOnesOwnWhenItNamesOwnCustomersAndNoOthers) {
  auto& connection = workspace_->connection();
  ASSERT_TRUE(connection
                  .execute("CREATE TEMP TABLE refused AS SELECT unnest(['1 c1,x', '2 c3;y', '3 c1,c3', '4 nobody', "
                           "'5 xc1', '6 \"c4\"']) AS raw")
                  .has_value());
  const auto own = [&](const Viewer& who) {
    const VisibleData data(who, *rules_, workspace_->contracts());
    return list("(SELECT * FROM refused WHERE " + data.names_own("refused", "raw") + ")", "raw[1]");
  };
  EXPECT_EQ(own(viewer("manager")), "1 2 3 4 5 6");
  EXPECT_EQ(own(viewer("manager", {"0101"})), "1 6");
  EXPECT_EQ(own(viewer("manager", {"0102"})), "2");
  EXPECT_EQ(own(viewer("manager", Scope())), "");
}

TEST_F(VisibleDataTest, WhatHangsOnACustomerHasItsScope) {
  EXPECT_EQ(seen(viewer("manager", {"0102"}), "contact", "contact_id"), "k3");
  EXPECT_EQ(seen(viewer("manager", {"T1"}), "contact", "contact_id"), "");
}

TEST_F(VisibleDataTest, OneCustomerOutOfScopeGivesNoRowOfAnyEntity) {
  const auto station = viewer("manager", {"0102"});
  const VisibleData data(station, *rules_, workspace_->contracts());
  for (const auto& contract : workspace_->contracts().all()) {
    const auto count =
        workspace_->connection().query_integer("SELECT count(*) FROM " + data.rows_of(contract.entity, "c1"));
    ASSERT_TRUE(count.has_value()) << contract.entity;
    EXPECT_EQ(*count, 0) << contract.entity;
  }
  EXPECT_EQ(list(data.rows_of("customer", "c3"), "customer_id"), "c3");
  EXPECT_EQ(list(data.rows_of("contact", "c3"), "contact_id"), "k3");
}

TEST_F(VisibleDataTest, EveryEntityOfEveryRoleHasTheColumnsOfItsContract) {
  for (const auto& role : rules_->all()) {
    const auto who = viewer(role.name, {"0101"});
    const VisibleData data(who, *rules_, workspace_->contracts());
    for (const auto& contract : workspace_->contracts().all()) {
      const auto rows = ask("SELECT * FROM " + data.rows_of(contract.entity) + " LIMIT 0");
      EXPECT_EQ(rows.columns.size(), contract.fields.size()) << role.name << " " << contract.entity;
    }
  }
}

TEST_F(VisibleDataTest, PersonalFieldsAreMaskedOrLeftOutByRole) {
  EXPECT_EQ(seen(viewer("manager"), "customer", "customer_name"), "广州测试有限公司 张三丰 李四 王");
  EXPECT_EQ(seen(viewer("analyst"), "customer", "customer_name"), "广州**** 张** 李* 王*");
  EXPECT_EQ(seen(viewer("analyst"), "customer", "contact_phone"), "**** 020****4321 138****5678");
  EXPECT_EQ(seen(viewer("analyst"), "customer", "address"),
            "天河区石牌****"
            " 番****");
  EXPECT_EQ(seen(viewer("administrator"), "customer", "customer_name"), "");
  EXPECT_EQ(seen(viewer("analyst"), "customer", "age::VARCHAR"), "");
  EXPECT_EQ(seen(viewer("agent"), "customer", "age::VARCHAR"), "30 70");
  EXPECT_EQ(seen(viewer("agent"), "customer", "is_elderly::VARCHAR"), "");
  EXPECT_EQ(seen(viewer("manager"), "contact", "relation"), "儿子 弟");
  EXPECT_EQ(seen(viewer("agent"), "contact", "relation"), "");
}

TEST_F(VisibleDataTest, OurOwnStaffHasARuleOfItsOwn) {
  EXPECT_EQ(seen(viewer("analyst"), "staff", "phone"), "13500000000");
}

TEST_F(VisibleDataTest, NobodyFindsCustomersByWhatTheyMayNotSee) {
  const auto analyst = viewer("analyst");
  const auto manager = viewer("manager");
  const VisibleData masked(analyst, *rules_, workspace_->contracts());
  EXPECT_FALSE(masked.may_search("customer", "contact_phone"));
  EXPECT_TRUE(masked.may_search("customer", "customer_id"));
  EXPECT_FALSE(masked.may_search("customer", "nonsense"));
  EXPECT_TRUE(VisibleData(manager, *rules_, workspace_->contracts()).may_search("customer", "contact_phone"));
}

TEST_F(VisibleDataTest, SmallCellsAreNotTold) {
  const auto who = viewer("analyst");
  const VisibleData data(who, *rules_, workspace_->contracts());
  EXPECT_TRUE(data.may_tell(0));
  EXPECT_FALSE(data.may_tell(1));
  EXPECT_FALSE(data.may_tell(rules_->smallest_cell - 1));
  EXPECT_TRUE(data.may_tell(rules_->smallest_cell));
  const auto few = rules_->smallest_cell - 1;
  EXPECT_EQ(data.tellable({900, few, 40, 300}), (std::vector<bool>{true, false, false, true})) << "no total tells it";
  EXPECT_EQ(data.tellable({900, few, 1, 300}), (std::vector<bool>{true, false, false, true}));
  EXPECT_EQ(data.tellable({900, 0, 40}), (std::vector<bool>{true, true, true}));
  EXPECT_EQ(data.tellable({few, 0}), (std::vector<bool>{false, true}));
}

TEST_F(VisibleDataTest, AMaskIsTheSameInSqlAndHere) {
  for (const auto mask : {Mask::Name, Mask::Phone, Mask::Number, Mask::Address}) {
    for (const std::string text : {"", "张", "张三", "张三丰", "欧阳锋锋", "广州市某某公司", "a", "12345678", "1234567",
                                   "440106199001011234", "天河区石牌街道 12 号", "O'Hara", "é"}) {
      const auto sql = ask("SELECT " + masked_sql(warehouse::sql_text(text), mask)).text(0, 0);
      EXPECT_EQ(sql, masked(text, mask)) << text;
      if (text.size() > 1) {
        EXPECT_NE(sql, text);
      }
    }
  }
}

TEST_F(VisibleDataTest, ScopeIdsAreNoSql) {
  EXPECT_EQ(seen(viewer("manager", {"x') OR true --"}), "customer", "customer_id"), "");
  const auto who = viewer("manager");
  const VisibleData data(who, *rules_, workspace_->contracts());
  EXPECT_EQ(list(data.rows_of("customer", "' OR true --"), "customer_id"), "");
}

TEST_F(VisibleDataTest, EveryRoleThatShipsHasRightsThatAreKnown) {
  EXPECT_EQ(rules_->all().size(), 11U);
  for (const auto& role : rules_->all()) EXPECT_FALSE(role.rights.empty()) << role.name;
  for (const auto& right : rules_->rights()) {
    if (right.name == "commands.run") continue;  // of the command line, not of a role
    EXPECT_TRUE(std::any_of(rules_->all().begin(), rules_->all().end(), [&](const Role& role) {
      return role.may(right.name);
    })) << right.name;
  }
}

}  // namespace
}  // namespace fenqun::access
