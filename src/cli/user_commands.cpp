// cli/user_commands.cpp - who may come in: user list, add, role, scope, password, unlock, disable, enable.
#include "access/audit.hpp"
#include "access/doorkeeper.hpp"
#include "base/file.hpp"
#include "cli/command_line.hpp"
#include "cli/hand_over.hpp"
#include "cli/output.hpp"
#include "cli/text_table.hpp"
#include "warehouse/database.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

namespace fenqun::cli {
namespace {

using access::UserChange;

struct UserOptions {
  std::string workspace = ".";
  std::string user;
  std::string role;
  std::string display_name;
  std::vector<std::string> units;
  bool everybody = false;
  bool asks = false;
  bool makes_up = false;
  std::string file;
};

access::Moment system_now() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string local_text(access::Moment moment) {
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(moment.time_since_epoch().count()));
}

// Whoever is at this terminal.
std::string caller_name() {
  const auto* const entry = getpwuid(getuid());
  return "cli:" + (entry == nullptr ? std::to_string(getuid()) : std::string(entry->pw_name));
}

/// The server's own users where one runs, else those of the workspace.
class Users {
 public:
  static Result<std::unique_ptr<Users>> open(const std::string& workspace, const Call& call) {
    auto out = std::make_unique<Users>();
    // The server writes by itself: nobody waits for the end of a long job.
    FENQUN_TRY(auto session, app::Session::open(workspace, call.host == nullptr ? call.caller : call.caller.reading()));
    out->session_.emplace(std::move(session));
    if (call.host != nullptr) {
      out->door_ = &call.host->door;
      out->trail_ = &call.host->trail;
      return out;
    }
    auto& own = out->session_->workspace;
    FENQUN_TRY(auto rules, access::RoleSet::create(own.assets()));
    out->rules_.emplace(std::move(rules));
    FENQUN_TRY(auto for_door, own.connect());
    FENQUN_TRY(out->own_door_, access::Doorkeeper::create(std::move(for_door), *out->rules_, system_now));
    FENQUN_TRY(auto for_trail, own.connect());
    FENQUN_TRY(out->own_trail_, access::AuditTrail::create(std::move(for_trail)));
    out->door_ = out->own_door_.get();
    out->trail_ = out->own_trail_.get();
    return out;
  }

  [[nodiscard]] access::Doorkeeper& door() const { return *door_; }

  Result<void> check_units(const std::vector<std::string>& units) {
    for (const auto& unit : units) {
      FENQUN_TRY(const auto known,
                 session_->workspace.connection().query_integer("SELECT count(*) FROM m_org_unit WHERE org_unit_id = " +
                                                                warehouse::sql_text(unit)));
      if (known == 0) return fail(ErrorCode::InvalidArgument, "cli.user_no_unit", {{"unit", unit}});
    }
    return {};
  }

  Result<void> note(const std::string& action, const std::string& user, const std::string& detail) {
    access::AuditEntry entry;
    entry.at = system_now();
    entry.user = caller_name();
    entry.action = "fenqun user " + action;
    entry.subject = user;
    entry.detail = detail;
    entry.outcome = "done";
    return trail_->note(std::move(entry));
  }

