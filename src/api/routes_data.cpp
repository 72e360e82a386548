// api/routes_data.cpp - what was loaded and what was refused, the record of preparations, the dictionary.
#include "api/routes.hpp"

#include "app/batches.hpp"
#include "ingest/counts_json.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace fenqun::api {

using warehouse::sql_name;
using warehouse::sql_text;

namespace {

Result<Response> list_batches(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(auto batches, app::list_batches(*lease));
  std::reverse(batches.begin(), batches.end());
  const auto& contracts = service.workspace().contracts();
  Json items = Json::array();
  const auto begin = std::min(static_cast<std::size_t>(request.offset()), batches.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.page_size()), batches.size());
  for (auto n = begin; n < end; ++n) {
    const auto& batch = batches[n];
    Json item = {{"batch", batch.batch_id},
                 {"source", batch.source},
                 {"mapping", batch.mapping},
                 {"loaded_at", batch.loaded_at}};
    item.update(json_of(batch.total));
    item["entities"] = Json::array();
    for (const auto& entity : batch.entities) {
      Json one = {{"entity", entity.entity}, {"title", entity_title(contracts, entity.entity)}};
      one.update(json_of(entity));
      item["entities"].push_back(std::move(one));
    }
    items.push_back(std::move(item));
  }
  return Response::json(page_json(request, std::move(items), batches.size()));
}

// A line as it came holds every field of its row: only who sees all of them in clear sees it.
bool sees_lines(const access::VisibleData& visible, const warehouse::Contract* contract) {
  return contract != nullptr && visible.covered_fields(*contract).empty();
}

Json refused_json(const warehouse::RowSet& rows, std::size_t r, const access::VisibleData& visible,
                  const warehouse::ContractSet& contracts, const Texts& texts) {
  const auto entity = rows.text(r, 1);
  const auto* const contract = contracts.find(entity);
  const auto* const field = contract == nullptr ? nullptr : contract->find(rows.text(r, 4));
  const bool whole = sees_lines(visible, contract);
  const auto value = field != nullptr ? visible.shown(*contract, *field, rows.text(r, 6))
                     : whole          ? rows.text(r, 6)
                                      : "";
  const auto reason = rows.text(r, 5);
  return {{"batch", rows.text(r, 0)},
          {"entity", entity},
          {"entity_title", entity_title(contracts, entity)},
          {"source", std::filesystem::path(rows.text(r, 2)).filename().string()},
          {"line", rows.integer(r, 3)},
          {"column", rows.text(r, 4)},
          {"column_title", field == nullptr ? Json(nullptr) : json_of(field->title)},
          {"reason", reason},
          {"reason_text",
           texts("ingest.reason_" + reason, {{"file", std::filesystem::path(rows.text(r, 2)).filename().string()},
                                             {"line", std::to_string(rows.integer(r, 3))},
                                             {"column", rows.text(r, 4)},
                                             {"value", value}})},
          {"value", value.empty() ? Json(nullptr) : Json(value)},
          {"raw", whole ? Json(rows.text(r, 7)) : Json(nullptr)},
          {"masked", !whole}};
}

Result<Response> list_refused(Service& service, Request& request) {
  std::string condition = "true";
  const std::map<std::string, std::string> filters = {
      {"batch", "batch_id"}, {"entity", "entity"}, {"reason", "reason"}};
  for (const auto& [name, column] : filters) {
    if (request.has(name)) condition += " AND " + column + " = " + sql_text(request.text(name));
  }
  const auto visible = service.visible(request.viewer());
  condition += " AND " + visible.names_own("quarantine", "raw");
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  FENQUN_TRY(const auto total, connection.query_integer("SELECT count(*) FROM quarantine WHERE " + condition));
  FENQUN_TRY(const auto rows,
             connection.query(fmt::format(
                 "SELECT batch_id, entity, source, line, column_name, reason, value, raw FROM quarantine WHERE "
                 "{} ORDER BY batch_id, source, line LIMIT {} OFFSET {}",
                 condition, request.page_size(), request.offset())));
  const auto& texts = service.texts(request.language);
  Json items = Json::array();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    items.push_back(refused_json(rows, r, visible, service.workspace().contracts(), texts));
  }
  FENQUN_TRY(const auto reasons, connection.query("SELECT reason, count(*) FROM quarantine WHERE " + condition +
                                                  " GROUP BY 1 ORDER BY 2 DESC, 1"));
  auto out = page_json(request, std::move(items), total);
  const bool own_only = !request.viewer().sees_everybody();
  out["own_only"] = own_only;
  out["note"] = own_only ? Json(texts("api.quarantine_own_only")) : Json(nullptr);
  out["reasons"] = Json::array();
  for (std::size_t r = 0; r < reasons.rows.size(); ++r) {
    out["reasons"].push_back({{"reason", reasons.text(r, 0)}, {"rows", reasons.integer(r, 1)}});
  }
  return Response::json(out);
}

