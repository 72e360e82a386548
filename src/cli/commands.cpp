// cli/commands.cpp
#include "cli/commands.hpp"

#include "app/quarantine.hpp"
#include "base/build_id.hpp"
#include "base/error_table.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

namespace fenqun::cli {
namespace {

// What the options of all commands fill in; each command looks at its own.
struct Options {
  std::string workspace = ".";
  bool json = false;
  std::string language;
  std::size_t threads = 0;
  std::string month;
  // init
  std::string folder;
  std::string name;
  // datagen
  std::string profile = "tianhe";
  std::string out;
  std::string format = "parquet";
  std::string end_month;
  std::int64_t customers = 0;
  int months = 0;
  int reading_months = -1;
  std::uint64_t seed = 1;
  bool seed_given = false;
  // ingest, run
  std::vector<std::string> sources;
  std::string mapping;
  std::string entity;
  double max_rejected_share = -1;
  // segment, portrait, report
  std::vector<std::string> schemes;
  std::uint32_t k = 0;
  std::string truth;
  std::string html;
};

struct Call {
  const Options& options;
  const Texts& texts;
  app::Caller caller;
};

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(now));
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }
void print(const Json& json) { print(json.dump(2) + "\n"); }

Result<std::optional<Month>> month_of(const std::string& text) {
  if (text.empty()) return std::optional<Month>();
  FENQUN_TRY(const auto month, Month::parse(text));
  return std::optional<Month>(month);
}

Result<app::SegmentRequest> segment_request(const Options& options) {
  app::SegmentRequest request;
  request.schemes = options.schemes;
  FENQUN_TRY(request.month, month_of(options.month));
  if (options.seed_given) request.seed = options.seed;
  if (options.k > 0) request.k = options.k;
  request.truth = options.truth;
  return request;
}

app::IngestPlan ingest_plan(const Options& options) {
  app::IngestPlan plan;
  plan.sources.assign(options.sources.begin(), options.sources.end());
  plan.mapping = options.mapping;
  plan.entity = options.entity;
  if (options.max_rejected_share >= 0) plan.max_rejected_share = options.max_rejected_share;
  return plan;
}

Result<void> do_init(const Call& call) {
  const std::filesystem::path folder = call.options.folder;
  const auto name = call.options.name.empty() ? std::filesystem::absolute(folder).lexically_normal().filename().string()
                                              : call.options.name;
  FENQUN_CHECK(warehouse::Workspace::init(folder, name));
  FENQUN_TRY(const auto session, app::Session::open(folder, call.caller));
  if (call.options.json)
    print(Json{{"workspace", folder.string()}});
  else
    print(call.texts("cli.init_done", {{"path", folder.string()}}) + "\n");
  return {};
}

Result<void> do_datagen(const Call& call) {
  datagen::DatagenOptions request;
  request.profile = call.options.profile;
  request.out = call.options.out;
  request.seed = call.options.seed;
  FENQUN_TRY(request.format, datagen::parse_file_format(call.options.format));
  if (call.options.customers > 0) request.customers = call.options.customers;
  FENQUN_TRY(request.end_month, month_of(call.options.end_month));
  if (call.options.months > 0) request.months = call.options.months;
  if (call.options.reading_months >= 0) request.reading_months = call.options.reading_months;
  const AssetStore assets;
  FENQUN_TRY(const auto contracts, warehouse::ContractSet::create(assets));
  WorkerPool pool(call.options.threads);
  StageClock clock;
  clock.start("datagen");
  call.caller.progress->begin(call.texts("cli.stage_datagen"));
  auto outcome = datagen::generate(assets, contracts, request, pool, *call.caller.progress, call.caller.stop);
  if (!outcome) {
    call.caller.progress->abandon();
    return fail(std::move(outcome).error());
  }
  call.caller.progress->end();
  clock.stop();
  if (call.options.json) {
    auto json = json_of(*outcome);
    json["stages"] = json_of(clock.costs());
    print(json);
  } else {
    print(show_datagen(*outcome, call.texts) + show_stages(clock.costs(), call.texts));
  }
  return {};
}

Result<void> do_ingest(const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto outcomes, app::ingest_sources(session, ingest_plan(call.options)));
  if (call.options.json)
    print(json_of(outcomes));
  else
    print(show_ingest(outcomes, session.workspace.contracts(), call.texts));
  return {};
}

Result<void> do_quarantine(const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto lines, app::list_quarantine(session));
  if (call.options.json)
    print(json_of(lines));
  else
    print(show_quarantine(lines, call.texts));
  return {};
}

