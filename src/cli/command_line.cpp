// cli/command_line.cpp
#include "cli/command_line.hpp"

#include "base/build_id.hpp"
#include "base/error_table.hpp"
#include "cli/commands.hpp"
#include "cli/hand_over.hpp"
#include "cli/terminal.hpp"
#include "cli/visible_text.hpp"
#include "cli/wrong_use.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <sstream>

namespace fenqun::cli {
namespace {

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(now));
}

// What a server tells of a command line's progress: a line when a stage begins.
class HostedProgress final : public Progress {
 public:
  HostedProgress(const Texts& texts, Output* output) : texts_(texts), output_(output) {}
  void begin(const std::string& title) override {
    if (output_ == nullptr || ++depth_ > 1) return;
    output_->print_aside((texts_.has(title) ? texts_(title) : visible(title, LineEnds::Shown)) + "\n");
  }
  void update(double /*share*/, const std::string& /*detail*/) override {}
  void end() override { --depth_; }

 private:
  const Texts& texts_;
  Output* output_;
  int depth_ = 0;
};

// Who reads may have had enough (`| head -1`), which is no fault of anybody.
bool is_reader_gone() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

int report_error(const Error& error, bool json, const Texts& texts) {
  if (json) print(Json{{"error", json_of(error, texts)}});
  print_aside(texts("cli.error", {{"message", render_error(visible(error), texts)}}));
  return traits_of(error.code).exit_code;
}

}  // namespace

void print(const std::string& text) { print_raw(visible(text, LineEnds::Kept)); }
void print_raw(const std::string& text) {
  if (auto* const output = redirected(); output != nullptr) return output->print(text);
  std::fwrite(text.data(), 1, text.size(), stdout);
}
void print(const Json& json) { print_raw(json.dump(2) + "\n"); }
void print_aside(const std::string& text) {
  const auto line = visible(text, LineEnds::Kept) + "\n";
  if (auto* const output = redirected(); output != nullptr) return output->print_aside(line);
  fmt::print(stderr, "{}", line);
}

Result<std::optional<Month>> month_of(const std::string& text) {
  if (text.empty()) return std::optional<Month>();
  FENQUN_TRY(const auto month, Month::parse(text));
  return std::optional<Month>(month);
}

void SourceOptions::add_to(CLI::App* command, const CommandLine& line) {
  command->add_option("--map", mapping, line.text("cli.opt_map"));
  command->add_option("--entity", entity, line.text("cli.opt_entity"));
  command->add_option("--max-rejected-share", max_rejected_share, line.text("cli.opt_max_rejected_share"))
      ->check(CLI::Range(0.0, 1.0));
}

app::IngestPlan SourceOptions::plan() const {
  app::IngestPlan plan;
  plan.sources.assign(sources.begin(), sources.end());
  plan.mapping = mapping;
  plan.entity = entity;
  if (max_rejected_share >= 0) plan.max_rejected_share = max_rejected_share;
  return plan;
}

CommandLine::CommandLine(const Texts& texts) : texts_(texts), app_(texts("cli.about"), "fenqun") {
  app_.require_subcommand(1);
  app_.set_help_flag("-h,--help", texts("cli.opt_help"));
  app_.set_version_flag("--version", std::string(build_id()), texts("cli.opt_version"));
  app_.fallthrough();
  handed_down_.insert(app_.add_option("--lang", language_, texts("cli.opt_lang")));
  handed_down_.insert(
      app_.add_option("--threads", threads_, texts("cli.opt_threads"))->check(CLI::Range(1, 256).description("")));
  handed_down_.insert(app_.add_flag("--json", json_, texts("cli.opt_json")));
}

CLI::App* CommandLine::add(const std::string& name, Action action) {
  auto* const command = app_.add_subcommand(name, texts_("cli.cmd_" + name));
  command->footer([this, command] { return shared_options(command); });
  actions_.emplace_back(command, std::move(action));
  return command;
}

CLI::App* CommandLine::add_below(CLI::App* parent, const std::string& name, Action action) {
  auto* const command = parent->add_subcommand(name, texts_("cli.cmd_" + parent->get_name() + "_" + name));
  command->fallthrough();
  command->footer([this, command] { return shared_options(command); });
  actions_.emplace_back(command, std::move(action));
  return command;
}

// What a command takes that its own help does not list: options handed down by its parents.
std::string CommandLine::shared_options(const CLI::App* command) const {
  std::vector<const CLI::Option*> options;
  for (const auto* parent = command->get_parent(); parent != nullptr; parent = parent->get_parent()) {
    for (const auto* const option : parent->get_options()) {
      if (handed_down_.contains(option)) options.push_back(option);
    }
  }
  const auto formatter = std::dynamic_pointer_cast<CLI::Formatter>(command->get_formatter());
  return formatter ? formatter->make_group(texts_("cli.shared_options"), false, options) : "";
}

