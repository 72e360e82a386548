// strategy/campaigns.cpp
#include "strategy/campaigns.hpp"

#include "base/near_names.hpp"
#include "strategy/new_order.hpp"
#include "strategy/roster.hpp"
#include "strategy/seen.hpp"
#include "strategy/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::strategy {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

std::string date_sql(const std::string& day) { return "DATE " + sql_text(day); }
std::string date_sql(Month month) { return date_sql(month.first_date()); }

std::string list_sql(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& one : items) out += (out.empty() ? "" : ", ") + sql_text(one);
  return out;
}

// Customers who did what is wanted within days, with the first day of it: (customer_id, day).
std::string doing_sql(Goal goal, const std::vector<std::string>& codes, const std::string& from,
                      const std::string& to) {
  const auto list = codes.empty() ? std::string("''") : list_sql(codes);
  switch (goal) {
    case Goal::PaidBy:
      return fmt::format(
          "SELECT customer_id, min(paid_on) AS day FROM payment WHERE channel IN ({}) AND coalesce(status, 'received') "
          "IN ('received', 'partial') AND paid_on BETWEEN {} AND {} GROUP BY customer_id",
          list, from, to);
    case Goal::ContactedBy:
      return fmt::format(
          "SELECT customer_id, min(CAST(happened_at AS DATE)) AS day FROM interaction WHERE channel IN ({}) AND "
          "coalesce(direction, 'inbound') = 'inbound' AND happened_at >= {} AND happened_at < {} + INTERVAL 1 DAY "
          "GROUP "
          "BY customer_id",
          list, from, to);
    case Goal::AppliedFor:
      return fmt::format(
          "SELECT customer_id, min(CAST(applied_at AS DATE)) AS day FROM application WHERE kind IN ({}) AND applied_at "
          ">= {} AND applied_at < {} + INTERVAL 1 DAY GROUP BY customer_id",
          list, from, to);
    case Goal::Holds:
      break;
  }
  return "SELECT NULL::VARCHAR AS customer_id, NULL::DATE AS day WHERE FALSE";
}

// The last day of the data that tells of a goal, from a day on; NULL: none.
std::string last_day_sql(Goal goal, const std::string& from) {
  switch (goal) {
    case Goal::PaidBy:
      return fmt::format("SELECT max(paid_on) FROM payment WHERE paid_on >= {}", from);
    case Goal::ContactedBy:
      return fmt::format("SELECT max(CAST(happened_at AS DATE)) FROM interaction WHERE happened_at >= {}", from);
    case Goal::AppliedFor:
      return fmt::format("SELECT max(CAST(applied_at AS DATE)) FROM application WHERE applied_at >= {}", from);
    case Goal::Holds:
      break;
  }
  return "SELECT NULL::DATE";
}

std::string contact_types(const Library& library) {
  std::vector<std::string> out;
  for (const auto& type : library.types) {
    if (type.is_contact) out.push_back(type.code);
  }
  return out.empty() ? "''" : list_sql(out);
}

// Two more who did it and two who did not (Agresti and Coull): where nobody did it before, a share of 0 is not certain.
std::optional<double> smallest_of(double baseline, std::int64_t able, std::int64_t treated, std::int64_t held_out) {
  const auto all = static_cast<double>(able);
  return smallest_difference((baseline * all + 2) / (all + 4), treated, held_out);
}

constexpr const char* kLaunchColumns =
    "campaign, version, CAST(begins_on AS VARCHAR), CAST(ends_on AS VARCHAR), launched_by, strftime(launched_at, "
    "'%Y-%m-%d %H:%M:%S'), goal, array_to_string(goal_codes, ','), coalesce(goal_condition, ''), in_target, able, "
    "treated, held_out, baseline, coalesce(stopped_by, ''), coalesce(strftime(stopped_at, '%Y-%m-%d %H:%M:%S'), ''), "
    "coalesce(stopped_because, '')";

