// access/doorkeeper_users.cpp - the users: made, changed, and their passwords.
#include "access/doorkeeper.hpp"

#include "access/secret.hpp"
#include "access/stored_names.hpp"
#include "base/file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::access {

using warehouse::sql_text;

namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestPassword = 256;
constexpr std::string_view kManages = "users.manage";

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

}  // namespace

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string join_names(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += name + "\n";
  return out;
}

std::string failing_user(const std::string& name) { return hash_text("user " + name); }
std::string failing_address(const std::string& address) { return hash_text("address " + address); }

Result<void> check_name(std::string_view name) {
  const auto is_control = [](unsigned char c) { return c < 0x20U || c == 0x7FU; };
  const bool good = !name.empty() && character_count(name) <= kLongestName && name.front() != ' ' &&
                    name.back() != ' ' && std::none_of(name.begin(), name.end(), is_control);
  if (!good)
    return fail(ErrorCode::InvalidArgument, "access.bad_name", {{"field", "user"}, {"name", std::string(name)}});
  return {};
}

Result<void> Doorkeeper::check_role(const std::string& role) const {
  if (rules_.find(role) != nullptr) return {};
  std::string known;
  for (const auto& one : rules_.all()) known += (known.empty() ? "" : ", ") + one.name;
  return fail(ErrorCode::InvalidArgument, "access.no_such_role", {{"field", "role"}, {"role", role}, {"known", known}});
}

Result<void> Doorkeeper::check_password(const std::string& password) const {
  if (character_count(password) >= rules_.least_password_length && password.size() <= kLongestPassword) return {};
  return fail(ErrorCode::InvalidArgument, "access.password_length",
              {{"field", "password"},
               {"least", std::to_string(rules_.least_password_length)},
               {"most", std::to_string(kLongestPassword)}});
}

bool Doorkeeper::needs_first_user() const {
  const std::shared_lock lock(mutex_);
  return accounts_.empty();
}

std::vector<User> Doorkeeper::users() const {
  const std::shared_lock lock(mutex_);
  std::vector<User> out;
  out.reserve(accounts_.size());
  for (const auto& [name, account] : accounts_) out.push_back(account.user);
  return out;
}

Result<UserOutcome> Doorkeeper::insert(const NewUser& wanted, const std::string& by) {
  FENQUN_CHECK(check_name(wanted.name));
  FENQUN_CHECK(check_role(wanted.role));
  UserOutcome out;
  if (wanted.password.empty()) {
    out.initial_password = random_password();
  } else {
    FENQUN_CHECK(check_password(wanted.password));
  }
  Account account;
  auto& user = account.user;
  user.name = wanted.name;
  user.display_name = wanted.display_name.empty() ? wanted.name : wanted.display_name;
  user.role = wanted.role;
  user.scope = wanted.scope;
  user.staff_id = wanted.staff_id;
  user.must_change_password = !out.initial_password.empty();
  user.created_by = by;
  user.created = clock_();
  FENQUN_TRY(account.password_hash, hash_password(wanted.password.empty() ? out.initial_password : wanted.password));
  const std::scoped_lock lock(mutex_);
  if (accounts_.contains(user.name)) {
    return fail(ErrorCode::Conflict, "access.user_exists", {{"field", "user"}, {"user", user.name}});
  }
  // The first one is made once, however many ask at the same time.
  if (by.empty() && !accounts_.empty()) return fail(ErrorCode::Conflict, "access.first_user_there");
  FENQUN_CHECK(write_user(account));
  out.user = user;
  accounts_.emplace(user.name, std::move(account));
  return out;
}

Result<UserOutcome> Doorkeeper::add_first_user(const NewUser& wanted) { return insert(wanted, ""); }

Result<UserOutcome> Doorkeeper::add_user(const NewUser& wanted, const std::string& by) { return insert(wanted, by); }

Result<void> Doorkeeper::write_user(const Account& account) {
  const auto& user = account.user;
  auto done = connection_.execute(
      fmt::format("BEGIN; DELETE FROM access_user WHERE user_name = {0}; INSERT INTO access_user VALUES ({0}, {1}, "
                  "{2}, {3}, {4}, {5}, "
                  "{6}, {7}, {8}, {9}, {10}, {11}, {12}); COMMIT;",
                  sql_text(user.name), sql_text(user.display_name), sql_text(user.role),
                  sql_text(join_names(user.scope.units)), sql_text(account.password_hash), user.must_change_password,
                  user.disabled, sql_text(code_of(user.language)), sql_text(user.created_by), seconds(user.created),
                  user.last_login ? std::to_string(seconds(*user.last_login)) : "NULL", user.scope.everybody,
                  sql_text(user.staff_id)));
  if (!done) static_cast<void>(connection_.execute("ROLLBACK"));
  return done;
}

