// cli/group_commands.cpp - commands that group customers and show the groups.
#include "app/profiles.hpp"
#include "cli/command_line.hpp"
#include "cli/scheme_trial.hpp"

#include <algorithm>
#include <iterator>

namespace fenqun::cli {
namespace {

// What the options of these commands fill in; each looks at its own.
struct GroupOptions {
  std::string workspace = ".";
  std::string month;
  std::vector<std::string> schemes;
  SourceOptions sources;  // run
  // segment, run
  std::uint64_t seed = 1;
  bool seed_given = false;
  bool all = false;  // segment
  std::vector<std::string> check;
  const CLI::Option* check_option = nullptr;  // whether it was given, with or without names
  std::string preview;
  std::uint32_t k = 0;
  std::string truth;
  std::string html;    // report
  std::string folder;  // portrait
};

Result<app::SegmentRequest> segment_request(const GroupOptions& options) {
  app::SegmentRequest request;
  request.schemes = options.schemes;
  request.all = options.all;
  FENQUN_TRY(request.month, month_of(options.month));
  if (options.seed_given) request.seed = options.seed;
  if (options.k > 0) request.k = options.k;
  request.truth = options.truth;
  return request;
}

Result<void> do_segment(const GroupOptions& options, const Call& call) {
  if (options.check_option->count() > 0) {
    auto named = options.schemes;
    // Given without names it holds one empty text.
    std::copy_if(options.check.begin(), options.check.end(), std::back_inserter(named),
                 [](const std::string& name) { return !name.empty(); });
    return check_schemes(options.workspace, named, options.month, call);
  }
  if (!options.preview.empty()) return preview_scheme(options.workspace, options.preview, options.month, call);
  FENQUN_TRY(const auto request, segment_request(options));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto outcome, app::segment_customers(session, request));
  if (call.json) {
    auto json = json_of(outcome);
    if (options.all) {
      json["skipped"] = Json::array();
      for (const auto& one : outcome.skipped) {
        json["skipped"].push_back({{"scheme", one.scheme}, {"reason", render_error(one.why, call.texts)}});
      }
    }
    print(json);
    return {};
  }
  if (options.all) {
    print(show_summary(outcome, call.texts) + show_not_comparable(outcome, call.texts));
    return {};
  }
  std::vector<std::string> names;
  for (const auto& run : outcome.runs) names.push_back(run.scheme);
  FENQUN_TRY(const auto portraits, app::portray(session, outcome.as_of, names));
  print(show_runs(portraits, call.texts) + show_not_comparable(outcome, call.texts));
  return {};
}

Result<void> do_portrait(const GroupOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, month_of(options.month));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  if (!options.folder.empty()) {
    FENQUN_TRY(const auto files, app::write_profiles(session, {month, options.schemes, options.folder}));
    if (call.json)
      print(Json{{"html", files.html.string()}, {"xlsx", files.xlsx.string()}, {"csv", files.csv.string()}});
    else
      print(call.texts("cli.profiles_at",
                       {{"html", files.html.string()}, {"xlsx", files.xlsx.string()}, {"csv", files.csv.string()}}) +
            "\n");
    return {};
  }
  FENQUN_TRY(const auto portraits, app::portray(session, month, options.schemes));
  if (call.json) {
    print(json_of(portraits));
    return {};
  }
  for (const auto& portrait : portraits) print(show_portrait(portrait, session.catalogue, call.texts));
  return {};
}

Result<void> do_runs(const GroupOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, month_of(options.month));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto portraits, app::portray(session, month, options.schemes));
  if (call.json)
    print(json_of(portraits));
  else
    print(show_runs(portraits, call.texts));
  return {};
}

Result<void> do_report(const GroupOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, month_of(options.month));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  app::ReportRequest request;
  request.month = month;
  request.schemes = options.schemes;
  request.html = options.html;
  FENQUN_TRY(const auto outcome, app::write_report(session, request));
  if (call.json)
    print(json_of(outcome));
  else
    print(show_report(outcome, call.texts));
  return {};
}

