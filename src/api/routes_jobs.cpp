// api/routes_jobs.cpp - long work: asked for, looked at, cancelled; and what each kind does.
#include "api/routes.hpp"

#include "api/jobs.hpp"
#include "app/pipeline.hpp"
#include "app/strategies.hpp"
#include "ledger/publish.hpp"

#include <algorithm>
#include <charconv>

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestReason = 1000;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestDay = 10;
constexpr std::size_t kLongestText = 262'144;
constexpr auto kPulse = std::chrono::seconds(1);

Result<std::optional<Month>> month_of(const Json& parameters) {
  const auto text = parameters.value("month", std::string());
  if (text.empty()) return std::optional<Month>();
  FENQUN_TRY(const auto month, Month::parse(text));
  return std::optional<Month>(month);
}

std::vector<std::string> texts_of(const Json& parameters, const char* name) {
  return parameters.value(name, std::vector<std::string>());
}

Result<Json> do_prepare(app::Session& session, const Job& job) {
  app::PrepareRequest request;
  FENQUN_TRY(request.month, month_of(job.parameters));
  request.rebuild = job.parameters.value("rebuild", false);
  FENQUN_TRY(const auto outcome, app::prepare_months(session, request));
  return Json{{"month", outcome.month.as_of.text()}, {"refreshed", outcome.refreshed.size()}};
}

Result<Json> do_segment(app::Session& session, const Job& job) {
  app::SegmentRequest request;
  FENQUN_TRY(request.month, month_of(job.parameters));
  request.schemes = texts_of(job.parameters, "schemes");
  FENQUN_TRY(const auto outcome, app::segment_customers(session, request));
  Json runs = Json::array();
  for (const auto& run : outcome.runs) runs.push_back({{"run", run.run_id}, {"scheme", run.scheme}});
  return Json{{"month", outcome.as_of.text()}, {"runs", std::move(runs)}};
}

Result<Json> do_report(app::Session& session, const Job& job) {
  app::ReportRequest request;
  FENQUN_TRY(request.month, month_of(job.parameters));
  request.schemes = texts_of(job.parameters, "schemes");
  FENQUN_TRY(const auto outcome, app::write_report(session, request));
  return Json{{"month", outcome.as_of.text()}, {"file", outcome.html.filename().string()}};
}

Result<Json> do_publish(app::Session& session, const Job& job) {
  std::vector<ledger::PublishRequest> requests;
  for (const auto& run : texts_of(job.parameters, "runs")) {
    requests.push_back({run, job.user, job.parameters.value("reason", std::string()), ""});
  }
  FENQUN_TRY(const auto outcomes, ledger::publish_runs(session.workspace, requests));
  Json out = Json::array();
  for (const auto& one : outcomes) {
    out.push_back(
        {{"run", one.publication.run_id}, {"sequence", one.publication.sequence}, {"moved", one.publication.moved}});
  }
  return Json{{"publications", std::move(out)}};
}

Json plan_json(const app::ServicePlan& plan) {
  const auto& outcome = plan.outcome;
  Json types = Json::array();
  for (const auto& one : outcome.types) {
    const auto& type = plan.library.types[one.type];
    types.push_back({{"code", type.code},
                     {"title", json_of(type.title)},
                     {"orders", one.orders},
                     {"created", one.created},
                     {"minutes", one.minutes}});
  }
  Json held = Json::array();
  for (const auto& one : outcome.by_reason) {
    held.push_back({{"reason", one.reason}, {"actions", one.actions}, {"customers", one.customers}});
  }
  const auto most = std::int64_t{60} * plan.library.rules.month_hours;
  const auto overloaded = std::count_if(outcome.employees.begin(), outcome.employees.end(),
                                        [&](const auto& one) { return !one.staff_id.empty() && one.minutes > most; });
  return {{"month", outcome.month.text()},
          {"customers", outcome.customers},
          {"touched", outcome.touched},
          {"wanted", outcome.wanted},
          {"suppressed", outcome.suppressed},
          {"joined", outcome.joined},
          {"orders", outcome.orders},
          {"created", outcome.created},
          {"types", std::move(types)},
          {"held", std::move(held)},
          {"employees", outcome.employees.size()},
          {"overloaded", overloaded}};
}

