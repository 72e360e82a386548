// api/routes_campaigns.cpp - campaigns and what came of them; the arrears worklist; overdue orders told; consent.
#include "api/routes.hpp"

#include "api/customer_filter.hpp"
#include "app/strategies.hpp"
#include "strategy/consent.hpp"
#include "warehouse/database.hpp"

#include <algorithm>
#include <map>

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestCode = 64;
constexpr std::size_t kLongestNote = 1000;
constexpr std::int64_t kMostEvents = 50;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json or_null(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json interval_json(const std::optional<strategy::Interval>& interval) {
  if (!interval) return nullptr;
  return {{"share", interval->share}, {"low", interval->low}, {"high", interval->high}};
}

Json launch_json(const strategy::CampaignLaunch& launch) {
  return {{"version", launch.version},
          {"begins_on", launch.begins_on},
          {"ends_on", launch.ends_on},
          {"launched_by", launch.launched_by},
          {"launched_at", launch.launched_at},
          {"in_target", launch.in_target},
          {"able", launch.able},
          {"treated", launch.treated},
          {"held_out", launch.held_out},
          {"baseline", or_null(launch.baseline)},
          {"stopped_by", or_null(launch.stopped_by)},
          {"stopped_at", or_null(launch.stopped_at)},
          {"stopped_because", or_null(launch.stopped_because)}};
}

Json campaign_json(const strategy::Library& library, const strategy::Campaign& campaign) {
  const auto& type = library.types[campaign.action.order];
  return {{"campaign", campaign.name},
          {"version", campaign.version},
          {"title", json_of(campaign.title)},
          {"source", json_of(campaign.source)},
          {"department", json_of(library.rules.departments[campaign.department].title)},
          {"target", campaign.target.text()},
          {"hold_out", campaign.hold_out_share},
          {"most_customers", campaign.most_customers},
          {"order", {{"code", type.code}, {"title", json_of(type.title)}}},
          {"channel", strategy::name_of(campaign.action.channel)},
          {"text", json_of(campaign.action.text)},
          {"message", campaign.action.message.zh.empty() ? Json(nullptr) : json_of(campaign.action.message)},
          {"goal", strategy::name_of(campaign.conversion.goal)},
          {"goal_codes", campaign.conversion.codes},
          {"goal_condition", or_null(campaign.conversion.condition.text())},
          {"within_days", campaign.conversion.within_days}};
}

const strategy::CampaignLaunch* latest_of(const std::vector<strategy::CampaignLaunch>& launches,
                                          const std::string& campaign) {
  const auto found = std::find_if(launches.begin(), launches.end(),
                                  [&](const strategy::CampaignLaunch& one) { return one.campaign == campaign; });
  return found == launches.end() ? nullptr : &*found;
}

Result<Response> list_campaigns(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto launches, strategy::list_launches(lease->workspace));
  Json items = Json::array();
  for (const auto& one : library->campaigns) {
    auto item = campaign_json(*library, one);
    const auto* const launch = latest_of(launches, one.name);
    item["launch"] = launch == nullptr ? Json(nullptr) : launch_json(*launch);
    items.push_back(std::move(item));
  }
  return Response::json({{"items", std::move(items)}});
}

Json result_json(const strategy::CampaignResult& result) {
  Json days = Json::array();
  for (const auto& one : result.days) {
    days.push_back({{"day", one.day}, {"treated", one.treated}, {"held_out", one.held_out}});
  }
  const auto counts = [](const std::vector<std::pair<std::string, std::int64_t>>& all) {
    Json out = Json::array();
    for (const auto& [code, count] : all) out.push_back({{"code", code}, {"orders", count}});
    return out;
  };
  return {{"data_until", or_null(result.data_until)},
          {"is_over", result.is_over},
          {"treated_converted", result.treated_converted},
          {"held_out_converted", result.held_out_converted},
          {"treated", interval_json(result.treated)},
          {"held_out", interval_json(result.held_out)},
          {"difference", interval_json(result.difference)},
          {"days", std::move(days)},
          {"states", counts(result.states)},
          {"outcomes", counts(result.outcomes)}};
}

Result<const strategy::Campaign*> campaign_of(const strategy::Library& library, const std::string& name) {
  const auto* const found = library.find_campaign(name);
  if (found != nullptr) return found;
  return fail(ErrorCode::NotFound, "strategy.no_campaign", {{"campaign", name}, {"near", "—"}});
}

