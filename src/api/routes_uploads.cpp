// api/routes_uploads.cpp - files that are sent, looked at and loaded.
#include "api/routes.hpp"

#include "api/upload_answer.hpp"
#include "app/suggestion.hpp"
#include "base/file.hpp"
#include "ingest/counts_json.hpp"
#include "ingest/mapping.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace fenqun::api {

using warehouse::sql_text;

namespace {

constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestMapping = 262'144;
constexpr std::size_t kShownRows = 20;
constexpr std::uint64_t kTrialMemoryBytes = 1ULL << 30;
constexpr std::size_t kTrialThreads = 2;
constexpr int kPolite = 10;

// The file by the name that its user gave it: where it lies is nobody's business.
Error named(Error error, const Upload& upload) {
  const auto rename = [&](TextArgs& args) {
    for (auto& arg : args) {
      if (const auto at = arg.value.find(upload.file.string()); at != std::string::npos) {
        arg.value.replace(at, upload.file.string().size(), upload.name);
      }
    }
  };
  rename(error.line.args);
  for (auto& line : error.context) rename(line.args);
  return error;
}

// Somebody of one station does not see what others sent.
Result<Upload> upload_of(Service& service, const Request& request) {
  auto upload = service.uploads().find(request.text("upload"));
  const bool is_mine =
      upload && upload->batch.empty() && (upload->user == request.viewer().user || request.viewer().sees_everybody());
  if (!is_mine) return fail(ErrorCode::NotFound, "api.no_such_upload", {{"upload", request.text("upload")}});
  return *std::move(upload);
}

// One after the other, and politely: callers go first. Nothing of the file is quoted: people's data.
Result<app::SuggestOutcome> propose(Service& service, const Upload& upload, Language language) {
  const auto turn = service.uploads().turn();
  app::SharedWorkspace shared(service.pool(), service.writers());
  app::SuggestRequest wanted;
  wanted.file = upload.file;
  wanted.workspace = service.workspace().folder();
  wanted.shown_rows = kShownRows;
  wanted.tells_values = false;
  wanted.memory_limit_bytes = kTrialMemoryBytes;
  app::Caller caller;
  caller.language = language;
  caller.threads = kTrialThreads;
  caller.reads_only = true;
  caller.host = &shared;
  caller.now = [&service] { return local_text(service.now()).substr(0, 16); };
  Result<app::SuggestOutcome> out = fail(ErrorCode::Internal, "base.cancelled");
  std::thread([&] {
    static_cast<void>(setpriority(PRIO_PROCESS, 0, kPolite));
    out = app::suggest_mapping(wanted, caller, service.texts(language));
  }).join();
  return out;
}

Result<std::string> known_batch(app::Session& session, const Upload& upload) {
  return session.workspace.connection().query_text(
      "SELECT coalesce(min(batch_id), '') FROM batch WHERE content_hash = " + sql_text(upload.content_hash));
}

Result<Json> told(Service& service, const Request& request, const Upload& upload, const app::SuggestOutcome& outcome) {
  const auto visible = service.visible(request.viewer());
  auto out = upload_answer(upload, service.uploads().limits(), outcome, visible, service.texts(request.language));
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto batch, known_batch(*lease, upload));
  out["known_batch"] = batch.empty() ? Json(nullptr) : Json(batch);
  return out;
}

// The answer, and what a later order to load rests on.
Result<Json> look_at(Service& service, const Request& request, const Upload& upload) {
  FENQUN_TRY(const auto outcome, propose(service, upload, request.language));
  FENQUN_CHECK(write_file_atomically(service.uploads().proposed_mapping(upload), outcome.mapping));
  FENQUN_TRY(const auto kept, service.uploads().change(upload.id, [&](Upload& changed) {
    changed.complete = outcome.proposal.is_complete();
  }));
  return told(service, request, kept, outcome);
}

Result<Response> add_upload(Service& service, Request& request) {
  service.uploads().sweep();
  FENQUN_TRY(const auto upload,
             service.uploads().receive(request.text("name"), request.viewer().user, request.read_body));
  request.subject = upload.id;
  request.detail = upload.name + " " + upload.content_hash;
  auto answer = look_at(service, request, upload);
  if (answer) return Response::json(*answer, 201);
  static_cast<void>(service.uploads().drop(upload.id));
  return fail(named(app::without_values(std::move(answer).error()), upload));
}

Result<Response> list_uploads(Service& service, Request& request) {
  auto all = service.uploads().waiting();
  std::erase_if(
      all, [&](const Upload& one) { return !request.viewer().sees_everybody() && one.user != request.viewer().user; });
  Json items = Json::array();
  const auto begin = std::min(static_cast<std::size_t>(request.offset()), all.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.page_size()), all.size());
  for (auto n = begin; n < end; ++n) items.push_back(upload_head(all[n], service.uploads().limits()));
  return Response::json(page_json(request, std::move(items), all.size()));
}

Result<Response> tell_upload(Service& service, Request& request) {
  FENQUN_TRY(const auto upload, upload_of(service, request));
  auto answer = look_at(service, request, upload);
  if (!answer) return fail(named(app::without_values(std::move(answer).error()), upload));
  return Response::json(*answer);
}

Result<Response> remove_upload(Service& service, Request& request) {
  FENQUN_TRY(const auto upload, upload_of(service, request));
  request.subject = upload.id;
  request.detail = upload.name;
  FENQUN_CHECK(service.uploads().remove(upload.id));
  return Response::nothing();
}

