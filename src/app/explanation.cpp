// app/explanation.cpp
#include "app/explanation.hpp"

#include "app/segmentation.hpp"
#include "report/explanation.hpp"
#include "segment/definitions.hpp"
#include "segment/run.hpp"

#include <algorithm>

namespace fenqun::app {
namespace {

Result<std::vector<segment::RunResult>> runs_of(Session& session, const ExplainRequest& request) {
  if (!request.run.empty()) {
    FENQUN_TRY(auto run, segment::find_run(session.workspace, request.run));
    return std::vector<segment::RunResult>{std::move(run)};
  }
  auto month = request.month;
  if (!month) {
    FENQUN_TRY(month, latest_prepared_month(session));
  }
  FENQUN_TRY(auto runs, segment::latest_runs(session.workspace, month));
  if (runs.empty()) return fail(ErrorCode::BadData, "app.nothing_segmented", {{"month", month->text()}});
  if (request.schemes.empty()) return runs;
  std::vector<segment::RunResult> out;
  for (const auto& name : request.schemes) {
    const auto run = std::ranges::find(runs, name, &segment::RunResult::scheme);
    if (run == runs.end()) return fail(scheme_not_run(session, name, *month));
    out.push_back(*run);
  }
  return out;
}

}  // namespace

Result<std::vector<ExplainOutcome>> explain_customer(Session& session, const ExplainRequest& request) {
  FENQUN_TRY(const auto runs, runs_of(session, request));
  FENQUN_TRY(const auto chinese, Texts::create(session.workspace.assets(), Language::Chinese));
  FENQUN_TRY(const auto english, Texts::create(session.workspace.assets(), Language::English));
  const report::Wording in_chinese(chinese, session.catalogue.features());
  const report::Wording in_english(english, session.catalogue.features());
  std::vector<ExplainOutcome> out;
  for (const auto& run : runs) {
    FENQUN_TRY(const auto scheme, segment::scheme_of_run(session.workspace, session.catalogue, run));
    FENQUN_TRY(auto explainer,
               segment::Explainer::create(session.workspace, session.catalogue, scheme, run, *session.pool));
    ExplainOutcome one;
    one.run = run;
    FENQUN_TRY(one.told, explainer.explain(request.customer));
    one.chinese = report::explain_in_words(one.told, run, in_chinese);
    one.english = report::explain_in_words(one.told, run, in_english);
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::vector<segment::ExplainCheck>> check_explanations(Session& session, const ExplainRequest& request,
                                                              std::int64_t customers, std::uint64_t seed) {
  FENQUN_TRY(const auto runs, runs_of(session, request));
  std::vector<segment::ExplainCheck> out;
  WorkerPool alone(1);  // a row at a time has nothing to share out
  for (const auto& run : runs) {
    ProgressStage stage(session, "app.stage_explain", {{"scheme", run.scheme_title.in(session.caller.language)}});
    FENQUN_TRY(const auto scheme, segment::scheme_of_run(session.workspace, session.catalogue, run));
    FENQUN_TRY(auto explainer, segment::Explainer::create(session.workspace, session.catalogue, scheme, run, alone));
    FENQUN_TRY(auto check, explainer.check(customers, seed));
    stage.done();
    out.push_back(std::move(check));
  }
  return out;
}

}  // namespace fenqun::app
