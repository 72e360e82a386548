// cli/prepare_commands.cpp - prepare: from checked rows to the wide table.
#include "cli/command_line.hpp"

namespace fenqun::cli {
namespace {

struct PrepareOptions {
  std::string workspace = ".";
  std::string month;
  bool rebuild = false;
};

Result<void> do_prepare(const PrepareOptions& options, const Call& call) {
  app::PrepareRequest request;
  FENQUN_TRY(request.month, month_of(options.month));
  request.rebuild = options.rebuild;
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto outcome, app::prepare_months(session, request));
  if (call.json)
    print(json_of(outcome));
  else
    print(show_prepare(outcome, session.catalogue, call.texts));
  return {};
}

}  // namespace

void add_prepare_commands(CommandLine& line) {
  auto options = std::make_shared<PrepareOptions>();
  auto* const prepare = line.add("prepare", [options](const Call& call) { return do_prepare(*options, call); });
  line.with_workspace(prepare, options->workspace);
  prepare->add_option("--month", options->month, line.text("cli.opt_prepare_month"));
  prepare->add_flag("--rebuild", options->rebuild, line.text("cli.opt_rebuild"));
}

}  // namespace fenqun::cli