Result<void> do_prepare(const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto month, month_of(call.options.month));
  FENQUN_TRY(const auto outcome, app::prepare_month(session, month));
  if (call.options.json)
    print(json_of(outcome));
  else
    print(show_prepare(outcome, session.catalogue, call.texts));
  return {};
}

Result<void> do_segment(const Call& call) {
  FENQUN_TRY(const auto request, segment_request(call.options));
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto outcome, app::segment_customers(session, request));
  if (call.options.json) {
    print(json_of(outcome, call.texts));
    return {};
  }
  std::vector<std::string> names;
  for (const auto& run : outcome.runs) names.push_back(run.scheme);
  FENQUN_TRY(const auto portraits, app::portray(session, outcome.as_of, names));
  print(show_runs(portraits, call.texts) + show_skipped(outcome.skipped, call.texts));
  return {};
}

Result<void> do_portrait(const Call& call) {
  FENQUN_TRY(const auto month, month_of(call.options.month));
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto portraits, app::portray(session, month, call.options.schemes));
  if (call.options.json) {
    print(json_of(portraits));
    return {};
  }
  for (const auto& portrait : portraits) print(show_portrait(portrait, session.catalogue, call.texts));
  return {};
}

Result<void> do_runs(const Call& call) {
  FENQUN_TRY(const auto month, month_of(call.options.month));
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto portraits, app::portray(session, month, call.options.schemes));
  if (call.options.json)
    print(json_of(portraits));
  else
    print(show_runs(portraits, call.texts));
  return {};
}

Result<void> do_report(const Call& call) {
  FENQUN_TRY(const auto month, month_of(call.options.month));
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  app::ReportRequest request;
  request.month = month;
  request.schemes = call.options.schemes;
  request.html = call.options.html;
  FENQUN_TRY(const auto outcome, app::write_report(session, request));
  if (call.options.json)
    print(json_of(outcome));
  else
    print(show_report(outcome, call.texts));
  return {};
}

Result<void> do_run(const Call& call) {
  app::PipelineRequest request;
  request.ingest = ingest_plan(call.options);
  FENQUN_TRY(request.segment, segment_request(call.options));
  FENQUN_TRY(auto session, app::Session::open(call.options.workspace, call.caller));
  FENQUN_TRY(const auto outcome, app::run_pipeline(session, request));
  if (call.options.json) {
    print(Json{{"ingest", json_of(outcome.ingested)},
               {"prepare", json_of(outcome.prepared)},
               {"segment", json_of(outcome.segmented, call.texts)},
               {"report", json_of(outcome.report)},
               {"stages", json_of(outcome.stages)}});
    return {};
  }
  std::vector<std::string> names;
  for (const auto& run : outcome.segmented.runs) names.push_back(run.scheme);
  FENQUN_TRY(const auto portraits, app::portray(session, outcome.segmented.as_of, names));
  print(show_ingest(outcome.ingested, session.workspace.contracts(), call.texts) +
        show_prepare(outcome.prepared, session.catalogue, call.texts) + show_runs(portraits, call.texts) +
        show_skipped(outcome.segmented.skipped, call.texts) + "\n" + show_stages(outcome.stages, call.texts) +
        show_report(outcome.report, call.texts));
  return {};
}

using Action = std::function<Result<void>(const Call&)>;

// Builds the parser; every sentence of the help comes from the texts.
class Parser {
 public:
  Parser(Options& options, const Texts& texts) : options_(options), texts_(texts), app_(texts("cli.about"), "fenqun") {
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", texts("cli.opt_help"));
    app_.set_version_flag("--version", std::string(build_id()), texts("cli.opt_version"));
    app_.fallthrough();
    app_.add_option("--lang", options.language, texts("cli.opt_lang"));
    app_.add_option("--threads", options.threads, texts("cli.opt_threads"))->check(CLI::Range(1, 256));
    app_.add_flag("--json", options.json, texts("cli.opt_json"));
    add_commands();
  }

  CLI::App& app() { return app_; }
  [[nodiscard]] Action chosen() const {
    for (const auto& [command, action] : actions_) {
      if (command->parsed()) return action;
    }
    return {};
  }

