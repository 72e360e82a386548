// api/routes_places.cpp - what customers can be filtered by, and where they are on the map.
#include "api/routes.hpp"

#include "app/directory.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace fenqun::api {

using warehouse::sql_text;

namespace {

constexpr std::array<const char*, 6> kCodes = {"category", "industry",         "tariff_class",
                                               "status",   "importance_grade", "location_kind"};
constexpr std::int64_t kMostPoints = 5000;
constexpr std::int64_t kMostUnits = 2000;
constexpr double kCellsAcross = 70;  // squared below kMostPoints

Result<Json> codes_json(warehouse::Connection& connection, const access::VisibleData& visible,
                        const warehouse::Contract& contract, const std::string& name) {
  FENQUN_TRY(const auto rows, connection.query(fmt::format("SELECT {0}, count(*) FROM {1} WHERE {0} IS NOT NULL GROUP "
                                                           "BY 1 ORDER BY 2 DESC, 1",
                                                           name, visible.rows_of("customer"))));
  const auto* const field = contract.find(name);
  Json out = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto* const code = field == nullptr ? nullptr : field->find_code(rows.text(r, 0));
    out.push_back({{"code", rows.text(r, 0)},
                   {"title", code == nullptr ? Json(nullptr) : json_of(code->title)},
                   {"customers", rows.integer(r, 1)}});
  }
  return out;
}

// Units above transformer areas, each with the customers of all below it.
Result<Json> units_of(warehouse::Connection& connection, const access::VisibleData& visible,
                      const warehouse::Field& kinds) {
  FENQUN_TRY(
      const auto rows,
      connection.query(fmt::format(
          "WITH RECURSIVE units AS (SELECT org_unit_id AS id, parent_id, unit_kind, unit_name FROM {0}), up AS (SELECT "
          "id, id AS top FROM units UNION SELECT up.id, u.parent_id FROM up JOIN units u ON u.id = up.top WHERE "
          "u.parent_id IS NOT NULL), own AS (SELECT coalesce(transformer_area_id, community_id, station_id) AS id, "
          "count(*) AS n FROM {1} GROUP BY 1) SELECT u.id, coalesce(u.unit_name, u.id), u.unit_kind, u.parent_id, "
          "sum(own.n)::BIGINT FROM own JOIN up USING (id) JOIN units u ON u.id = up.top WHERE u.unit_kind IS DISTINCT "
          "FROM 'transformer_area' GROUP BY 1, 2, 3, 4 ORDER BY 1 LIMIT {2}",
          visible.rows_of("org_unit"), visible.rows_of("customer"), kMostUnits)));
  Json out = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto* const kind = kinds.find_code(rows.text(r, 2));
    out.push_back({{"id", rows.text(r, 0)},
                   {"name", rows.text(r, 1)},
                   {"kind", rows.text(r, 2)},
                   {"kind_title", kind == nullptr ? Json(nullptr) : json_of(kind->title)},
                   {"parent", rows.is_null(r, 3) ? Json(nullptr) : Json(rows.text(r, 3))},
                   {"customers", rows.integer(r, 4)}});
  }
  return out;
}

Result<Response> list_filters(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  const auto& contracts = service.workspace().contracts();
  Json out = Json::object();
  for (const auto* const name : kCodes) {
    FENQUN_TRY(out[name], codes_json(connection, visible, *contracts.find("customer"), name));
  }
  FENQUN_TRY(out["org_units"], units_of(connection, visible, *contracts.find("org_unit")->find("unit_kind")));
  return Response::json(out);
}

// Customers with the place of their own, else that of the lowest unit that has one.
std::string placed_sql(const access::VisibleData& visible, const std::string& scheme, Month now) {
  const auto units = visible.rows_of("org_unit");
  return fmt::format(
      "(SELECT coalesce(a.longitude, m.longitude, s.longitude, c.longitude)::DOUBLE AS x, coalesce(a.latitude, "
      "m.latitude, s.latitude, c.latitude)::DOUBLE AS y, g.group_code FROM {0} c LEFT JOIN {1} a ON a.org_unit_id = "
      "c.transformer_area_id LEFT JOIN {1} m ON m.org_unit_id = c.community_id LEFT JOIN {1} s ON s.org_unit_id = "
      "c.station_id LEFT JOIN (SELECT customer_id, group_code FROM membership WHERE scheme = {2} AND {3}) g ON "
      "g.customer_id = c.customer_id)",
      visible.rows_of("customer"), units, sql_text(scheme), app::in_force(now));
}

