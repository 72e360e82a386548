// tests/unit/access/doorkeeper_test.cpp
#include "access/doorkeeper.hpp"

#include "unit/access/open_workspace.hpp"

namespace fenqun::access {
namespace {

constexpr const char* kPassword = "correct horse";

class DoorkeeperTest : public test::OpenWorkspace {
 protected:
  void SetUp() override {
    test::OpenWorkspace::SetUp();
    auto rules = RoleSet::create(workspace_->assets());
    ASSERT_TRUE(rules.has_value());
    rules_.emplace(std::move(*rules));
    open();
    ASSERT_TRUE(door_->add_first_user({"admin", "", "administrator", Scope::all(), kPassword}).has_value());
  }
  void open() {
    auto connection = workspace_->connect();
    ASSERT_TRUE(connection.has_value());
    auto door = Doorkeeper::create(std::move(*connection), *rules_, [this] { return now_; });
    ASSERT_TRUE(door.has_value());
    door_ = std::move(*door);
  }
  Moment now_ = Moment(std::chrono::seconds(1'800'000'000));
  std::optional<RoleSet> rules_;
  std::unique_ptr<Doorkeeper> door_;
};

TEST_F(DoorkeeperTest, TheFirstUserIsMadeOnce) {
  EXPECT_FALSE(door_->needs_first_user());
  EXPECT_EQ(door_->add_first_user({"other", "", "administrator", {}, kPassword}).error().code, ErrorCode::Conflict);
}

TEST_F(DoorkeeperTest, AFreshSessionLetsInUntilItEnds) {
  const auto login = door_->log_in("admin", kPassword, "here");
  ASSERT_TRUE(login.has_value());
  const auto in = door_->by_session(login->token);
  ASSERT_TRUE(in.has_value());
  EXPECT_EQ(in->viewer.user, "admin");
  EXPECT_EQ(in->csrf, login->admission.csrf);
  EXPECT_FALSE(door_->by_session(in->token_hash).has_value());
  ASSERT_TRUE(door_->log_out(in->token_hash).has_value());
  EXPECT_FALSE(door_->by_session(login->token).has_value());
}

TEST_F(DoorkeeperTest, EveryLoginHasASessionOfItsOwn) {
  const auto first = door_->log_in("admin", kPassword, "here");
  const auto second = door_->log_in("admin", kPassword, "here");
  EXPECT_NE(first->token, second->token);
  EXPECT_NE(first->admission.csrf, second->admission.csrf);
  EXPECT_EQ(door_->sessions_of("admin"), 2U);
}

TEST_F(DoorkeeperTest, AnIdleSessionEndsAndAnyEndsInTheEnd) {
  const auto idle = door_->log_in("admin", kPassword, "here");
  now_ += std::chrono::seconds(rules_->idle) - std::chrono::seconds(1);
  EXPECT_TRUE(door_->by_session(idle->token).has_value());
  now_ += std::chrono::seconds(rules_->idle);
  EXPECT_FALSE(door_->by_session(idle->token).has_value());
  const auto used = door_->log_in("admin", kPassword, "here");
  const auto end = now_ + rules_->longest;
  for (; now_ < end; now_ += std::chrono::minutes(30)) EXPECT_TRUE(door_->by_session(used->token).has_value());
  EXPECT_FALSE(door_->by_session(used->token).has_value());
}

TEST_F(DoorkeeperTest, SessionsUsersAndKeysSurviveARestart) {
  const auto login = door_->log_in("admin", kPassword, "here");
  ASSERT_TRUE(door_->add_user({"bob", "Bob", "manager", Scope::of({"0101", "0102"}), kPassword}, "admin").has_value());
  const auto key = door_->add_key("meter", "agent", Scope::of({"0101"}), std::nullopt, "admin");
  ASSERT_TRUE(key.has_value());
  open();
  EXPECT_TRUE(door_->by_session(login->token).has_value());
  const auto bob = door_->log_in("bob", kPassword, "here");
  ASSERT_TRUE(bob.has_value());
  EXPECT_EQ(bob->admission.viewer.scope.units, (std::vector<std::string>{"0101", "0102"}));
  EXPECT_FALSE(bob->admission.viewer.sees_everybody());
  EXPECT_TRUE(door_->log_in("admin", kPassword, "here")->admission.viewer.sees_everybody());
  const auto in = door_->by_key(key->secret);
  ASSERT_TRUE(in.has_value());
  EXPECT_EQ(in->viewer.role->name, "agent");
}

TEST_F(DoorkeeperTest, WrongPasswordsLockOutWithGrowingWaits) {
  for (std::size_t n = 0; n < rules_->failures_allowed; ++n) {
    EXPECT_EQ(door_->log_in("admin", "wrong", "here").error().code, ErrorCode::Denied);
  }
  const auto locked = door_->log_in("admin", kPassword, "elsewhere");
  EXPECT_EQ(locked.error().line.key, "access.locked_out");
  EXPECT_TRUE(door_->locked_until("admin").has_value());
  now_ += rules_->first_wait;
  EXPECT_EQ(door_->log_in("admin", "wrong", "here").error().code, ErrorCode::Denied);
  now_ += rules_->first_wait;
  EXPECT_EQ(door_->log_in("admin", kPassword, "here").error().line.key, "access.locked_out");
  now_ += rules_->first_wait;
  EXPECT_TRUE(door_->log_in("admin", kPassword, "here").has_value());
  EXPECT_FALSE(door_->locked_until("admin").has_value());
}

TEST_F(DoorkeeperTest, ALockOutSurvivesARestartAndEndsWhenLiftedOrOver) {
  for (std::size_t n = 0; n < rules_->failures_allowed; ++n)
    static_cast<void>(door_->log_in("admin", "wrong", "there"));
  open();
  EXPECT_EQ(door_->log_in("admin", kPassword, "here").error().line.key, "access.locked_out");
  EXPECT_TRUE(door_->locked_until("admin").has_value());
  UserChange lifted;
  lifted.unlock = true;
  ASSERT_TRUE(door_->change_user("admin", lifted).has_value());
  open();
  EXPECT_TRUE(door_->log_in("admin", kPassword, "here").has_value());
  EXPECT_EQ(door_->log_in("admin", kPassword, "there").error().line.key, "access.locked_out");
  now_ += rules_->first_wait;
  EXPECT_TRUE(door_->log_in("admin", kPassword, "there").has_value());
}

TEST_F(DoorkeeperTest, APasswordThatAManagerSetsLetsInAtOnce) {
  ASSERT_TRUE(door_->add_user({"bob", "", "agent", {}, kPassword}, "admin").has_value());
  UserChange change;
  change.password = "another long password";
  ASSERT_TRUE(door_->change_user("bob", change).has_value());
  const auto login = door_->log_in("bob", change.password, "here");
  ASSERT_TRUE(login.has_value());
  EXPECT_FALSE(login->admission.must_change_password);
  EXPECT_FALSE(door_->log_in("bob", kPassword, "here").has_value());
}

TEST_F(DoorkeeperTest, AnAddressThatTriesManyNamesIsLockedOut) {
  for (std::size_t n = 0; n < rules_->failures_allowed; ++n) {
    static_cast<void>(door_->log_in("name" + std::to_string(n), "wrong", "there"));
  }
  EXPECT_EQ(door_->log_in("admin", kPassword, "there").error().line.key, "access.locked_out");
  EXPECT_TRUE(door_->log_in("admin", kPassword, "here").has_value());
}

TEST_F(DoorkeeperTest, UnknownAndDisabledUsersGetTheSameAnswerAsAWrongPassword) {
  ASSERT_TRUE(door_->add_user({"bob", "", "agent", {}, kPassword}, "admin").has_value());
  UserChange change;
  change.disabled = true;
  const auto login = door_->log_in("bob", kPassword, "here");
  ASSERT_TRUE(door_->change_user("bob", change).has_value());
  EXPECT_FALSE(door_->by_session(login->token).has_value());
  const auto disabled = door_->log_in("bob", kPassword, "here").error();
  const auto unknown = door_->log_in("nobody", kPassword, "here").error();
  EXPECT_EQ(disabled.line.key, unknown.line.key);
}

TEST_F(DoorkeeperTest, AChangeOfRoleEndsSessions) {
  ASSERT_TRUE(door_->add_user({"bob", "", "analyst", {}, kPassword}, "admin").has_value());
  const auto login = door_->log_in("bob", kPassword, "here");
  UserChange change;
  change.role = "agent";
  ASSERT_TRUE(door_->change_user("bob", change).has_value());
  EXPECT_FALSE(door_->by_session(login->token).has_value());
}

TEST_F(DoorkeeperTest, APasswordThatWasMadeUpHasToBeChanged) {
  const auto made = door_->add_user({"bob", "", "agent", {}, ""}, "admin");
  ASSERT_TRUE(made.has_value());
  const auto login = door_->log_in("bob", made->initial_password, "here");
  ASSERT_TRUE(login.has_value());
  EXPECT_TRUE(login->admission.must_change_password);
  EXPECT_EQ(door_->change_password("bob", "wrong", kPassword, "").error().code, ErrorCode::Denied);
  EXPECT_EQ(door_->change_password("bob", made->initial_password, "short", "").error().code,
            ErrorCode::InvalidArgument);
  ASSERT_TRUE(
      door_->change_password("bob", made->initial_password, kPassword, login->admission.token_hash).has_value());
  EXPECT_FALSE(door_->by_session(login->token)->must_change_password);
}

TEST_F(DoorkeeperTest, TheLastWhoMayManageUsersStays) {
  UserChange change;
  change.disabled = true;
  EXPECT_EQ(door_->change_user("admin", change).error().line.key, "access.last_manager");
  ASSERT_TRUE(door_->add_user({"second", "", "administrator", {}, kPassword}, "admin").has_value());
  EXPECT_TRUE(door_->change_user("admin", change).has_value());
}

TEST_F(DoorkeeperTest, KeysEndAndAreRevoked) {
  const auto brief = door_->add_key("brief", "agent", {}, std::chrono::days(1), "admin");
  const auto other = door_->add_key("other", "agent", {}, std::nullopt, "admin");
  EXPECT_TRUE(door_->by_key(brief->secret).has_value());
  now_ += std::chrono::days(1);
  EXPECT_FALSE(door_->by_key(brief->secret).has_value());
  ASSERT_TRUE(door_->revoke_key(other->key.id).has_value());
  EXPECT_FALSE(door_->by_key(other->secret).has_value());
  EXPECT_EQ(door_->revoke_key("nonsense").error().code, ErrorCode::NotFound);
}

TEST_F(DoorkeeperTest, NamesAndRolesThatCannotBeAreRefused) {
  for (const auto& name : {std::string(), std::string(" a"), std::string("a\nb"), std::string(65, 'a')}) {
    EXPECT_EQ(door_->add_user({name, "", "agent", {}, kPassword}, "admin").error().code, ErrorCode::InvalidArgument);
  }
  EXPECT_EQ(door_->add_user({"bob", "", "king", {}, kPassword}, "admin").error().line.key, "access.no_such_role");
  EXPECT_EQ(door_->add_user({"admin", "", "agent", {}, kPassword}, "admin").error().code, ErrorCode::Conflict);
  EXPECT_TRUE(door_->add_user({"o'hara; DROP TABLE access_user", "", "agent", {}, kPassword}, "admin").has_value());
  EXPECT_EQ(door_->users().size(), 2U);
}

TEST_F(DoorkeeperTest, NoSecretStandsInTheDatabase) {
  const auto login = door_->log_in("admin", kPassword, "here");
  const auto key = door_->add_key("k", "agent", {}, std::nullopt, "admin");
  for (const auto& secret : {login->token, key->secret, std::string(kPassword)}) {
    for (const auto* const table : {"access_user", "access_session", "access_key"}) {
      EXPECT_EQ(ask("SELECT count(*) FROM (SELECT t::VARCHAR AS all_of_it FROM " + std::string(table) +
                    " t) WHERE contains(all_of_it, " + warehouse::sql_text(secret) + ")")
                    .integer(0, 0),
                0);
    }
  }
}

}  // namespace
}  // namespace fenqun::access