CampaignLaunch read_launch(const warehouse::RowSet& found, std::size_t r) {
  CampaignLaunch out;
  std::size_t c = 0;
  out.campaign = found.text(r, c++);
  out.version = static_cast<int>(found.integer(r, c++));
  out.begins_on = found.text(r, c++);
  out.ends_on = found.text(r, c++);
  out.launched_by = found.text(r, c++);
  out.launched_at = found.text(r, c++);
  const auto goal = found.text(r, c++);
  for (const auto& [word, value] : goal_words()) {
    if (word == goal) out.goal = value;
  }
  const auto codes = found.text(r, c++);
  for (std::size_t at = 0; !codes.empty() && at <= codes.size();) {
    const auto end = std::min(codes.find(',', at), codes.size());
    out.codes.push_back(codes.substr(at, end - at));
    at = end + 1;
  }
  out.condition = found.text(r, c++);
  out.in_target = found.integer(r, c++);
  out.able = found.integer(r, c++);
  out.treated = found.integer(r, c++);
  out.held_out = found.integer(r, c++);
  if (!found.is_null(r, c)) out.baseline = found.number(r, c);
  ++c;
  out.stopped_by = found.text(r, c++);
  out.stopped_at = found.text(r, c++);
  out.stopped_because = found.text(r, c++);
  return out;
}

// One launch, worked out in tables of its own.
class Launcher {
 public:
  Launcher(Workspace& workspace, const Library& library, const Campaign& campaign, const CampaignRequest& request,
           Month month, const std::string& scratch)
      : workspace_(workspace),
        library_(library),
        campaign_(campaign),
        request_(request),
        month_(month),
        type_(library.types[campaign.action.order]),
        scratch_(sql_name(scratch)) {
    out_.campaign = campaign.name;
    out_.version = campaign.version;
    out_.begins_on = request.begins_on;
  }

  Result<void> work_out() {
    FENQUN_TRY(const auto days,
               connection().query(fmt::format("SELECT CAST({} + {} AS VARCHAR)", day(), within_days() - 1)));
    out_.ends_on = days.text(0, 0);
    std::vector<const segment::Expression*> conditions = {&campaign_.target};
    for (const auto& quieter : library_.rules.quieter) conditions.push_back(&quieter.when);
    if (campaign_.conversion.goal == Goal::Holds) conditions.push_back(&campaign_.conversion.condition);
    FENQUN_TRY(const auto seen, look_at_customers(workspace_, table("seen"), month_, conditions));
    FENQUN_CHECK(need_in_force(seen));
    out_.customers = seen.customers;
    out_.features_of = seen.features_of;
    FENQUN_CHECK(find_able());
    FENQUN_CHECK(draw());
    FENQUN_CHECK(find_baseline());
    return count();
  }

  Result<void> keep(Workspace::Scratch& scratch, const std::string& now) {
    FENQUN_CHECK(assign_employees(workspace_, scratch_, month_, treated_source()));
    const auto month = date_sql(month_);
    FENQUN_TRY(const auto numbered,
               connection().query_integer("SELECT coalesce(max(number), 0) FROM work_order WHERE month = " + month));
    const auto& action = campaign_.action;
    const auto key = fmt::format("md5(concat_ws('|', 'campaign', {}, {}, customer_id))", sql_text(campaign_.name),
                                 campaign_.version);
    const auto name = sql_text(campaign_.name);
    return workspace_.commit(
        scratch.folder(), {},
        {fmt::format("INSERT INTO work_order BY NAME SELECT {0} || lpad(CAST({1} + number AS VARCHAR), 6, '0') AS "
                     "order_id, {1} + number AS number, {2} AS order_key, {3} AS order_type, customer_id, area_id, {4} "
                     "AS month, 0 AS plan_id, 'open' AS state, owner_id, CASE WHEN second_id <> owner_id THEN "
                     "second_id END AS second_owner_id, owner_role, {5} AS channel, {6} AS is_urgent, {7} AS "
                     "is_marketing, {8} AS begins_on, {9} AS due_on, {10} AS effort_minutes, {11} AS reasons, {12} AS "
                     "service, {13} AS created_at, {13} AS changed_at, 0 AS reopened FROM (SELECT *, row_number() OVER "
                     "(ORDER BY customer_id) AS number FROM {14})",
                     sql_text(month_.text() + "-"), numbered, key, sql_text(type_.code), month,
                     sql_text(name_of(action.channel)), action.is_urgent ? "TRUE" : "FALSE",
                     library_.is_marketing(action) ? "TRUE" : "FALSE", day(), working_days_after(day(), action.by_days),
                     minutes(), sql_text(campaign_.name + "." + action.name),
                     action.service.empty() ? "NULL" : sql_text(action.service), now, table("owned")),
         fmt::format("INSERT INTO suppressed_action SELECT 0, {}, customer_id, {}, {}, {}, reason, NULL FROM {} WHERE "
                     "reason IS NOT NULL",
                     month, name, sql_text(action.name), sql_text(type_.code), table("prospect")),
         fmt::format("INSERT INTO campaign_member SELECT {}, {}, customer_id, is_treated FROM {}", name,
                     campaign_.version, table("drawn")),
         fmt::format("INSERT INTO strategy_version SELECT {0}, {1}, {2} WHERE NOT EXISTS (SELECT 1 FROM "
                     "strategy_version WHERE library = {0})",
                     sql_text(library_.fingerprint), sql_text(library_.text), now),
         fmt::format("INSERT INTO campaign_launch VALUES ({}, {}, {}, {}, {}, {}, {}, [{}]::VARCHAR[], {}, {}, {}, {}, "
                     "{}, {}, {}, {}, NULL, NULL, NULL)",
                     name, campaign_.version, day(), date_sql(out_.ends_on), date_sql(out_.features_of),
                     sql_text(library_.fingerprint), sql_text(name_of(campaign_.conversion.goal)),
                     list_sql(campaign_.conversion.codes), sql_text(campaign_.conversion.condition.text()),
                     sql_text(request_.by), now, out_.in_target, out_.able, out_.treated, out_.held_out,
                     out_.baseline ? fmt::format("{}", *out_.baseline) : "NULL")});
  }

