// cli/explain_commands.cpp - why a customer is in its groups: segment explain.
#include "app/explanation.hpp"
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/text_table.hpp"
#include "report/explanation.hpp"

namespace fenqun::cli {
namespace {

struct ExplainOptions {
  ParentOptions parent;
  std::string customer;
  std::string run;
  std::int64_t check = 0;
  std::uint64_t seed = 1;
};

Json check_json(const segment::ExplainCheck& check) {
  return {{"scheme", check.scheme},       {"run_id", check.run_id},     {"customers", check.customers},
          {"moved", check.moved},         {"no_group", check.no_group}, {"no_move", check.no_move},
          {"of_member", check.of_member}, {"failed", check.failed}};
}

Result<void> do_check(const ExplainOptions& options, const app::ExplainRequest& request, app::Session& session,
                      const Call& call) {
  FENQUN_TRY(const auto checks, app::check_explanations(session, request, options.check, options.seed));
  std::int64_t failed = 0;
  for (const auto& check : checks) failed += static_cast<std::int64_t>(check.failed.size());
  if (call.json) {
    Json out = Json::array();
    for (const auto& check : checks) out.push_back(check_json(check));
    print(Json{{"seed", options.seed}, {"checks", out}});
  } else {
    TextTable table({{call.texts("cli.col_scheme")},
                     {call.texts("cli.col_customers"), Align::Right},
                     {call.texts("cli.col_moved_as_stated"), Align::Right},
                     {call.texts("cli.col_no_group"), Align::Right},
                     {call.texts("cli.col_no_move"), Align::Right},
                     {call.texts("cli.col_failed"), Align::Right}});
    for (const auto& check : checks) {
      table.add({check.scheme, with_thousands(check.customers), with_thousands(check.moved),
                 with_thousands(check.no_group), with_thousands(check.no_move),
                 with_thousands(static_cast<std::int64_t>(check.failed.size()))});
    }
    print(table.text());
  }
  if (failed == 0) return {};
  return fail(ErrorCode::Internal, "cli.explain_check_failed", {{"count", std::to_string(failed)}});
}

Result<void> do_explain(const ExplainOptions& options, const Call& call) {
  app::ExplainRequest request;
  request.customer = options.customer;
  request.run = options.run;
  request.schemes = *options.parent.schemes;
  FENQUN_TRY(request.month, month_of(*options.parent.month));
  if (options.customer.empty() == (options.check == 0)) return fail(ErrorCode::InvalidArgument, "cli.explain_whom");
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller));
  if (options.check > 0) return do_check(options, request, session, call);
  FENQUN_TRY(const auto outcomes, app::explain_customer(session, request));
  if (call.json) {
    Json out = Json::array();
    for (const auto& one : outcomes) out.push_back(report::explanation_json(one.told, one.chinese, one.english));
    print(out);
    return {};
  }
  for (const auto& one : outcomes) {
    std::string text = "\n■ " + one.run.scheme_title.in(call.texts.language()) + "\n";
    for (const auto& sentence : call.texts.language() == Language::Chinese ? one.chinese : one.english)
      text += "  " + sentence + "\n";
    print(text);
  }
  return {};
}

}  // namespace

void add_explain_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent) {
  auto options = std::make_shared<ExplainOptions>();
  options->parent = parent;
  auto* const explain =
      line.add_below(segment, "explain", [options](const Call& call) { return do_explain(*options, call); });
  explain->add_option("CUSTOMER", options->customer, line.text("cli.opt_customer"));
  explain->add_option("--run", options->run, line.text("cli.opt_run"));
  explain->add_option("--check", options->check, line.text("cli.opt_explain_check"))->check(CLI::PositiveNumber);
  explain->add_option("--seed", options->seed, line.text("cli.opt_explain_seed"));
}

}  // namespace fenqun::cli
