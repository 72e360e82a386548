// api/routes_overview.cpp - figures of the month within the caller's scope, and the trees of units and lines.
#include "api/routes.hpp"

#include "app/directory.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::api {

using warehouse::sql_text;

namespace {

constexpr int kMonthsShown = 13;

Json number_or_null(const warehouse::RowSet& rows, std::size_t r, std::size_t c) {
  return rows.is_null(r, c) ? Json(nullptr) : Json(rows.number(r, c));
}

// Per month: revenue, energy, what was paid of it, complaints, how content people were.
std::string months_sql(const access::VisibleData& visible, Month last) {
  const auto from = sql_text(last.plus(1 - kMonthsShown).first_date());
  const auto to = sql_text(last.plus(1).first_date());
  const auto within = [&](const char* column) {
    return fmt::format("{0} >= DATE {1} AND {0} < DATE {2}", column, from, to);
  };
  return fmt::format(
      "WITH b AS (SELECT month::DATE AS m, sum(amount_cny)::DOUBLE AS revenue, sum(energy_kwh)::DOUBLE AS energy FROM "
      "{0} "
      "WHERE {1} GROUP BY 1), p AS (SELECT date_trunc('month', paid_on)::DATE AS m, sum(amount_cny)::DOUBLE AS paid "
      "FROM {2} "
      "WHERE {3} GROUP BY 1), c AS (SELECT date_trunc('month', received_at)::DATE AS m, count(*)::DOUBLE AS complaints "
      "FROM "
      "{4} WHERE {5} GROUP BY 1), t AS (SELECT date_trunc('month', opened_at)::DATE AS m, "
      "avg(satisfaction_score)::DOUBLE AS "
      "content FROM {6} WHERE {7} GROUP BY 1) SELECT strftime(m, '%Y-%m'), revenue, energy, paid, CASE WHEN "
      "(SELECT count(*) FROM batch_entity WHERE entity = 'complaint') > 0 THEN coalesce(complaints, 0) END, content "
      "FROM "
      "b "
      "FULL JOIN p USING (m) FULL JOIN c USING (m) FULL JOIN t USING (m) ORDER BY m",
      visible.rows_of("bill"), within("month"), visible.rows_of("payment"), within("paid_on"),
      visible.rows_of("complaint"), within("received_at"), visible.rows_of("ticket"), within("opened_at"));
}

Result<Month> latest_month(warehouse::Connection& connection) {
  FENQUN_TRY(const auto latest,
             connection.query_text("SELECT coalesce(max(month), '') FROM lake_file WHERE entity = 'bill'"));
  if (latest.empty()) return fail(ErrorCode::NotFound, "api.nothing_loaded");
  return Month::parse(latest);
}

Result<Month> month_of(Request& request, warehouse::Connection& connection) {
  if (request.has("month")) return Month::parse(request.text("month"));
  return latest_month(connection);
}

// A figure of the month and of the one before.
Json pair_json(const warehouse::RowSet& rows, std::size_t column, Month month) {
  Json out = {{"value", nullptr}, {"previous", nullptr}};
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (rows.text(r, 0) == month.text()) out["value"] = number_or_null(rows, r, column);
    if (rows.text(r, 0) == month.plus(-1).text()) out["previous"] = number_or_null(rows, r, column);
  }
  return out;
}

Json collected_json(const warehouse::RowSet& rows, Month month) {
  const auto share = [&](Month which) -> Json {
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      if (rows.text(r, 0) != which.text() || rows.number(r, 1) <= 0) continue;
      return rows.number(r, 3) / rows.number(r, 1);
    }
    return nullptr;
  };
  return {{"value", share(month)}, {"previous", share(month.plus(-1))}};
}

