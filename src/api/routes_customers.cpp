// api/routes_customers.cpp - customers: the list and all that is known of one. Everything is read through
// access::VisibleData.
#include "api/routes.hpp"

#include "api/customer_filter.hpp"
#include "app/directory.hpp"
#include "app/explanation.hpp"
#include "app/segmentation.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace fenqun::api {

using warehouse::sql_name;
using warehouse::sql_text;

namespace {

constexpr int kRowsOfTable = 50;
// Columns of the list, and by which of them it may be sorted: what is not personal.
constexpr std::array<std::string_view, 17> kColumns = {
    "customer_id",      "customer_name",    "category",      "industry",
    "tariff_class",     "status",           "voltage_kv",    "contract_capacity_kva",
    "importance_grade", "is_key_attention", "location_kind", "contact_phone",
    "address",          "station_id",       "feeder_id",     "opened_on",
    "community_id"};
// What hangs on a customer, in the order in which people look at it, and what is latest of it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTables = {{{"equipment", "installed_on"},
                                                                                    {"contact", "valid_from"},
                                                                                    {"account", "opened_on"},
                                                                                    {"supply_contract", "valid_from"},
                                                                                    {"ticket", "opened_at"},
                                                                                    {"complaint", "received_at"},
                                                                                    {"outage", "started_at"},
                                                                                    {"interaction", "happened_at"},
                                                                                    {"inspection", "inspected_on"},
                                                                                    {"dunning_event", "sent_at"},
                                                                                    {"application", "applied_at"},
                                                                                    {"household_form", "visited_on"}}};

Json value_json(const warehouse::Value& value) {
  if (const auto* const b = std::get_if<bool>(&value)) return *b;
  if (const auto* const i = std::get_if<std::int64_t>(&value)) return *i;
  if (const auto* const d = std::get_if<double>(&value)) return *d;
  if (const auto* const t = std::get_if<std::string>(&value)) return *t;
  return nullptr;
}

Json codes_json(const warehouse::Contract& contract) {
  Json out = Json::object();
  for (const auto& field : contract.fields) {
    if (field.codes.empty()) continue;
    for (const auto& code : field.codes) out[field.name][code.code] = json_of(code.title);
  }
  return out;
}

Result<std::string> order_of(const Request& request, const access::VisibleData& visible) {
  auto column = request.text("sort", "customer_id");
  const bool down = column.starts_with('-');
  if (down) column.erase(0, 1);
  // Also a masked order would tell what is masked.
  const bool known = std::find(kColumns.begin(), kColumns.end(), column) != kColumns.end();
  if (!known || !visible.may_search("customer", column)) {
    return fail(ErrorCode::InvalidArgument, "api.no_such_order", {{"field", "sort"}, {"column", column}});
  }
  return sql_name(column) + (down ? " DESC NULLS LAST" : " NULLS LAST") + ", customer_id";
}

Result<Response> list_customers(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(const auto filter, customer_filter(request, visible, service.this_month()));
  FENQUN_TRY(const auto order, order_of(request, visible));
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  const auto from = visible.rows_of("customer") + " WHERE " + filter;
  FENQUN_TRY(const auto total, connection.query_integer("SELECT count(*) FROM " + from));
  std::string columns;
  for (const auto column : kColumns) columns += (columns.empty() ? "" : ", ") + sql_name(column);
  FENQUN_TRY(const auto rows, connection.query(fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT {} OFFSET {}", columns,
                                                           from, order, request.page_size(), request.offset())));
  const auto directory = service.directory();
  Json items = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    Json item = Json::object();
    for (std::size_t c = 0; c < kColumns.size(); ++c) item[std::string(kColumns[c])] = value_json(rows.rows[r][c]);
    const auto row = directory->find(rows.text(r, 0));
    const auto* const primary = row ? directory->primary_group(*row) : nullptr;
    item["station_name"] =
        item["station_id"].is_null() ? Json(nullptr) : Json(directory->unit_name(item["station_id"]));
    item["primary_group"] = primary == nullptr ? Json(nullptr) : json_of(*primary);
    items.push_back(std::move(item));
  }
  auto out = page_json(request, std::move(items), total);
  const auto& contract = *service.workspace().contracts().find("customer");
  out["masked"] = visible.covered_fields(contract);
  out["codes"] = codes_json(contract);
  return Response::json(out);
}

Json record_json(const warehouse::Contract& contract, const warehouse::RowSet& rows,
                 const access::VisibleData& visible) {
  Json out = Json::array();
  for (std::size_t c = 0; c < contract.fields.size(); ++c) {
    const auto& field = contract.fields[c];
    const auto* const code = rows.is_null(0, c) ? nullptr : field.find_code(rows.text(0, c));
    out.push_back({{"field", field.name},
                   {"title", json_of(field.title)},
                   {"unit", field.unit},
                   {"value", value_json(rows.rows[0][c])},
                   {"text", code == nullptr ? Json(nullptr) : json_of(code->title)},
                   {"masked", visible.sight_of(contract, field) != access::Sight::Clear}});
  }
  return out;
}

