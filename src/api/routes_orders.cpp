// api/routes_orders.cpp - what is done for a customer: work orders, and what plans held back.
#include "api/routes.hpp"

#include "app/strategies.hpp"
#include "warehouse/database.hpp"

#include <algorithm>

namespace fenqun::api {
namespace {

constexpr std::int64_t kMostOrders = 100;

// Who is out of scope is not there.
Result<void> need_customer(app::Session& session, const access::VisibleData& visible, const std::string& customer) {
  FENQUN_TRY(const auto found, session.workspace.connection().query_integer("SELECT count(*) FROM " +
                                                                            visible.rows_of("customer", customer)));
  if (found > 0) return {};
  return fail(ErrorCode::NotFound, "api.no_such_customer", {{"customer", customer}});
}

struct Named {
  const strategy::Cell* cell = nullptr;
  const strategy::Action* action = nullptr;
};

// Of "cell.action"; nulls where the library has it no longer.
Named named(const strategy::Library& library, const std::string& reason) {
  for (const auto& book : library.books) {
    for (const auto& cell : book.cells) {
      if (!reason.starts_with(cell.name + ".")) continue;
      for (const auto& action : cell.actions) {
        if (reason == cell.name + "." + action.name) return {&cell, &action};
      }
    }
  }
  return {};
}

Json reasons_json(const strategy::Library& library, const std::string& reasons) {
  Json out = Json::array();
  for (std::size_t at = 0; at < reasons.size();) {
    const auto end = std::min(reasons.find(", ", at), reasons.size());
    const auto reason = reasons.substr(at, end - at);
    const auto found = named(library, reason);
    out.push_back(
        {{"reason", reason}, {"text", found.action == nullptr ? Json(nullptr) : json_of(found.action->text)}});
    at = end + 2;
  }
  return out;
}

Json type_json(const strategy::Library& library, const std::string& code) {
  const auto* const type = library.find_type(code);
  return {{"code", code}, {"title", type == nullptr ? Json(nullptr) : json_of(type->title)}};
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json outcome_json(const strategy::Library& library, const strategy::WorkOrder& order) {
  const auto* const type = library.find_type(order.type);
  if (order.outcome.empty() || type == nullptr) return or_null(order.outcome);
  const auto found = std::find_if(type->outcomes.begin(), type->outcomes.end(),
                                  [&](const strategy::OrderOutcome& one) { return one.code == order.outcome; });
  return found == type->outcomes.end() ? Json(order.outcome) : json_of(found->title);
}

Result<Response> tell_orders(Service& service, Request& request) {
  const auto customer = request.text("customer");
  request.subject = customer;
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(need_customer(*lease, visible, customer));
  FENQUN_TRY(const auto library, app::load_strategies(*lease));
  strategy::OrderFilter filter;
  filter.customer = customer;
  filter.limit = kMostOrders;
  filter.newest_first = true;
  FENQUN_TRY(const auto orders, strategy::list_orders(lease->workspace, filter));
  Json items = Json::array();
  for (const auto& order : orders.orders) {
    items.push_back({{"order", order.order_id},
                     {"type", type_json(library, order.type)},
                     {"month", order.month.text()},
                     {"state", strategy::name_of(order.state)},
                     {"urgent", order.is_urgent},
                     {"channel", order.channel},
                     {"owner", or_null(order.owner_id)},
                     {"second_owner", or_null(order.second_owner_id)},
                     {"begins_on", order.begins_on},
                     {"due_on", order.due_on},
                     {"outcome", outcome_json(library, order)},
                     {"verifies", or_null(order.verifies)},
                     {"reasons", reasons_json(library, order.reasons)}});
  }
  FENQUN_TRY(const auto held, strategy::list_suppressed(lease->workspace, {{}, customer, "", kMostOrders}));
  Json suppressed = Json::array();
  for (const auto& one : held.actions) {
    const auto found = named(library, one.cell + "." + one.action);
    suppressed.push_back({{"month", one.month.text()},
                          {"type", type_json(library, one.order_type)},
                          {"cell", one.cell},
                          {"text", found.action == nullptr ? Json(nullptr) : json_of(found.action->text)},
                          {"reason", one.reason}});
  }
  return Response::json({{"total", orders.found}, {"items", std::move(items)}, {"suppressed", std::move(suppressed)}});
}

}  // namespace

std::vector<Route> order_routes() {
  return {
      {"GET", "/customers/{customer}/orders", "customers.read", {in_path("customer")}, tell_orders, Audited::Later}};
}

}  // namespace fenqun::api
