// cli/command_line.hpp - what commands are made of: each registers its options and what it does. Level 8.
#pragma once

#include "app/context.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::cli {

/// One call of a command, as far as it is the same for all.
struct Call {
  const Texts& texts;
  app::Caller caller;
  bool json = false;
  const Host* host = nullptr;  // the server that runs this command; null: none does
};

using Action = std::function<Result<void>(const Call&)>;

/// The parser; every sentence of its help comes from the texts. An action owns what its options fill in:
///   auto options = std::make_shared<Options>();
///   auto* command = line.add("name", [options](const Call& call) { ... });   text cli.cmd_name
///   command->add_option("--month", options->month, line.text("cli.opt_month"));
class CommandLine {
 public:
  explicit CommandLine(const Texts& texts);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  CLI::App* add(const std::string& name, Action action);
  /// `fenqun parent name`; text cli.cmd_<parent>_<name>. The parent's own action runs when none of these is named.
  CLI::App* add_below(CLI::App* parent, const std::string& name, Action action);
  [[nodiscard]] std::string text(const std::string& key) const { return texts_(key); }

  // Options that several commands have. Commands below one with them take them as well; of its other options none.
  void with_workspace(CLI::App* command, std::string& workspace);
  void with_month(CLI::App* command, std::string& month);
  void with_schemes(CLI::App* command, std::vector<std::string>& schemes);

  /// Parses and runs; returns the exit code. `host`: of this process; null: what another process owns is handed over.
  int run(const std::vector<std::string>& arguments, const std::stop_token& stop, const Host* host);

 private:
  [[nodiscard]] std::string shared_options(const CLI::App* command) const;
  [[nodiscard]] Result<void> check_options_of_parents() const;

  const Texts& texts_;
  CLI::App app_;
  std::set<const CLI::Option*> handed_down_;
  bool json_ = false;
  std::string language_;
  std::size_t threads_ = 0;
  std::vector<std::pair<CLI::App*, Action>> actions_;

  int carry_out(const Action& action, const Call& call, const std::vector<std::string>& arguments) const;
};

// One function per file of commands.
void add_data_commands(CommandLine& line);      // init datagen quarantine
void add_prepare_commands(CommandLine& line);   // prepare
void add_ingest_commands(CommandLine& line);    // ingest, ingest list, ingest undo
void add_lake_commands(CommandLine& line);      // doctor, lake, lake compact, lake expire
void add_group_commands(CommandLine& line);     // segment portrait runs report run
void add_scheme_commands(CommandLine& line);    // schemes list, show, clone, history
void add_strategy_commands(CommandLine& line);  // strategy list, check, show, plan, preview, suppressed
void add_order_commands(CommandLine& line);     // orders list, show, accept .. cancel, clock, step, disconnect
void add_service_commands(CommandLine& line);   // events, notices, points
void add_campaign_commands(CommandLine& line);  // campaigns list, preview, launch, result, stop
void add_map_commands(CommandLine& line);       // map suggest, map dictionary
void add_serve_commands(CommandLine& line);     // serve
void add_user_commands(CommandLine& line);      // user list, add, role, scope, password, unlock, disable, enable

/// Options of a parent that the commands below it take as their own.
struct ParentOptions {
  std::shared_ptr<std::string> workspace;
  std::shared_ptr<std::string> month;
  std::shared_ptr<std::vector<std::string>> schemes;
};
// runs list, review, publish, rollback, retire
void add_run_life_commands(CommandLine& line, CLI::App* runs, const ParentOptions& parent);
// runs show, diff, verify
void add_run_view_commands(CommandLine& line, CLI::App* runs, const ParentOptions& parent);
// segment due, primary
void add_refresh_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent);
// segment history, as-of
void add_membership_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent);
// segment scores, places
void add_label_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent);
// segment transitions
void add_transition_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent);

// report review
void add_review_commands(CommandLine& line, CLI::App* report, const ParentOptions& parent);
// segment explain
void add_explain_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent);

// What several of them need.
/// For people: what a terminal would obey is made visible().
void print(const std::string& text);
/// The same on standard error, with a line end behind it.
void print_aside(const std::string& text);
/// For programs: byte by byte.
void print_raw(const std::string& text);
void print(const Json& json);
Result<std::optional<Month>> month_of(const std::string& text);

/// Options of commands that load files.
struct SourceOptions {
  std::vector<std::string> sources;
  std::string mapping;
  std::string entity;
  double max_rejected_share = -1;

  void add_to(CLI::App* command, const CommandLine& line);
  [[nodiscard]] app::IngestPlan plan() const;
};

}  // namespace fenqun::cli