Json groups_json(const app::Directory& directory, const access::VisibleData& visible,
                 const app::Directory::Count& count, const std::string& scheme) {
  std::vector<const app::PublishedGroup*> groups;
  std::vector<std::int64_t> customers;
  for (const auto& group : directory.published()) {
    const auto at = count.groups.find(group.group);
    if (group.scheme != scheme || at == count.groups.end()) continue;
    groups.push_back(&group);
    customers.push_back(at->second);
  }
  const auto told = visible.tellable(customers);
  const auto all = static_cast<double>(std::max<std::int64_t>(count.customers, 1));
  Json out = Json::array();
  for (std::size_t n = 0; n < groups.size(); ++n) {
    out.push_back({{"group", groups[n]->group},
                   {"title", json_of(groups[n]->title)},
                   {"customers", told[n] ? Json(customers[n]) : Json(nullptr)},
                   {"share", told[n] ? Json(static_cast<double>(customers[n]) / all) : Json(nullptr)}});
  }
  return out;
}

Json schemes_json(const app::Directory& directory, const access::VisibleData& visible,
                  const app::Directory::Scope& scope) {
  Json out = Json::array();
  for (const auto& [scheme, count] : directory.count_all(scope)) {
    const auto about =
        std::find_if(directory.published().begin(), directory.published().end(),
                     [&, name = scheme](const app::PublishedGroup& group) { return group.scheme == name; });
    out.push_back({{"scheme", scheme},
                   {"title", json_of(about->scheme_title)},
                   {"customers", count.customers},
                   {"groups", groups_json(directory, visible, count, scheme)}});
  }
  return out;
}

// Of all customers, whatever the scope: how many the last publications moved.
Result<Json> moved_json(warehouse::Connection& connection) {
  FENQUN_TRY(const auto moved,
             connection.query("SELECT coalesce(sum(moved), 0)::BIGINT, coalesce(sum(compared), 0)::BIGINT FROM "
                              "(SELECT arg_max(moved, sequence) AS moved, arg_max(compared, sequence) AS "
                              "compared FROM publication GROUP BY scheme)"));
  const auto compared = moved.integer(0, 1);
  return Json{
      {"customers", moved.integer(0, 0)},
      {"share",
       compared == 0 ? Json(nullptr) : Json(static_cast<double>(moved.integer(0, 0)) / static_cast<double>(compared))}};
}

std::string counts_sql(const access::VisibleData& visible) {
  return "SELECT count(*), count(*) FILTER (status IS NULL OR status = 'active') FROM " + visible.rows_of("customer");
}

// What is added up over all bills, payments and events of the scope.
Result<Json> add_up(warehouse::Connection& connection, const access::VisibleData& visible, Month month) {
  FENQUN_TRY(const auto rows, connection.query(months_sql(visible, month)));
  FENQUN_TRY(const auto counts, connection.query(counts_sql(visible)));
  Json months = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    months.push_back({{"month", rows.text(r, 0)},
                      {"revenue_cny", number_or_null(rows, r, 1)},
                      {"energy_kwh", number_or_null(rows, r, 2)},
                      {"collected_cny", number_or_null(rows, r, 3)},
                      {"complaints", number_or_null(rows, r, 4)}});
  }
  return Json{{"month", month.text()},
              {"previous_month", month.plus(-1).text()},
              {"customers", {{"value", counts.integer(0, 0)}, {"previous", nullptr}}},
              {"active_customers", {{"value", counts.integer(0, 1)}, {"previous", nullptr}}},
              {"revenue_cny", pair_json(rows, 1, month)},
              {"energy_kwh", pair_json(rows, 2, month)},
              {"collection_share", collected_json(rows, month)},
              {"complaints", pair_json(rows, 4, month)},
              {"satisfaction_score", pair_json(rows, 5, month)},
              {"months", std::move(months)}};
}

// By what is asked: who may see the same asks the same.
Result<Json> figures_of(Service& service, warehouse::Workspace& workspace, const access::VisibleData& visible,
                        Month month) {
  FENQUN_TRY(const auto data, workspace.data_fingerprint());
  const auto asked = months_sql(visible, month) + "\n" + counts_sql(visible);
  return service.figures().get(data, asked, [&]() -> Result<KeptFigures::Worked> {
    FENQUN_TRY(auto figures, add_up(workspace.connection(), visible, month));
    FENQUN_TRY(const auto after, workspace.data_fingerprint());
    return KeptFigures::Worked{std::move(figures), after == data};
  });
}

