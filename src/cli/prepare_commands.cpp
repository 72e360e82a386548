// cli/prepare_commands.cpp - prepare: from checked rows to the wide table.
#include "cli/command_line.hpp"

namespace fenqun::cli {
namespace {

struct PrepareOptions {
  std::string workspace = ".";
  std::string month;
  std::string step;
  bool rebuild = false;
  bool report = false;
};

// One step alone: told, not written.
Result<void> show_step(app::Session& session, const app::PrepareRequest& request, features::Step step,
                       const Call& call) {
  FENQUN_TRY(const auto outcome, app::try_step(session, request, step));
  if (call.json)
    print(json_of(outcome));
  else
    print(show_steps(outcome, session.catalogue, call.texts, step));
  return {};
}

Result<void> do_prepare(const PrepareOptions& options, const Call& call) {
  app::PrepareRequest request;
  FENQUN_TRY(request.month, month_of(options.month));
  request.rebuild = options.rebuild;
  std::optional<features::Step> step;
  if (!options.step.empty()) {
    FENQUN_TRY(step, features::parse_step(options.step));
  }
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  if (step) return show_step(session, request, *step, call);
  FENQUN_TRY(const auto outcome, app::prepare_months(session, request));
  auto json = json_of(outcome);
  auto text = show_prepare(outcome, session.catalogue, call.texts);
  if (options.report) {
    FENQUN_TRY(const auto steps, app::look_at_steps(session, outcome.month.as_of));
    FENQUN_TRY(const auto files, app::write_preparation_report(session, steps));
    text += show_steps(steps, session.catalogue, call.texts, std::nullopt) + "\n" + call.texts("cli.preparation_more") +
            "\n" + call.texts("cli.preparation_at", {{"path", files.html.string()}}) + "\n" +
            call.texts("cli.preparation_customers_at", {{"path", files.customers_csv.string()}}) + "\n";
    json["preparation"] = json_of(steps);
    json["html"] = files.html.string();
    json["customers_csv"] = files.customers_csv.string();
  }
  if (call.json)
    print(json);
  else
    print(text);
  return {};
}

}  // namespace

void add_prepare_commands(CommandLine& line) {
  auto options = std::make_shared<PrepareOptions>();
  auto* const prepare = line.add("prepare", [options](const Call& call) { return do_prepare(*options, call); });
  line.with_workspace(prepare, options->workspace);
  prepare->add_option("--month", options->month, line.text("cli.opt_prepare_month"));
  auto* const report = prepare->add_flag("--report", options->report, line.text("cli.opt_preparation_report"));
  prepare->add_option("--step", options->step, line.text("cli.opt_preparation_step"))->excludes(report);
  prepare->add_flag("--rebuild", options->rebuild, line.text("cli.opt_rebuild"));
}

}  // namespace fenqun::cli
