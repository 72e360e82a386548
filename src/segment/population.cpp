// segment/population.cpp
#include "segment/population.hpp"

#include "base/number.hpp"
#include "segment/run.hpp"
#include "segment/wording.hpp"

#include <cmath>
#include <set>
#include <utility>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

std::string needed_columns(const Scheme& scheme) {
  std::set<std::string> names(scheme.required.begin(), scheme.required.end());
  const auto add = [&](const Expression& expression) {
    names.insert(expression.features().begin(), expression.features().end());
  };
  for (const auto& exclusion : scheme.exclusions) add(exclusion.when);
  for (const auto& group : scheme.groups) {
    if (group.when) add(*group.when);
  }
  if (scheme.strata) {
    if (scheme.strata->by) add(*scheme.strata->by);
    for (const auto& stratum : scheme.strata->list) add(stratum.when);
  }
  if (scheme.score) {
    for (auto& name : features_of(*scheme.score)) names.insert(std::move(name));
  }
  std::string out = "customer_id";
  for (const auto& name : names) out += ", " + sql_name(name);
  return out;
}

std::string percent_of(const std::optional<ScoreModel>& score) {
  return std::to_string(std::lround(100 * (score ? score->least_known : 0)));
}

std::string reason_case(const Scheme& scheme, const std::string& population) {
  std::string out = "CASE";
  for (const auto& exclusion : scheme.exclusions) {
    out += " WHEN " + exclusion.when.sql(population) + " THEN " + sql_text(exclusion.code);
  }
  for (const auto& name : scheme.required) {
    out += " WHEN " + sql_name(name) + " IS NULL THEN " + sql_text("missing:" + name);
  }
  return out == "CASE" ? "NULL::VARCHAR" : out + " END";
}

// What a parameter is for a customer.
std::string parameter_case(const Scheme& scheme, const Parameter& parameter, const std::string& source) {
  std::string out = "CASE";
  for (const auto& override : scheme.overrides) {
    for (const auto& set : override.set) {
      if (set.name != parameter.name) continue;
      out += " WHEN " + override.where.sql(source) + " THEN CAST(" + shortest(set.value) + " AS DOUBLE)";
    }
  }
  const auto value = "CAST(" + shortest(parameter.value) + " AS DOUBLE)";
  return (out == "CASE" ? value : out + " ELSE " + value + " END") + " AS " + sql_name(parameter.name);
}

}  // namespace

std::string source_sql(const Scheme& scheme, Month as_of, const std::vector<UsedRun>& uses) {
  std::string out = "(SELECT * FROM wide WHERE as_of = DATE " + sql_text(as_of.first_date()) + ")";
  for (const auto& use : uses) {
    out = "(SELECT w.*, g.group_code AS " + sql_name(group_column(use.scheme)) + " FROM " + out +
          " w LEFT JOIN (SELECT customer_id, group_code FROM assignment WHERE run_id = " + sql_text(use.run_id) +
          ") g ON g.customer_id = w.customer_id)";
  }
  if (scheme.parameters.empty()) return out;
  std::string columns;
  for (const auto& parameter : scheme.parameters) columns += ", " + parameter_case(scheme, parameter, out);
  return "(SELECT *" + columns + " FROM " + out + ")";
}

Result<Population> take_population(warehouse::Workspace& workspace, const std::string& scratch_catalogue,
                                   const Scheme& scheme, Month as_of, const std::vector<UsedRun>& uses) {
  auto& connection = workspace.connection();
  const std::string month = "as_of = DATE " + sql_text(as_of.first_date());
  FENQUN_TRY(const auto rows, connection.query_integer("SELECT count(*) FROM wide WHERE " + month));
  if (rows == 0) return fail(ErrorCode::BadData, "segment.not_prepared", {{"month", as_of.text()}});
  const std::string catalogue = sql_name(scratch_catalogue);
  Population out;
  out.table = catalogue + ".population";
  out.classifiable = catalogue + ".classifiable";
  const auto source = source_sql(scheme, as_of, uses);
  std::string where;
  for (const auto* condition : {&scheme.population, &scheme.within_condition}) {
    if (*condition) where += (where.empty() ? " WHERE " : " AND ") + (*condition)->sql(source);
  }
  FENQUN_CHECK(connection.execute("CREATE TABLE " + catalogue + ".looked_at AS SELECT " + needed_columns(scheme) +
                                  " FROM " + source + where + " ORDER BY customer_id"));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + out.table + " AS SELECT *, " +
                                  reason_case(scheme, catalogue + ".looked_at") + " AS reason FROM " + catalogue +
                                  ".looked_at ORDER BY customer_id"));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + out.classifiable + " AS SELECT * EXCLUDE (reason) FROM " +
                                  out.table + " WHERE reason IS NULL ORDER BY customer_id"));
  FENQUN_TRY(out.customers, connection.query_integer("SELECT count(*) FROM " + out.table));
  FENQUN_TRY(out.ready, connection.query_integer("SELECT count(*) FROM " + out.classifiable));
  if (out.customers > 0) return out;
  return fail(ErrorCode::BadData, kNobodyInPopulation, {{"scheme", scheme.name}, {"month", as_of.text()}});
}

Result<std::vector<UnclassifiedResult>> count_unclassified(warehouse::Workspace& workspace, const std::string& assigned,
                                                           const Scheme& scheme,
                                                           const features::FeatureCatalogue& catalogue) {
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto counts, connection.query("SELECT reason, count(*) FROM " + assigned +
                                                 " WHERE group_code IS NULL GROUP BY reason ORDER BY 2 DESC, 1"));
  std::vector<UnclassifiedResult> out;
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    UnclassifiedResult line;
    line.code = counts.text(r, 0);
    line.customers = counts.integer(r, 1);
    for (const auto& exclusion : scheme.exclusions) {
      if (exclusion.code == line.code) line.reason = exclusion.reason;
    }
    constexpr std::string_view kMissing = "missing:";
    if (line.code.starts_with(kMissing)) {
      if (const auto* feature = catalogue.find(line.code.substr(kMissing.size()))) line.reason = feature->missing;
    }
    if (line.code == kNoRule) {
      FENQUN_TRY(line.reason, in_both_languages(workspace.assets(), "segment.no_rule"));
    }
    if (line.code == kNoHours) {
      FENQUN_TRY(line.reason, in_both_languages(workspace.assets(), "segment.no_hours"));
    }
    if (line.code == kFewDays) {
      FENQUN_TRY(line.reason, in_both_languages(workspace.assets(), "segment.few_days"));
    }
    if (line.code == kScoreUnknown) {
      FENQUN_TRY(line.reason, in_both_languages(workspace.assets(), "segment.score_unknown",
                                                {{"percent", percent_of(scheme.score)}}));
    }
    if (line.code == kNoStratum) {
      FENQUN_TRY(line.reason, in_both_languages(workspace.assets(), "segment.no_stratum"));
    }
    if (line.code == kTooFew) {
      FENQUN_TRY(line.reason, in_both_languages(workspace.assets(), "segment.too_few"));
    }
    FENQUN_TRY(const auto examples, connection.query("SELECT customer_id FROM " + assigned +
                                                     " WHERE group_code IS NULL AND reason = " + sql_text(line.code) +
                                                     " ORDER BY customer_id LIMIT 100"));
    for (std::size_t e = 0; e < examples.rows.size(); ++e) line.examples.push_back(examples.text(e, 0));
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace fenqun::segment