Result<Response> tell_overview(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  FENQUN_TRY(const auto month, month_of(request, connection));
  FENQUN_TRY(auto out, figures_of(service, lease->workspace, visible, month));
  const auto directory = service.directory();
  const app::Directory::Scope scope(*directory, request.viewer().scope);
  out["schemes"] = schemes_json(*directory, visible, scope);
  FENQUN_TRY(out["moved"], moved_json(connection));
  return Response::json(out);
}

Json place_json(const warehouse::RowSet& rows, std::size_t r, const warehouse::Field& kinds) {
  const auto* const kind = kinds.find_code(rows.text(r, 2));
  return {{"id", rows.text(r, 0)},
          {"name", rows.text(r, 1).empty() ? rows.text(r, 0) : rows.text(r, 1)},
          {"kind", rows.text(r, 2)},
          {"kind_title", kind == nullptr ? Json(nullptr) : json_of(kind->title)},
          {"parent", rows.is_null(r, 3) ? Json(nullptr) : Json(rows.text(r, 3))},
          {"children", rows.integer(r, 4)},
          {"longitude", number_or_null(rows, r, 5)},
          {"latitude", number_or_null(rows, r, 6)}};
}

// The names on the way from the top to a place.
Result<Json> path_json(warehouse::Connection& connection, const std::string& places, const std::string& id) {
  FENQUN_TRY(const auto rows,
             connection.query(
                 fmt::format("WITH RECURSIVE way AS (SELECT id, parent_id, name, 0 AS level FROM {0} WHERE id = {1} "
                             "UNION SELECT u.id, u.parent_id, u.name, way.level + 1 FROM {0} u JOIN way ON u.id = "
                             "way.parent_id WHERE way.level < 64) SELECT id, coalesce(name, id) FROM way ORDER BY "
                             "level DESC",
                             places, sql_text(id))));
  Json out = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r)
    out.push_back({{"id", rows.text(r, 0)}, {"name", rows.text(r, 1)}});
  return out;
}

// Which units the list begins with: those asked for, the caller's own, or those above which there is nothing.
std::string units_wanted(const Request& request) {
  if (request.has("parent")) return "parent_id = " + sql_text(request.text("parent"));
  if (request.viewer().sees_everybody()) {
    return "(parent_id IS NULL OR parent_id NOT IN (SELECT id FROM places))";
  }
  std::string list;
  for (const auto& unit : request.viewer().scope.units) list += (list.empty() ? "" : ", ") + sql_text(unit);
  return list.empty() ? "false" : "id IN (" + list + ")";
}

std::string places_sql(const std::string& source, const char* id, const char* kind, const char* name) {
  return fmt::format("(SELECT {} AS id, parent_id, {} AS kind, {} AS name, longitude, latitude FROM {})", id, kind,
                     name, source);
}

Result<warehouse::RowSet> places_of(warehouse::Connection& connection, const std::string& places,
                                    const std::string& wanted) {
  return connection.query(fmt::format(
      "WITH places AS (SELECT * FROM {0}) SELECT p.id, p.name, p.kind, p.parent_id, (SELECT count(*) FROM places c "
      "WHERE "
      "c.parent_id = p.id), p.longitude::DOUBLE, p.latitude::DOUBLE FROM places p WHERE {1} ORDER BY p.id LIMIT 2000",
      places, wanted));
}

