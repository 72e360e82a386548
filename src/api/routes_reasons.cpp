// api/routes_reasons.cpp - why a customer is in its groups, whom a changed scheme would move, who can be compared.
#include "api/routes.hpp"

#include "app/customer_lists.hpp"
#include "app/explanation.hpp"
#include "app/schemes.hpp"
#include "app/segmentation.hpp"
#include "ledger/preview.hpp"
#include "segment/scheme_order.hpp"
#include "warehouse/database.hpp"

#include <map>
#include <set>

namespace fenqun::api {

using warehouse::sql_name;
using warehouse::sql_text;

namespace {

// Every feature of which an explanation says something.
std::set<std::string> features_told(const segment::Explanation& told) {
  std::set<std::string> out;
  const auto add_move = [&](const segment::Move& move) {
    for (const auto& change : move.changes) out.insert(change.feature);
  };
  const auto add_rule = [&](const segment::RuleState& rule) {
    for (const auto& condition : rule.conditions) {
      for (const auto& [feature, value] : condition.values) out.insert(feature);
    }
  };
  for (const auto& one : told.contributions) out.insert(one.feature);
  if (told.move) add_move(*told.move);
  for (const auto& move : told.single_moves) add_move(move);
  if (told.fired) add_rule(*told.fired);
  if (told.nearest) add_rule(*told.nearest);
  return out;
}

// Are all fields that a feature rests on seen in clear?
bool is_clear(const std::string& name, const features::FeatureCatalogue& catalogue, const access::VisibleData& visible,
              const warehouse::ContractSet& contracts) {
  const auto* const feature = catalogue.find(name);
  if (feature == nullptr) return true;
  for (const auto& source : feature->sources) {
    const auto dot = source.find('.');
    const auto* const contract = contracts.find(source.substr(0, dot));
    if (contract == nullptr || dot == std::string::npos) continue;
    const auto* const field = contract->find(source.substr(dot + 1));
    if (field != nullptr && visible.sight_of(*contract, *field) != access::Sight::Clear) return false;
  }
  return true;
}

Json explained_json(const app::ExplainOutcome& one, const app::Session& session, const access::VisibleData& visible,
                    Language language) {
  auto names = features_told(one.told);
  if (one.run.score) {
    for (const auto& part : one.run.score->parts) names.insert(part.feature);
  }
  bool clear = true;
  for (const auto& name : names) {
    clear = clear && is_clear(name, session.catalogue, visible, session.workspace.contracts());
  }
  const auto& sentences = language == Language::English ? one.english : one.chinese;
  return {{"scheme", one.run.scheme},
          {"title", json_of(one.run.scheme_title)},
          {"group", one.told.own.group.empty() ? Json(nullptr) : Json(one.told.own.group)},
          {"group_title", json_of(one.told.own_title)},
          {"sentences", clear ? Json(sentences) : Json::array()},
          {"masked", !clear}};
}

// The schemes in force for a customer; where none is, what is run by default.
Result<std::vector<std::string>> schemes_of(const Service& service, const app::Session& session,
                                            const std::string& customer) {
  std::vector<std::string> out;
  const auto directory = service.directory();
  if (const auto row = directory->find(customer)) {
    for (const auto* group : directory->groups(*row)) out.push_back(group->scheme);
  }
  if (!out.empty()) return out;
  return app::default_schemes(session);
}

Result<Response> explain(Service& service, Request& request) {
  const auto customer = request.text("customer");
  request.subject = customer;
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto seen, lease->workspace.connection().query_integer("SELECT count(*) FROM " +
                                                                          visible.rows_of("customer", customer)));
  if (seen == 0) return fail(ErrorCode::NotFound, "api.no_such_customer", {{"customer", customer}});
  app::ExplainRequest wanted;
  wanted.customer = customer;
  if (request.has("month")) {
    FENQUN_TRY(wanted.month, Month::parse(request.text("month")));
  } else {
    FENQUN_TRY(wanted.month, app::latest_prepared_month(*lease));
  }
  FENQUN_TRY(wanted.schemes, schemes_of(service, *lease, customer));
  FENQUN_TRY(const auto told, app::explain_customer(*lease, wanted));
  Json items = Json::array();
  for (const auto& one : told) items.push_back(explained_json(one, *lease, visible, request.language));
  return Response::json({{"month", wanted.month->text()}, {"items", std::move(items)}});
}

Json title_in(const segment::RunResult& run, const std::string& code) {
  for (const auto& group : run.groups) {
    if (group.code == code) return json_of(group.title);
  }
  return {{"zh", code}, {"en", code}};
}

Result<Response> preview(Service& service, Request& request) {
  request.subject = request.text("scheme");
  FENQUN_TRY(auto lease, service.session(request.language));
  segment::SegmentOptions options;
  if (request.has("month")) {
    FENQUN_TRY(options.as_of, Month::parse(request.text("month")));
  } else {
    FENQUN_TRY(options.as_of, app::latest_prepared_month(*lease));
  }
  Asset file{"", request.text("scheme") + ".yaml", request.field("text")};
  if (file.text.empty()) {
    FENQUN_TRY(file, app::find_scheme_file(*lease, request.text("scheme")));
  }
  FENQUN_TRY(auto scheme, segment::read_scheme(file.text, file.origin, lease->catalogue, {}));
  FENQUN_TRY(const auto order, segment::order_with(lease->workspace.assets(), lease->catalogue, std::move(scheme)));
  FENQUN_TRY(const auto found,
             ledger::preview_scheme(lease->workspace, lease->catalogue, order.back(), options, *lease->pool));
  const auto visible = service.visible(request.viewer());
  Json moves = Json::array();
  for (const auto& move : found.diff.migrations) {
    moves.push_back({{"from", move.from},
                     {"from_title", title_in(found.diff.first, move.from)},
                     {"to", move.to},
                     {"to_title", title_in(found.diff.second, move.to)},
                     {"customers", visible.may_tell(move.customers) ? Json(move.customers) : Json(nullptr)}});
  }
  return Response::json(
      {{"month", options.as_of.text()},
       {"compared_with", found.diff.first.run_id.empty() ? Json(nullptr) : Json(found.diff.first.run_id)},
       {"customers", found.diff.compared},
       {"moved", found.diff.moved},
       {"moves", std::move(moves)}});
}

Result<Json> families_json(app::Session& session, const std::string& where) {
  Json out = Json::array();
  std::string sql = "SELECT count(*)";
  for (const auto& family : session.catalogue.families()) {
    const auto column = sql_name("badge_" + family.name);
    for (const auto* const badge : {"full", "partial", "insufficient"}) {
      sql += ", count(*) FILTER (" + column + " = " + sql_text(badge) + ")";
    }
  }
  FENQUN_TRY(const auto found, session.workspace.connection().query(sql + " FROM readiness WHERE " + where));
  std::size_t at = 1;
  for (const auto& family : session.catalogue.families()) {
    out.push_back({{"family", family.name},
                   {"title", json_of(family.title)},
                   {"enough", found.integer(0, at)},
                   {"partly", found.integer(0, at + 1)},
                   {"none", found.integer(0, at + 2)}});
    at += 3;
  }
  return out;
}

Result<Response> tell_readiness(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  Month month;
  if (request.has("month")) {
    FENQUN_TRY(month, Month::parse(request.text("month")));
  } else {
    FENQUN_TRY(month, app::latest_prepared_month(*lease));
  }
  const auto visible = service.visible(request.viewer());
  const auto where = "as_of = DATE " + sql_text(month.first_date()) + " AND " + visible.in_scope("customer_id");
  auto& connection = lease->workspace.connection();
  FENQUN_TRY(const auto counts, connection.query("SELECT coalesce(reason, ''), is_comparable, count(*) FROM readiness "
                                                 "WHERE " +
                                                 where + " GROUP BY 1, 2 ORDER BY 3 DESC, 1"));
  FENQUN_TRY(const auto known, app::list_not_comparable(*lease, month));
  std::map<std::string, Json> titles;
  for (const auto& one : known) titles[one.code] = json_of(one.reason);
  std::int64_t customers = 0;
  std::int64_t comparable = 0;
  Json reasons = Json::array();
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    const auto number = counts.integer(r, 2);
    customers += number;
    const auto title = titles.find(counts.text(r, 0));
    if (title == titles.end()) {
      comparable += number;
      continue;
    }
    reasons.push_back({{"code", counts.text(r, 0)},
                       {"title", title->second},
                       {"customers", visible.may_tell(number) ? Json(number) : Json(nullptr)}});
  }
  FENQUN_TRY(auto families, families_json(*lease, where));
  return Response::json({{"month", month.text()},
                         {"customers", customers},
                         {"comparable", comparable},
                         {"reasons", std::move(reasons)},
                         {"families", std::move(families)}});
}

}  // namespace

std::vector<Route> reason_routes() {
  constexpr std::size_t kLongestText = 262'144;
  return {
      {"GET",
       "/customers/{customer}/explanations",
       "customers.read",
       {in_path("customer"), month_parameter()},
       explain,
       Audited::Later},
      {"POST",
       "/schemes/{scheme}/preview",
       "schemes.read",
       {in_path("scheme"), month_parameter(), text_field("text", Need::Optional, 0, kLongestText)},
       preview,
       Audited::Now,
       BodyKind::Object},
      {"GET", "/readiness", "data.read", {month_parameter()}, tell_readiness},
  };
}

}  // namespace fenqun::api