// With `preview` nothing is made; with a file's text, as it would be with that.
Result<Json> do_plan(app::Session& session, const Job& job) {
  FENQUN_TRY(const auto month, month_of(job.parameters));
  const auto file = job.parameters.value("file", std::string());
  if (!file.empty()) {
    FENQUN_TRY(const auto plan,
               app::preview_strategy_text(session, month, file, job.parameters.value("text", std::string())));
    return plan_json(plan);
  }
  FENQUN_TRY(const auto plan, app::plan_service(session, month, job.user, !job.parameters.value("preview", false)));
  return plan_json(plan);
}

// With `preview` nothing is made.
Result<Json> do_campaign(app::Session& session, const Job& job) {
  FENQUN_TRY(const auto plan, app::launch_campaign(session, {job.parameters.value("campaign", std::string()),
                                                             job.parameters.value("begins_on", std::string()), job.user,
                                                             !job.parameters.value("preview", false)}));
  const auto& reach = plan.reach;
  Json held = Json::array();
  for (const auto& one : reach.by_reason) held.push_back({{"reason", one.reason}, {"customers", one.customers}});
  const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  return Json{{"campaign", reach.campaign},
              {"version", reach.version},
              {"begins_on", reach.begins_on},
              {"ends_on", reach.ends_on},
              {"again", reach.again},
              {"in_target", reach.in_target},
              {"held", std::move(held)},
              {"able", reach.able},
              {"treated", reach.treated},
              {"held_out", reach.held_out},
              {"minutes", reach.minutes},
              {"baseline", number(reach.baseline)},
              {"smallest_difference", number(reach.smallest_difference)}};
}

JobWork notices_work(Service& service) {
  return [&service](app::Session& session, const Job& job) -> Result<Json> {
    app::NoticesRequest request;
    FENQUN_TRY(request.month, month_of(job.parameters));
    request.rehearse = job.parameters.value("rehearse", false);
    request.now = local_text(service.now());
    request.now_s = service.now().time_since_epoch().count();
    FENQUN_TRY(const auto done, app::tell_customers(session, request));
    Json channels = Json::object();
    for (const auto& [name, count] : done.sent.channels) {
      channels[name] = {{"due", count.due},        {"sent", count.sent},     {"later", count.later},
                        {"dead", count.dead},      {"unsure", count.unsure}, {"quiet", count.quiet},
                        {"waiting", count.waiting}};
    }
    return Json{{"month", done.month.text()},         {"made", done.made.made},
                {"incomplete", done.made.incomplete}, {"no_recipient", done.made.no_recipient},
                {"channels", std::move(channels)},    {"orders_closed", done.closed}};
  };
}

std::optional<std::int64_t> id_of(const std::string& text) {
  std::int64_t id = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, id);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return id;
}

Result<Job> job_of(Service& service, const Request& request) {
  const auto id = id_of(request.text("job"));
  auto job = id ? service.jobs().find(*id) : std::nullopt;
  if (!job) return fail(ErrorCode::NotFound, "api.no_such_job", {{"job", request.text("job")}});
  return *std::move(job);
}

Result<Response> list_jobs(Service& service, Request& request) {
  const auto all = service.jobs().list(request.text("state"));
  Json items = Json::array();
  const auto begin = std::min(static_cast<std::size_t>(request.offset()), all.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.page_size()), all.size());
  for (auto n = begin; n < end; ++n) items.push_back(json_of(all[n]));
  return Response::json(page_json(request, std::move(items), all.size()));
}

// The right that a kind needs.
std::string_view right_of(const std::string& kind) {
  if (kind == "segment") return "runs.start";
  if (kind == "publish") return "runs.publish";
  if (kind == "plan") return "plans.start";
  if (kind == "notices") return "notices.send";
  if (kind == "campaign") return "campaigns.start";
  return "jobs.start";
}

