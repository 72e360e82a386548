// api/routes_groups.cpp - schemes and their texts; runs, their review, publication and comparison; groups of a month.
#include "api/routes.hpp"

#include "app/schemes.hpp"
#include "app/segmentation.hpp"
#include "base/file.hpp"
#include "ledger/life.hpp"
#include "ledger/publish.hpp"
#include "ledger/run_diff.hpp"
#include "segment/run.hpp"
#include "segment/run_json.hpp"
#include "segment/scheme_check.hpp"

#include <algorithm>
#include <filesystem>

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestText = 262'144;
constexpr std::size_t kLongestReason = 1000;
constexpr std::size_t kLongestName = 64;

Json in_force_json(const std::vector<ledger::InForce>& times) {
  Json out = Json::array();
  for (const auto& time : times) {
    out.push_back({{"from", time.from.text()}, {"to", time.to ? Json(time.to->text()) : Json(nullptr)}});
  }
  return out;
}

Json publication_json(const ledger::Publication& p) {
  return {{"sequence", p.sequence},
          {"scheme", p.scheme},
          {"kind", ledger::name_of(p.kind)},
          {"run", p.run_id},
          {"valid_from", p.valid_from.text()},
          {"valid_to", p.valid_to ? Json(p.valid_to->text()) : Json(nullptr)},
          {"by", p.by},
          {"reason", p.reason},
          {"recorded_at", p.recorded_at},
          {"customers", p.customers},
          {"classified", p.classified},
          {"moved", p.moved},
          {"hash", p.hash}};
}

// Customers named as examples are not the viewer's: numbers of customers stay out of results of groups.
void drop_examples(Json& json) {
  if (json.is_object()) {
    json.erase("examples");
    for (auto& [name, child] : json.items()) drop_examples(child);
  } else if (json.is_array()) {
    for (auto& child : json) drop_examples(child);
  }
}

// What the result names by a text key, also as a sentence beside it.
void say_reasons(Json& json, const Texts& texts) {
  if (json.is_array()) {
    for (auto& child : json) say_reasons(child, texts);
  }
  if (!json.is_object()) return;
  for (auto& [name, child] : json.items()) say_reasons(child, texts);
  if (const auto reason = json.value("recommended_reason", std::string()); texts.has(reason)) {
    json["recommended_reason_text"] = texts(reason);
  }
  if (!json.contains("warnings") || !json["warnings"].is_array()) return;
  Json told = Json::array();
  for (const auto& warning : json["warnings"]) {
    const auto key = warning.is_string() ? warning.get<std::string>() : std::string();
    told.push_back(texts.has(key) ? Json(texts(key)) : warning);
  }
  json["warning_texts"] = std::move(told);
}

Result<Json> run_json(app::Session& session, const std::string& run_id) {
  FENQUN_TRY(const auto life, ledger::life_of(session.workspace, run_id));
  Json decisions = Json::array();
  for (const auto& d : life.decisions) {
    decisions.push_back({{"decision", ledger::name_of(d.decision)}, {"by", d.by}, {"reason", d.reason}, {"at", d.at}});
  }
  Json publications = Json::array();
  for (const auto& p : life.publications) publications.push_back(publication_json(p));
  Json result = segment::to_json(life.run);
  drop_examples(result);
  say_reasons(result, session.texts);
  return Json{{"run", run_id},
              {"scheme", life.run.scheme},
              {"scheme_title", json_of(life.run.scheme_title)},
              {"month", life.run.as_of.text()},
              {"state", ledger::name_of(life.state)},
              {"in_force", in_force_json(life.in_force)},
              {"decisions", std::move(decisions)},
              {"publications", std::move(publications)},
              {"result", std::move(result)}};
}

Result<Response> list_schemes(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto entries, app::list_schemes(*lease));
  FENQUN_TRY(const auto runs, ledger::list_runs(lease->workspace, {}, std::nullopt));
  Json items = Json::array();
  for (const auto& entry : entries) {
    Json force = nullptr;
    for (const auto& run : runs) {
      if (run.scheme != entry.name) continue;
      for (const auto& time : run.in_force) {
        if (!time.to) force = Json{{"run", run.run_id}, {"from", time.from.text()}};
      }
    }
    const auto& scheme = entry.scheme;
    items.push_back({{"scheme", entry.name},
                     {"title", scheme ? json_of(scheme->title) : Json({{"zh", entry.name}, {"en", entry.name}})},
                     {"method", scheme ? Json(segment::name_of(scheme->method)) : Json(nullptr)},
                     {"version", scheme ? Json(scheme->version) : Json(nullptr)},
                     {"built_in", entry.built_in},
                     {"problem", entry.problem ? Json(render_error(*entry.problem, service.texts(request.language)))
                                               : Json(nullptr)},
                     {"runs", entry.runs},
                     {"definitions", entry.definitions},
                     {"department", scheme ? json_of(scheme->department) : Json(nullptr)},
                     {"in_force", std::move(force)}});
  }
  return Response::json({{"items", std::move(items)}});
}

