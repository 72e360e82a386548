// app/segmentation.cpp
#include "app/segmentation.hpp"

#include "app/customer_lists.hpp"
#include "segment/scheme_order.hpp"

#include <algorithm>
#include <array>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array kDefaultSchemes = {"level1", "dongguan_revenue", "dongguan_influence", "dongguan_growth",
                                        "dongguan_arrears"};

Result<fs::path> find_truth(const fs::path& given) {
  std::error_code ec;
  if (given.empty() || fs::is_regular_file(given, ec)) return given;
  if (!fs::is_directory(given, ec)) return fail(ErrorCode::NotFound, "segment.no_truth", {{"path", given.string()}});
  for (const auto* name : {"customer_class.parquet", "customer_class.csv"}) {
    if (fs::exists(given / name, ec)) return given / name;
  }
  return fail(ErrorCode::NotFound, "app.no_truth_file", {{"path", given.string()}});
}

// A number of groups that is asked for must not be silently without effect. Where no scheme is named, it is for those
// that take it.
Result<void> check_k(const SegmentRequest& request, const std::vector<segment::Scheme>& schemes) {
  if (!request.k) return {};
  const auto is_named = [&](const segment::Scheme& scheme) {
    return std::find(request.schemes.begin(), request.schemes.end(), scheme.name) != request.schemes.end();
  };
  const auto refuse = [](const segment::Scheme& scheme) {
    return fail(ErrorCode::InvalidArgument, "app.k_without_effect",
                {{"scheme", scheme.name}, {"method", std::string(segment::name_of(scheme.method))}});
  };
  for (const auto& scheme : schemes) {
    if (is_named(scheme) && !segment::takes_k(scheme.method)) return refuse(scheme);
  }
  const bool any =
      std::any_of(schemes.begin(), schemes.end(), [](const auto& s) { return segment::takes_k(s.method); });
  return any ? Result<void>() : refuse(schemes.front());
}

bool was_run(const std::vector<segment::RunResult>& latest, const std::string& scheme) {
  return std::any_of(latest.begin(), latest.end(), [&](const auto& run) { return run.scheme == scheme; });
}

// Runs a scheme and lets later ones look at its groups.
Result<void> run_one(Session& session, const segment::Scheme& scheme, segment::SegmentOptions& options,
                     bool may_look_at_nobody, SegmentOutcome& out) {
  ProgressStage stage(session, "app.stage_segment", {{"scheme", scheme.title.in(session.caller.language)}});
  auto run = segment::run_scheme(session.workspace, session.catalogue, scheme, options, *session.pool);
  if (!run) {
    if (!may_look_at_nobody || run.error().line.key != segment::kNobodyInPopulation) {
      return fail(std::move(run).error());
    }
    out.skipped.push_back({scheme.name, scheme.title, std::move(run).error()});
    return {};
  }
  stage.done();
  options.uses.push_back({run->scheme, run->run_id});
  out.runs.push_back(std::move(*run));
  return {};
}

}  // namespace

Result<std::vector<std::string>> default_schemes(const Session& session) {
  FENQUN_TRY(auto names, session.workspace.settings().texts("schemes"));
  if (names.empty()) names.assign(kDefaultSchemes.begin(), kDefaultSchemes.end());
  return names;
}

Result<Month> latest_prepared_month(Session& session) {
  FENQUN_TRY(const auto files, session.workspace.lake_files("wide"));
  if (files.empty()) return fail(ErrorCode::BadData, "app.nothing_prepared");
  return files.back().month;
}

Error scheme_not_run(const Session& session, const std::string& scheme, Month month) {
  auto file = segment::scheme_file(session.workspace.assets(), scheme);
  if (!file) return std::move(file).error();
  return Error{ErrorCode::NotFound, {"app.scheme_not_run", {{"scheme", scheme}, {"month", month.text()}}}, {}};
}

Result<SegmentOutcome> segment_customers(Session& session, const SegmentRequest& request) {
  SegmentOutcome out;
  segment::SegmentOptions options;
  options.seed = request.seed;
  options.k = request.k;
  FENQUN_TRY(options.truth, find_truth(request.truth));
  if (request.month) {
    out.as_of = *request.month;
  } else {
    FENQUN_TRY(out.as_of, latest_prepared_month(session));
  }
  options.as_of = out.as_of;
  auto names = request.schemes;
  if (names.empty()) {
    FENQUN_TRY(names, default_schemes(session));
  }
  if (request.all) names = segment::scheme_names(session.workspace.assets());
  FENQUN_TRY(const auto schemes, segment::load_in_order(session.workspace.assets(), session.catalogue, names));
  FENQUN_CHECK(check_k(request, schemes));
  FENQUN_TRY(const auto latest, segment::latest_runs(session.workspace, out.as_of));
  for (const auto& scheme : schemes) {
    if (std::find(names.begin(), names.end(), scheme.name) == names.end() && was_run(latest, scheme.name)) continue;
    FENQUN_CHECK(run_one(session, scheme, options, request.all, out));
  }
  FENQUN_TRY(out.not_comparable, list_not_comparable(session, out.as_of));
  return out;
}

Result<PortrayedRuns> portray_runs(Session& session, std::optional<Month> month,
                                   const std::vector<std::string>& schemes) {
  if (!month) {
    FENQUN_TRY(month, latest_prepared_month(session));
  }
  FENQUN_TRY(auto runs, segment::latest_runs(session.workspace, month));
  std::vector<std::string> wanted = schemes;
  const bool all = wanted.empty();
  if (all) {
    // The default set first, in its order; then whatever else was run.
    FENQUN_TRY(wanted, default_schemes(session));
    for (const auto& run : runs) {
      if (std::find(wanted.begin(), wanted.end(), run.scheme) == wanted.end()) wanted.push_back(run.scheme);
    }
  }
  PortrayedRuns out;
  for (const auto& name : wanted) {
    const auto run = std::find_if(runs.begin(), runs.end(), [&](const auto& r) { return r.scheme == name; });
    if (run == runs.end()) {
      if (all) continue;
      return fail(scheme_not_run(session, name, *month));
    }
    out.runs.push_back(*run);
  }
  if (out.runs.empty()) return fail(ErrorCode::BadData, "app.nothing_segmented", {{"month", month->text()}});
  FENQUN_TRY(out.portraits, segment::make_portraits(session.workspace, session.catalogue, out.runs));
  return out;
}

Result<std::vector<PortraitOutcome>> portray(Session& session, std::optional<Month> month,
                                             const std::vector<std::string>& schemes) {
  FENQUN_TRY(auto found, portray_runs(session, month, schemes));
  std::vector<PortraitOutcome> out;
  for (std::size_t r = 0; r < found.runs.size(); ++r)
    out.push_back({std::move(found.runs[r]), std::move(found.portraits[r])});
  return out;
}

}  // namespace fenqun::app
