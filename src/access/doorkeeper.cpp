// access/doorkeeper.cpp - sessions and keys. Users: doorkeeper_users.cpp.
#include "access/doorkeeper.hpp"

#include "access/secret.hpp"
#include "access/stored_names.hpp"
#include "base/file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::access {

using warehouse::sql_text;

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kKeyIdBytes = 6;
constexpr auto kUseNoted = std::chrono::seconds(30);  // how exactly the last use of a session is known
constexpr const char* kKeyPrefix = "fq_";

}  // namespace

Doorkeeper::Doorkeeper(warehouse::Connection connection, const RoleSet& rules, Clock clock)
    : connection_(std::move(connection)), rules_(rules), clock_(std::move(clock)), lock_out_(rules) {}

Result<std::unique_ptr<Doorkeeper>> Doorkeeper::create(warehouse::Connection connection, const RoleSet& rules,
                                                       Clock clock) {
  std::unique_ptr<Doorkeeper> out(new Doorkeeper(std::move(connection), rules, std::move(clock)));
  FENQUN_CHECK(out->load());
  return out;
}

Result<void> Doorkeeper::load() {
  FENQUN_TRY(const auto users, connection_.query("SELECT user_name, display_name, role, scope, password_hash, "
                                                 "must_change_password, disabled, language, created_by, created_s, "
                                                 "last_login_s, sees_all, coalesce(staff_id, '') FROM access_user"));
  for (std::size_t r = 0; r < users.rows.size(); ++r) {
    Account account;
    auto& user = account.user;
    user.name = users.text(r, 0);
    user.display_name = users.text(r, 1);
    user.role = users.text(r, 2);
    FENQUN_CHECK(check_role(user.role));
    user.scope = {split_names(users.text(r, 3)), users.boolean(r, 11)};
    account.password_hash = users.text(r, 4);
    user.must_change_password = users.boolean(r, 5);
    user.disabled = users.boolean(r, 6);
    user.language = users.text(r, 7) == code_of(Language::English) ? Language::English : Language::Chinese;
    user.created_by = users.text(r, 8);
    user.created = moment_of(users.integer(r, 9));
    if (!users.is_null(r, 10)) user.last_login = moment_of(users.integer(r, 10));
    user.staff_id = users.text(r, 12);
    accounts_.emplace(user.name, std::move(account));
  }
  FENQUN_TRY(const auto sessions,
             connection_.query("SELECT token_hash, user_name, csrf, created_s FROM access_session"));
  const auto now = clock_();
  for (std::size_t r = 0; r < sessions.rows.size(); ++r) {
    // When it was last used is not kept; it may go on from here.
    sessions_.emplace(sessions.text(r, 0),
                      Session{sessions.text(r, 1), sessions.text(r, 2), moment_of(sessions.integer(r, 3)), now});
  }
  FENQUN_TRY(const auto keys,
             connection_.query("SELECT key_id, key_name, secret_hash, role, scope, created_by, created_s, "
                               "expires_s, revoked_s, sees_all FROM access_key"));
  for (std::size_t r = 0; r < keys.rows.size(); ++r) {
    FENQUN_CHECK(check_role(keys.text(r, 3)));
    Key key{keys.text(r, 0), keys.text(r, 1),
            keys.text(r, 3), {split_names(keys.text(r, 4)), keys.boolean(r, 9)},
            keys.text(r, 5), moment_of(keys.integer(r, 6)),
            std::nullopt,    !keys.is_null(r, 8)};
    if (!keys.is_null(r, 7)) key.expires = moment_of(keys.integer(r, 7));
    keys_.emplace(keys.text(r, 2), KeyRecord{std::move(key), keys.text(r, 2)});
  }
  FENQUN_TRY(const auto calendars, connection_.query("SELECT token_hash, user_name FROM access_calendar"));
  for (std::size_t r = 0; r < calendars.rows.size(); ++r)
    calendars_.emplace(calendars.text(r, 0), calendars.text(r, 1));
  FENQUN_TRY(const auto failures, connection_.query("SELECT who, failures, last_s, open_s FROM access_failure"));
  for (std::size_t r = 0; r < failures.rows.size(); ++r) {
    lock_out_.put_back(failures.text(r, 0), {static_cast<std::size_t>(failures.integer(r, 1)),
                                             moment_of(failures.integer(r, 2)), moment_of(failures.integer(r, 3))});
  }
  return {};
}