// The month asked for, else the last that was prepared; empty: none was.
Result<std::string> prepared_month(const Request& request, warehouse::Connection& connection) {
  if (request.has("month")) return request.text("month");
  return connection.query_text("SELECT coalesce(max(as_of), '') FROM preparation");
}

Json worded(const Texts& texts, const std::string& begin, const std::string& code) {
  return !code.empty() && texts.has(begin + code) ? Json(texts(begin + code)) : Json(nullptr);
}

// An entity, a family of features, or what only the record knows.
Json subject_title(const app::Session& session, const std::string& subject) {
  if (const auto* const contract = session.workspace.contracts().find(warehouse::counted_as(subject))) {
    return json_of(contract->title);
  }
  for (const auto& family : session.catalogue.families()) {
    if (family.name == subject) return json_of(family.title);
  }
  return nullptr;
}

Json name_title(const app::Session& session, const std::string& subject, const std::string& name) {
  const auto* const contract = session.workspace.contracts().find(subject);
  if (const auto* const field = contract == nullptr ? nullptr : contract->find(name)) return json_of(field->title);
  if (const auto* const feature = session.catalogue.find(name)) return json_of(feature->title);
  return subject_title(session, name);
}

Json reason_text(const app::Session& session, const Texts& texts, const std::string& reason) {
  for (const auto& rule : session.catalogue.rules().not_comparable) {
    if (rule.code == reason) return rule.reason.in(texts.language());
  }
  for (const auto* const begin : {"preparation.reason_", "preparation.left_out_", "code.rejection."}) {
    if (auto told = worded(texts, begin, reason); !told.is_null()) return told;
  }
  return nullptr;
}

Result<Response> list_steps(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  auto& connection = lease->workspace.connection();
  FENQUN_TRY(const auto month, prepared_month(request, connection));
  FENQUN_TRY(const auto months, connection.query("SELECT DISTINCT as_of FROM preparation ORDER BY as_of DESC"));
  FENQUN_TRY(const auto steps, connection.query("SELECT step, rows_in, rows_out FROM preparation WHERE as_of = " +
                                                sql_text(month) + " ORDER BY position"));
  FENQUN_TRY(const auto items,
             connection.query("SELECT step, kind, subject, name, state, reason, rows_in, rows_out FROM "
                              "preparation_item WHERE as_of = " +
                              sql_text(month) + " ORDER BY position"));
  const auto& texts = service.texts(request.language);
  Json all = Json::array();
  for (std::size_t r = 0; r < months.rows.size(); ++r) all.push_back(months.text(r, 0));
  Json told = Json::array();
  for (std::size_t r = 0; r < steps.rows.size(); ++r) {
    Json of_step = Json::array();
    for (std::size_t i = 0; i < items.rows.size(); ++i) {
      if (items.text(i, 0) != steps.text(r, 0)) continue;
      of_step.push_back({{"kind", items.text(i, 1)},
                         {"subject", items.text(i, 2)},
                         {"name", items.text(i, 3)},
                         {"state", items.text(i, 4)},
                         {"reason", items.text(i, 5)},
                         {"rows_in", items.is_null(i, 6) ? Json(nullptr) : Json(items.integer(i, 6))},
                         {"rows_out", items.is_null(i, 7) ? Json(nullptr) : Json(items.integer(i, 7))},
                         {"subject_title", subject_title(*lease, items.text(i, 2))},
                         {"name_title", name_title(*lease, items.text(i, 2), items.text(i, 3))},
                         {"state_text", worded(texts, "preparation.state_", items.text(i, 4))},
                         {"reason_text", reason_text(*lease, texts, items.text(i, 5))}});
    }
    told.push_back({{"step", steps.text(r, 0)},
                    {"title", worded(texts, "preparation.step_", steps.text(r, 0))},
                    {"rows_in", steps.integer(r, 1)},
                    {"rows_out", steps.integer(r, 2)},
                    {"items", std::move(of_step)}});
  }
  return Response::json(
      {{"months", std::move(all)}, {"month", month.empty() ? Json(nullptr) : Json(month)}, {"steps", std::move(told)}});
}

