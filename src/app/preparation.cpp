// app/preparation.cpp
#include "app/preparation.hpp"

#include "app/customer_lists.hpp"
#include "app/page_head.hpp"
#include "app/segmentation.hpp"
#include "base/file.hpp"

#include <algorithm>

namespace fenqun::app {
namespace {

Result<features::PrepareOutcome> prepare_one(Session& session, Month month, features::Reuse reuse) {
  ProgressStage stage(session, "app.stage_prepare", {{"month", month.text()}});
  FENQUN_TRY(auto outcome, features::prepare(session.workspace, session.catalogue, month, reuse));
  stage.done();
  return outcome;
}

// Absent: the latest. After it there is nothing to tell a customer by.
Result<Month> month_to_prepare(Session& session, std::optional<Month> asked) {
  FENQUN_TRY(const auto latest, features::latest_month(session.workspace));
  if (!asked) return latest;
  if (*asked <= latest) return *asked;
  return fail(ErrorCode::BadData, "app.month_without_data", {{"month", asked->text()}, {"latest", latest.text()}});
}

Result<std::vector<report::ExcludedCustomers>> list_excluded(Session& session, Month month) {
  FENQUN_TRY(auto found, list_not_comparable(session, month));
  std::vector<report::ExcludedCustomers> out;
  out.reserve(found.size());
  for (auto& one : found) out.push_back({std::move(one.code), one.customers, std::move(one.examples)});
  return out;
}

Result<report::PreparationModel> model_of(Session& session, features::PreparationRecord record) {
  report::PreparationModel model;
  FENQUN_CHECK(fill_head(session, model));
  model.record = std::move(record);
  model.catalogue = &session.catalogue;
  model.contracts = &session.workspace.contracts();
  return model;
}

}  // namespace

Result<PreparedMonths> prepare_months(Session& session, const PrepareRequest& request) {
  const auto reuse = request.rebuild ? features::Reuse::Refused : features::Reuse::Allowed;
  PreparedMonths out;
  FENQUN_TRY(const auto month, month_to_prepare(session, request.month));
  std::vector<Month> stale;
  if (!request.month) {
    FENQUN_TRY(stale, features::stale_months(session.workspace, session.catalogue));
  }
  FENQUN_TRY(out.month, prepare_one(session, month, reuse));
  std::erase(stale, month);
  // What they rest on month by month was made just now.
  for (const auto other : stale) {
    FENQUN_TRY(auto outcome, prepare_one(session, other, features::Reuse::Allowed));
    out.refreshed.push_back(std::move(outcome));
  }
  return out;
}

Result<StepsOutcome> look_at_steps(Session& session, std::optional<Month> month) {
  if (!month) {
    FENQUN_TRY(month, latest_prepared_month(session));
  }
  FENQUN_TRY(auto record, features::read_preparation(session.workspace, *month));
  if (!record) return fail(ErrorCode::BadData, "segment.not_prepared", {{"month", month->text()}});
  StepsOutcome out;
  FENQUN_TRY(out.model, model_of(session, *std::move(record)));
  FENQUN_TRY(out.model.excluded, list_excluded(session, *month));
  out.is_stored = true;
  return out;
}

Result<StepsOutcome> try_step(Session& session, const PrepareRequest& request, features::Step step) {
  FENQUN_TRY(const auto month, month_to_prepare(session, request.month));
  FENQUN_TRY(const auto now, features::preparation_fingerprint(session.workspace, session.catalogue, month));
  FENQUN_TRY(auto stored, features::read_preparation(session.workspace, month));
  StepsOutcome out;
  if (stored && stored->fingerprint == now && !request.rebuild) {
    std::erase_if(stored->steps, [&](const auto& one) { return one.step > step; });
    FENQUN_TRY(out.model, model_of(session, *std::move(stored)));
    FENQUN_TRY(out.model.excluded, list_excluded(session, month));
    out.is_stored = true;
    return out;
  }
  ProgressStage stage(session, "app.stage_prepare", {{"month", month.text()}});
  FENQUN_TRY(auto record, features::try_steps(session.workspace, session.catalogue, month, step));
  stage.done();
  FENQUN_TRY(out.model, model_of(session, std::move(record)));
  return out;
}

Result<PreparationFiles> write_preparation_report(Session& session, const StepsOutcome& steps) {
  const std::string code(code_of(session.caller.language));
  const auto folder = session.workspace.folder() / "reports" / steps.model.record.as_of.text();
  const PreparationFiles files = {folder / ("preparation." + code + ".html"),
                                  folder / ("preparation." + code + ".customers.csv")};
  FENQUN_CHECK(make_page_folder(folder));
  FENQUN_CHECK(write_readiness_list(session, steps.model.record.as_of, files.customers_csv));
  auto model = steps.model;
  model.customers_csv = files.customers_csv.filename().string();
  FENQUN_TRY(const auto html, report::render_preparation(model, session.texts, session.workspace.assets()));
  FENQUN_CHECK(write_file_atomically(files.html, html));
  return files;
}

}  // namespace fenqun::app