// Names are kept as hashes: people type their password into the wrong field.
Result<void> Doorkeeper::note_failures(const std::vector<std::string>& who, Moment now) {
  auto sql = fmt::format("BEGIN; DELETE FROM access_failure WHERE open_s <= {} AND last_s <= {}; ", seconds(now),
                         seconds(lock_out_.forgotten_before(now)));
  for (const auto& one : who) {
    lock_out_.note_failure(one, now);
    const auto tries = lock_out_.tries_of(one);
    sql += fmt::format(
        "DELETE FROM access_failure WHERE who = {0}; INSERT INTO access_failure VALUES ({0}, {1}, {2}, {3}); ",
        sql_text(one), tries.failures, seconds(tries.last), seconds(tries.open));
  }
  auto done = connection_.execute(sql + "COMMIT;");
  if (!done) static_cast<void>(connection_.execute("ROLLBACK"));
  return done;
}

Result<void> Doorkeeper::forget_failures(const std::vector<std::string>& who) {
  std::string list;
  for (const auto& one : who) {
    // Most never failed: nothing is written for them.
    if (lock_out_.tries_of(one).failures == 0) continue;
    lock_out_.note_success(one);
    list += (list.empty() ? "" : ", ") + sql_text(one);
  }
  if (list.empty()) return {};
  return connection_.execute("DELETE FROM access_failure WHERE who IN (" + list + ")");
}

Viewer Doorkeeper::viewer_of(const User& user) const {
  return {user.name, user.display_name, rules_.find(user.role), user.scope, user.language, false, user.staff_id};
}

bool Doorkeeper::has_ended(const Session& session, Moment now) const {
  return now >= session.created + rules_.longest || now >= session.last_used + rules_.idle;
}

Result<Login> Doorkeeper::log_in(const std::string& name, const std::string& password, const std::string& address) {
  const auto now = clock_();
  const auto by_address = failing_address(address);
  const auto by_name = failing_user(name);
  const auto open = std::max(lock_out_.open_at(by_name, now), lock_out_.open_at(by_address, now));
  if (open > now) {
    return fail(ErrorCode::Unavailable, "access.locked_out", {{"wait_s", std::to_string((open - now).count())}});
  }
  std::string hash = nobodys_hash();
  {
    const std::shared_lock lock(mutex_);
    const auto at = accounts_.find(name);
    if (at != accounts_.end() && !at->second.user.disabled) hash = at->second.password_hash;
  }
  const bool right = is_password(password, hash);
  const std::scoped_lock lock(mutex_);
  const auto at = accounts_.find(name);
  if (!right || at == accounts_.end() || at->second.user.disabled) {
    FENQUN_CHECK(note_failures({by_name, by_address}, now));
    return fail(ErrorCode::Denied, "access.wrong_login");
  }
  FENQUN_CHECK(forget_failures({by_name, by_address}));
  return open_session(at->second, address);
}

