// cli/output_campaigns.cpp
#include "cli/output_campaigns.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::cli {
namespace {

constexpr std::size_t kBarWidth = 24;

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }
std::string points(double share) { return fmt::format("{:+.2f}", 100 * share); }

Json json_of(const std::optional<strategy::Interval>& interval) {
  if (!interval) return nullptr;
  return {{"share", interval->share}, {"low", interval->low}, {"high", interval->high}};
}

Json json_of(const strategy::CampaignLaunch& launch) {
  return {{"campaign", launch.campaign},
          {"version", launch.version},
          {"begins_on", launch.begins_on},
          {"ends_on", launch.ends_on},
          {"launched_by", launch.launched_by},
          {"launched_at", launch.launched_at},
          {"in_target", launch.in_target},
          {"able", launch.able},
          {"treated", launch.treated},
          {"held_out", launch.held_out},
          {"baseline", launch.baseline ? Json(*launch.baseline) : Json(nullptr)},
          {"stopped_at", launch.stopped_at.empty() ? Json(nullptr) : Json(launch.stopped_at)},
          {"stopped_because", launch.stopped_because.empty() ? Json(nullptr) : Json(launch.stopped_because)}};
}

const strategy::CampaignLaunch* latest_of(const std::vector<strategy::CampaignLaunch>& launches,
                                          const std::string& campaign) {
  const auto found = std::find_if(launches.begin(), launches.end(),
                                  [&](const strategy::CampaignLaunch& one) { return one.campaign == campaign; });
  return found == launches.end() ? nullptr : &*found;
}

}  // namespace

std::string show_campaigns(const strategy::Library& library, const std::vector<strategy::CampaignLaunch>& launches,
                           const Texts& texts) {
  TextTable table({{texts("cli.col_campaign")},
                   {texts("cli.col_campaign_title")},
                   {texts("cli.col_version"), Align::Right},
                   {texts("cli.col_launched")},
                   {texts("cli.col_asked"), Align::Right},
                   {texts("cli.col_held_out"), Align::Right},
                   {texts("cli.col_stopped")}});
  for (const auto& one : library.campaigns) {
    const auto* const launch = latest_of(launches, one.name);
    table.add({one.name, one.title.in(texts.language()), std::to_string(one.version),
               launch == nullptr ? "—" : launch->begins_on + " … " + launch->ends_on,
               launch == nullptr ? "—" : with_thousands(launch->treated),
               launch == nullptr ? "—" : with_thousands(launch->held_out),
               launch == nullptr || launch->stopped_at.empty() ? "—" : launch->stopped_at});
  }
  return table.text();
}

std::string show_reach(const app::CampaignPlan& plan, bool kept, const Texts& texts) {
  const auto& reach = plan.reach;
  const auto* const campaign = plan.library.find_campaign(reach.campaign);
  std::string out =
      texts("cli.campaign_head", {{"campaign", reach.campaign},
                                  {"title", campaign == nullptr ? "" : campaign->title.in(texts.language())},
                                  {"version", std::to_string(reach.version)},
                                  {"from", reach.begins_on},
                                  {"to", reach.ends_on}}) +
      "\n";
  if (reach.again) out += texts("cli.campaign_again") + "\n";
  if (!kept) out += texts("cli.campaign_preview") + "\n";
  const auto largest = static_cast<double>(std::max<std::int64_t>(reach.in_target, 1));
  TextTable table({{texts("cli.col_step")}, {texts("cli.col_customers"), Align::Right}, {""}});
  const auto step = [&](const std::string& name, std::int64_t customers) {
    table.add({name, with_thousands(customers), share_bar(static_cast<double>(customers) / largest, kBarWidth)});
  };
  step(texts("cli.campaign_target"), reach.in_target);
  for (const auto& one : reach.by_reason) {
    const auto key = "cli.suppressed_" + one.reason;
    step("  − " + (texts.has(key) ? texts(key) : one.reason), one.customers);
  }
  step(texts("cli.campaign_able"), reach.able);
  step(texts("cli.campaign_treated"), reach.treated);
  step(texts("cli.campaign_held_out"), reach.held_out);
  out += table.text();
  if (reach.minutes > 0) {
    out += texts("cli.campaign_work", {{"hours", with_thousands((reach.minutes + 59) / 60)}}) + "\n";
  }
  if (reach.baseline) out += texts("cli.campaign_baseline", {{"share", percent(*reach.baseline)}}) + "\n";
  if (reach.smallest_difference) {
    out += texts("cli.campaign_smallest", {{"points", fmt::format("{:.2f}", 100 * *reach.smallest_difference)}}) + "\n";
  } else if (reach.able == 0) {
    out += texts("cli.campaign_nobody") + "\n";
  } else if (reach.held_out == 0) {
    out += texts("cli.campaign_no_hold_out") + "\n";
  }
  return out;
}