Result<void> do_run(const GroupOptions& options, const Call& call) {
  app::PipelineRequest request;
  request.ingest = options.sources.plan();
  FENQUN_TRY(request.segment, segment_request(options));
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto outcome, app::run_pipeline(session, request));
  if (call.json) {
    print(Json{{"ingest", json_of(outcome.ingested)},
               {"prepare", json_of(outcome.prepared)},
               {"segment", json_of(outcome.segmented)},
               {"report", json_of(outcome.report)},
               {"stages", json_of(outcome.stages)}});
    return {};
  }
  std::vector<std::string> names;
  for (const auto& run : outcome.segmented.runs) names.push_back(run.scheme);
  FENQUN_TRY(const auto portraits, app::portray(session, outcome.segmented.as_of, names));
  print(show_ingest(outcome.ingested, session.workspace.contracts(), call.texts) +
        show_prepare(outcome.prepared, session.catalogue, call.texts) + show_runs(portraits, call.texts) +
        show_not_comparable(outcome.segmented, call.texts) + "\n" + show_stages(outcome.stages, call.texts) +
        show_report(outcome.report, call.texts));
  return {};
}

using GroupAction = Result<void> (*)(const GroupOptions&, const Call&);

CLI::App* add_group_command(CommandLine& line, const std::string& name, const std::shared_ptr<GroupOptions>& options,
                            GroupAction action) {
  auto* const command = line.add(name, [options, action](const Call& call) { return action(*options, call); });
  line.with_workspace(command, options->workspace);
  line.with_month(command, options->month);
  line.with_schemes(command, options->schemes);
  return command;
}

void with_run_options(CommandLine& line, CLI::App* command, const std::shared_ptr<GroupOptions>& options) {
  // As a scheme's seed may be, and as the workspace can keep it.
  constexpr auto kLargestSeed = static_cast<std::uint64_t>(INT64_MAX);
  command->add_option("--seed", options->seed, line.text("cli.opt_run_seed"))
      ->check(CLI::Range(std::uint64_t{0}, kLargestSeed).description(""))
      ->each([options](const std::string&) { options->seed_given = true; });
  command->add_option("--k", options->k, line.text("cli.opt_k"))->check(CLI::Range(2, 7).description(""));
  command->add_option("--truth", options->truth, line.text("cli.opt_truth"));
}

}  // namespace

void add_group_commands(CommandLine& line) {
  auto options = std::make_shared<GroupOptions>();
  // Parts of the options, kept alive with them.
  const ParentOptions parent = {
      {options, &options->workspace}, {options, &options->month}, {options, &options->schemes}};
  auto* const segment = add_group_command(line, "segment", options, do_segment);
  with_run_options(line, segment, options);
  // Without a value: all of them.
  options->check_option = segment->add_option("--check", options->check, line.text("cli.opt_check"))
                              ->expected(0, CLI::detail::expected_max_vector_size);
  segment->add_option("--preview", options->preview, line.text("cli.opt_preview"));
  segment->add_flag("--all", options->all, line.text("cli.opt_all_schemes"));
  add_membership_commands(line, segment, parent);
  add_refresh_commands(line, segment, parent);
  add_label_commands(line, segment, parent);
  add_explain_commands(line, segment, parent);
  add_transition_commands(line, segment, parent);
  auto* const portrait = add_group_command(line, "portrait", options, do_portrait);
  portrait->add_option("--out", options->folder, line.text("cli.opt_portrait_out"));
  auto* const runs = add_group_command(line, "runs", options, do_runs);
  add_run_life_commands(line, runs, parent);
  add_run_view_commands(line, runs, parent);
  auto* const report = add_group_command(line, "report", options, do_report);
  report->add_option("--out", options->html, line.text("cli.opt_html"));
  add_review_commands(line, report, parent);
  auto* const run = add_group_command(line, "run", options, do_run);
  run->add_option("--from", options->sources.sources, line.text("cli.opt_source"));
  options->sources.add_to(run, line);
  with_run_options(line, run, options);
}

}  // namespace fenqun::cli