bool Doorkeeper::is_last_manager(const std::string& name) const {
  return std::none_of(accounts_.begin(), accounts_.end(), [&](const auto& one) {
    const auto& user = one.second.user;
    const auto* const role = rules_.find(user.role);
    return user.name != name && !user.disabled && role != nullptr && role->may(kManages);
  });
}

Result<UserOutcome> Doorkeeper::change_user(const std::string& name, const UserChange& change) {
  if (change.role) FENQUN_CHECK(check_role(*change.role));
  UserOutcome out;
  std::string new_hash;
  if (change.reset_password) {
    out.initial_password = random_password();
    FENQUN_TRY(new_hash, hash_password(out.initial_password));
  } else if (!change.password.empty()) {
    FENQUN_CHECK(check_password(change.password));
    FENQUN_TRY(new_hash, hash_password(change.password));
  }
  const std::scoped_lock lock(mutex_);
  const auto at = accounts_.find(name);
  if (at == accounts_.end()) return fail(ErrorCode::NotFound, "access.no_such_user", {{"user", name}});
  auto account = at->second;
  auto& user = account.user;
  if (change.display_name) user.display_name = *change.display_name;
  if (change.role) user.role = *change.role;
  if (change.scope) user.scope = *change.scope;
  if (change.disabled) user.disabled = *change.disabled;
  if (change.staff_id) user.staff_id = *change.staff_id;
  if (!new_hash.empty()) {
    account.password_hash = new_hash;
    user.must_change_password = change.reset_password;
  }
  const auto* const role = rules_.find(user.role);
  if ((user.disabled || !role->may(kManages)) && is_last_manager(name)) {
    return fail(ErrorCode::Denied, "access.last_manager", {{"user", name}});
  }
  FENQUN_CHECK(write_user(account));
  if (!new_hash.empty() || change.unlock) FENQUN_CHECK(forget_failures({failing_user(name)}));
  const bool only_unlocks = new_hash.empty() && !change.role && !change.scope && !change.disabled && !change.staff_id;
  if (!only_unlocks || change.display_name) FENQUN_CHECK(end_sessions(name, ""));
  out.user = user;
  at->second = std::move(account);
  return out;
}

Result<void> Doorkeeper::change_password(const std::string& name, const std::string& old_password,
                                         const std::string& password, const std::string& keep_session) {
  FENQUN_CHECK(check_password(password));
  const auto now = clock_();
  const auto open = lock_out_.open_at(failing_user(name), now);
  if (open > now) {
    return fail(ErrorCode::Unavailable, "access.locked_out", {{"wait_s", std::to_string((open - now).count())}});
  }
  std::string hash;
  {
    const std::shared_lock lock(mutex_);
    const auto at = accounts_.find(name);
    if (at == accounts_.end()) return fail(ErrorCode::NotFound, "access.no_such_user", {{"user", name}});
    hash = at->second.password_hash;
  }
  if (!is_password(old_password, hash)) {
    const std::scoped_lock lock(mutex_);
    FENQUN_CHECK(note_failures({failing_user(name)}, now));
    return fail(ErrorCode::Denied, "access.wrong_old_password", {{"field", "old_password"}});
  }
  FENQUN_TRY(auto new_hash, hash_password(password));
  const std::scoped_lock lock(mutex_);
  const auto at = accounts_.find(name);
  if (at == accounts_.end()) return fail(ErrorCode::NotFound, "access.no_such_user", {{"user", name}});
  auto account = at->second;
  account.password_hash = std::move(new_hash);
  account.user.must_change_password = false;
  FENQUN_CHECK(write_user(account));
  at->second = std::move(account);
  return end_sessions(name, keep_session);
}

Result<void> Doorkeeper::set_language(const std::string& name, Language language) {
  const std::scoped_lock lock(mutex_);
  const auto at = accounts_.find(name);
  if (at == accounts_.end()) return fail(ErrorCode::NotFound, "access.no_such_user", {{"user", name}});
  auto account = at->second;
  account.user.language = language;
  FENQUN_CHECK(write_user(account));
  at->second = std::move(account);
  return {};
}

}  // namespace fenqun::access