struct Point {
  double x = 0;
  double y = 0;
  std::int64_t customers = 0;
  std::map<std::string, std::int64_t> groups;
};

struct Points {
  std::vector<Point> all;
  double cell_degrees = 0;  // 0: places as they are
  std::int64_t unplaced = 0;
};

Result<Points> points_of(warehouse::Connection& connection, const std::string& placed) {
  Points out;
  FENQUN_TRY(
      const auto extent,
      connection.query("SELECT count(DISTINCT (x, y)) FILTER (x IS NOT NULL AND y IS NOT NULL), "
                       "coalesce(greatest(max(x) - min(x), max(y) - min(y)), 0), count(*) FILTER (x IS NULL OR y "
                       "IS NULL) FROM " +
                       placed));
  out.unplaced = extent.integer(0, 2);
  if (extent.integer(0, 0) > kMostPoints) out.cell_degrees = extent.number(0, 1) / kCellsAcross;
  const auto rounded = [&](const char* column) {
    return out.cell_degrees > 0 ? fmt::format("round({} / {}) * {}", column, out.cell_degrees, out.cell_degrees)
                                : std::string(column);
  };
  FENQUN_TRY(const auto rows,
             connection.query(
                 fmt::format("SELECT {} AS px, {} AS py, group_code, count(*) FROM {} WHERE x IS NOT NULL AND y IS "
                             "NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                             rounded("x"), rounded("y"), placed)));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (out.all.empty() || out.all.back().x != rows.number(r, 0) || out.all.back().y != rows.number(r, 1)) {
      out.all.push_back({rows.number(r, 0), rows.number(r, 1), 0, {}});
    }
    auto& point = out.all.back();
    point.customers += rows.integer(r, 3);
    if (!rows.is_null(r, 2)) point.groups[rows.text(r, 2)] += rows.integer(r, 3);
  }
  return out;
}

// The largest group, where it is large enough to be told.
Json group_of(const Point& point, const access::VisibleData& visible) {
  const auto at = std::max_element(point.groups.begin(), point.groups.end(),
                                   [](const auto& a, const auto& b) { return a.second < b.second; });
  return at == point.groups.end() || !visible.may_tell(at->second) ? Json(nullptr) : Json(at->first);
}

Result<Response> tell_map(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  const auto scheme = request.text("scheme");
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto points,
             points_of(lease->workspace.connection(), placed_sql(visible, scheme, service.this_month())));
  Json items = Json::array();
  std::int64_t too_few = 0;
  for (const auto& point : points.all) {
    if (!visible.may_tell(point.customers)) {
      too_few += point.customers;
      continue;
    }
    Json groups = Json::array();
    for (const auto& [group, customers] : point.groups) {
      if (visible.may_tell(customers)) groups.push_back({{"group", group}, {"customers", customers}});
    }
    items.push_back({{"longitude", point.x},
                     {"latitude", point.y},
                     {"customers", point.customers},
                     {"group", group_of(point, visible)},
                     {"groups", std::move(groups)}});
  }
  return Response::json({{"scheme", scheme},
                         {"cell_degrees", points.cell_degrees > 0 ? Json(points.cell_degrees) : Json(nullptr)},
                         {"unplaced", points.unplaced},
                         {"too_few", too_few},
                         {"items", std::move(items)}});
}

}  // namespace

std::vector<Route> place_routes() {
  return {
      {"GET", "/customers/filters", "customers.read", {}, list_filters},
      {"GET", "/map", "customers.read", {text_query("scheme")}, tell_map},
  };
}

}  // namespace fenqun::api