  [[nodiscard]] CampaignReach take() { return std::move(out_); }

 private:
  warehouse::Connection& connection() { return workspace_.connection(); }
  [[nodiscard]] std::string table(const char* name) const { return scratch_ + "." + name; }
  [[nodiscard]] std::string day() const { return date_sql(request_.begins_on); }
  [[nodiscard]] int within_days() const { return campaign_.conversion.within_days; }
  Result<void> make(const char* name, const std::string& sql) {
    return connection().execute("CREATE TABLE " + table(name) + " AS " + sql);
  }

  // A notice only tells of the service.
  [[nodiscard]] int minutes() const {
    const auto* const service = library_.find_service(campaign_.action.service);
    return type_.effort_minutes > 0 && service != nullptr && service->effort_minutes > 0 ? service->effort_minutes
                                                                                         : type_.effort_minutes;
  }

  [[nodiscard]] std::string treated_source() const {
    return fmt::format("(SELECT customer_id, {} AS owner_role, {} AS team_of FROM {} WHERE is_treated)",
                       sql_text(name_of(campaign_.action.owner)), type_.team_of, table("drawn"));
  }

  // WHEN ... THEN reason, of orders that customers have in the month (alias m: types, by_channel, contacts).
  [[nodiscard]] std::string orders_in_the_way() const {
    const auto& rules = library_.rules;
    const bool is_marketing = library_.is_marketing(campaign_.action);
    std::string out;
    for (const auto& rule : rules.collisions) {
      const bool yields = rule.second ? *rule.second == campaign_.action.order : is_marketing;
      if (!yields || rule.first == campaign_.action.order) continue;
      out += fmt::format(" WHEN list_contains(m.types, {}) THEN {}", sql_text(library_.types[rule.first].code),
                         sql_text(kCollides));
    }
    const bool is_floor =
        std::find(rules.floor.begin(), rules.floor.end(), campaign_.action.order) != rules.floor.end();
    if (campaign_.action.is_urgent || is_floor || !type_.is_contact) return out;
    for (const auto& [channel, most] : rules.channel_caps) {
      if (channel != campaign_.action.channel) continue;
      out += fmt::format(" WHEN m.by_channel >= {} THEN {}", most, sql_text(kChannelCap));
    }
    out += fmt::format(" WHEN m.contacts >= {} THEN {}", rules.month_cap, sql_text(kMonthCap));
    std::string quieter;
    for (const auto& rule : rules.quieter) {
      quieter += fmt::format(" WHEN {} THEN {}", rule.when.sql(table("seen")), rule.month);
    }
    if (!quieter.empty()) {
      out += fmt::format(" WHEN m.contacts >= CASE{} END THEN {}", quieter, sql_text(kQuieter));
    }
    return out;
  }