Result<Json> table_json(warehouse::Connection& connection, const access::VisibleData& visible,
                        const warehouse::Contract& contract, std::string_view latest, const std::string& rows_of) {
  FENQUN_TRY(const auto rows, connection.query(fmt::format(
                                  "WITH found AS MATERIALIZED (SELECT * FROM {}) SELECT *, (SELECT count(*) FROM "
                                  "found) FROM found ORDER BY {} DESC NULLS LAST LIMIT {}",
                                  rows_of, sql_name(latest), kRowsOfTable)));
  if (rows.rows.empty()) return Json(nullptr);
  const auto total = rows.integer(0, contract.fields.size());
  Json columns = Json::array();
  for (const auto& field : contract.fields) {
    columns.push_back({{"field", field.name},
                       {"title", json_of(field.title)},
                       {"unit", field.unit},
                       {"type", warehouse::name_of(field.type)},
                       {"masked", visible.sight_of(contract, field) != access::Sight::Clear}});
  }
  Json values = Json::array();
  for (const auto& row : rows.rows) {
    Json one = Json::array();
    for (std::size_t c = 0; c < contract.fields.size(); ++c) one.push_back(value_json(row[c]));
    values.push_back(std::move(one));
  }
  return Json{{"entity", contract.entity}, {"title", json_of(contract.title)}, {"columns", std::move(columns)},
              {"rows", std::move(values)}, {"codes", codes_json(contract)},    {"total", total}};
}

Result<Json> tables_of(app::Session& session, const access::VisibleData& visible, const std::string& customer) {
  Json out = Json::array();
  for (const auto& [entity, latest] : kTables) {
    const auto* const contract = session.workspace.contracts().find(entity);
    if (contract == nullptr || contract->find(latest) == nullptr) continue;
    FENQUN_TRY(auto table, table_json(session.workspace.connection(), visible, *contract, latest,
                                      visible.rows_of(entity, customer)));
    if (!table.is_null()) out.push_back(std::move(table));
  }
  return out;
}

Result<Json> months_of(app::Session& session, const access::VisibleData& visible, const std::string& customer) {
  const auto sql = fmt::format(
      "SELECT coalesce(b.m, p.m) AS m, b.energy_kwh, b.bill_cny, p.paid_cny FROM (SELECT strftime(month, '%Y-%m') AS "
      "m, "
      "sum(energy_kwh)::DOUBLE AS energy_kwh, sum(amount_cny)::DOUBLE AS bill_cny FROM {} GROUP BY 1) b FULL JOIN "
      "(SELECT "
      "strftime(paid_on, '%Y-%m') AS m, sum(amount_cny)::DOUBLE AS paid_cny FROM {} GROUP BY 1) p ON p.m = b.m ORDER "
      "BY 1",
      visible.rows_of("bill", customer), visible.rows_of("payment", customer));
  FENQUN_TRY(const auto rows, session.workspace.connection().query(sql));
  Json out = Json::array();
  for (const auto& row : rows.rows) {
    out.push_back({{"month", value_json(row[0])},
                   {"energy_kwh", value_json(row[1])},
                   {"bill_cny", value_json(row[2])},
                   {"paid_cny", value_json(row[3])}});
  }
  return out;
}

Result<Json> history_of(app::Session& session, const access::VisibleData& visible, const std::string& customer) {
  const auto sql = fmt::format(
      "SELECT m.scheme, m.group_code, m.reason, strftime(m.valid_from, '%Y-%m'), strftime(m.valid_to, '%Y-%m'), "
      "n.title_zh, "
      "n.title_en, p.recorded_at::VARCHAR FROM membership m JOIN publication p ON p.sequence = m.said_by LEFT JOIN "
      "publication_name n ON n.sequence = m.said_by AND n.code = coalesce(m.group_code, m.reason) WHERE "
      "m.superseded_by IS "
      "NULL AND m.customer_id = {} AND {} ORDER BY m.scheme, m.valid_from",
      sql_text(customer), visible.in_scope("m.customer_id"));
  FENQUN_TRY(const auto rows, session.workspace.connection().query(sql));
  Json out = Json::array();
  for (const auto& row : rows.rows) {
    out.push_back({{"scheme", value_json(row[0])},
                   {"group", value_json(row[1])},
                   {"reason", value_json(row[2])},
                   {"from", value_json(row[3])},
                   {"to", value_json(row[4])},
                   {"title", {{"zh", value_json(row[5])}, {"en", value_json(row[6])}}},
                   {"recorded_at", value_json(row[7])}});
  }
  return out;
}

// The master record; who is out of scope is not there.
Result<warehouse::RowSet> master_of(app::Session& session, const access::VisibleData& visible,
                                    const std::string& customer) {
  FENQUN_TRY(auto rows, session.workspace.connection().query("SELECT * FROM " + visible.rows_of("customer", customer)));
  if (rows.rows.empty()) return fail(ErrorCode::NotFound, "api.no_such_customer", {{"customer", customer}});
  return rows;
}

Json groups_json(const app::Directory& directory, std::optional<std::uint32_t> row) {
  Json out = Json::array();
  if (!row) return out;
  for (const auto* group : directory.groups(*row)) out.push_back(json_of(*group));
  return out;
}

