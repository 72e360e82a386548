// api/routes_events.cpp - what other systems report: applications, closings, calls, tickets, payments, arrears.
#include "api/routes.hpp"

#include "strategy/events.hpp"
#include "warehouse/database.hpp"

#include <set>

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestText = 256;

// That somebody owes is told, not who, where the caller does not see that customer.
Result<void> cover_debtors(app::Session& session, const access::VisibleData& visible, Json& answer) {
  std::string ids;
  for (const auto& debt : answer["debts"]) {
    ids += (ids.empty() ? "" : ", ") + warehouse::sql_text(debt["customer_id"].get<std::string>());
  }
  if (ids.empty() || visible.viewer().sees_everybody()) return {};
  FENQUN_TRY(const auto found,
             session.workspace.connection().query("SELECT customer_id FROM " + visible.rows_of("customer") +
                                                  " WHERE customer_id IN (" + ids + ")"));
  std::set<std::string> seen;
  for (std::size_t r = 0; r < found.rows.size(); ++r) seen.insert(found.text(r, 0));
  for (auto& debt : answer["debts"]) {
    if (!seen.contains(debt["customer_id"].get<std::string>())) debt["customer_id"] = nullptr;
  }
  return {};
}

Result<Response> report_event(Service& service, Request& request) {
  request.subject = request.field("event");
  request.detail = request.field("on") + " " + request.field("customer");
  FENQUN_TRY(const auto on, strategy::parse_event(request.field("on")));
  FENQUN_TRY(auto lease, service.session(request.language));
  const auto visible = service.visible(request.viewer());
  // Whose customers somebody does not see, he reports nothing of.
  if (const auto customer = request.field("customer"); !customer.empty()) {
    FENQUN_TRY(const auto seen, lease->workspace.connection().query_integer("SELECT count(*) FROM " +
                                                                            visible.rows_of("customer", customer)));
    if (seen == 0) return fail(ErrorCode::NotFound, "api.no_such_customer", {{"customer", customer}});
  }
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(lease->workspace.assets(), lease->catalogue));
  FENQUN_TRY(
      const auto outcome,
      strategy::handle_event(lease->workspace, *library, law,
                             {request.field("event"), on, request.field("customer"), request.field("identity_number"),
                              request.field("address"), request.field("account"), request.field("kind"),
                              request.field("amount_cny"), request.viewer().worker(), local_text(service.now())}));
  auto answer = Json::parse(strategy::to_json(outcome), nullptr, false);
  FENQUN_CHECK(cover_debtors(*lease, visible, answer));
  return Response::json(answer, outcome.again ? 200 : 201);
}

}  // namespace

std::vector<Route> event_routes() {
  const auto optional = [](const char* name) { return text_field(name, Need::Optional, 0, kLongestText); };
  return {{"POST",
           "/events",
           "events.send",
           {text_field("event", Need::Required, 1, kLongestId), text_field("on", Need::Required, 1, kLongestId),
            optional("customer"), optional("identity_number"), optional("address"), optional("account"),
            optional("kind"), optional("amount_cny")},
           report_event,
           Audited::Now,
           BodyKind::Object}};
}

}  // namespace fenqun::api