// The mapping that was sent is kept with the file, once it is known to be one.
Result<void> take_mapping(Service& service, const Request& request, const Upload& upload) {
  const auto text = request.field("mapping");
  if (text.empty()) {
    if (upload.complete) return {};
    return fail(ErrorCode::InvalidArgument, "api.upload_open", {{"field", "mapping"}});
  }
  const Asset asset{"mapping", "mapping", text};
  if (auto read = ingest::read_mapping(asset, "mapping", service.workspace().contracts()); !read) {
    auto error = std::move(read).error();
    error.line.args.push_back({"field", "mapping"});
    return fail(std::move(error));
  }
  return write_file_atomically(service.uploads().given_mapping(upload), text);
}

Result<Response> load_upload(Service& service, Request& request) {
  FENQUN_TRY(const auto upload, upload_of(service, request));
  request.subject = upload.id;
  request.detail = upload.name + " " + upload.content_hash;
  if (service.uploads().is_at_work(upload)) {
    return fail(ErrorCode::Conflict, "api.upload_at_work", {{"upload", upload.id}});
  }
  FENQUN_CHECK(take_mapping(service, request, upload));
  Json parameters = {{"upload", upload.id},
                     {"name", upload.name},
                     {"mapping", request.field("mapping").empty() ? "proposed" : "given"}};
  if (request.body.contains("max_rejected_share"))
    parameters["max_rejected_share"] = request.body["max_rejected_share"];
  FENQUN_TRY(const auto job, service.jobs().add("ingest", std::move(parameters), request.viewer(), request.language));
  // One that is done already may have taken it away.
  static_cast<void>(service.uploads().change(upload.id, [&](Upload& changed) { changed.job = job.id; }));
  return Response::json(json_of(job), 202);
}

Json outcome_json(const ingest::IngestOutcome& outcome, const Upload& upload, const warehouse::ContractSet& contracts) {
  Json out = {{"upload", upload.id},
              {"name", upload.name},
              {"batch", outcome.batch_id},
              {"already_loaded", outcome.already_loaded},
              {"records", outcome.records}};
  out.update(json_of(outcome.total));
  out["entities"] = Json::array();
  for (const auto& entity : outcome.entities) {
    Json one = {{"entity", entity.entity}, {"title", entity_title(contracts, entity.entity)}};
    one.update(json_of(entity));
    out["entities"].push_back(std::move(one));
  }
  out["unread_columns"] = outcome.unread_columns;
  return out;
}

// What is in the workspace already is not loaded once more, however its mapping is worded now.
Result<ingest::IngestOutcome> load(app::Session& session, Service& service, const Upload& upload,
                                   const Json& parameters) {
  const bool is_given = parameters.value("mapping", std::string()) == "given";
  FENQUN_TRY(const auto known, known_batch(session, upload));
  if (!known.empty() && !is_given) {
    ingest::IngestOutcome out;
    out.batch_id = known;
    out.already_loaded = true;
    return out;
  }
  ingest::IngestRequest wanted;
  wanted.file = upload.file;
  wanted.source = upload.name;
  wanted.mapping =
      (is_given ? service.uploads().given_mapping(upload) : service.uploads().proposed_mapping(upload)).string();
  if (parameters.contains("max_rejected_share") && parameters["max_rejected_share"].is_number()) {
    wanted.max_rejected_share = parameters["max_rejected_share"].get<double>();
  }
  wanted.texts = &session.texts;
  app::ProgressStage stage(session, "app.stage_ingest");
  FENQUN_TRY(auto outcome, ingest::ingest(session.workspace, wanted));
  stage.done();
  return outcome;
}

}  // namespace

JobWork upload_work(Service& service) {
  return [&service](app::Session& session, const Job& job) -> Result<Json> {
    const auto id = job.parameters.value("upload", std::string());
    const auto upload = service.uploads().find(id);
    if (!upload) return fail(ErrorCode::NotFound, "api.no_such_upload", {{"upload", id}});
    const auto outcome = load(session, service, *upload, job.parameters);
    // Others may look at the job: it quotes nothing of the rows that were refused.
    if (!outcome) return fail(named(app::without_values(outcome.error()), *upload));
    if (outcome->already_loaded) {
      FENQUN_CHECK(service.uploads().drop(id));
    } else {
      FENQUN_TRY(const auto kept,
                 service.uploads().change(id, [&](Upload& changed) { changed.batch = outcome->batch_id; }));
    }
    return outcome_json(*outcome, *upload, session.workspace.contracts());
  };
}

std::vector<Route> upload_routes() {
  constexpr const char* kRight = "data.write";
  const Parameter name{"name", Place::Query, Kind::Text, Need::Required, 1, kLongestName};
  const Parameter share{"max_rejected_share", Place::Body, Kind::Number, Need::Optional, 0, 1};
  return {
      {"POST", "/uploads", kRight, {name}, add_upload, Audited::Now, BodyKind::Stream},
      {"GET", "/uploads", kRight, {page_parameter(), page_size_parameter()}, list_uploads},
      {"GET", "/uploads/{upload}", kRight, {in_path("upload")}, tell_upload},
      {"DELETE", "/uploads/{upload}", kRight, {in_path("upload")}, remove_upload, Audited::Now},
      {"POST",
       "/uploads/{upload}/load",
       kRight,
       {in_path("upload"), text_field("mapping", Need::Optional, 0, kLongestMapping), share},
       load_upload,
       Audited::Now,
       BodyKind::Object},
  };
}

}  // namespace fenqun::api
