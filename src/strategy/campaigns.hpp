// strategy/campaigns.hpp - a campaign's life: who would be asked, launched once, what came of it, stopped. Level 5.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "strategy/library.hpp"
#include "strategy/plan.hpp"
#include "strategy/proportion.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::strategy {

/// Why a customer of the target cannot be asked, beside those of plan.hpp.
inline constexpr const char* kOtherCampaign = "other_campaign";  // belongs to one that runs, asked or held out

struct CampaignRequest {
  std::string campaign;
  std::string begins_on;  // "2026-07-10"
  std::string by;
  bool keep = true;  // false: only tell what it would be
};

/// in_target = those held back + able; treated + held_out = able, or most_customers where that is less.
struct CampaignReach {
  std::string campaign;
  int version = 1;
  std::string begins_on;
  std::string ends_on;  // the last day that counts
  Month features_of;
  bool again = false;  // this version was launched before; nothing was changed, by_reason is not told
  std::int64_t customers = 0;
  std::int64_t in_target = 0;
  std::int64_t able = 0;
  std::int64_t treated = 0;  // each gets an order
  std::int64_t held_out = 0;
  std::int64_t minutes = 0;                // of work, of all employees
  std::vector<SuppressedCount> by_reason;  // most first
  std::optional<double> baseline;  // share of the able who did it by themselves, in as many days before; Holds: to whom
                                   // it applies already; nothing: no data of that time, nobody is able
  std::optional<double> smallest_difference;  // that a comparison would find; nothing: nobody held out, no baseline
};

/// Works out who is reached and, where it is kept, draws the customers and makes their orders, all or nothing. Drawn
/// by hash of campaign, version and customer: the same launch gives the same. Who could not be asked (consent, caps,
/// collisions, another campaign) is left out before the draw, so that those held out are like those asked. Groups are
/// those in force in the month of the first day. Cost: one pass over the customers. Errors: NotFound (campaign,
/// nothing prepared, no groups of the target in force), InvalidArgument (nobody named, no day), Database, Io.
Result<CampaignReach> launch_campaign(warehouse::Workspace& workspace, const Library& library,
                                      const CampaignRequest& request);

struct CampaignLaunch {
  std::string campaign;
  int version = 1;
  std::string begins_on;
  std::string ends_on;
  std::string launched_by;
  std::string launched_at;  // "2026-07-10 09:30:00"
  Goal goal = Goal::PaidBy;
  std::vector<std::string> codes;
  std::string condition;
  std::int64_t in_target = 0;
  std::int64_t able = 0;
  std::int64_t treated = 0;
  std::int64_t held_out = 0;
  std::optional<double> baseline;
  std::string stopped_by;  // empty: it was not stopped
  std::string stopped_at;
  std::string stopped_because;
};
/// Latest first. Errors: Database.
Result<std::vector<CampaignLaunch>> list_launches(warehouse::Workspace& workspace);

struct CampaignDay {
  std::string day;
  std::int64_t treated = 0;  // who had done it by the end of the day
  std::int64_t held_out = 0;
};
struct CampaignResult {
  CampaignLaunch launch;
  std::string data_until;  // last day of the data that tells; empty: none since the first day
  bool is_over = false;    // the data reaches the last day that counts
  std::int64_t treated_converted = 0;
  std::int64_t held_out_converted = 0;
  std::optional<Interval> treated;
  std::optional<Interval> held_out;
  std::optional<Interval> difference;
  std::vector<CampaignDay> days;                               // with a conversion; Holds: none
  std::vector<std::pair<std::string, std::int64_t>> states;    // of its orders
  std::vector<std::pair<std::string, std::int64_t>> outcomes;  // of its orders
};
/// What came of the latest launch, or of `version`. Errors: NotFound (never launched), BadData (its condition names
/// what is no longer there), Database.
Result<CampaignResult> measure_campaign(warehouse::Workspace& workspace, const segment::NameLookup& names,
                                        const std::string& campaign, std::optional<int> version);

/// Its open orders are cancelled with the reason and nobody else is asked; who was asked stays counted. How many were
/// cancelled. Errors: NotFound (never launched), Denied (it was stopped before), InvalidArgument (nobody or no
/// reason named), Database.
Result<std::int64_t> stop_campaign(warehouse::Workspace& workspace, const std::string& campaign, const std::string& by,
                                   const std::string& because, const std::string& now);

/// SQL: customers of a launch with their arm, (customer_id, is_treated), by number.
std::string members_sql(const std::string& campaign, int version);

}  // namespace fenqun::strategy