// The campaign as it is written now, its latest launch and what came of that.
Result<Response> tell_campaign(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto* const campaign, campaign_of(*library, request.text("campaign")));
  auto out = campaign_json(*library, *campaign);
  out["launch"] = nullptr;
  out["result"] = nullptr;
  const auto result = app::measure_campaign(*lease, campaign->name);
  if (!result && result.error().code != ErrorCode::NotFound) return tl::make_unexpected(result.error());
  if (result) {
    out["launch"] = launch_json(result->launch);
    out["result"] = result_json(*result);
  }
  return Response::json(out);
}

Result<Response> stop_campaign(Service& service, Request& request) {
  request.subject = request.text("campaign");
  request.detail = request.field("note");
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto cancelled, strategy::stop_campaign(lease->workspace, request.subject, request.viewer().user,
                                                           request.detail, local_text(service.now())));
  return Response::json({{"campaign", request.subject}, {"cancelled", cancelled}});
}

Json day_json(const strategy::ArrearsDay& day) {
  return {{"phase", strategy::name_of(day.phase)}, {"reading_from", day.reading_from},
          {"reading_to", day.reading_to},          {"bill_on", day.bill_on},
          {"dunning_to", day.dunning_to},          {"dunning_day", day.dunning_day},
          {"dunning_days", day.dunning_days}};
}

Json cause_json(const strategy::ArrearsRules& rules, std::size_t cause) {
  if (cause >= rules.causes.size()) return nullptr;
  const auto& one = rules.causes[cause];
  return {{"code", one.code},
          {"title", json_of(one.title)},
          {"treatment", json_of(one.treatment)},
          {"channel", strategy::name_of(one.channel)}};
}

// Names as far as the viewer sees them, by number of customer.
Result<std::map<std::string, Json>> names_of(app::Session& session, const access::VisibleData& visible,
                                             const strategy::ArrearsList& list) {
  std::map<std::string, Json> out;
  std::string ids;
  for (const auto& one : list.customers) {
    ids += (ids.empty() ? "" : ", ") + warehouse::sql_text(one.customer_id);
  }
  if (ids.empty()) return out;
  FENQUN_TRY(const auto found,
             session.workspace.connection().query("SELECT customer_id, customer_name FROM " +
                                                  visible.rows_of("customer") + " WHERE customer_id IN (" + ids + ")"));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out[found.text(r, 0)] = found.is_null(r, 1) ? Json(nullptr) : Json(found.text(r, 1));
  }
  return out;
}

Result<Response> list_arrears(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  strategy::ArrearsFilter filter;
  filter.today = local_text(service.now()).substr(0, 10);
  filter.cause = request.text("cause");
  filter.first_only = request.text("who") == "first";
  filter.customers_sql = visible.in_scope("customer_id");
  filter.limit = request.page_size();
  filter.offset = request.offset();
  FENQUN_TRY(const auto day, strategy::arrears_day(library->arrears, filter.today));
  FENQUN_TRY(const auto list, strategy::list_arrears(lease->workspace, *library, filter));
  FENQUN_TRY(const auto names, names_of(*lease, visible, list));
  const auto& rules = library->arrears;
  Json items = Json::array();
  for (const auto& one : list.customers) {
    const auto name = names.find(one.customer_id);
    items.push_back({{"rank", one.rank},
                     {"customer_id", one.customer_id},
                     {"customer_name", name == names.end() ? Json(nullptr) : name->second},
                     {"arrears_cny", one.arrears_cny},
                     {"at_risk_cny", one.at_risk_cny},
                     {"weight", one.weight},
                     {"weighed_by", one.weighed_by < rules.weights.size() ? json_of(rules.weights[one.weighed_by].title)
                                                                          : Json(nullptr)},
                     {"cause", cause_json(rules, one.cause)},
                     {"oldest_days", one.oldest_days},
                     {"unpaid_bills", one.unpaid_bills},
                     {"first", one.is_first},
                     {"owed_now_cny", one.owed_now_cny ? Json(*one.owed_now_cny) : Json(nullptr)},
                     {"order", or_null(one.order_id)},
                     {"order_state", or_null(one.order_state)}});
  }
  Json causes = Json::array();
  for (const auto& one : list.causes) {
    causes.push_back({{"cause", cause_json(rules, one.cause)},
                      {"customers", one.customers},
                      {"arrears_cny", one.arrears_cny},
                      {"first", one.first}});
  }
  auto out = page_json(request, std::move(items), list.found);
  out["month"] = list.features_of.text();
  out["day"] = day_json(day);
  out["causes"] = std::move(causes);
  out["debtors"] = list.debtors;
  out["arrears_cny"] = list.arrears_cny;
  out["at_risk_cny"] = list.at_risk_cny;
  out["first"] = list.first;
  out["first_at_risk_cny"] = list.first_at_risk_cny;
  out["everybody_minutes"] = list.everybody_minutes;
  out["first_minutes"] = list.first_minutes;
  return Response::json(out);
}