Result<Response> tell_customer(Service& service, Request& request) {
  const auto customer = request.text("customer");
  request.subject = customer;
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto master, master_of(*lease, visible, customer));
  const auto& contract = *service.workspace().contracts().find("customer");
  const auto directory = service.directory();
  const auto row = directory->find(customer);
  const auto* const primary = row ? directory->primary_group(*row) : nullptr;
  const auto* const manager = row ? directory->manager(*row) : nullptr;
  const auto station = row ? directory->station(*row) : std::string();
  FENQUN_TRY(auto months, months_of(*lease, visible, customer));
  FENQUN_TRY(auto history, history_of(*lease, visible, customer));
  FENQUN_TRY(auto tables, tables_of(*lease, visible, customer));
  std::string title = customer;
  for (std::size_t c = 0; c < contract.fields.size(); ++c) {
    if (contract.fields[c].name == "customer_name" && !master.is_null(0, c)) title = master.text(0, c);
  }
  const auto& staff = *service.workspace().contracts().find("staff");
  const auto of_staff = [&](const char* name, const std::string& value) {
    return visible.shown(staff, *staff.find(name), value);
  };
  return Response::json(
      {{"customer_id", customer},
       {"title", title},
       {"master", record_json(contract, master, visible)},
       {"station", station.empty() ? Json(nullptr) : Json{{"id", station}, {"name", directory->unit_name(station)}}},
       {"manager", manager == nullptr ? Json(nullptr)
                                      : Json{{"staff_id", manager->id},
                                             {"name", of_staff("staff_name", manager->name)},
                                             {"phone", of_staff("phone", manager->phone)}}},
       {"groups", groups_json(*directory, row)},
       {"primary_group", primary == nullptr ? Json(nullptr) : json_of(*primary)},
       {"history", std::move(history)},
       {"months", std::move(months)},
       {"tables", std::move(tables)},
       {"masked", visible.covered_fields(contract)}});
}

Result<Response> tell_curve(Service& service, Request& request) {
  const auto customer = request.text("customer");
  request.subject = customer;
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY([[maybe_unused]] const auto master, master_of(*lease, visible, customer));
  auto& connection = lease->workspace.connection();
  FENQUN_TRY(const auto months,
             connection.query("SELECT DISTINCT month FROM lake_file WHERE entity IN ('reading_hour', "
                              "'reading_day') ORDER BY month"));
  Json all = Json::array();
  for (std::size_t r = 0; r < months.rows.size(); ++r) all.push_back(months.text(r, 0));
  const auto month = request.text("month", all.empty() ? "" : all.back().get<std::string>());
  Json hours = Json::array();
  Json days = Json::array();
  if (!month.empty()) {
    const auto within = [&](const char* column) {
      return fmt::format("{0} >= DATE {1} AND {0} < DATE {1} + INTERVAL 1 MONTH", column, sql_text(month + "-01"));
    };
    FENQUN_TRY(
        const auto by_hour,
        connection.query(fmt::format("SELECT hour(begins_at), avg(energy_kwh)::DOUBLE, avg(energy_kwh) FILTER "
                                     "(dayofweek(begins_at) IN (0, 6))::DOUBLE FROM {} WHERE {} GROUP BY 1 ORDER BY 1",
                                     visible.rows_of("reading_hour", customer), within("begins_at"))));
    for (const auto& row : by_hour.rows) {
      hours.push_back(
          {{"hour", value_json(row[0])}, {"mean_kw", value_json(row[1])}, {"rest_day_mean_kw", value_json(row[2])}});
    }
    FENQUN_TRY(const auto by_day,
               connection.query(fmt::format("SELECT day::VARCHAR, energy_kwh::DOUBLE FROM {} WHERE {} ORDER BY 1",
                                            visible.rows_of("reading_day", customer), within("day"))));
    for (const auto& row : by_day.rows)
      days.push_back({{"day", value_json(row[0])}, {"energy_kwh", value_json(row[1])}});
  }
  return Response::json({{"month", month.empty() ? Json(nullptr) : Json(month)},
                         {"months", std::move(all)},
                         {"hours", std::move(hours)},
                         {"days", std::move(days)}});
}

Parameter customer_in_path() { return in_path("customer"); }

}  // namespace

std::vector<std::string> customer_facts() {
  std::vector<std::string> out = {"bill", "payment"};
  for (const auto& [entity, latest] : kTables) out.emplace_back(entity);
  return out;
}

std::vector<Route> customer_routes() {
  std::vector<Parameter> list = {page_parameter(), page_size_parameter(), text_query("sort")};
  for (auto& one : customer_filter_parameters()) list.push_back(std::move(one));
  return {
      {"GET", "/customers", "customers.read", list, list_customers, Audited::Later},
      {"GET", "/customers/{customer}", "customers.read", {customer_in_path()}, tell_customer, Audited::Later},
      {"GET",
       "/customers/{customer}/curve",
       "customers.read",
       {customer_in_path(), month_parameter()},
       tell_curve,
       Audited::Later},
  };
}

}  // namespace fenqun::api
