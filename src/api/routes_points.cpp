// api/routes_points.cpp - points of employees: a month's, one employee's entries, the settlement.
#include "api/routes.hpp"

#include "strategy/points.hpp"

#include <map>

namespace fenqun::api {
namespace {

Result<Month> month_of(const Service& service, const std::string& text) {
  if (text.empty()) return service.this_month();
  return Month::parse(text);
}

Json points_json(const strategy::Library& library, const strategy::PointsOfMonth& of) {
  std::map<std::string, Json> titles;
  Json rules = Json::array();
  for (const auto& rule : library.points.rules) {
    rules.push_back({{"rule", rule.code}, {"title", json_of(rule.title)}, {"points", rule.points}});
  }
  Json items = Json::array();
  for (const auto& one : of.employees) {
    Json parts = Json::array();
    for (const auto& part : one.rules) {
      parts.push_back({{"rule", part.rule}, {"entries", part.entries}, {"points", part.points}});
    }
    items.push_back({{"staff_id", one.staff_id},
                     {"name", one.name.empty() ? Json(nullptr) : Json(one.name)},
                     {"role", one.role},
                     {"org_unit_id", one.org_unit_id.empty() ? Json(nullptr) : Json(one.org_unit_id)},
                     {"points", one.points},
                     {"rules", std::move(parts)}});
  }
  return {{"month", of.month.text()},
          {"settled", of.settled ? Json{{"by", of.settled->by}, {"at", of.settled->at}} : Json(nullptr)},
          {"rules", std::move(rules)},
          {"items", std::move(items)}};
}

Result<Response> tell_points(Service& service, Request& request) {
  FENQUN_TRY(const auto month, month_of(service, request.text("month")));
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto points, strategy::points_of_month(lease->workspace, *library, month));
  return Response::json(points_json(*library, points));
}

Json entries_json(const std::vector<strategy::PointsEntry>& entries) {
  Json items = Json::array();
  for (const auto& one : entries) {
    items.push_back(
        {{"order", one.order_id}, {"rule", one.rule}, {"points", one.points}, {"booked_at", one.booked_at}});
  }
  return items;
}

Result<Response> tell_entries(Service& service, Request& request) {
  FENQUN_TRY(const auto month, month_of(service, request.text("month")));
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto entries, strategy::points_entries(lease->workspace, request.text("staff"), month));
  return Response::json(
      {{"staff_id", request.text("staff")}, {"month", month.text()}, {"items", entries_json(entries)}});
}

// Everybody sees his own.
Result<Response> tell_own(Service& service, Request& request) {
  FENQUN_TRY(const auto month, month_of(service, request.text("month")));
  FENQUN_TRY(auto lease, service.session(request.language));
  const auto& staff = request.viewer().worker();
  FENQUN_TRY(const auto entries, strategy::points_entries(lease->workspace, staff, month));
  return Response::json({{"staff_id", staff}, {"month", month.text()}, {"items", entries_json(entries)}});
}

Result<Response> settle(Service& service, Request& request) {
  FENQUN_TRY(const auto month, Month::parse(request.field("month")));
  request.subject = month.text();
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto done, strategy::settle_month(lease->workspace, *library, month, request.viewer().worker(),
                                                     local_text(service.now()).substr(0, 10)));
  auto json = points_json(*library, done.points);
  json["missed"] = done.missed;
  json["again"] = done.again;
  return Response::json(json);
}

}  // namespace

std::vector<Route> point_routes() {
  return {
      {"GET", "/points", "points.read", {month_parameter()}, tell_points},
      {"GET", "/points/mine", "orders.read", {month_parameter()}, tell_own},
      {"GET", "/points/{staff}", "points.read", {in_path("staff"), month_parameter()}, tell_entries},
      {"POST",
       "/points/settlement",
       "points.settle",
       {{"month", Place::Body, Kind::Month, Need::Required}},
       settle,
       Audited::Now,
       BodyKind::Object},
  };
}

}  // namespace fenqun::api