Result<Response> add_job(Service& service, Request& request) {
  const auto kind = request.field("kind");
  const auto is_given = [&](const char* name) {
    const auto at = request.body.find(name);
    return at != request.body.end() && (at->is_string() ? !at->get_ref<const std::string&>().empty() : *at == true);
  };
  // To look at what a plan would be makes nothing.
  const bool previews =
      (kind == "plan" && (is_given("preview") || is_given("file"))) || (kind == "campaign" && is_given("preview"));
  const auto right = previews ? std::string_view("strategies.read") : right_of(kind);
  if (!request.viewer().may(right)) {
    return fail(ErrorCode::Denied, "api.no_right",
                {{"right", std::string(right)}, {"role", request.viewer().role->name}});
  }
  auto parameters = request.body;
  parameters.erase("kind");
  auto shown = parameters;
  if (shown.contains("text")) shown["text"] = shown["text"].dump(-1, ' ', false, Json::error_handler_t::replace).size();
  request.detail = kind + " " + shown.dump(-1, ' ', false, Json::error_handler_t::replace);
  FENQUN_TRY(const auto job, service.jobs().add(kind, std::move(parameters), request.viewer(), request.language));
  request.subject = std::to_string(job.id);
  return Response::json(json_of(job), 202);
}

Result<Response> tell_job(Service& service, Request& request) {
  FENQUN_TRY(const auto job, job_of(service, request));
  return Response::json(json_of(job));
}

Result<Response> cancel_job(Service& service, Request& request) {
  FENQUN_TRY(const auto found, job_of(service, request));
  request.subject = std::to_string(found.id);
  FENQUN_TRY(const auto job, service.jobs().cancel(found.id));
  return Response::json(json_of(job), 202);
}

Result<Response> tell_events(Service& service, Request& request) {
  FENQUN_TRY(const auto job, job_of(service, request));
  Response out;
  out.type = "text/event-stream";
  auto seen = std::make_shared<std::uint64_t>(0);
  auto first = std::make_shared<bool>(true);
  out.stream = [&service, id = job.id, seen, first](const Response::Write& write) {
    const auto now = *first ? service.jobs().find(id) : service.jobs().wait(id, *seen, kPulse);
    if (!now) return false;
    // A line of comment finds out that nobody listens any more.
    if (!*first && now->version <= *seen) return write(": still there\n\n") && !service.is_ending();
    *first = false;
    *seen = now->version;
    const auto data = json_of(*now).dump(-1, ' ', false, Json::error_handler_t::replace);
    const bool sent = write("event: job\ndata: " + data + "\n\n");
    return sent && !now->has_ended() && !service.is_ending();
  };
  return out;
}

}  // namespace

std::map<std::string, JobWork> job_kinds(Service& service) {
  return {{"prepare", do_prepare},   {"segment", do_segment},
          {"report", do_report},     {"publish", do_publish},
          {"plan", do_plan},         {"notices", notices_work(service)},
          {"campaign", do_campaign}, {"ingest", upload_work(service)}};
}

std::vector<Route> job_routes() {
  const Parameter texts{"schemes", Place::Body, Kind::Texts};
  const Parameter runs{"runs", Place::Body, Kind::Texts};
  return {
      {"GET",
       "/jobs",
       "jobs.read",
       {page_parameter(),
        page_size_parameter(),
        {"state",
         Place::Query,
         Kind::Choice,
         Need::Optional,
         0,
         0,
         {"queued", "running", "done", "failed", "cancelled"}}},
       list_jobs},
      {"POST",
       "/jobs",
       "jobs.read",
       {{"kind",
         Place::Body,
         Kind::Choice,
         Need::Required,
         0,
         0,
         {"prepare", "segment", "report", "publish", "plan", "notices", "campaign"}},
        {"month", Place::Body, Kind::Month},
        texts,
        {"rebuild", Place::Body, Kind::Boolean},
        {"rehearse", Place::Body, Kind::Boolean},
        {"preview", Place::Body, Kind::Boolean},
        text_field("file", Need::Optional, 0, kLongestName),
        text_field("text", Need::Optional, 0, kLongestText),
        text_field("campaign", Need::Optional, 0, kLongestName),
        text_field("begins_on", Need::Optional, 0, kLongestDay),
        runs,
        text_field("reason", Need::Optional, 0, kLongestReason)},
       add_job,
       Audited::Now,
       BodyKind::Object},
      {"GET", "/jobs/{job}", "jobs.read", {in_path("job")}, tell_job},
      {"DELETE", "/jobs/{job}", "jobs.start", {in_path("job")}, cancel_job, Audited::Now},
      {"GET", "/jobs/{job}/events", "jobs.read", {in_path("job")}, tell_events},
  };
}

}  // namespace fenqun::api