Result<Login> Doorkeeper::open_session(Account& account, const std::string& address) {
  const auto now = clock_();
  Login login;
  login.token = random_hex(kTokenBytes);
  auto& in = login.admission;
  in.token_hash = hash_text(login.token);
  in.csrf = random_hex(kTokenBytes);
  in.viewer = viewer_of(account.user);
  in.must_change_password = account.user.must_change_password;
  in.expires = now + rules_.longest;
  // Those that ended go with it, so that the table does not grow for ever.
  std::string ended;
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    if (!has_ended(at->second, now)) {
      ++at;
      continue;
    }
    ended += (ended.empty() ? "" : ", ") + sql_text(at->first);
    at = sessions_.erase(at);
  }
  std::string sql = "BEGIN; ";
  if (!ended.empty()) sql += "DELETE FROM access_session WHERE token_hash IN (" + ended + "); ";
  sql += fmt::format(
      "INSERT INTO access_session VALUES ({}, {}, {}, {}, {}); UPDATE access_user SET last_login_s = {} "
      "WHERE user_name = {}; COMMIT;",
      sql_text(in.token_hash), sql_text(account.user.name), sql_text(in.csrf), seconds(now), sql_text(address),
      seconds(now), sql_text(account.user.name));
  if (auto done = connection_.execute(sql); !done) {
    static_cast<void>(connection_.execute("ROLLBACK"));
    return fail(std::move(done).error());
  }
  account.user.last_login = now;
  sessions_.emplace(in.token_hash, Session{account.user.name, in.csrf, now, now});
  return login;
}

Result<void> Doorkeeper::log_out(const std::string& token_hash) {
  const std::scoped_lock lock(mutex_);
  sessions_.erase(token_hash);
  return connection_.execute("DELETE FROM access_session WHERE token_hash = " + sql_text(token_hash));
}

std::optional<Admission> Doorkeeper::by_session(const std::string& token) {
  const auto hash = hash_text(token);
  const auto now = clock_();
  Admission in;
  bool note_use = false;
  {
    const std::shared_lock lock(mutex_);
    const auto at = sessions_.find(hash);
    if (at == sessions_.end() || has_ended(at->second, now)) return std::nullopt;
    const auto account = accounts_.find(at->second.user);
    if (account == accounts_.end() || account->second.user.disabled) return std::nullopt;
    in.viewer = viewer_of(account->second.user);
    in.token_hash = hash;
    in.csrf = at->second.csrf;
    in.must_change_password = account->second.user.must_change_password;
    in.expires =
        std::min(at->second.created + std::chrono::seconds(rules_.longest), now + std::chrono::seconds(rules_.idle));
    note_use = now >= at->second.last_used + kUseNoted;
  }
  if (note_use) {
    const std::scoped_lock lock(mutex_);
    const auto at = sessions_.find(hash);
    if (at != sessions_.end()) at->second.last_used = now;
  }
  return in;
}

std::optional<Admission> Doorkeeper::by_key(const std::string& secret) {
  const auto now = clock_();
  const std::shared_lock lock(mutex_);
  const auto at = keys_.find(hash_text(secret));
  if (at == keys_.end()) return std::nullopt;
  const auto& key = at->second.key;
  if (key.revoked || (key.expires && now >= *key.expires)) return std::nullopt;
  Admission in;
  in.viewer = {"key:" + key.name, key.name, rules_.find(key.role), key.scope, Language::Chinese, true};
  in.expires = key.expires.value_or(now + rules_.longest);
  return in;
}

std::size_t Doorkeeper::sessions_of(const std::string& user) const {
  const auto now = clock_();
  const std::shared_lock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& one) {
    return one.second.user == user && !has_ended(one.second, now);
  }));
}

std::size_t Doorkeeper::session_count() const {
  const auto now = clock_();
  const std::shared_lock lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& one) { return !has_ended(one.second, now); }));
}

std::optional<Moment> Doorkeeper::locked_until(const std::string& user) const {
  const auto now = clock_();
  const auto open = lock_out_.open_at(failing_user(user), now);
  if (open <= now) return std::nullopt;
  return open;
}

Result<void> Doorkeeper::end_sessions(const std::string& user, const std::string& but) {
  FENQUN_CHECK(connection_.execute("DELETE FROM access_session WHERE user_name = " + sql_text(user) +
                                   " AND token_hash <> " + sql_text(but)));
  std::erase_if(sessions_, [&](const auto& one) { return one.second.user == user && one.first != but; });
  return {};
}

