// cli/order_commands.cpp - work orders: orders list, show, and what can be done with one.
#include "app/strategies.hpp"
#include "base/file.hpp"
#include "cli/command_line.hpp"
#include "cli/output_service.hpp"
#include "cli/output_strategy.hpp"
#include "strategy/order_files.hpp"

namespace fenqun::cli {
namespace {

struct OrderOptions {
  std::string workspace = ".";
  std::string month;
  std::string type;
  std::string state;
  std::string owner;
  std::string customer;
  bool overdue = false;
  std::int64_t limit = 50;
  std::string order;
  std::string by;
  std::string campaign;
  std::string note;
  std::string outcome;
  std::string staff;
  std::vector<std::string> form;
  std::string step;
  std::string at;
  std::string channel;
  std::string format = "csv";
  std::string out;
};

Result<strategy::OrderFilter> filter_of(const OrderOptions& options) {
  strategy::OrderFilter filter;
  if (!options.month.empty()) {
    FENQUN_TRY(filter.month, Month::parse(options.month));
  }
  if (!options.state.empty()) {
    FENQUN_TRY(filter.state, strategy::parse_state(options.state));
  }
  filter.type = options.type;
  filter.owner = options.owner;
  filter.customer = options.customer;
  filter.campaign = options.campaign;
  filter.limit = options.limit;
  return filter;
}

Result<void> do_list(const OrderOptions& options, const Call& call) {
  FENQUN_TRY(auto filter, filter_of(options));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  if (options.overdue) filter.overdue_on = app::today(session);
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto found, strategy::list_orders(session.workspace, filter));
  if (call.json) {
    print(json_of(found));
  } else {
    print(show_orders(found, library, call.texts));
  }
  return {};
}

// A file for a spreadsheet or a calendar.
Result<void> do_export(const OrderOptions& options, const Call& call) {
  if (options.format != "csv" && options.format != "ics") {
    return fail(ErrorCode::InvalidArgument, "cli.orders_format", {{"value", options.format}});
  }
  FENQUN_TRY(auto filter, filter_of(options));
  filter.limit = 0;
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  if (options.overdue) filter.overdue_on = app::today(session);
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto found, strategy::list_orders(session.workspace, filter));
  const auto language = call.texts.language();
  FENQUN_CHECK(write_file_atomically(options.out, options.format == "ics"
                                                      ? strategy::orders_calendar(found.orders, library, language)
                                                      : strategy::orders_csv(found.orders, library, language)));
  if (call.json) {
    print(Json{{"file", options.out}, {"orders", found.found}});
  } else {
    print(call.texts("cli.orders_exported", {{"orders", std::to_string(found.found)}, {"file", options.out}}) + "\n");
  }
  return {};
}

Result<void> do_show(const OrderOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto order, strategy::find_order(session.workspace, options.order));
  FENQUN_TRY(const auto events, strategy::events_of(session.workspace, options.order));
  if (call.json) {
    print(json_of(order, events));
  } else {
    print(show_order(order, events, library, call.texts));
  }
  return {};
}

Result<void> do_move(const OrderOptions& options, const Call& call, strategy::Move move) {
  strategy::MoveRequest request{options.order, move, options.by, options.note, options.outcome, {}, options.staff, ""};
  for (const auto& field : options.form) {
    const auto equals = field.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorCode::InvalidArgument, "cli.form_field", {{"value", field}});
    }
    request.form.emplace_back(field.substr(0, equals), field.substr(equals + 1));
  }
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto done, app::move_order(session, std::move(request)));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  if (call.json) {
    print(json_of(done));
  } else {
    print(show_move(done, library, call.texts));
  }
  return {};
}

void print_clock(const strategy::DisconnectionClock& clock, const Call& call) {
  if (call.json) {
    print(json_of(clock, call.texts));
  } else {
    print(show_clock(clock, call.texts));
  }
}

Result<void> do_clock(const OrderOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto clock, app::examine_disconnection(session, options.customer, options.at));
  print_clock(clock, call);
  return {};
}

Result<void> do_step(const OrderOptions& options, const Call& call) {
  FENQUN_TRY(const auto step, strategy::parse_recorded_step(options.step));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto clock, app::record_step(session, {options.customer, step, options.by, options.at,
                                                          options.channel, options.note, ""}));
  print_clock(clock, call);
  return {};
}

