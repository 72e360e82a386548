// segment/population.cpp
#include "segment/population.hpp"

#include "base/number.hpp"
#include "segment/explain.hpp"
#include "segment/run.hpp"
#include "segment/wording.hpp"

#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

// What the scheme looks at of whom it looks at.
std::set<std::string> needed_names(const Scheme& scheme) {
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
  return names;
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

std::set<std::string> columns_of(const Scheme& scheme) {
  auto out = needed_names(scheme);
  const auto add = [&](const Expression& expression) {
    out.insert(expression.features().begin(), expression.features().end());
  };
  if (scheme.population) add(*scheme.population);
  if (scheme.within_condition) add(*scheme.within_condition);
  for (const auto& override : scheme.overrides) add(override.where);
  for (const auto& feature : scheme.features) out.insert(feature.name);
  return out;
}

std::string source_sql(const Scheme& scheme, Month as_of, const std::vector<UsedRun>& uses) {
  return source_over(scheme, "(SELECT * FROM wide WHERE as_of = DATE " + sql_text(as_of.first_date()) + ")", uses);
}

std::string source_over(const Scheme& scheme, const std::string& rows, const std::vector<UsedRun>& uses) {
  std::string out = rows;
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

std::string looked_at_sql(const Scheme& scheme, const std::string& rows, const std::string& everybody,
                          const std::vector<std::string>& more) {
  std::string out = "SELECT customer_id";
  for (const auto& name : needed_names(scheme)) out += ", " + sql_name(name);
  for (const auto& name : more) out += ", " + sql_name(name);
  out += " FROM " + rows;
  const char* word = " WHERE ";
  for (const auto* condition : {&scheme.population, &scheme.within_condition}) {
    if (*condition) out += std::exchange(word, " AND ") + (*condition)->sql(everybody);
  }
  return out;
}

std::string with_reasons_sql(const Scheme& scheme, const std::string& rows, const std::string& looked_at) {
  return "SELECT *, " + reason_case(scheme, looked_at) + " AS reason FROM " + rows;
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
  const auto looked_at = catalogue + ".looked_at";
  FENQUN_CHECK(connection.execute("CREATE TABLE " + looked_at + " AS " + looked_at_sql(scheme, source, source) +
                                  " ORDER BY customer_id"));
  // Rows are stored once; a reason that takes work to tell is told once.
  const std::string kind = scheme.exclusions.empty() ? "VIEW " : "TABLE ";
  FENQUN_CHECK(
      connection.execute("CREATE " + kind + out.table + " AS " + with_reasons_sql(scheme, looked_at, looked_at)));
  FENQUN_CHECK(connection.execute("CREATE VIEW " + out.classifiable + " AS SELECT * EXCLUDE (reason) FROM " +
                                  out.table + " WHERE reason IS NULL"));
  FENQUN_TRY(out.customers, connection.query_integer("SELECT count(*) FROM " + out.table));
  FENQUN_TRY(out.ready, connection.query_integer("SELECT count(*) FROM " + out.classifiable));
  if (out.customers > 0) return out;
  return fail(ErrorCode::BadData, kNobodyInPopulation, {{"scheme", scheme.name}, {"month", as_of.text()}});
}

Result<BilingualText> reason_text(const AssetStore& assets, const Scheme& scheme,
                                  const features::FeatureCatalogue& catalogue, const std::string& code) {
  for (const auto& exclusion : scheme.exclusions) {
    if (exclusion.code == code) return exclusion.reason;
  }
  constexpr std::string_view kMissing = "missing:";
  if (code.starts_with(kMissing)) {
    if (const auto* feature = catalogue.find(code.substr(kMissing.size()))) return feature->missing;
  }
  if (code == kScoreUnknown)
    return in_both_languages(assets, "segment.score_unknown", {{"percent", percent_of(scheme.score)}});
  constexpr std::array<std::pair<const char*, const char*>, 6> kKnown = {
      {{kNoRule, "segment.no_rule"},
       {kNoHours, "segment.no_hours"},
       {kFewDays, "segment.few_days"},
       {kNoStratum, "segment.no_stratum"},
       {kTooFew, "segment.too_few"},
       {kNotInPopulation, "segment.not_in_population"}}};
  for (const auto& [known, key] : kKnown) {
    if (code == known) return in_both_languages(assets, key);
  }
  return BilingualText{code, code};
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
    FENQUN_TRY(line.reason, reason_text(workspace.assets(), scheme, catalogue, line.code));
    FENQUN_TRY(const auto examples, connection.query("SELECT customer_id FROM " + assigned +
                                                     " WHERE group_code IS NULL AND reason = " + sql_text(line.code) +
                                                     " ORDER BY customer_id LIMIT 100"));
    for (std::size_t e = 0; e < examples.rows.size(); ++e) line.examples.push_back(examples.text(e, 0));
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace fenqun::segment