  // A target of groups that nobody is in would reach nobody.
  [[nodiscard]] Result<void> need_in_force(const Seen& seen) const {
    for (const auto& column : campaign_.target.features()) {
      const auto scheme = segment::scheme_of_column(column);
      const auto& without = seen.not_in_force;
      if (!scheme || std::find(without.begin(), without.end(), *scheme) == without.end()) continue;
      return fail(ErrorCode::NotFound, "strategy.target_not_in_force",
                  {{"campaign", campaign_.name}, {"scheme", *scheme}, {"month", month_.text()}});
    }
    return {};
  }

  // Of the target, and why somebody cannot be asked.
  Result<void> find_able() {
    std::string reasons = fmt::format(" WHEN o.customer_id IS NOT NULL THEN {}", sql_text(kOtherCampaign));
    if (library_.is_marketing(campaign_.action)) {
      reasons += fmt::format(" WHEN NOT consents THEN {}", sql_text(kNoConsent));
      if (!library_.rules.unknown_consent_allows) {
        reasons += fmt::format(" WHEN consents IS NULL THEN {}", sql_text(kConsentUnknown));
      }
    }
    reasons += orders_in_the_way();
    return make(
        "prospect",
        fmt::format(
            "SELECT seen.customer_id, CASE{0} END AS reason FROM {1} seen LEFT JOIN (SELECT DISTINCT b.customer_id "
            "FROM "
            "campaign_member b JOIN campaign_launch l ON l.campaign = b.campaign AND l.version = b.version WHERE "
            "l.stopped_at IS NULL AND l.ends_on >= {2}) o ON o.customer_id = seen.customer_id LEFT JOIN (SELECT "
            "customer_id, list(DISTINCT order_type) AS types, count(CASE WHEN channel = {3} AND order_type IN ({4}) "
            "THEN 1 END) AS by_channel, count(CASE WHEN order_type IN ({4}) THEN 1 END) AS contacts FROM work_order "
            "WHERE month = {5} AND state <> 'cancelled' GROUP BY customer_id) m ON m.customer_id = seen.customer_id "
            "WHERE coalesce({6}, FALSE)",
            reasons, table("seen"), day(), sql_text(name_of(campaign_.action.channel)), contact_types(library_),
            date_sql(month_), campaign_.target.sql(table("seen"))));
  }

  // So many of the able, by a draw that is theirs for this campaign; of these the share that is held out.
  Result<void> draw() {
    FENQUN_TRY(out_.in_target, connection().query_integer("SELECT count(*) FROM " + table("prospect")));
    FENQUN_TRY(out_.able,
               connection().query_integer("SELECT count(*) FROM " + table("prospect") + " WHERE reason IS NULL"));
    const auto most = campaign_.most_customers > 0 ? std::min(campaign_.most_customers, out_.able) : out_.able;
    out_.held_out = std::llround(static_cast<double>(most) * campaign_.hold_out_share);
    out_.treated = most - out_.held_out;
    const auto draw = [&](const char* what) {
      return fmt::format("md5(concat_ws('|', '{}', {}, {}, customer_id))", what, sql_text(campaign_.name),
                         campaign_.version);
    };
    return make("drawn", fmt::format("SELECT customer_id, row_number() OVER (ORDER BY {}) > {} AS is_treated FROM "
                                     "(SELECT customer_id FROM {} WHERE reason IS NULL ORDER BY {}, customer_id LIMIT "
                                     "{})",
                                     draw("hold out"), out_.held_out, table("prospect"), draw("draw"), most));
  }