Result<Response> list_units(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  auto places = places_sql(visible.rows_of("org_unit"), "org_unit_id", "unit_kind", "unit_name");
  if (!request.viewer().sees_everybody()) {
    places = "(SELECT * FROM " + places + " WHERE id IN " + access::units_below(request.viewer().scope.units) + ")";
  }
  FENQUN_TRY(const auto rows, places_of(connection, places, units_wanted(request)));
  std::vector<std::string> ids;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) ids.push_back(rows.text(r, 0));
  const auto directory = service.directory();
  const auto scheme = request.text("scheme");
  const auto counts = directory->count_below(ids, scheme, app::Directory::Scope(*directory, request.viewer().scope));
  const auto& kinds = *service.workspace().contracts().find("org_unit")->find("unit_kind");
  Json items = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto item = place_json(rows, r, kinds);
    const auto& count = counts.at(ids[r]);
    item["customers"] = count.customers;
    item["groups"] = groups_json(*directory, visible, count, scheme);
    items.push_back(std::move(item));
  }
  FENQUN_TRY(auto path, path_json(connection, places, request.text("parent")));
  return Response::json({{"path", std::move(path)}, {"items", std::move(items)}});
}

Result<Response> list_lines(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  const auto places = places_sql(visible.rows_of("line"), "line_id", "kind", "line_name");
  const auto wanted = request.has("parent") ? "parent_id = " + sql_text(request.text("parent"))
                                            : "(parent_id IS NULL OR parent_id NOT IN (SELECT id FROM places))";
  FENQUN_TRY(const auto rows, places_of(connection, places, wanted));
  std::string ids;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) ids += (ids.empty() ? "" : ", ") + sql_text(rows.text(r, 0));
  const auto scheme = request.text("scheme");
  FENQUN_TRY(const auto counts,
             connection.query(fmt::format(
                 "WITH RECURSIVE below AS (SELECT unnest([{0}]::VARCHAR[]) AS top, unnest([{0}]::VARCHAR[]) AS id "
                 "UNION SELECT "
                 "b.top, l.id FROM {1} l JOIN below b ON l.parent_id = b.id) SELECT b.top, m.group_code, count(*) FROM "
                 "below b "
                 "JOIN {2} c ON c.feeder_id = b.id LEFT JOIN (SELECT customer_id, group_code FROM membership WHERE "
                 "scheme = {3} AND {4}) m ON m.customer_id = c.customer_id GROUP BY 1, 2",
                 ids, places, visible.rows_of("customer"), sql_text(scheme), app::in_force(service.this_month()))));
  std::map<std::string, app::Directory::Count> found;
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    auto& count = found[counts.text(r, 0)];
    count.customers += counts.integer(r, 2);
    if (!counts.is_null(r, 1)) count.groups[counts.text(r, 1)] += counts.integer(r, 2);
  }
  const auto directory = service.directory();
  const auto& kinds = *service.workspace().contracts().find("line")->find("kind");
  Json items = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto item = place_json(rows, r, kinds);
    const auto& count = found[rows.text(r, 0)];
    item["customers"] = count.customers;
    item["groups"] = groups_json(*directory, visible, count, scheme);
    items.push_back(std::move(item));
  }
  FENQUN_TRY(auto path, path_json(connection, places, request.text("parent")));
  return Response::json({{"path", std::move(path)}, {"items", std::move(items)}});
}

}  // namespace

Result<void> prepare_overview(Service& service, app::Session& session) {
  const auto month = latest_month(session.workspace.connection());
  if (!month && month.error().code == ErrorCode::NotFound) return {};  // nothing is loaded yet
  FENQUN_CHECK(month);
  for (const auto& role : service.rules().all()) {
    if (!role.may("overview.read")) continue;
    access::Viewer viewer;
    viewer.role = &role;
    viewer.scope = access::Scope::all();
    FENQUN_CHECK(figures_of(service, session.workspace, service.visible(viewer), *month));
  }
  return {};
}

std::vector<Route> overview_routes() {
  return {
      {"GET", "/overview", "overview.read", {month_parameter()}, tell_overview},
      {"GET", "/org-units", "units.read", {text_query("parent"), text_query("scheme")}, list_units},
      {"GET", "/lines", "customers.read", {text_query("parent"), text_query("scheme")}, list_lines},
  };
}

}  // namespace fenqun::api
