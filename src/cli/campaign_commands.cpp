// cli/campaign_commands.cpp - campaigns: who would be reached, launched, what came of them, stopped; arrears work.
#include "app/strategies.hpp"
#include "cli/command_line.hpp"
#include "cli/output_campaigns.hpp"
#include "cli/output_service.hpp"
#include "warehouse/database.hpp"

namespace fenqun::cli {
namespace {

struct CampaignOptions {
  std::string workspace = ".";
  std::string campaign;
  std::string begins_on;
  std::string by;
  std::string note;
  std::string cause;
  std::string area;
  bool first_only = false;
  std::int64_t limit = 20;
};

template <class T>
void tell(const Call& call, const Json& json, const T& text) {
  if (call.json) {
    print(json);
  } else {
    print(text());
  }
}

Result<void> list_campaigns(const CampaignOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  FENQUN_TRY(const auto launches, strategy::list_launches(session.workspace));
  tell(call, json_of(library, launches), [&] { return show_campaigns(library, launches, call.texts); });
  return {};
}

Result<void> reach(const CampaignOptions& options, const Call& call, bool keep) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto plan,
             app::launch_campaign(session, {options.campaign, options.begins_on, keep ? options.by : "-", keep}));
  tell(call, json_of(plan.reach), [&] { return show_reach(plan, keep, call.texts); });
  return {};
}

Result<void> preview_campaign(const CampaignOptions& options, const Call& call) { return reach(options, call, false); }
Result<void> launch_campaign(const CampaignOptions& options, const Call& call) { return reach(options, call, true); }

Result<void> measure_campaign(const CampaignOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto result, app::measure_campaign(session, options.campaign));
  FENQUN_TRY(const auto library, app::load_strategies(session));
  tell(call, json_of(result), [&] { return show_result(result, library, call.texts); });
  return {};
}

Result<void> stop_campaign(const CampaignOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto cancelled, app::stop_campaign(session, options.campaign, options.by, options.note));
  tell(call, Json{{"campaign", options.campaign}, {"cancelled", cancelled}}, [&] {
    return call.texts("cli.campaign_stop_told",
                      {{"campaign", options.campaign}, {"orders", std::to_string(cancelled)}}) +
           "\n";
  });
  return {};
}

Result<void> list_arrears(const CampaignOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  strategy::ArrearsFilter filter;
  filter.cause = options.cause;
  filter.first_only = options.first_only;
  filter.limit = options.limit;
  if (!options.area.empty()) {
    filter.customers_sql = "customer_id IN (SELECT customer_id FROM m_customer WHERE transformer_area_id = " +
                           warehouse::sql_text(options.area) + ")";
  }
  FENQUN_TRY(const auto work, app::list_arrears(session, filter));
  tell(call, json_of(work), [&] { return show_arrears(work, call.texts); });
  return {};
}

using CampaignAction = Result<void> (*)(const CampaignOptions&, const Call&);

}  // namespace

void add_campaign_commands(CommandLine& line) {
  auto options = std::make_shared<CampaignOptions>();
  const auto bound = [options](CampaignAction action) {
    return [options, action](const Call& call) { return action(*options, call); };
  };
  auto* const campaigns = line.add("campaigns", bound(list_campaigns));
  line.with_workspace(campaigns, options->workspace);
  line.add_below(campaigns, "list", bound(list_campaigns));
  const auto of_one = [&](const char* name, CampaignAction action) {
    auto* const command = line.add_below(campaigns, name, bound(action));
    command->add_option("CAMPAIGN", options->campaign, line.text("cli.opt_campaign"))->required();
    return command;
  };
  auto* const preview = of_one("preview", preview_campaign);
  preview->add_option("--begins-on", options->begins_on, line.text("cli.opt_begins_on"));
  auto* const launch = of_one("launch", launch_campaign);
  launch->add_option("--begins-on", options->begins_on, line.text("cli.opt_begins_on"));
  launch->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  of_one("result", measure_campaign);
  auto* const stop = of_one("stop", stop_campaign);
  stop->add_option("--by", options->by, line.text("cli.opt_by"))->required();
  stop->add_option("--note", options->note, line.text("cli.opt_note"))->required();

  auto* const arrears = line.add("arrears", bound(list_arrears));
  line.with_workspace(arrears, options->workspace);
  arrears->add_option("--cause", options->cause, line.text("cli.opt_cause"));
  arrears->add_option("--area", options->area, line.text("cli.opt_area"));
  arrears->add_flag("--first", options->first_only, line.text("cli.opt_first"));
  arrears->add_option("--limit", options->limit, line.text("cli.opt_list_limit"))->check(CLI::NonNegativeNumber);
}

}  // namespace fenqun::cli
