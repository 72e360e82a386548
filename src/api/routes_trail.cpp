// api/routes_trail.cpp - the audit trail, the log of exports, the state of the server, the document of the interface.
#include "api/routes.hpp"

#include "base/build_id.hpp"

#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <iomanip>
#include <sstream>

namespace fenqun::api {
namespace {

namespace fs = std::filesystem;

// The first moment of a day in local time.
Result<access::Moment> day_of(const std::string& text, const char* field) {
  std::tm local{};
  std::istringstream in(text);
  in >> std::get_time(&local, "%Y-%m-%d");
  local.tm_isdst = -1;
  if (in.fail()) return fail(ErrorCode::InvalidArgument, "api.no_day", {{"field", field}});
  return access::Moment(std::chrono::seconds(std::mktime(&local)));
}

Json json_of(const access::AuditEntry& e) {
  return {{"sequence", e.sequence}, {"at", local_text(e.at)}, {"user", e.user},     {"role", e.role},
          {"action", e.action},     {"subject", e.subject},   {"detail", e.detail}, {"outcome", e.outcome},
          {"address", e.address},   {"trace_id", e.trace_id}, {"hash", e.hash}};
}

Json json_of(const access::ExportEntry& e) {
  return {{"sequence", e.sequence}, {"at", local_text(e.at)}, {"user", e.user},      {"role", e.role},
          {"subject", e.subject},   {"purpose", e.purpose},   {"format", e.format},  {"rows", e.rows},
          {"hash", e.hash},         {"masked", e.masked},     {"outcome", e.outcome}};
}

Result<Response> list_audit(Service& service, Request& request) {
  access::AuditQuery query;
  query.user = request.text("user");
  query.action = request.text("action");
  query.outcome = request.text("outcome");
  query.part = request.text("q");
  query.offset = request.offset();
  query.limit = request.page_size();
  if (request.has("from")) {
    FENQUN_TRY(query.from, day_of(request.text("from"), "from"));
  }
  if (request.has("to")) {
    FENQUN_TRY(const auto last, day_of(request.text("to"), "to"));
    query.to = last + std::chrono::days(1);
  }
  FENQUN_TRY(const auto found, service.audit().search(query));
  Json items = Json::array();
  for (const auto& entry : found.items) items.push_back(json_of(entry));
  return Response::json(page_json(request, std::move(items), found.total));
}

Result<Response> verify_audit(Service& service, Request& /*request*/) {
  FENQUN_TRY(const auto found, service.audit().verify());
  return Response::json({{"entries", found.entries},
                         {"intact", !found.first_broken.has_value()},
                         {"first_broken", found.first_broken ? Json(*found.first_broken) : Json(nullptr)},
                         {"head", found.head}});
}

Result<Response> list_exports(Service& service, Request& request) {
  FENQUN_TRY(const auto found, service.audit().exports(request.offset(), request.page_size()));
  Json items = Json::array();
  for (const auto& entry : found.items) items.push_back(json_of(entry));
  return Response::json(page_json(request, std::move(items), found.total));
}

struct Figures {
  std::int64_t customers = 0;
  std::int64_t lake_files = 0;
  std::int64_t lake_bytes = 0;
  std::string last_batch_at;
};

Result<Figures> figures_of(Service& service) {
  FENQUN_TRY(auto lease, service.session(Language::Chinese));
  FENQUN_TRY(const auto row,
             lease->workspace.connection().query(
                 "SELECT (SELECT count(*) FROM m_customer), (SELECT count(*) FROM lake_file), (SELECT "
                 "coalesce(sum(bytes), 0)::BIGINT FROM lake_file), (SELECT coalesce(max(loaded_at)::VARCHAR, "
                 "'') FROM batch)"));
  return Figures{row.integer(0, 0), row.integer(0, 1), row.integer(0, 2), row.text(0, 3)};
}

std::int64_t size_of(const fs::path& file) {
  std::error_code ec;
  const auto bytes = fs::file_size(file, ec);
  return ec ? 0 : static_cast<std::int64_t>(bytes);
}

Result<Response> tell_health(Service& service, Request& /*request*/) {
  FENQUN_TRY(const auto figures, figures_of(service));
  const auto process = ProcessFigures::now();
  const auto& folder = service.workspace().folder();
  std::error_code ec;
  const auto space = fs::space(folder, ec);
  Json by_status = Json::object();
  for (const auto& [status, count] : service.metrics().by_status()) by_status[std::to_string(status)] = count;
  return Response::json(
      {{"state", "ready"},
       {"build", build_id()},
       {"started_at", local_text(service.started())},
       {"uptime_s", (service.now() - service.started()).count()},
       {"memory_bytes", process.memory_bytes},
       {"peak_memory_bytes", process.peak_memory_bytes},
       {"database_bytes", size_of(folder / "warehouse.duckdb")},
       {"lake_bytes", figures.lake_bytes},
       {"lake_files", figures.lake_files},
       {"disk_free_bytes", ec ? 0 : static_cast<std::int64_t>(space.available)},
       {"customers", figures.customers},
       {"requests", {{"total", service.metrics().total()}, {"by_status", std::move(by_status)}}},
       {"sessions", service.door().session_count()},
       {"jobs",
        {{"queued", service.jobs().list("queued").size()},
         {"running", service.jobs().list("running").size()},
         {"failed", service.jobs().list("failed").size()}}},
       {"directory",
        {{"customers", service.directory()->size()},
         {"made_at", local_text(service.directory_made())},
         {"bytes", service.directory()->bytes()}}},
       {"last_batch_at", figures.last_batch_at.empty() ? Json(nullptr) : Json(figures.last_batch_at)}});
}

Result<Response> tell_yaml(Service& /*service*/, Request& /*request*/) {
  FENQUN_TRY(auto text, openapi_yaml());
  Response out;
  out.type = "application/yaml; charset=utf-8";
  out.body = std::move(text);
  return out;
}

Result<Response> tell_json(Service& /*service*/, Request& /*request*/) {
  FENQUN_TRY(const auto document, openapi_json());
  return Response::json(document);
}

}  // namespace

std::string gauges_text(Service& service) {
  return fmt::format(
      "# HELP fenqun_sessions Sessions of people that are open.\n# TYPE fenqun_sessions gauge\nfenqun_sessions {}\n"
      "# HELP fenqun_uptime_seconds Since the start.\n# TYPE fenqun_uptime_seconds gauge\nfenqun_uptime_seconds {}\n"
      "# HELP fenqun_customer_rows_waiting Tables of facts by customer that are not yet of the data of now.\n"
      "# TYPE fenqun_customer_rows_waiting gauge\nfenqun_customer_rows_waiting {}\n",
      service.door().session_count(), (service.now() - service.started()).count(), service.arranger().waiting());
}

std::vector<Route> trail_routes() {
  return {
      {"GET",
       "/audit",
       "audit.read",
       {page_parameter(),
        page_size_parameter(),
        text_query("user"),
        text_query("action"),
        {"outcome", Place::Query, Kind::Choice, Need::Optional, 0, 0, {"done", "refused"}},
        {"from", Place::Query, Kind::Day},
        {"to", Place::Query, Kind::Day},
        text_query("q", 100)},
       list_audit,
       Audited::Later},
      {"GET", "/audit/verification", "audit.read", {}, verify_audit, Audited::Later},
      {"GET", "/exports", "exports.read", {page_parameter(), page_size_parameter()}, list_exports},
      {"GET", "/health", "health.read", {}, tell_health},
  };
}

std::vector<Route> document_routes() {
  return {{"GET", "/openapi.yaml", std::string(kPublic), {}, tell_yaml},
          {"GET", "/openapi.json", std::string(kPublic), {}, tell_json}};
}

std::vector<Route> all_routes() {
  std::vector<Route> out;
  for (auto&& some :
       {session_routes(),  user_routes(),     trail_routes(),  job_routes(),     lookup_routes(), customer_routes(),
        overview_routes(), order_routes(),    point_routes(),  event_routes(),   notice_routes(), campaign_routes(),
        calendar_routes(), strategy_routes(), data_routes(),   upload_routes(),  place_routes(),  group_routes(),
        export_routes(),   portrait_routes(), reason_routes(), document_routes()}) {
    out.insert(out.end(), some.begin(), some.end());
  }
  return out;
}

}  // namespace fenqun::api
