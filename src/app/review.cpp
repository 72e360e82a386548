// app/review.cpp
#include "app/review.hpp"

#include "app/customer_lists.hpp"
#include "app/page_head.hpp"
#include "app/segmentation.hpp"
#include "base/file.hpp"
#include "ledger/primary_group.hpp"
#include "report/review_page.hpp"

#include <algorithm>

namespace fenqun::app {
namespace {

using warehouse::sql_text;

namespace fs = std::filesystem;

constexpr std::size_t kOfEach = 3;  // customers of each pair of groups on the page; all are in the file
constexpr const char* kQualitative = "level1";
constexpr const char* kQuantitative = "dongguan_revenue";

Result<std::optional<ledger::TransitionStep>> last_step(Session& session, const segment::RunResult& run) {
  FENQUN_TRY(const auto months, session.workspace.connection().query(
                                    "SELECT DISTINCT as_of FROM run WHERE scheme = " + sql_text(run.scheme) +
                                    " AND as_of < " + sql_text(run.as_of.text()) + " ORDER BY as_of DESC LIMIT 1"));
  if (months.rows.empty()) return std::optional<ledger::TransitionStep>();
  ledger::TransitionRequest request;
  request.scheme = run.scheme;
  FENQUN_TRY(request.from, Month::parse(months.text(0, 0)));
  request.to = run.as_of;
  for (const auto& group : run.groups) request.groups.push_back(group.code);
  FENQUN_TRY(auto found, ledger::transitions_of(session.workspace, request));
  return std::optional(std::move(found.whole));
}

fs::path beside(const fs::path& html, const char* ending) {
  return html.parent_path() / (html.stem().string() + ending);
}

Result<void> add_comparison(Session& session, const ReviewRequest& request, report::ReviewModel& model,
                            ReviewOutcome& out) {
  const bool is_asked = !request.compare.first.empty();
  const std::string first = is_asked ? request.compare.first : kQualitative;
  const std::string second = is_asked ? request.compare.second : kQuantitative;
  FENQUN_TRY(const auto month, Month::parse(model.as_of));
  FENQUN_TRY(const auto runs, segment::latest_runs(session.workspace, month));
  const auto one = std::ranges::find(runs, first, &segment::RunResult::scheme);
  const auto other = std::ranges::find(runs, second, &segment::RunResult::scheme);
  if (one == runs.end() || other == runs.end()) {
    if (!is_asked) return {};
    return fail(scheme_not_run(session, one == runs.end() ? first : second, month));
  }
  report::ReviewComparison comparison;
  FENQUN_TRY(comparison.diff, ledger::compare_runs(session.workspace, one->run_id, other->run_id));
  out.differences = beside(out.html, ".differences.csv");
  FENQUN_TRY(comparison.differing, list_differing(session, comparison.diff, kOfEach, out.differences));
  out.differing = comparison.differing.customers;
  model.comparisons.push_back(std::move(comparison));
  return {};
}

Result<void> add_conflicts(Session& session, report::ReviewModel& model, ReviewOutcome& out) {
  ledger::PrimaryRequest request;
  request.month = out.as_of;
  request.conflicts = beside(out.html, ".conflicts.csv");
  auto found = ledger::find_primary_groups(session.workspace, session.catalogue, request, session.caller.language);
  if (!found && found.error().line.key == ledger::kNoPrimaryRuns) return {};
  if (!found) return fail(std::move(found.error()));
  out.conflicts = request.conflicts;
  out.in_conflict = found->in_conflict;
  model.conflicts = {std::move(*found), out.conflicts.filename().string()};
  return {};
}

}  // namespace

Result<ReviewOutcome> write_review(Session& session, const ReviewRequest& request) {
  ReviewOutcome out;
  if (request.month) {
    out.as_of = *request.month;
  } else {
    FENQUN_TRY(out.as_of, latest_prepared_month(session));
  }
  ProgressStage stage(session, "app.stage_review");
  report::ReviewModel model;
  model.language = session.caller.language;
  FENQUN_CHECK(fill_head(session, model));
  model.as_of = out.as_of.text();
  FENQUN_TRY(auto portrayed, portray_runs(session, out.as_of, request.schemes));
  FENQUN_TRY(auto markets, segment::markets_of(session.workspace, portrayed.runs, portrayed.portraits));
  for (std::size_t r = 0; r < portrayed.runs.size(); ++r) {
    report::ReviewSection section;
    section.markets = std::move(markets[r]);
    FENQUN_TRY(section.shares, segment::check_shares(session.workspace.assets(), portrayed.portraits[r]));
    FENQUN_TRY(section.moves, last_step(session, portrayed.runs[r]));
    section.run = std::move(portrayed.runs[r]);
    section.portrait = std::move(portrayed.portraits[r]);
    model.sections.push_back(std::move(section));
  }
  out.html = request.html.empty() ? session.workspace.folder() / "reports" / out.as_of.text() /
                                        ("review." + std::string(code_of(session.caller.language)) + ".html")
                                  : request.html;
  FENQUN_CHECK(make_page_folder(out.html.parent_path()));
  FENQUN_CHECK(add_comparison(session, request, model, out));
  FENQUN_CHECK(add_conflicts(session, model, out));
  FENQUN_TRY(const auto html, report::render_review_html(model, session.catalogue.features(), session.texts,
                                                         session.workspace.assets()));
  FENQUN_CHECK(write_file_atomically(out.html, html));
  stage.done();
  return out;
}

}  // namespace fenqun::app