Result<Json> scheme_json(app::Session& session, const std::string& name, const std::string& definition) {
  FENQUN_TRY(const auto found, app::show_scheme(session, name, definition));
  return Json{{"scheme", found.scheme},
              {"version", found.version},
              {"definition", found.definition},
              {"text", found.text},
              {"built_in", found.source.starts_with("built-in:")}};
}

Result<Response> show_scheme(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto json, scheme_json(*lease, request.text("scheme"), request.text("definition")));
  return Response::json(json);
}

// The text that came, else the scheme as it is.
Result<Asset> text_of(app::Session& session, const Request& request) {
  const auto text = request.field("text");
  if (text.empty()) return app::find_scheme_file(session, request.text("scheme"));
  return Asset{"config/schemes/" + request.text("scheme") + ".yaml", request.text("scheme") + ".yaml", text};
}

Json problems_json(const segment::CheckedScheme& checked, const Texts& texts) {
  Json out = Json::array();
  const auto add = [&](const std::vector<Error>& errors, const char* severity) {
    for (const auto& error : errors) {
      const auto line = error.arg("line");
      out.push_back({{"line", line.empty() ? Json(nullptr) : Json(std::string(line))},
                     {"severity", severity},
                     {"message", render_error(error, texts)}});
    }
  };
  add(checked.problems, "error");
  add(checked.doubts, "warning");
  return out;
}

Result<std::optional<Month>> month_for(app::Session& session, const Request& request) {
  if (request.has("month")) {
    FENQUN_TRY(const auto month, Month::parse(request.text("month")));
    return std::optional<Month>(month);
  }
  // Where none is prepared, a scheme is read but not tried.
  const auto latest = app::latest_prepared_month(session);
  return latest ? std::optional<Month>(*latest) : std::nullopt;
}

Result<Response> check_scheme(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto file, text_of(*lease, request));
  FENQUN_TRY(const auto month, month_for(*lease, request));
  FENQUN_TRY(const auto checked, segment::check_scheme(lease->workspace, lease->catalogue, file, request.text("scheme"),
                                                       month, *lease->pool));
  return Response::json({{"ok", checked.problems.empty()},
                         {"problems", problems_json(checked, service.texts(request.language))},
                         {"measured_on", checked.measured_on ? Json(checked.measured_on->text()) : Json(nullptr)}});
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Result<Response> save_scheme(Service& service, Request& request) {
  const auto name = request.text("scheme");
  request.subject = name;
  if (!is_plain_name(name)) return fail(ErrorCode::InvalidArgument, "api.bad_scheme_name", {{"field", "scheme"}});
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto file, text_of(*lease, request));
  FENQUN_TRY(const auto checked,
             segment::check_scheme(lease->workspace, lease->catalogue, file, name, std::nullopt, *lease->pool));
  if (!checked.problems.empty()) return fail(checked.problems.front());
  const auto target = lease->workspace.folder() / "config" / "schemes" / (name + ".yaml");
  std::error_code ec;
  std::filesystem::create_directories(target.parent_path(), ec);
  FENQUN_CHECK(write_file_atomically(target, file.text));
  FENQUN_TRY(const auto json, scheme_json(*lease, name, ""));
  return Response::json(json);
}

Result<Response> clone_scheme(Service& service, Request& request) {
  request.subject = request.text("scheme");
  request.detail = request.field("name");
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY([[maybe_unused]] const auto made,
             app::clone_scheme(*lease, request.text("scheme"), request.field("name")));
  FENQUN_TRY(const auto json, scheme_json(*lease, request.field("name"), ""));
  return Response::json(json, 201);
}

