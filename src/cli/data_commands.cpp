// cli/data_commands.cpp - commands that make and load data.
#include "app/quarantine.hpp"
#include "cli/command_line.hpp"

namespace fenqun::cli {
namespace {

struct InitOptions {
  std::string folder;
  std::string name;
};

struct DatagenOptions {
  std::string profile = "tianhe";
  std::string out;
  std::string format = "parquet";
  std::string end_month;
  std::optional<std::int64_t> customers;
  std::optional<int> months;
  std::optional<int> reading_months;
  std::uint64_t seed = 1;
  bool dirty = false;
  delivery::DirtOptions dirt;
};

Result<void> do_init(const InitOptions& options, const Call& call) {
  const std::filesystem::path folder = options.folder;
  const auto name =
      options.name.empty() ? std::filesystem::absolute(folder).lexically_normal().filename().string() : options.name;
  FENQUN_CHECK(warehouse::Workspace::init(folder, name));
  FENQUN_TRY(const auto session, app::Session::open(folder, call.caller));
  if (call.json)
    print(Json{{"workspace", folder.string()}});
  else
    print(call.texts("cli.init_done", {{"path", folder.string()}}) + "\n");
  return {};
}

Result<void> do_datagen(const DatagenOptions& options, const Call& call) {
  datagen::DatagenOptions request;
  request.profile = options.profile;
  request.out = options.out;
  request.seed = options.seed;
  FENQUN_TRY(request.format, datagen::parse_file_format(options.format));
  request.customers = options.customers;
  FENQUN_TRY(request.end_month, month_of(options.end_month));
  request.months = options.months;
  request.reading_months = options.reading_months;
  const AssetStore assets;
  FENQUN_TRY(const auto contracts, warehouse::ContractSet::create(assets));
  WorkerPool pool(call.caller.threads);
  StageClock clock;
  clock.start("datagen");
  call.caller.progress->begin(call.texts("cli.stage_datagen"));
  const auto make = [&]() -> Result<delivery::DirtOutcome> {
    if (options.dirty) {
      return delivery::deliver(assets, contracts, request, options.dirt, pool, *call.caller.progress, call.caller.stop);
    }
    FENQUN_TRY(auto utility,
               datagen::generate(assets, contracts, request, pool, *call.caller.progress, call.caller.stop));
    return delivery::DirtOutcome{std::move(utility), 0, {}};
  };
  auto outcome = make();
  if (!outcome) {
    call.caller.progress->abandon();
    return fail(std::move(outcome).error());
  }
  call.caller.progress->end();
  clock.stop();
  if (call.json) {
    auto json = json_of(outcome->utility);
    if (options.dirty) json["planted_faults"] = outcome->planted;
    json["stages"] = json_of(clock.costs());
    print(json);
    return {};
  }
  print(show_datagen(outcome->utility, call.texts));
  if (options.dirty && !outcome->utility.already_there) {
    print(call.texts("cli.datagen_dirty", {{"planted", std::to_string(outcome->planted)}}) + "\n");
  }
  print(show_stages(clock.costs(), call.texts));
  return {};
}

Result<void> do_quarantine(const std::string& workspace, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(workspace, call.caller.reading()));
  FENQUN_TRY(const auto lines, app::list_quarantine(session));
  if (call.json)
    print(json_of(lines));
  else
    print(show_quarantine(lines, call.texts));
  return {};
}

void add_init(CommandLine& line) {
  auto options = std::make_shared<InitOptions>();
  auto* const init = line.add("init", [options](const Call& call) { return do_init(*options, call); });
  init->add_option("folder", options->folder, line.text("cli.opt_folder"))->required();
  init->add_option("--name", options->name, line.text("cli.opt_name"));
}

void add_datagen(CommandLine& line) {
  auto options = std::make_shared<DatagenOptions>();
  auto* const datagen = line.add("datagen", [options](const Call& call) { return do_datagen(*options, call); });
  datagen->add_option("--profile", options->profile, line.text("cli.opt_profile"));
  datagen->add_option("--out", options->out, line.text("cli.opt_out"))->required();
  datagen->add_option("--customers", options->customers, line.text("cli.opt_customers"));
  datagen->add_option("--seed", options->seed, line.text("cli.opt_seed"));
  datagen->add_option("--format", options->format, line.text("cli.opt_format"));
  datagen->add_option("--end-month", options->end_month, line.text("cli.opt_end_month"));
  datagen->add_option("--months", options->months, line.text("cli.opt_months"));
  datagen->add_flag("--dirty", options->dirty, line.text("cli.opt_dirty"));
  datagen->add_option("--dirty-seed", options->dirt.seed, line.text("cli.opt_dirty_seed"));
  datagen->add_option("--dirty-share", options->dirt.share, line.text("cli.opt_dirty_share"));
  datagen->add_option("--reading-months", options->reading_months, line.text("cli.opt_reading_months"));
}

void add_quarantine(CommandLine& line) {
  auto workspace = std::make_shared<std::string>(".");
  auto* const quarantine =
      line.add("quarantine", [workspace](const Call& call) { return do_quarantine(*workspace, call); });
  line.with_workspace(quarantine, *workspace);
}

}  // namespace

void add_data_commands(CommandLine& line) {
  add_init(line);
  add_datagen(line);
  add_quarantine(line);
}

}  // namespace fenqun::cli