  // As many days before, as far as the data goes back.
  Result<void> find_baseline() {
    if (out_.able == 0) return {};
    const auto& goal = campaign_.conversion;
    std::string doing;
    if (goal.goal == Goal::Holds) {
      doing = fmt::format("SELECT customer_id FROM {} WHERE coalesce({}, FALSE)", table("seen"),
                          goal.condition.sql(table("seen")));
    } else {
      const auto from = fmt::format("{} - {}", day(), within_days());
      FENQUN_TRY(const auto last,
                 connection().query("SELECT CAST((" + last_day_sql(goal.goal, from) + ") AS VARCHAR)"));
      if (last.is_null(0, 0)) return {};
      // The data may end before the campaign begins: the days before its end, then.
      const auto until = fmt::format("least({} - 1, {})", day(), date_sql(last.text(0, 0)));
      doing = doing_sql(goal.goal, goal.codes, fmt::format("{} - {}", until, within_days() - 1), until);
    }
    FENQUN_TRY(const auto did,
               connection().query_integer(fmt::format("SELECT count(*) FROM {} p WHERE reason IS NULL AND EXISTS "
                                                      "(SELECT 1 FROM ({}) d WHERE d.customer_id = p.customer_id)",
                                                      table("prospect"), doing)));
    out_.baseline = static_cast<double>(did) / static_cast<double>(out_.able);
    out_.smallest_difference = smallest_of(*out_.baseline, out_.able, out_.treated, out_.held_out);
    return {};
  }

  Result<void> count() {
    out_.minutes = out_.treated * minutes() * type_.team_of;
    FENQUN_TRY(const auto held, connection().query("SELECT reason, count(*) FROM " + table("prospect") +
                                                   " WHERE reason IS NOT NULL GROUP BY reason ORDER BY 2 DESC, 1"));
    for (std::size_t r = 0; r < held.rows.size(); ++r) {
      out_.by_reason.push_back({held.text(r, 0), held.integer(r, 1), held.integer(r, 1)});
    }
    return {};
  }

  Workspace& workspace_;
  const Library& library_;
  const Campaign& campaign_;
  const CampaignRequest& request_;
  Month month_;
  const OrderType& type_;
  std::string scratch_;
  CampaignReach out_;
};

// The launch of a campaign, the latest where no version is named.
Result<CampaignLaunch> find_launch(Workspace& workspace, const std::string& campaign, std::optional<int> version) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(fmt::format(
                 "SELECT {} FROM campaign_launch WHERE campaign = {}{} ORDER BY launched_at DESC, version DESC LIMIT 1",
                 kLaunchColumns, sql_text(campaign), version ? " AND version = " + std::to_string(*version) : "")));
  if (!found.rows.empty()) return read_launch(found, 0);
  return fail(ErrorCode::NotFound, "strategy.never_launched", {{"campaign", campaign}});
}

CampaignReach reach_of(const CampaignLaunch& launch) {
  CampaignReach out;
  out.campaign = launch.campaign;
  out.version = launch.version;
  out.begins_on = launch.begins_on;
  out.ends_on = launch.ends_on;
  out.again = true;
  out.in_target = launch.in_target;
  out.able = launch.able;
  out.treated = launch.treated;
  out.held_out = launch.held_out;
  out.baseline = launch.baseline;
  if (launch.baseline) {
    out.smallest_difference = smallest_of(*launch.baseline, launch.able, launch.treated, launch.held_out);
  }
  return out;
}

Result<Month> month_of_day(const std::string& day) {
  const bool is_long_enough = day.size() == 10 && day[4] == '-' && day[7] == '-';
  const auto month = is_long_enough ? Month::parse(day.substr(0, 7)) : Month::parse("");
  const int number = is_long_enough ? std::atoi(day.substr(8).c_str()) : 0;
  if (month && number >= 1 && number <= month->days()) return *month;
  return fail(ErrorCode::InvalidArgument, "strategy.no_day", {{"value", day}});
}