std::vector<Key> Doorkeeper::keys() const {
  const std::shared_lock lock(mutex_);
  std::vector<Key> out;
  out.reserve(keys_.size());
  for (const auto& [hash, record] : keys_) out.push_back(record.key);
  std::sort(out.begin(), out.end(),
            [](const Key& a, const Key& b) { return std::pair(b.created, b.id) < std::pair(a.created, a.id); });
  return out;
}

Result<Doorkeeper::MadeKey> Doorkeeper::add_key(const std::string& name, const std::string& role, const Scope& scope,
                                                std::optional<std::chrono::days> lasts, const std::string& by) {
  FENQUN_CHECK(check_name(name));
  FENQUN_CHECK(check_role(role));
  const auto now = clock_();
  MadeKey made;
  made.secret = kKeyPrefix + random_hex(kTokenBytes);
  made.key = {random_hex(kKeyIdBytes), name, role, scope, by, now, std::nullopt, false};
  if (lasts) made.key.expires = now + *lasts;
  const auto hash = hash_text(made.secret);
  const std::scoped_lock lock(mutex_);
  FENQUN_CHECK(connection_.execute(fmt::format(
      "INSERT INTO access_key VALUES ({}, {}, {}, {}, {}, {}, {}, {}, NULL, {})", sql_text(made.key.id), sql_text(name),
      sql_text(hash), sql_text(role), sql_text(join_names(scope.units)), sql_text(by), seconds(now),
      made.key.expires ? std::to_string(seconds(*made.key.expires)) : "NULL", scope.everybody)));
  keys_.emplace(hash, KeyRecord{made.key, hash});
  return made;
}

Result<std::string> Doorkeeper::make_calendar(const std::string& user) {
  const auto secret = random_hex(kTokenBytes);
  const auto hash = hash_text(secret);
  const std::scoped_lock lock(mutex_);
  if (!accounts_.contains(user)) return fail(ErrorCode::NotFound, "access.no_such_user", {{"user", user}});
  auto done = connection_.execute(fmt::format(
      "BEGIN; DELETE FROM access_calendar WHERE user_name = {0}; INSERT INTO access_calendar VALUES ({0}, {1}, {2}); "
      "COMMIT;",
      sql_text(user), sql_text(hash), seconds(clock_())));
  if (!done) {
    static_cast<void>(connection_.execute("ROLLBACK"));
    return tl::make_unexpected(done.error());
  }
  std::erase_if(calendars_, [&](const auto& one) { return one.second == user; });
  calendars_.emplace(hash, user);
  return secret;
}

Result<void> Doorkeeper::end_calendar(const std::string& user) {
  const std::scoped_lock lock(mutex_);
  FENQUN_CHECK(connection_.execute("DELETE FROM access_calendar WHERE user_name = " + sql_text(user)));
  std::erase_if(calendars_, [&](const auto& one) { return one.second == user; });
  return {};
}

bool Doorkeeper::has_calendar(const std::string& user) const {
  const std::shared_lock lock(mutex_);
  return std::any_of(calendars_.begin(), calendars_.end(), [&](const auto& one) { return one.second == user; });
}

std::optional<Viewer> Doorkeeper::by_calendar(const std::string& secret) const {
  const auto hash = hash_text(secret);
  const std::shared_lock lock(mutex_);
  const auto at = calendars_.find(hash);
  const auto account = at == calendars_.end() ? accounts_.end() : accounts_.find(at->second);
  if (account == accounts_.end() || account->second.user.disabled) return std::nullopt;
  return viewer_of(account->second.user);
}

Result<void> Doorkeeper::revoke_key(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto at = std::find_if(keys_.begin(), keys_.end(), [&](const auto& one) { return one.second.key.id == id; });
  if (at == keys_.end()) return fail(ErrorCode::NotFound, "access.no_such_key", {{"key", id}});
  FENQUN_CHECK(connection_.execute(
      fmt::format("UPDATE access_key SET revoked_s = {} WHERE key_id = {}", seconds(clock_()), sql_text(id))));
  at->second.key.revoked = true;
  return {};
}

}  // namespace fenqun::access