Result<Response> list_runs(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  std::vector<std::string> schemes;
  if (request.has("scheme")) schemes.push_back(request.text("scheme"));
  std::optional<Month> month;
  if (request.has("month")) {
    FENQUN_TRY(month, Month::parse(request.text("month")));
  }
  FENQUN_TRY(const auto runs, ledger::list_runs(lease->workspace, schemes, month));
  Json items = Json::array();
  const auto begin = std::min(static_cast<std::size_t>(request.offset()), runs.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.page_size()), runs.size());
  for (auto n = begin; n < end; ++n) {
    const auto& run = runs[n];
    items.push_back({{"run", run.run_id},
                     {"scheme", run.scheme},
                     {"scheme_title", json_of(run.scheme_title)},
                     {"month", run.as_of.text()},
                     {"state", ledger::name_of(run.state)},
                     {"in_force", in_force_json(run.in_force)}});
  }
  return Response::json(page_json(request, std::move(items), runs.size()));
}

Result<Response> tell_run(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto json, run_json(*lease, request.text("run")));
  return Response::json(json);
}

// What people decide on a run; each ends with the run as it is then.
template <typename Decide>
Result<Response> decide(Service& service, Request& request, const Decide& decision) {
  request.subject = request.text("run");
  FENQUN_TRY(const auto turn, service.writers().take({}));
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(decision(*lease));
  FENQUN_TRY(const auto json, run_json(*lease, request.subject));
  return Response::json(json);
}

Result<Response> review_run(Service& service, Request& request) {
  request.detail = request.field("decision");
  return decide(service, request, [&](app::Session& session) -> Result<void> {
    const auto decision = request.detail == "accept" ? ledger::Decision::Accept : ledger::Decision::Refuse;
    FENQUN_TRY([[maybe_unused]] const auto done,
               ledger::review_run(session.workspace,
                                  {request.subject, decision, request.viewer().user, request.field("reason")}));
    return {};
  });
}

Result<Response> publish_run(Service& service, Request& request) {
  auto out = decide(service, request, [&](app::Session& session) -> Result<void> {
    FENQUN_TRY([[maybe_unused]] const auto done,
               ledger::publish_run(session.workspace, {request.subject, request.viewer().user, request.field("reason"),
                                                       request.field("limit_override")}));
    return {};
  });
  if (out) FENQUN_CHECK(service.refresh_directory());
  return out;
}

Result<Response> retire_run(Service& service, Request& request) {
  ledger::RetireRequest wanted{request.text("run"), request.viewer().user, request.field("reason"), std::nullopt};
  if (const auto from = request.field("from"); !from.empty()) {
    FENQUN_TRY(wanted.from, Month::parse(from));
  }
  auto out = decide(service, request, [&](app::Session& session) -> Result<void> {
    FENQUN_TRY([[maybe_unused]] const auto done, ledger::retire_run(session.workspace, wanted));
    return {};
  });
  if (out) FENQUN_CHECK(service.refresh_directory());
  return out;
}

Result<Json> publications_json(app::Session& session, const Request& request, const std::string& scheme) {
  FENQUN_TRY(auto all, ledger::read_publications(session.workspace.connection(), scheme));
  std::reverse(all.begin(), all.end());
  Json items = Json::array();
  const auto begin = std::min(static_cast<std::size_t>(request.offset()), all.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.page_size()), all.size());
  for (auto n = begin; n < end; ++n) items.push_back(publication_json(all[n]));
  return page_json(request, std::move(items), all.size());
}

Result<Response> list_publications(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto json, publications_json(*lease, request, request.text("scheme")));
  return Response::json(json);
}

Result<Response> roll_back(Service& service, Request& request) {
  request.subject = request.field("scheme");
  Json json;
  {
    FENQUN_TRY(const auto turn, service.writers().take({}));
    FENQUN_TRY(auto lease, service.session(request.language));
    FENQUN_TRY([[maybe_unused]] const auto done,
               ledger::roll_back(lease->workspace, {request.subject, request.viewer().user, request.field("reason")}));
    FENQUN_TRY(json, publications_json(*lease, request, request.subject));
  }
  FENQUN_CHECK(service.refresh_directory());
  return Response::json(json);
}

Json title_in(const segment::RunResult& run, const std::string& code) {
  for (const auto& group : run.groups) {
    if (group.code == code) return json_of(group.title);
  }
  return {{"zh", code}, {"en", code}};
}