// Who of a launch did it, where the goal is a condition: of the latest month prepared in its days.
Result<void> measure_holding(Workspace& workspace, const segment::NameLookup& names, CampaignResult& out) {
  FENQUN_TRY(const auto condition, segment::Expression::parse(out.launch.condition, names));
  FENQUN_TRY(const auto first, Month::parse(out.launch.begins_on.substr(0, 7)));
  FENQUN_TRY(const auto last, Month::parse(out.launch.ends_on.substr(0, 7)));
  FENQUN_TRY(const auto files, workspace.lake_files("wide"));
  std::optional<Month> latest;
  for (const auto& file : files) {
    if (file.month >= first && file.month <= last) latest = std::max(latest.value_or(file.month), file.month);
  }
  if (!latest) return {};
  out.data_until = fmt::format("{}-{:02}", latest->text(), latest->days());
  FENQUN_TRY(auto scratch, workspace.scratch("measure", Workspace::ScratchPlace::InMemory));
  const auto seen = sql_name(scratch.catalogue()) + ".seen";
  FENQUN_CHECK(look_at_customers(workspace, seen, *latest, {&condition}));
  FENQUN_TRY(
      const auto found,
      workspace.connection().query(fmt::format(
          "SELECT count(CASE WHEN is_treated THEN 1 END), count(CASE WHEN NOT is_treated THEN 1 END) FROM ({}) m "
          "WHERE customer_id IN (SELECT customer_id FROM {} WHERE coalesce({}, FALSE))",
          members_sql(out.launch.campaign, out.launch.version), seen, condition.sql(seen))));
  out.treated_converted = found.integer(0, 0);
  out.held_out_converted = found.integer(0, 1);
  return {};
}

Result<void> measure_doing(Workspace& workspace, CampaignResult& out) {
  const auto& launch = out.launch;
  const auto from = date_sql(launch.begins_on);
  const auto to = date_sql(launch.ends_on);
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto last, connection.query("SELECT CAST((" + last_day_sql(launch.goal, from) + ") AS VARCHAR)"));
  if (last.is_null(0, 0)) return {};
  out.data_until = std::min(last.text(0, 0), launch.ends_on);
  FENQUN_TRY(const auto days,
             connection.query(fmt::format(
                 "SELECT CAST(day AS VARCHAR), count(CASE WHEN is_treated THEN 1 END), count(CASE WHEN NOT is_treated "
                 "THEN 1 END) FROM ({}) d JOIN ({}) m ON m.customer_id = d.customer_id GROUP BY day ORDER BY day",
                 doing_sql(launch.goal, launch.codes, from, to), members_sql(launch.campaign, launch.version))));
  for (std::size_t r = 0; r < days.rows.size(); ++r) {
    out.treated_converted += days.integer(r, 1);
    out.held_out_converted += days.integer(r, 2);
    out.days.push_back({days.text(r, 0), out.treated_converted, out.held_out_converted});
  }
  return {};
}

Result<void> count_orders(Workspace& workspace, CampaignResult& out) {
  const auto of_launch = fmt::format(
      "FROM work_order o JOIN ({}) m ON o.order_key = md5(concat_ws('|', 'campaign', {}, {}, m.customer_id)) WHERE "
      "m.is_treated",
      members_sql(out.launch.campaign, out.launch.version), sql_text(out.launch.campaign), out.launch.version);
  const auto ask = [&](const char* column, auto& into) -> Result<void> {
    FENQUN_TRY(const auto found,
               workspace.connection().query(fmt::format(
                   "SELECT {0}, count(*) {1} AND {0} IS NOT NULL GROUP BY {0} ORDER BY 2 DESC, 1", column, of_launch)));
    for (std::size_t r = 0; r < found.rows.size(); ++r) into.emplace_back(found.text(r, 0), found.integer(r, 1));
    return {};
  };
  FENQUN_CHECK(ask("o.state", out.states));
  return ask("o.outcome", out.outcomes);
}

}  // namespace

std::string members_sql(const std::string& campaign, int version) {
  return fmt::format("SELECT customer_id, is_treated FROM campaign_member WHERE campaign = {} AND version = {}",
                     sql_text(campaign), version);
}

Result<CampaignReach> launch_campaign(Workspace& workspace, const Library& library, const CampaignRequest& request) {
  const auto* const campaign = library.find_campaign(request.campaign);
  if (campaign == nullptr) {
    std::vector<std::string> known;
    for (const auto& one : library.campaigns) known.push_back(one.name);
    return fail(ErrorCode::NotFound, "strategy.no_campaign",
                {{"campaign", request.campaign}, {"near", near_names(request.campaign, known)}});
  }
  if (is_blank(request.by)) return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  FENQUN_TRY(const auto month, month_of_day(request.begins_on));
  const auto held = hold_orders();
  if (request.keep) {
    if (const auto before = find_launch(workspace, campaign->name, campaign->version)) return reach_of(*before);
  }
  FENQUN_TRY(auto scratch, workspace.scratch("campaign", Workspace::ScratchPlace::InMemory));
  Launcher launcher(workspace, library, *campaign, request, month, scratch.catalogue());
  FENQUN_CHECK(launcher.work_out());
  if (request.keep) FENQUN_CHECK(launcher.keep(scratch, "now()::TIMESTAMP"));
  return launcher.take();
}