Result<void> do_disconnect(const OrderOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto order, app::order_disconnection(session, {options.customer, options.by, options.at, ""}));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto events, strategy::events_of(session.workspace, order.order_id));
  if (call.json) {
    print(json_of(order, events));
  } else {
    print(show_order(order, events, library, call.texts));
  }
  return {};
}

Result<void> do_escalate(const OrderOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto steps, app::escalate_orders(session, options.by));
  if (call.json) {
    Json out = Json::array();
    for (const auto& one : steps) out.push_back({{"step", one.step}, {"orders", one.orders}, {"nobody", one.nobody}});
    print(out);
  } else {
    print(show_escalated(steps, library, call.texts));
  }
  return {};
}

}  // namespace

void add_order_commands(CommandLine& line) {
  auto options = std::make_shared<OrderOptions>();
  const auto list = [options](const Call& call) { return do_list(*options, call); };
  auto* const parent = line.add("orders", list);
  line.with_workspace(parent, options->workspace);
  const auto filtered = [&](CLI::App* command) {
    command->add_option("--month", options->month, line.text("cli.opt_order_month"));
    command->add_option("--type", options->type, line.text("cli.opt_order_type"));
    command->add_option("--state", options->state, line.text("cli.opt_order_state"));
    command->add_option("--owner", options->owner, line.text("cli.opt_order_owner"));
    command->add_option("--customer", options->customer, line.text("cli.opt_customer_number"));
    command->add_option("--campaign", options->campaign, line.text("cli.opt_campaign_orders"));
    command->add_flag("--overdue", options->overdue, line.text("cli.opt_overdue"));
  };
  auto* const listing = line.add_below(parent, "list", list);
  filtered(listing);
  listing->add_option("--limit", options->limit, line.text("cli.opt_list_limit"))->check(CLI::NonNegativeNumber);
  auto* const file =
      line.add_below(parent, "export", [options](const Call& call) { return do_export(*options, call); });
  filtered(file);
  file->add_option("--format", options->format, line.text("cli.opt_orders_format"));
  file->add_option("--out", options->out, line.text("cli.opt_orders_file"))->required();
  auto* const show = line.add_below(parent, "show", [options](const Call& call) { return do_show(*options, call); });
  show->add_option("ORDER", options->order, line.text("cli.opt_order"))->required();
  using strategy::Move;
  for (const auto move :
       {Move::Accept, Move::Assign, Move::Record, Move::Finish, Move::Verify, Move::Reopen, Move::Cancel}) {
    auto* const command = line.add_below(parent, std::string(strategy::name_of(move)),
                                         [options, move](const Call& call) { return do_move(*options, call, move); });
    command->add_option("ORDER", options->order, line.text("cli.opt_order"))->required();
    command->add_option("--by", options->by, line.text("cli.opt_by"))->required();
    command->add_option("--note", options->note, line.text("cli.opt_note"));
    if (move == Move::Assign) command->add_option("--to", options->staff, line.text("cli.opt_to_staff"))->required();
    if (move != Move::Record && move != Move::Finish) continue;
    command->add_option("--outcome", options->outcome, line.text("cli.opt_outcome"))->required();
    command->add_option("--form", options->form, line.text("cli.opt_form"));
  }
  auto* const escalate =
      line.add_below(parent, "escalate", [options](const Call& call) { return do_escalate(*options, call); });
  escalate->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  auto* const clock = line.add_below(parent, "clock", [options](const Call& call) { return do_clock(*options, call); });
  clock->add_option("CUSTOMER", options->customer, line.text("cli.opt_customer_number"))->required();
  clock->add_option("--at", options->at, line.text("cli.opt_cut_at"));
  auto* const step = line.add_below(parent, "step", [options](const Call& call) { return do_step(*options, call); });
  step->add_option("CUSTOMER", options->customer, line.text("cli.opt_customer_number"))->required();
  step->add_option("STEP", options->step, line.text("cli.opt_legal_step"))->required();
  step->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  step->add_option("--at", options->at, line.text("cli.opt_step_at"));
  step->add_option("--channel", options->channel, line.text("cli.opt_step_channel"));
  step->add_option("--note", options->note, line.text("cli.opt_note"));
  auto* const cut =
      line.add_below(parent, "disconnect", [options](const Call& call) { return do_disconnect(*options, call); });
  cut->add_option("CUSTOMER", options->customer, line.text("cli.opt_customer_number"))->required();
  cut->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  cut->add_option("--at", options->at, line.text("cli.opt_cut_at"))->required();
}

}  // namespace fenqun::cli