Result<Response> tell_diff(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto diff, ledger::compare_runs(lease->workspace, request.text("with"), request.text("run")));
  const auto visible = service.visible(request.viewer());
  Json moves = Json::array();
  for (const auto& move : diff.migrations) {
    moves.push_back({{"from", move.from},
                     {"from_title", title_in(diff.first, move.from)},
                     {"to", move.to},
                     {"to_title", title_in(diff.second, move.to)},
                     {"customers", visible.may_tell(move.customers) ? Json(move.customers) : Json(nullptr)}});
  }
  return Response::json({{"first", request.text("with")},
                         {"second", request.text("run")},
                         {"customers", diff.compared},
                         {"moved", diff.moved},
                         {"moves", std::move(moves)}});
}

Result<Response> list_groups(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto month, month_for(*lease, request));
  if (!month) return Response::json({{"month", nullptr}, {"schemes", Json::array()}});
  FENQUN_TRY(const auto runs, segment::latest_runs(lease->workspace, month));
  const auto visible = service.visible(request.viewer());
  Json schemes = Json::array();
  for (const auto& run : runs) {
    if (request.has("scheme") && run.scheme != request.text("scheme")) continue;
    std::vector<std::int64_t> customers;
    for (const auto& group : run.groups) customers.push_back(group.customers);
    const auto told = visible.tellable(customers);
    Json groups = Json::array();
    for (std::size_t n = 0; n < run.groups.size(); ++n) {
      const auto& group = run.groups[n];
      groups.push_back({{"group", group.code},
                        {"title", json_of(group.title)},
                        {"customers", told[n] ? Json(group.customers) : Json(nullptr)},
                        {"share", told[n] ? Json(group.share) : Json(nullptr)}});
    }
    schemes.push_back({{"scheme", run.scheme},
                       {"title", json_of(run.scheme_title)},
                       {"run", run.run_id},
                       {"groups", std::move(groups)}});
  }
  return Response::json({{"month", month->text()}, {"schemes", std::move(schemes)}});
}

}  // namespace

std::vector<Route> group_routes() {
  const auto scheme = in_path("scheme");
  const auto run = in_path("run");
  const auto reason = text_field("reason", Need::Required, 1, kLongestReason);
  const auto text = text_field("text", Need::Optional, 0, kLongestText);
  return {
      {"GET", "/schemes", "schemes.read", {}, list_schemes},
      {"GET", "/schemes/{scheme}", "schemes.read", {scheme, text_query("definition")}, show_scheme},
      {"PUT",
       "/schemes/{scheme}",
       "schemes.write",
       {scheme, text_field("text", Need::Required, 1, kLongestText)},
       save_scheme,
       Audited::Now,
       BodyKind::Object},
      {"POST",
       "/schemes/{scheme}/check",
       "schemes.read",
       {scheme, month_parameter(), text},
       check_scheme,
       Audited::Now,
       BodyKind::Object},
      {"POST",
       "/schemes/{scheme}/clone",
       "schemes.write",
       {scheme, text_field("name", Need::Required, 1, kLongestName)},
       clone_scheme,
       Audited::Now,
       BodyKind::Object},
      {"GET",
       "/runs",
       "runs.read",
       {page_parameter(), page_size_parameter(), text_query("scheme"), month_parameter()},
       list_runs},
      {"GET", "/runs/{run}", "runs.read", {run}, tell_run},
      {"POST",
       "/runs/{run}/review",
       "runs.review",
       {run, {"decision", Place::Body, Kind::Choice, Need::Required, 0, 0, {"accept", "refuse"}}, reason},
       review_run,
       Audited::Now,
       BodyKind::Object},
      {"POST",
       "/runs/{run}/publication",
       "runs.publish",
       {run, text_field("reason", Need::Optional, 0, kLongestReason),
        text_field("limit_override", Need::Optional, 0, kLongestReason)},
       publish_run,
       Audited::Now,
       BodyKind::Object},
      {"POST",
       "/runs/{run}/retirement",
       "runs.publish",
       {run, reason, {"from", Place::Body, Kind::Month}},
       retire_run,
       Audited::Now,
       BodyKind::Object},
      {"GET",
       "/runs/{run}/diff",
       "runs.read",
       {run, {"with", Place::Query, Kind::Text, Need::Required, 1, 256}},
       tell_diff},
      {"GET",
       "/publications",
       "runs.read",
       {page_parameter(), page_size_parameter(), text_query("scheme")},
       list_publications},
      {"POST",
       "/rollbacks",
       "runs.publish",
       {text_field("scheme", Need::Required, 1, kLongestName), reason},
       roll_back,
       Audited::Now,
       BodyKind::Object},
      {"GET", "/portraits", "groups.read", {month_parameter(), text_query("scheme")}, list_groups},
  };
}

}  // namespace fenqun::api