Result<std::vector<CampaignLaunch>> list_launches(Workspace& workspace) {
  FENQUN_TRY(const auto found, workspace.connection().query(std::string("SELECT ") + kLaunchColumns +
                                                            " FROM campaign_launch ORDER BY launched_at DESC, "
                                                            "campaign"));
  std::vector<CampaignLaunch> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) out.push_back(read_launch(found, r));
  return out;
}

Result<CampaignResult> measure_campaign(Workspace& workspace, const segment::NameLookup& names,
                                        const std::string& campaign, std::optional<int> version) {
  CampaignResult out;
  FENQUN_TRY(out.launch, find_launch(workspace, campaign, version));
  FENQUN_CHECK(out.launch.goal == Goal::Holds ? measure_holding(workspace, names, out) : measure_doing(workspace, out));
  out.is_over = out.data_until >= out.launch.ends_on;
  if (!out.data_until.empty()) {
    out.treated = share_of(out.treated_converted, out.launch.treated);
    out.held_out = share_of(out.held_out_converted, out.launch.held_out);
    out.difference = difference(out.treated_converted, out.launch.treated, out.held_out_converted, out.launch.held_out);
  }
  FENQUN_CHECK(count_orders(workspace, out));
  return out;
}

Result<std::int64_t> stop_campaign(Workspace& workspace, const std::string& campaign, const std::string& by,
                                   const std::string& because, const std::string& now) {
  if (is_blank(by)) return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  if (is_blank(because)) return fail(ErrorCode::InvalidArgument, "strategy.stop_reason", {{"campaign", campaign}});
  const auto held = hold_orders();
  FENQUN_TRY(const auto launch, find_launch(workspace, campaign, std::nullopt));
  if (!launch.stopped_by.empty()) {
    return fail(ErrorCode::Denied, "strategy.campaign_stopped", {{"campaign", campaign}, {"at", launch.stopped_at}});
  }
  auto& connection = workspace.connection();
  const auto its = fmt::format(
      "SELECT o.order_id, o.state FROM work_order o JOIN ({}) m ON o.order_key = md5(concat_ws('|', 'campaign', {}, "
      "{}, "
      "m.customer_id)) WHERE o.state IN ('open', 'accepted')",
      members_sql(campaign, launch.version), sql_text(campaign), launch.version);
  FENQUN_TRY(const auto cancelled, connection.query_integer("SELECT count(*) FROM (" + its + ")"));
  const auto at = "TIMESTAMP " + sql_text(now);
  FENQUN_CHECK(connection.execute("BEGIN"));
  for (const auto& statement :
       {fmt::format("INSERT INTO work_order_event SELECT t.order_id, 1 + (SELECT coalesce(max(sequence), 0) FROM "
                    "work_order_event e WHERE e.order_id = t.order_id), {}, {}, 'cancel', t.state, 'cancelled', NULL, "
                    "{}, NULL FROM ({}) t",
                    at, sql_text(by), sql_text(because), its),
        fmt::format(
            "UPDATE work_order SET state = 'cancelled', changed_at = {} WHERE order_id IN (SELECT order_id FROM "
            "({}))",
            at, its),
        fmt::format(
            "UPDATE campaign_launch SET stopped_by = {}, stopped_at = {}, stopped_because = {} WHERE campaign = "
            "{} AND version = {}",
            sql_text(by), at, sql_text(because), sql_text(campaign), launch.version)}) {
    if (auto done = connection.execute(statement); !done) {
      static_cast<void>(connection.execute("ROLLBACK"));
      return tl::make_unexpected(done.error());
    }
  }
  FENQUN_CHECK(connection.execute("COMMIT"));
  return cancelled;
}

}  // namespace fenqun::strategy
