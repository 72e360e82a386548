// access/doorkeeper.hpp - users, sessions and keys: who comes in, and as whom. Level 2.
#pragma once

#include "access/audit.hpp"
#include "access/lock_out.hpp"
#include "access/viewer.hpp"
#include "warehouse/database.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace fenqun::access {

struct User {
  std::string name;
  std::string display_name;
  std::string role;
  Scope scope;
  bool must_change_password = false;
  bool disabled = false;
  Language language = Language::Chinese;
  std::string created_by;
  Moment created;
  std::optional<Moment> last_login;
  std::string staff_id;  // the employee that this is; empty: none
};

struct NewUser {
  std::string name;
  std::string display_name;  // empty: the name
  std::string role;
  Scope scope;
  std::string password;  // empty: one is made up, to be changed at the first login
  std::string staff_id = {};
};

/// What is to change; absent: stays.
struct UserChange {
  std::optional<std::string> display_name;
  std::optional<std::string> role;
  std::optional<Scope> scope;
  std::optional<bool> disabled;
  std::optional<std::string> staff_id = {};
  bool reset_password = false;  // makes one up
  std::string password;         // instead of one made up; empty: stays
  bool unlock = false;          // the next try needs no wait
};

struct UserOutcome {
  User user;
  std::string initial_password;  // that was made up; told this once
};

struct Key {
  std::string id;
  std::string name;
  std::string role;
  Scope scope;
  std::string created_by;
  Moment created;
  std::optional<Moment> expires;
  bool revoked = false;
};

/// Somebody who was let in.
struct Admission {
  Viewer viewer;
  std::string token_hash;  // of the session; empty: a key
  std::string csrf;        // what requests that change something have to bring; empty: a key
  bool must_change_password = false;
  Moment expires;
};

struct Login {
  Admission admission;
  std::string token;  // the session's; told this once
};

/// All of it in memory, and written to the tables access_user, access_session, access_key,
/// access_calendar and access_failure before a call returns.
/// From any thread. The rules must outlive it.
class Doorkeeper {
 public:
  using Clock = std::function<Moment()>;
  /// Errors: Database; BadData (a user's role is none of the rules).
  static Result<std::unique_ptr<Doorkeeper>> create(warehouse::Connection connection, const RoleSet& rules,
                                                    Clock clock);

  /// Nobody may come in yet: the first user is still to be made.
  [[nodiscard]] bool needs_first_user() const;
  /// Errors: Conflict (there is one already); as add_user.
  Result<UserOutcome> add_first_user(const NewUser& wanted);

  /// A new session, whatever the caller had before. Errors: Denied (wrong name or password, disabled), Unavailable
  /// "access.locked_out" with wait_s.
  Result<Login> log_in(const std::string& name, const std::string& password, const std::string& address);
  Result<void> log_out(const std::string& token_hash);
  /// Absent: unknown, ended, or of somebody disabled. No database is asked.
  std::optional<Admission> by_session(const std::string& token);
  std::optional<Admission> by_key(const std::string& secret);

  /// By name. Errors of the others: InvalidArgument (name, role, password too short), NotFound, Conflict, Denied (the
  /// last user who may manage users), Database.
  [[nodiscard]] std::vector<User> users() const;
  [[nodiscard]] std::size_t sessions_of(const std::string& user) const;
  [[nodiscard]] std::size_t session_count() const;
  [[nodiscard]] std::optional<Moment> locked_until(const std::string& user) const;
  Result<UserOutcome> add_user(const NewUser& wanted, const std::string& by);
  /// What is changed ends the user's sessions, so that nothing of what was allowed before goes on.
  Result<UserOutcome> change_user(const std::string& name, const UserChange& change);
  /// Ends all other sessions. Errors: Denied (the old one is wrong).
  Result<void> change_password(const std::string& name, const std::string& old_password, const std::string& password,
                               const std::string& keep_session);
  Result<void> set_language(const std::string& name, Language language);

  [[nodiscard]] std::vector<Key> keys() const;  // latest first
  struct MadeKey {
    Key key;
    std::string secret;  // told this once
  };
  Result<MadeKey> add_key(const std::string& name, const std::string& role, const Scope& scope,
                          std::optional<std::chrono::days> lasts, const std::string& by);
  Result<void> revoke_key(const std::string& id);

  /// A secret that lets a calendar read a user's orders and nothing else; a new one ends the one before. Errors:
  /// NotFound, Database.
  Result<std::string> make_calendar(const std::string& user);
  /// Errors: Database.
  Result<void> end_calendar(const std::string& user);
  [[nodiscard]] bool has_calendar(const std::string& user) const;
  /// Absent: unknown, or of somebody disabled.
  [[nodiscard]] std::optional<Viewer> by_calendar(const std::string& secret) const;

 private:
  struct Account {
    User user;
    std::string password_hash;
  };
  struct Session {
    std::string user;
    std::string csrf;
    Moment created;
    Moment last_used;
  };
  struct KeyRecord {
    Key key;
    std::string secret_hash;
  };
  Doorkeeper(warehouse::Connection connection, const RoleSet& rules, Clock clock);
  Result<void> load();
  [[nodiscard]] Viewer viewer_of(const User& user) const;
  [[nodiscard]] bool has_ended(const Session& session, Moment now) const;
  [[nodiscard]] Result<void> check_role(const std::string& role) const;
  [[nodiscard]] Result<void> check_password(const std::string& password) const;
  [[nodiscard]] bool is_last_manager(const std::string& name) const;
  Result<UserOutcome> insert(const NewUser& wanted, const std::string& by);
  Result<Login> open_session(Account& account, const std::string& address);
  Result<void> write_user(const Account& account);
  /// Counts a failure of each and keeps the counts. Errors: Database.
  Result<void> note_failures(const std::vector<std::string>& who, Moment now);
  Result<void> forget_failures(const std::vector<std::string>& who);
  Result<void> end_sessions(const std::string& user, const std::string& but);

  mutable std::shared_mutex mutex_;
  warehouse::Connection connection_;
  const RoleSet& rules_;
  Clock clock_;
  LockOut lock_out_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, Session> sessions_;       // by hash of the token
  std::map<std::string, KeyRecord> keys_;         // by hash of the secret
  std::map<std::string, std::string> calendars_;  // users by hash of the secret
};

}  // namespace fenqun::access
