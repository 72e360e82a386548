// cli/strategy_commands.cpp - what groups are served with: strategy check, list, show, plan, preview, suppressed.
#include "app/strategies.hpp"
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_strategy.hpp"
#include "cli/text_table.hpp"

namespace fenqun::cli {
namespace {

struct StrategyOptions {
  std::string workspace = ".";
  std::string month;
  std::string by;
  std::string book;
  std::string customer;
  std::string reason;
  std::int64_t limit = 50;
};

Result<std::optional<Month>> wanted_month(const std::string& text) {
  if (text.empty()) return std::optional<Month>();
  FENQUN_TRY(const auto month, Month::parse(text));
  return std::optional(month);
}

Result<void> do_check(const StrategyOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto checked, app::check_strategies(session));
  if (call.json) {
    print(json_of(checked, call.texts));
  } else {
    print(show_check(checked, call.texts));
  }
  if (checked.problems.empty()) return {};
  return fail(ErrorCode::BadData, "cli.strategies_faulty", {{"problems", std::to_string(checked.problems.size())}});
}

Result<void> do_list(const StrategyOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  if (call.json) {
    print(json_of(library));
  } else {
    print(show_books(library, call.texts));
  }
  return {};
}

Result<void> do_show(const StrategyOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  const auto* const book = find_book(library, options.book);
  if (book == nullptr) return refuse_book(library, options.book);
  if (call.json) {
    print(json_of(*book, library));
  } else {
    print(show_book(*book, library, call.texts));
  }
  return {};
}

Result<void> plan(const StrategyOptions& options, const Call& call, bool keep) {
  FENQUN_TRY(const auto month, wanted_month(options.month));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, keep ? call.caller : call.caller.reading()));
  FENQUN_TRY(const auto done, app::plan_service(session, month, keep ? options.by : "-", keep));
  if (call.json) {
    print(json_of(done));
  } else {
    print(show_plan(done, call.texts));
  }
  return {};
}

Result<void> do_plan(const StrategyOptions& options, const Call& call) { return plan(options, call, true); }
Result<void> do_preview(const StrategyOptions& options, const Call& call) { return plan(options, call, false); }

Result<void> do_suppressed(const StrategyOptions& options, const Call& call) {
  strategy::SuppressedFilter filter;
  FENQUN_TRY(filter.month, wanted_month(options.month));
  filter.customer = options.customer;
  filter.reason = options.reason;
  filter.limit = options.limit;
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto found, strategy::list_suppressed(session.workspace, filter));
  if (call.json) {
    print(json_of(found));
  } else {
    print(show_suppressed(found, call.texts));
  }
  return {};
}

using StrategyAction = Result<void> (*)(const StrategyOptions&, const Call&);

}  // namespace

void add_strategy_commands(CommandLine& line) {
  auto options = std::make_shared<StrategyOptions>();
  const auto bound = [options](StrategyAction action) {
    return [options, action](const Call& call) { return action(*options, call); };
  };
  auto* const parent = line.add("strategy", bound(do_list));
  line.with_workspace(parent, options->workspace);
  line.add_below(parent, "list", bound(do_list));
  line.add_below(parent, "check", bound(do_check));
  auto* const show = line.add_below(parent, "show", bound(do_show));
  show->add_option("BOOK", options->book, line.text("cli.opt_book"))->required();
  auto* const plan = line.add_below(parent, "plan", bound(do_plan));
  plan->add_option("--month", options->month, line.text("cli.opt_plan_month"));
  plan->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  auto* const preview = line.add_below(parent, "preview", bound(do_preview));
  preview->add_option("--month", options->month, line.text("cli.opt_plan_month"));
  auto* const held = line.add_below(parent, "suppressed", bound(do_suppressed));
  held->add_option("--month", options->month, line.text("cli.opt_order_month"));
  held->add_option("--customer", options->customer, line.text("cli.opt_customer_number"));
  held->add_option("--reason", options->reason, line.text("cli.opt_suppressed_reason"));
  held->add_option("--limit", options->limit, line.text("cli.opt_list_limit"))->check(CLI::NonNegativeNumber);
}

}  // namespace fenqun::cli