Result<Response> escalate_orders(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto steps, strategy::escalate_orders(lease->workspace, *library, request.viewer().worker(),
                                                         local_text(service.now())));
  Json items = Json::array();
  for (const auto& one : steps) {
    items.push_back({{"step", one.step}, {"orders", one.orders}, {"nobody", one.nobody}});
    request.detail +=
        (request.detail.empty() ? "" : ", ") + std::to_string(one.step) + ": " + std::to_string(one.orders);
  }
  return Response::json({{"items", std::move(items)}});
}

Result<bool> has_opted_out(app::Session& session, const std::string& customer) {
  FENQUN_TRY(const auto found,
             session.workspace.connection().query_integer("SELECT count(*) FROM " + strategy::opted_out_sql() +
                                                          " x WHERE x.customer_id = " + warehouse::sql_text(customer)));
  return found > 0;
}

// Whether promotion is wanted, and what other systems reported of the customer.
Result<Response> tell_service(Service& service, Request& request) {
  request.subject = request.text("customer");
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(need_customer(*lease, service.visible(request.viewer()), request.subject));
  FENQUN_TRY(const auto opted_out, has_opted_out(*lease, request.subject));
  FENQUN_TRY(const auto events, strategy::list_events(lease->workspace, request.subject, kMostEvents));
  Json items = Json::array();
  for (const auto& one : events) {
    Json orders = Json::array();
    for (const auto& action : one.outcome.actions) {
      if (!action.order_id.empty()) orders.push_back(action.order_id);
    }
    items.push_back({{"event", one.event_id},
                     {"on", one.on},
                     {"at", one.at},
                     {"verdict", strategy::name_of(one.outcome.verdict)},
                     {"orders", std::move(orders)}});
  }
  return Response::json({{"opted_out", opted_out}, {"events", std::move(items)}});
}

Result<Response> change_consent(Service& service, Request& request) {
  request.subject = request.text("customer");
  const bool out = request.body["opted_out"].get<bool>();
  request.detail = out ? "opted out" : "opted in";
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(need_customer(*lease, service.visible(request.viewer()), request.subject));
  const auto now = local_text(service.now());
  const auto by = request.viewer().worker();
  FENQUN_TRY(const auto changed,
             out ? strategy::opt_out(lease->workspace, request.subject, by, request.field("note"), now)
                 : strategy::opt_in(lease->workspace, request.subject, by, now));
  return Response::json({{"customer_id", request.subject}, {"opted_out", out}, {"changed", changed}});
}

}  // namespace

std::vector<Route> campaign_routes() {
  const auto campaign = in_path("campaign");
  const auto customer = in_path("customer");
  return {{"GET", "/campaigns", "strategies.read", {}, list_campaigns},
          {"GET", "/campaigns/{campaign}", "strategies.read", {campaign}, tell_campaign},
          {"POST",
           "/campaigns/{campaign}/stop",
           "campaigns.start",
           {campaign, text_field("note", Need::Required, 1, kLongestNote)},
           stop_campaign,
           Audited::Now,
           BodyKind::Object},
          {"GET",
           "/arrears",
           "arrears.read",
           {page_parameter(),
            page_size_parameter(),
            text_query("cause", kLongestCode),
            {"who", Place::Query, Kind::Choice, Need::Optional, 0, 0, {"all", "first"}}},
           list_arrears,
           Audited::Later},
          {"POST", "/orders/escalations", "orders.manage", {}, escalate_orders, Audited::Now},
          {"GET", "/customers/{customer}/service", "customers.read", {customer}, tell_service, Audited::Later},
          {"PUT",
           "/customers/{customer}/consent",
           "orders.work",
           {customer,
            {"opted_out", Place::Body, Kind::Boolean, Need::Required},
            text_field("note", Need::Optional, 0, kLongestNote)},
           change_consent,
           Audited::Now,
           BodyKind::Object}};
}

}  // namespace fenqun::api