std::string show_result(const strategy::CampaignResult& result, const strategy::Library& library, const Texts& texts) {
  const auto* const campaign = library.find_campaign(result.launch.campaign);
  const auto& launch = result.launch;
  std::string out =
      texts("cli.campaign_head", {{"campaign", launch.campaign},
                                  {"title", campaign == nullptr ? "" : campaign->title.in(texts.language())},
                                  {"version", std::to_string(launch.version)},
                                  {"from", launch.begins_on},
                                  {"to", launch.ends_on}}) +
      "\n";
  if (!launch.stopped_at.empty()) {
    out += texts("cli.campaign_was_stopped", {{"at", launch.stopped_at}, {"because", launch.stopped_because}}) + "\n";
  }
  if (result.data_until.empty()) return out + texts("cli.campaign_no_data") + "\n";
  out += texts(result.is_over ? "cli.campaign_over" : "cli.campaign_until", {{"day", result.data_until}}) + "\n";
  TextTable table({{texts("cli.col_arm")},
                   {texts("cli.col_customers"), Align::Right},
                   {texts("cli.col_converted"), Align::Right},
                   {texts("cli.col_converted_share"), Align::Right},
                   {texts("cli.col_interval")},
                   {""}});
  const double most =
      std::max({result.treated ? result.treated->high : 0, result.held_out ? result.held_out->high : 0, 1e-9});
  const auto arm = [&](const char* name, std::int64_t all, std::int64_t done,
                       const std::optional<strategy::Interval>& share) {
    if (!share) return;
    table.add({texts(name), with_thousands(all), with_thousands(done), percent(share->share),
               percent(share->low) + " … " + percent(share->high), share_bar(share->share / most, kBarWidth)});
  };
  arm("cli.campaign_treated", launch.treated, result.treated_converted, result.treated);
  arm("cli.campaign_held_out", launch.held_out, result.held_out_converted, result.held_out);
  out += table.text();
  if (!result.difference) return out + texts("cli.campaign_no_hold_out") + "\n";
  const auto& apart = *result.difference;
  const auto* const verdict = apart.low > 0    ? "cli.campaign_helped"
                              : apart.high < 0 ? "cli.campaign_harmed"
                                               : "cli.campaign_unclear";
  return out +
         texts(verdict, {{"points", points(apart.share)}, {"low", points(apart.low)}, {"high", points(apart.high)}}) +
         "\n";
}

Json json_of(const strategy::Library& library, const std::vector<strategy::CampaignLaunch>& launches) {
  Json out = Json::array();
  for (const auto& one : library.campaigns) {
    const auto* const launch = latest_of(launches, one.name);
    out.push_back({{"campaign", one.name},
                   {"version", one.version},
                   {"title", {{"zh", one.title.zh}, {"en", one.title.en}}},
                   {"requirements", one.requirements},
                   {"target", one.target.text()},
                   {"hold_out", one.hold_out_share},
                   {"most_customers", one.most_customers},
                   {"goal", strategy::name_of(one.conversion.goal)},
                   {"within_days", one.conversion.within_days},
                   {"launch", launch == nullptr ? Json(nullptr) : json_of(*launch)}});
  }
  return out;
}

Json json_of(const strategy::CampaignReach& reach) {
  Json held = Json::array();
  for (const auto& one : reach.by_reason) held.push_back({{"reason", one.reason}, {"customers", one.customers}});
  return {{"campaign", reach.campaign},
          {"version", reach.version},
          {"begins_on", reach.begins_on},
          {"ends_on", reach.ends_on},
          {"again", reach.again},
          {"in_target", reach.in_target},
          {"held", std::move(held)},
          {"able", reach.able},
          {"treated", reach.treated},
          {"held_out", reach.held_out},
          {"minutes", reach.minutes},
          {"baseline", reach.baseline ? Json(*reach.baseline) : Json(nullptr)},
          {"smallest_difference", reach.smallest_difference ? Json(*reach.smallest_difference) : Json(nullptr)}};
}

Json json_of(const strategy::CampaignResult& result) {
  Json days = Json::array();
  for (const auto& one : result.days) {
    days.push_back({{"day", one.day}, {"treated", one.treated}, {"held_out", one.held_out}});
  }
  const auto counts = [](const std::vector<std::pair<std::string, std::int64_t>>& all) {
    Json out = Json::object();
    for (const auto& [name, count] : all) out[name] = count;
    return out;
  };
  return {{"launch", json_of(result.launch)},
          {"data_until", result.data_until.empty() ? Json(nullptr) : Json(result.data_until)},
          {"is_over", result.is_over},
          {"treated_converted", result.treated_converted},
          {"held_out_converted", result.held_out_converted},
          {"treated", json_of(result.treated)},
          {"held_out", json_of(result.held_out)},
          {"difference", json_of(result.difference)},
          {"days", std::move(days)},
          {"orders", counts(result.states)},
          {"outcomes", counts(result.outcomes)}};
}

}  // namespace fenqun::cli