// An option of `segment` that `segment history` does not look at must not be silently without effect.
Result<void> CommandLine::check_options_of_parents() const {
  for (const auto& [command, action] : actions_) {
    const auto* const parent = command->get_parent();
    if (!command->parsed() || parent == &app_) continue;
    for (const auto* const option : parent->get_options()) {
      if (option->count() == 0 || handed_down_.contains(option)) continue;
      return fail(ErrorCode::InvalidArgument, "cli.option_without_effect",
                  {{"option", option->get_name()}, {"command", command_named(app_)}});
    }
  }
  return {};
}

void CommandLine::with_workspace(CLI::App* command, std::string& workspace) {
  handed_down_.insert(command->add_option("-w,--workspace", workspace, texts_("cli.opt_workspace")));
}

void CommandLine::with_month(CLI::App* command, std::string& month) {
  handed_down_.insert(command->add_option("--month", month, texts_("cli.opt_month")));
}

void CommandLine::with_schemes(CLI::App* command, std::vector<std::string>& schemes) {
  handed_down_.insert(command->add_option("--scheme", schemes, texts_("cli.opt_scheme")));
}

int CommandLine::carry_out(const Action& action, const Call& call, const std::vector<std::string>& arguments) const {
  const auto done = action(call);
  if (done) return 0;
  const auto& error = done.error();
  const bool is_elsewhere = call.caller.host == nullptr && error.line.key == "warehouse.in_use";
  if (is_elsewhere && arguments.front() != "serve") {
    const auto workspace = std::filesystem::path(std::string(error.arg("path"))).parent_path();
    if (const auto code = hand_over(workspace, arguments, call.caller.stop)) return *code;
  }
  return report_error(error, json_, texts_);
}

int CommandLine::run(const std::vector<std::string>& arguments, const std::stop_token& stop, const Host* host) {
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app_.parse(reversed);
  } catch (const CLI::Success& asked) {
    std::ostringstream out;
    const int code = app_.exit(asked, out, out);
    print_raw(out.str());
    return code;
  } catch (const CLI::ParseError& e) {
    const bool json = json_ || std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    return report_error(wrong_use(e, app_), json, texts_);
  }
  if (const auto used = check_options_of_parents(); !used) return report_error(used.error(), json_, texts_);
  TerminalProgress on_terminal(texts_);
  HostedProgress hosted(texts_, redirected());
  Call call{texts_, {}, json_};
  call.caller.language = texts_.language();
  call.caller.threads = threads_;
  call.caller.progress = host == nullptr ? static_cast<Progress*>(&on_terminal) : &hosted;
  call.caller.host = host == nullptr ? nullptr : &host->workspace;
  call.host = host;
  call.caller.stop = stop;
  call.caller.now = local_time;
  // Below their parents stand last: the most exact command is the one meant.
  const Action* chosen = nullptr;
  for (const auto& [command, action] : actions_) {
    if (command->parsed()) chosen = &action;
  }
  if (const int code = carry_out(*chosen, call, arguments); code != 0) return code;
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (host == nullptr && !written && !is_reader_gone()) {
    return report_error({ErrorCode::Io, {"cli.cannot_print", {}}, {}}, json_, texts_);
  }
  return 0;
}

Result<Language> wanted_language(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    constexpr std::string_view kOption = "--lang";
    if (arguments[i] == kOption && i + 1 < arguments.size()) return parse_language(arguments[i + 1]);
    if (arguments[i].starts_with("--lang="))
      return parse_language(std::string_view(arguments[i]).substr(kOption.size() + 1));
  }
  const char* const variable = std::getenv("FENQUN_LANG");
  if (variable != nullptr && *variable != '\0') return parse_language(variable);
  return Language::Chinese;
}

namespace {

void add_commands(CommandLine& line) {
  add_data_commands(line);
  add_prepare_commands(line);
  add_ingest_commands(line);
  add_map_commands(line);
  add_group_commands(line);
  add_scheme_commands(line);
  add_strategy_commands(line);
  add_order_commands(line);
  add_service_commands(line);
  add_campaign_commands(line);
  add_lake_commands(line);
  add_serve_commands(line);
  add_user_commands(line);
}

}  // namespace

int run_command(const std::vector<std::string>& arguments, const Texts& texts, const std::stop_token& stop) {
  CommandLine line(texts);
  add_commands(line);
  return line.run(arguments, stop, nullptr);
}

int run_hosted_command(const std::vector<std::string>& arguments, const Texts& texts, const std::stop_token& stop,
                       const Host& host) {
  CommandLine line(texts);
  add_commands(line);
  return line.run(arguments, stop, &host);
}

}  // namespace fenqun::cli
