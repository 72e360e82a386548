// cli/service_commands.cpp - around service: events of other systems, notices to customers, points of employees.
#include "app/strategies.hpp"
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_service.hpp"
#include "cli/output_strategy.hpp"
#include "strategy/consent.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace fenqun::cli {
namespace {

struct ServiceOptions {
  std::string workspace = ".";
  std::string month;
  std::string by;
  std::string customer;
  std::string staff;
  std::int64_t limit = 50;
  strategy::EventRequest event;
  std::string on;
  bool rehearse = false;
  bool only_make = false;
  std::string state;
  std::string channel;
  std::string notice;
  std::string note;
};

Result<std::optional<Month>> month_of(const std::string& text) {
  if (text.empty()) return std::optional<Month>();
  FENQUN_TRY(const auto month, Month::parse(text));
  return std::optional(month);
}

struct Moment {
  std::string text;  // "2026-07-14 09:30:00", local
  std::int64_t seconds = 0;
};
Moment moment() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
  return {text.data(), now};
}

template <class T>
void tell(const Call& call, const Json& json, const T& text) {
  if (call.json) {
    print(json);
  } else {
    print(text());
  }
}

Result<void> send_event(const ServiceOptions& options, const Call& call) {
  auto request = options.event;
  FENQUN_TRY(request.on, strategy::parse_event(options.on));
  request.customer_id = options.customer;
  request.by = options.by;
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto done, app::handle_event(session, request));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  tell(call, Json::parse(strategy::to_json(done)), [&] { return show_event(done, library, call.texts); });
  return {};
}

Result<void> list_events(const ServiceOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto found, strategy::list_events(session.workspace, options.customer, options.limit));
  tell(call, json_of(found), [&] { return show_events(found, call.texts); });
  return {};
}

Result<void> send_notices(const ServiceOptions& options, const Call& call) {
  app::NoticesRequest request;
  FENQUN_TRY(request.month, month_of(options.month));
  const auto now = moment();
  request.now = now.text;
  request.now_s = now.seconds;
  request.send = !options.only_make;
  request.rehearse = options.rehearse;
  request.limit = options.limit;
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto done, app::tell_customers(session, request));
  tell(call, json_of(done), [&] { return show_notices_sent(done, options.rehearse, call.texts); });
  return {};
}

Result<void> list_notices(const ServiceOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto found, outbox::list_notices(session.workspace, {options.state, options.channel,
                                                                        options.customer, options.limit, 0, ""}));
  tell(call, json_of(found), [&] { return show_notices(found, call.texts); });
  return {};
}

Result<void> retry_notice(const ServiceOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_CHECK(outbox::retry(session.workspace, options.notice, moment().text));
  tell(call, Json{{"notice", options.notice}, {"state", "queued"}}, [&] {
    return call.texts("cli.notice_queued", {{"notice", options.notice}}) + "\n";
  });
  return {};
}

Result<void> change_consent(const ServiceOptions& options, const Call& call, bool out) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  const auto now = moment().text;
  FENQUN_TRY(const auto changed,
             out ? strategy::opt_out(session.workspace, options.customer, options.by, options.note, now)
                 : strategy::opt_in(session.workspace, options.customer, options.by, now));
  tell(call, Json{{"customer_id", options.customer}, {"opted_out", out}, {"changed", changed}}, [&] {
    return call.texts(out ? "cli.opted_out" : "cli.opted_in", {{"customer", options.customer}}) + "\n";
  });
  return {};
}

Result<void> list_points(const ServiceOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(auto month, month_of(options.month));
  if (!month) {
    FENQUN_TRY(month, Month::parse(app::today(session).substr(0, 7)));
  }
  FENQUN_TRY(const auto points, strategy::points_of_month(session.workspace, library, *month));
  tell(call, json_of(points), [&] { return show_points(points, library, call.texts); });
  return {};
}

