// api/routes_calendar.cpp - the orders of an employee for the calendar program on his phone.
#include "api/routes.hpp"

#include "app/strategies.hpp"
#include "strategy/order_files.hpp"

namespace fenqun::api {
namespace {

constexpr std::int64_t kMostInCalendar = 1000;  // of each state

// A calendar that people look at in a program of theirs: what the address says is all that it is let in by.
Result<Response> make_calendar(Service& service, Request& request) {
  if (request.viewer().is_machine) return fail(ErrorCode::Denied, "api.not_for_keys");
  request.subject = request.viewer().user;
  FENQUN_TRY(const auto secret, service.door().make_calendar(request.subject));
  return Response::json({{"path", "/api/v1/calendar/" + secret + ".ics"}}, 201);
}

Result<Response> ask_calendar(Service& service, Request& request) {
  return Response::json({{"exists", service.door().has_calendar(request.viewer().user)}});
}

Result<Response> end_calendar(Service& service, Request& request) {
  request.subject = request.viewer().user;
  FENQUN_CHECK(service.door().end_calendar(request.subject));
  return Response::nothing();
}

// Orders of the user as an employee that are still to be done.
Result<Response> send_calendar(Service& service, Request& request) {
  auto secret = request.text("calendar");
  constexpr std::string_view kEnding = ".ics";
  if (secret.ends_with(kEnding)) secret.resize(secret.size() - kEnding.size());
  const auto viewer = service.door().by_calendar(secret);
  if (!viewer || !viewer->may("orders.read")) return fail(ErrorCode::NotFound, "api.no_calendar");
  request.subject = viewer->user;
  FENQUN_TRY(auto lease, service.session(viewer->language));
  FENQUN_TRY(const auto library, service.library(*lease));
  Response out;
  out.type = "text/calendar; charset=utf-8";
  std::vector<strategy::WorkOrder> orders;
  for (const auto state : {strategy::OrderState::Open, strategy::OrderState::Accepted}) {
    strategy::OrderFilter filter;
    filter.owner = viewer->worker();
    filter.customers_sql = service.visible(*viewer).in_scope("customer_id");
    filter.state = state;
    filter.limit = kMostInCalendar;
    FENQUN_TRY(const auto found, strategy::list_orders(lease->workspace, filter));
    orders.insert(orders.end(), found.orders.begin(), found.orders.end());
  }
  out.body = strategy::orders_calendar(orders, *library, viewer->language);
  return out;
}

}  // namespace

std::vector<Route> calendar_routes() {
  return {
      {"GET", "/calendar", "orders.read", {}, ask_calendar},
      {"POST", "/calendar", "orders.read", {}, make_calendar, Audited::Now},
      {"DELETE", "/calendar", "orders.read", {}, end_calendar, Audited::Now},
      {"GET", "/calendar/{calendar}", std::string(kPublic), {in_path("calendar")}, send_calendar, Audited::Later},
  };
}

}  // namespace fenqun::api