 private:
  std::optional<app::Session> session_;
  std::optional<access::RoleSet> rules_;
  std::unique_ptr<access::Doorkeeper> own_door_;
  std::unique_ptr<access::AuditTrail> own_trail_;
  access::Doorkeeper* door_ = nullptr;
  access::AuditTrail* trail_ = nullptr;
};

/// What is typed does not show while it lives.
class Unseen {
 public:
  Unseen() : was_read_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!was_read_) return;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  ~Unseen() {
    if (was_read_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool was_read_;
};

std::string line_of_input() {
  std::string out;
  std::getline(std::cin, out);
  if (!out.empty() && out.back() == '\r') out.pop_back();
  return out;
}

Result<std::string> typed(const Call& call) {
  const Unseen unseen;
  print_aside(call.texts("cli.user_type_password"));
  auto first = line_of_input();
  print_aside(call.texts("cli.user_type_again"));
  if (line_of_input() != first) return fail(ErrorCode::InvalidArgument, "cli.user_passwords_differ");
  return first;
}

// Never an argument: those are seen by everybody on the machine and stay in histories.
Result<std::string> read_password(const UserOptions& options, const Call& call) {
  if (!kept_secret().empty()) return kept_secret();
  std::string out;
  if (!options.file.empty()) {
    FENQUN_TRY(out, read_file(options.file));
    out = out.substr(0, out.find_first_of("\r\n"));
  } else if (isatty(STDIN_FILENO) == 1) {
    FENQUN_TRY(out, typed(call));
  } else {
    out = line_of_input();
  }
  if (out.empty()) return fail(ErrorCode::InvalidArgument, "cli.user_no_password");
  keep_secret(out);
  return out;
}

access::Scope scope_of(const UserOptions& options) { return {options.units, options.everybody}; }

std::string scope_text(const access::Scope& scope, const Texts& texts) {
  if (scope.everybody) return texts("cli.user_everybody");
  return scope.units.empty() ? texts("cli.user_nobody") : fmt::format("{}", fmt::join(scope.units, ", "));
}

Json json_of(const access::User& user, const access::Doorkeeper& door) {
  const auto locked = door.locked_until(user.name);
  return {{"user", user.name},
          {"display_name", user.display_name},
          {"role", user.role},
          {"scope", user.scope.units},
          {"sees_all", user.scope.everybody},
          {"disabled", user.disabled},
          {"must_change_password", user.must_change_password},
          {"locked_until", locked ? Json(local_text(*locked)) : Json(nullptr)},
          {"last_login_at", user.last_login ? Json(local_text(*user.last_login)) : Json(nullptr)}};
}

void tell(const access::UserOutcome& outcome, const Users& users, const Call& call) {
  const auto& user = outcome.user;
  if (call.json) {
    auto json = json_of(user, users.door());
    if (!outcome.initial_password.empty()) json["initial_password"] = outcome.initial_password;
    print(json);
    return;
  }
  print(call.texts("cli.user_is", {{"user", user.name},
                                   {"role", user.role},
                                   {"scope", scope_text(user.scope, call.texts)},
                                   {"state", call.texts(user.disabled ? "cli.user_disabled" : "cli.user_active")}}) +
        "\n");
  if (!outcome.initial_password.empty()) {
    print(call.texts("cli.user_first_password", {{"password", outcome.initial_password}}) + "\n");
  }
}

Result<void> do_list(const UserOptions& options, const Call& call) {
  FENQUN_TRY(const auto users, Users::open(options.workspace, call));
  const auto all = users->door().users();
  if (call.json) {
    Json out = Json::array();
    for (const auto& user : all) out.push_back(json_of(user, users->door()));
    print(out);
    return {};
  }
  TextTable table({{call.texts("cli.col_user"), Align::Left},
                   {call.texts("cli.col_name"), Align::Left},
                   {call.texts("cli.col_role"), Align::Left},
                   {call.texts("cli.col_scope"), Align::Left},
                   {call.texts("cli.col_state"), Align::Left},
                   {call.texts("cli.col_last_login"), Align::Left}});
  for (const auto& user : all) {
    const auto locked = users->door().locked_until(user.name);
    table.add({user.name, user.display_name, user.role, scope_text(user.scope, call.texts),
               locked ? call.texts("cli.user_locked", {{"until", local_text(*locked)}})
                      : call.texts(user.disabled ? "cli.user_disabled" : "cli.user_active"),
               user.last_login ? local_text(*user.last_login) : ""});
  }
  print(all.empty() ? call.texts("cli.user_none") + "\n" : table.text());
  return {};
}

Result<void> do_add(const UserOptions& options, const Call& call) {
  std::string password;
  if (options.asks || !options.file.empty()) {
    FENQUN_TRY(password, read_password(options, call));
  }
  FENQUN_TRY(const auto users, Users::open(options.workspace, call));
  FENQUN_CHECK(users->check_units(options.units));
  FENQUN_TRY(const auto made,
             users->door().add_user({options.user, options.display_name, options.role, scope_of(options), password},
                                    caller_name()));
  FENQUN_CHECK(users->note("add", options.user, "role " + options.role));
  tell(made, *users, call);
  return {};
}

Result<void> change(const UserOptions& options, const Call& call, const char* action, const UserChange& change) {
  FENQUN_TRY(const auto users, Users::open(options.workspace, call));
  if (change.scope) FENQUN_CHECK(users->check_units(change.scope->units));
  FENQUN_TRY(const auto changed, users->door().change_user(options.user, change));
  const auto detail = change.role    ? "role " + *change.role
                      : change.scope ? "scope " + scope_text(*change.scope, call.texts)
                                     : std::string();
  FENQUN_CHECK(users->note(action, options.user, detail));
  tell(changed, *users, call);
  return {};
}

Result<void> do_password(const UserOptions& options, const Call& call) {
  UserChange wanted;
  wanted.reset_password = options.makes_up;
  if (!options.makes_up) {
    FENQUN_TRY(wanted.password, read_password(options, call));
  }
  return change(options, call, "password", wanted);
}

using Options = std::shared_ptr<UserOptions>;

CLI::App* add_one(CommandLine& line, CLI::App* user, const Options& options, const std::string& name,
                  Result<void> (*act)(const UserOptions&, const Call&)) {
  auto* const command = line.add_below(user, name, [options, act](const Call& call) { return act(*options, call); });
  if (name != "list") command->add_option("user", options->user, line.text("cli.opt_user"))->required();
  return command;
}

void add_scope(CLI::App* command, const Options& options, const CommandLine& line) {
  auto* const units = command->add_option("--unit", options->units, line.text("cli.opt_user_unit"));
  auto* const everybody = command->add_flag("--all", options->everybody, line.text("cli.opt_user_all"));
  everybody->excludes(units);
}

void add_changes(CommandLine& line, CLI::App* user, const Options& options) {
  auto* const role = add_one(line, user, options, "role", [](const UserOptions& said, const Call& call) {
    UserChange wanted;
    wanted.role = said.role;
    return change(said, call, "role", wanted);
  });
  role->add_option("role", options->role, line.text("cli.opt_user_role"))->required();
  auto* const scope = add_one(line, user, options, "scope", [](const UserOptions& said, const Call& call) {
    UserChange wanted;
    wanted.scope = scope_of(said);
    return change(said, call, "scope", wanted);
  });
  add_scope(scope, options, line);
  add_one(line, user, options, "unlock", [](const UserOptions& said, const Call& call) {
    UserChange wanted;
    wanted.unlock = true;
    return change(said, call, "unlock", wanted);
  });
  add_one(line, user, options, "disable", [](const UserOptions& said, const Call& call) {
    UserChange wanted;
    wanted.disabled = true;
    return change(said, call, "disable", wanted);
  });
  add_one(line, user, options, "enable", [](const UserOptions& said, const Call& call) {
    UserChange wanted;
    wanted.disabled = false;
    return change(said, call, "enable", wanted);
  });
}

}  // namespace

void add_user_commands(CommandLine& line) {
  auto options = std::make_shared<UserOptions>();
  auto* const user = line.add("user", [](const Call&) { return Result<void>(); });
  line.with_workspace(user, options->workspace);
  user->require_subcommand(1);
  add_one(line, user, options, "list", do_list);
  auto* const add = add_one(line, user, options, "add", do_add);
  add->add_option("--role", options->role, line.text("cli.opt_user_role"))->required();
  add->add_option("--name", options->display_name, line.text("cli.opt_user_name"));
  add_scope(add, options, line);
  auto* const asks = add->add_flag("--password", options->asks, line.text("cli.opt_user_ask"));
  add->add_option("--password-file", options->file, line.text("cli.opt_user_file"))->excludes(asks);
  auto* const password = add_one(line, user, options, "password", do_password);
  auto* const reset = password->add_flag("--reset", options->makes_up, line.text("cli.opt_user_reset"));
  password->add_option("--password-file", options->file, line.text("cli.opt_user_file"))->excludes(reset);
  add_changes(line, user, options);
}

}  // namespace fenqun::cli