Result<void> settle_points(const ServiceOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, Month::parse(options.month));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto done, app::settle_points(session, month, options.by));
  auto json = json_of(done.points);
  json["missed"] = done.missed;
  json["again"] = done.again;
  tell(call, json, [&] { return show_points(done.points, library, call.texts); });
  return {};
}

using ServiceAction = Result<void> (*)(const ServiceOptions&, const Call&);

}  // namespace

void add_service_commands(CommandLine& line) {
  auto options = std::make_shared<ServiceOptions>();
  const auto bound = [options](ServiceAction action) {
    return [options, action](const Call& call) { return action(*options, call); };
  };
  const auto limited = [&](CLI::App* command) {
    command->add_option("--limit", options->limit, line.text("cli.opt_list_limit"))->check(CLI::NonNegativeNumber);
  };
  auto* const events = line.add("events", bound(list_events));
  line.with_workspace(events, options->workspace);
  auto* const listing = line.add_below(events, "list", bound(list_events));
  listing->add_option("--customer", options->customer, line.text("cli.opt_customer_number"));
  limited(listing);
  auto* const send = line.add_below(events, "send", bound(send_event));
  send->add_option("EVENT", options->event.event_id, line.text("cli.opt_event"))->required();
  send->add_option("--on", options->on, line.text("cli.opt_event_on"))->required();
  send->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  send->add_option("--customer", options->customer, line.text("cli.opt_customer_number"));
  send->add_option("--identity", options->event.identity_number, line.text("cli.opt_event_identity"));
  send->add_option("--address", options->event.address, line.text("cli.opt_event_address"));
  send->add_option("--account", options->event.account_id, line.text("cli.opt_event_account"));
  send->add_option("--kind", options->event.kind, line.text("cli.opt_event_kind"));
  send->add_option("--amount-cny", options->event.amount_cny, line.text("cli.opt_event_amount"));

  auto* const notices = line.add("notices", bound(list_notices));
  line.with_workspace(notices, options->workspace);
  auto* const told = line.add_below(notices, "list", bound(list_notices));
  told->add_option("--state", options->state, line.text("cli.opt_notice_state"));
  told->add_option("--channel", options->channel, line.text("cli.opt_notice_channel"));
  told->add_option("--customer", options->customer, line.text("cli.opt_customer_number"));
  limited(told);
  auto* const out = line.add_below(notices, "send", [options](const Call& call) {
    if (options->limit == ServiceOptions().limit) options->limit = 0;
    return send_notices(*options, call);
  });
  out->add_option("--month", options->month, line.text("cli.opt_order_month"));
  out->add_flag("--rehearse", options->rehearse, line.text("cli.opt_rehearse"));
  out->add_flag("--only-make", options->only_make, line.text("cli.opt_only_make"));
  auto* const again = line.add_below(notices, "retry", bound(retry_notice));
  again->add_option("NOTICE", options->notice, line.text("cli.opt_notice"))->required();

  for (const bool is_out : {true, false}) {
    auto* const consent = line.add_below(notices, is_out ? "opt-out" : "opt-in", [options, is_out](const Call& call) {
      return change_consent(*options, call, is_out);
    });
    consent->add_option("CUSTOMER", options->customer, line.text("cli.opt_customer_number"))->required();
    consent->add_option("--by", options->by, line.text("cli.opt_by"))->required();
    if (is_out) consent->add_option("--note", options->note, line.text("cli.opt_note"));
  }

  auto* const points = line.add("points", bound(list_points));
  line.with_workspace(points, options->workspace);
  auto* const month = line.add_below(points, "list", bound(list_points));
  month->add_option("--month", options->month, line.text("cli.opt_points_month"));
  auto* const settle = line.add_below(points, "settle", bound(settle_points));
  settle->add_option("MONTH", options->month, line.text("cli.opt_settle_month"))->required();
  settle->add_option("--by", options->by, line.text("cli.opt_by"))->required();
}

}  // namespace fenqun::cli