Json field_json(const warehouse::Field& field) {
  Json codes = Json::array();
  for (const auto& code : field.codes) codes.push_back({{"code", code.code}, {"title", json_of(code.title)}});
  return {{"field", field.name},
          {"title", json_of(field.title)},
          {"type", warehouse::name_of(field.type)},
          {"unit", field.unit},
          {"required", field.required},
          {"min", field.min ? Json(*field.min) : Json(nullptr)},
          {"max", field.max ? Json(*field.max) : Json(nullptr)},
          {"codes", std::move(codes)},
          {"sensitivity", warehouse::name_of(field.sensitivity)},
          {"references", field.references},
          {"note", json_of(field.note)},
          {"synonyms", field.synonyms}};
}

Result<std::map<std::string, std::int64_t>> rows_loaded(app::Session& session) {
  std::map<std::string, std::int64_t> out;
  FENQUN_TRY(const auto facts,
             session.workspace.connection().query("SELECT entity, sum(rows)::BIGINT FROM lake_file GROUP BY entity"));
  for (std::size_t r = 0; r < facts.rows.size(); ++r) out[facts.text(r, 0)] = facts.integer(r, 1);
  for (const auto& contract : session.workspace.contracts().all()) {
    if (contract.kind != warehouse::EntityKind::Master) continue;
    FENQUN_TRY(out[contract.entity], session.workspace.connection().query_integer("SELECT count(*) FROM " +
                                                                                  sql_name("m_" + contract.entity)));
  }
  return out;
}

Result<Response> tell_dictionary(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(auto rows, rows_loaded(*lease));
  Json entities = Json::array();
  for (const auto& contract : service.workspace().contracts().all()) {
    Json fields = Json::array();
    for (const auto& field : contract.fields) fields.push_back(field_json(field));
    entities.push_back({{"entity", contract.entity},
                        {"title", json_of(contract.title)},
                        {"area", warehouse::name_of(contract.area)},
                        {"kind", contract.kind == warehouse::EntityKind::Master ? "master" : "fact"},
                        {"source", json_of(contract.source)},
                        {"note", json_of(contract.note)},
                        {"rows", rows[contract.entity]},
                        {"key", contract.key},
                        {"fields", std::move(fields)}});
  }
  return Response::json({{"entities", std::move(entities)}});
}

}  // namespace

Json entity_title(const warehouse::ContractSet& contracts, const std::string& entity) {
  const auto* const contract = contracts.find(warehouse::counted_as(entity));
  return contract == nullptr ? Json({{"zh", entity}, {"en", entity}}) : json_of(contract->title);
}

std::vector<Route> data_routes() {
  return {
      {"GET", "/batches", "data.read", {page_parameter(), page_size_parameter()}, list_batches},
      {"GET",
       "/quarantine",
       "data.read",
       {page_parameter(), page_size_parameter(), text_query("batch"), text_query("entity"), text_query("reason")},
       list_refused,
       Audited::Later},
      {"GET", "/preparations", "data.read", {month_parameter()}, list_steps},
      {"GET", "/dictionary", "data.read", {}, tell_dictionary},
  };
}

}  // namespace fenqun::api