 private:
  CLI::App* add(const std::string& name, Action action) {
    auto* const command = app_.add_subcommand(name, texts_("cli.cmd_" + name));
    actions_.emplace_back(command, std::move(action));
    return command;
  }
  void with_workspace(CLI::App* command) {
    command->add_option("-w,--workspace", options_.workspace, texts_("cli.opt_workspace"));
  }
  void with_month(CLI::App* command) { command->add_option("--month", options_.month, texts_("cli.opt_month")); }
  void with_schemes(CLI::App* command) { command->add_option("--scheme", options_.schemes, texts_("cli.opt_scheme")); }
  void with_sources(CLI::App* command) {
    command->add_option("--map", options_.mapping, texts_("cli.opt_map"));
    command->add_option("--entity", options_.entity, texts_("cli.opt_entity"));
    command->add_option("--max-rejected-share", options_.max_rejected_share, texts_("cli.opt_max_rejected_share"))
        ->check(CLI::Range(0.0, 1.0));
  }
  void with_run_options(CLI::App* command) {
    command->add_option("--seed", options_.seed, texts_("cli.opt_run_seed"))->each([this](const std::string&) {
      options_.seed_given = true;
    });
    command->add_option("--k", options_.k, texts_("cli.opt_k"))->check(CLI::Range(2, 7));
    command->add_option("--truth", options_.truth, texts_("cli.opt_truth"));
  }

  void add_commands() {
    auto* const init = add("init", do_init);
    init->add_option("folder", options_.folder, texts_("cli.opt_folder"))->required();
    init->add_option("--name", options_.name, texts_("cli.opt_name"));

    auto* const datagen = add("datagen", do_datagen);
    datagen->add_option("--profile", options_.profile, texts_("cli.opt_profile"));
    datagen->add_option("--out", options_.out, texts_("cli.opt_out"))->required();
    datagen->add_option("--customers", options_.customers, texts_("cli.opt_customers"));
    datagen->add_option("--seed", options_.seed, texts_("cli.opt_seed"));
    datagen->add_option("--format", options_.format, texts_("cli.opt_format"));
    datagen->add_option("--end-month", options_.end_month, texts_("cli.opt_end_month"));
    datagen->add_option("--months", options_.months, texts_("cli.opt_months"));
    datagen->add_option("--reading-months", options_.reading_months, texts_("cli.opt_reading_months"));

    auto* const ingest = add("ingest", do_ingest);
    with_workspace(ingest);
    ingest->add_option("source", options_.sources, texts_("cli.opt_source"))->required();
    with_sources(ingest);

    with_workspace(add("quarantine", do_quarantine));

    auto* const prepare = add("prepare", do_prepare);
    with_workspace(prepare);
    with_month(prepare);

    auto* const segment = add("segment", do_segment);
    with_workspace(segment);
    with_month(segment);
    with_schemes(segment);
    with_run_options(segment);

    for (const auto& [name, action] :
         {std::pair<std::string, Action>{"portrait", do_portrait}, {"runs", do_runs}, {"report", do_report}}) {
      auto* const command = add(name, action);
      with_workspace(command);
      with_month(command);
      with_schemes(command);
      if (name == "report") command->add_option("--out", options_.html, texts_("cli.opt_html"));
    }

    auto* const run = add("run", do_run);
    with_workspace(run);
    run->add_option("--from", options_.sources, texts_("cli.opt_source"));
    with_sources(run);
    with_month(run);
    with_schemes(run);
    with_run_options(run);
  }

  Options& options_;
  const Texts& texts_;
  CLI::App app_;
  std::vector<std::pair<CLI::App*, Action>> actions_;
};

int report_error(const Error& error, const Options& options, const Texts& texts) {
  if (options.json) print(Json{{"error", json_of(error, texts)}});
  fmt::print(stderr, "{}\n", texts("cli.error", {{"message", render_error(error, texts)}}));
  return traits_of(error.code).exit_code;
}

}  // namespace

Result<Language> wanted_language(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    constexpr std::string_view kOption = "--lang";
    if (arguments[i] == kOption && i + 1 < arguments.size()) return parse_language(arguments[i + 1]);
    if (arguments[i].starts_with("--lang="))
      return parse_language(std::string_view(arguments[i]).substr(kOption.size() + 1));
  }
  const char* const variable = std::getenv("FENQUN_LANG");
  if (variable != nullptr && *variable != '\0') return parse_language(variable);
  return Language::Chinese;
}

int run_command(const std::vector<std::string>& arguments, const Texts& texts, const std::stop_token& stop) {
  Options options;
  Parser parser(options, texts);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    parser.app().parse(reversed);
  } catch (const CLI::ParseError& e) {
    constexpr int kWrongUse = 2;
    return parser.app().exit(e) == 0 ? 0 : kWrongUse;
  }
  TerminalProgress progress(texts);
  Call call{options, texts, {}};
  call.caller.language = texts.language();
  call.caller.threads = options.threads;
  call.caller.progress = &progress;
  call.caller.stop = stop;
  call.caller.now = local_time;
  const auto done = parser.chosen()(call);
  if (!done) return report_error(done.error(), options, texts);
  if (std::fflush(stdout) != 0) {
    return report_error({ErrorCode::Io, {"cli.cannot_print", {}}, {}}, options, texts);
  }
  return 0;
}

}  // namespace fenqun::cli
