// cli/ingest_commands.cpp - loading files, looking at what was loaded, taking it back.
#include "app/drop_folder.hpp"
#include "cli/command_line.hpp"

namespace fenqun::cli {
namespace {

struct IngestOptions {
  std::string workspace = ".";
  SourceOptions sources;
  bool watch = false;
  bool once = false;
  double interval_s = 10;
  std::string batch;  // undo
};

Result<void> watch(const IngestOptions& options, const Call& call) {
  if (options.sources.sources.size() != 1 || !options.sources.mapping.empty() || !options.sources.entity.empty()) {
    return fail(ErrorCode::InvalidArgument, "cli.watch_one_folder");
  }
  app::DropRequest request;
  request.workspace = options.workspace;
  request.folder = options.sources.sources.front();
  request.interval = std::chrono::milliseconds(static_cast<std::int64_t>(options.interval_s * 1000));
  request.once = options.once;
  request.max_rejected_share = options.sources.plan().max_rejected_share;
  if (!request.once) print_aside(call.texts("cli.watching", {{"folder", request.folder.string()}}));
  std::int64_t refused = 0;
  FENQUN_CHECK(app::watch_folder(call.caller, request, [&](const app::Arrival& arrival, const Texts& texts) {
    refused += arrival.fate == app::Arrival::Fate::Refused ? 1 : 0;
    // One line per file, as it comes: a reader at the other end of a pipe must not wait.
    if (call.json)
      print_raw(json_of(arrival, texts).dump() + "\n");
    else
      print(show_arrival(arrival, texts));
    std::fflush(stdout);
  }));
  if (!request.once || refused == 0) return {};
  return fail(ErrorCode::BadData, "cli.drop_refused",
              {{"files", std::to_string(refused)}, {"folder", (request.folder / "refused").string()}});
}

Result<void> do_ingest(const IngestOptions& options, const Call& call) {
  if (options.sources.sources.empty()) return fail(ErrorCode::InvalidArgument, "cli.no_source");
  if (options.watch) return watch(options, call);
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto outcomes, app::ingest_sources(session, options.sources.plan()));
  if (call.json)
    print(json_of(outcomes));
  else
    print(show_ingest(outcomes, session.workspace.contracts(), call.texts));
  return {};
}

Result<void> do_list(const IngestOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto batches, app::list_batches(session));
  if (call.json)
    print(json_of(batches));
  else
    print(show_batches(batches, session.workspace.contracts(), call.texts));
  return {};
}

Result<void> do_undo(const IngestOptions& options, const Call& call) {
  // Taking back a damaged batch whose file is lost is the last way out.
  auto caller = call.caller;
  caller.tolerate_damage = true;
  FENQUN_TRY(auto session, app::Session::open(options.workspace, caller));
  FENQUN_TRY(const auto outcome, app::undo_batch(session, options.batch));
  if (call.json)
    print(json_of(outcome));
  else
    print(show_undo(outcome, session.workspace.contracts(), call.texts));
  return {};
}

}  // namespace

void add_ingest_commands(CommandLine& line) {
  auto options = std::make_shared<IngestOptions>();
  auto* const ingest = line.add("ingest", [options](const Call& call) { return do_ingest(*options, call); });
  line.with_workspace(ingest, options->workspace);
  ingest->add_option("source", options->sources.sources, line.text("cli.opt_source"));
  options->sources.add_to(ingest, line);
  auto* const watch = ingest->add_flag("--watch", options->watch, line.text("cli.opt_watch"));
  ingest->add_option("--interval", options->interval_s, line.text("cli.opt_interval"))
      ->check(CLI::Range(0.05, 86400.0))
      ->needs(watch);
  ingest->add_flag("--once", options->once, line.text("cli.opt_once"))->needs(watch);
  line.add_below(ingest, "list", [options](const Call& call) { return do_list(*options, call); });
  auto* const undo = line.add_below(ingest, "undo", [options](const Call& call) { return do_undo(*options, call); });
  undo->add_option("batch", options->batch, line.text("cli.opt_batch"))->required();
}

}  // namespace fenqun::cli
