// segment/rules.cpp - decision tables and bands: assignment as one SQL statement.
#include "segment/methods.hpp"

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

constexpr const char* kNoDistances =
    "NULL::DOUBLE AS distance_own, NULL::DOUBLE AS distance_next, NULL::VARCHAR AS next_group";

}  // namespace

std::string band_score_sql(const Scheme& scheme) {
  std::string out;
  for (const auto& feature : scheme.features) {
    const std::string column = sql_name(feature.name) + "::DOUBLE";
    const std::string value = feature.transform == Transform::Log
                                  ? "(sign(" + column + ") * ln(1 + abs(" + column + ")))"
                                  : "(" + column + ")";
    out += (out.empty() ? "" : " + ") + std::to_string(feature.weight * feature.order) + " * " + value;
  }
  return out;
}

std::vector<GroupResult> groups_of(const Scheme& scheme) {
  std::vector<GroupResult> out;
  for (const auto& group : scheme.groups) {
    GroupResult result;
    result.code = group.code;
    result.title = group.title;
    result.description = group.description;
    out.push_back(std::move(result));
  }
  return out;
}

Result<void> assign_by_rules(const MethodInput& input, RunResult& result) {
  std::string group = "CASE";
  for (const auto& rule : input.scheme.groups) {
    group += " WHEN " + rule.when->sql(input.population.classifiable) + " THEN " + sql_text(rule.code);
  }
  result.groups = groups_of(input.scheme);
  return input.workspace.connection().execute(
      "CREATE TABLE " + sql_name(input.scratch_catalogue) +
      ".assigned AS SELECT customer_id, group_code, CASE WHEN group_code IS NULL THEN " + sql_text(kNoRule) +
      " END AS reason, " + kNoDistances + " FROM (SELECT customer_id, " + group + " END AS group_code FROM " +
      input.population.classifiable + ")");
}

Result<void> assign_by_bands(const MethodInput& input, RunResult& result) {
  // Place of a customer when sorted by score, highest first; equal scores by customer id, so that it is settled.
  std::string group = "CASE";
  for (const auto& band : input.scheme.groups) {
    const std::string edge = band.from ? "score >= " + std::to_string(*band.from)
                                       : "place <= ceil(" + std::to_string(*band.top_share) + " * everybody)";
    group += " WHEN " + edge + " THEN " + sql_text(band.code);
  }
  result.groups = groups_of(input.scheme);
  return input.workspace.connection().execute(
      "CREATE TABLE " + sql_name(input.scratch_catalogue) + ".assigned AS SELECT customer_id, " + group +
      " END AS group_code, CASE WHEN group_code IS NULL THEN " + sql_text(kNoRule) + " END AS reason, " + kNoDistances +
      " FROM (SELECT customer_id, score, row_number() OVER (ORDER BY score DESC, customer_id) AS place, " +
      std::to_string(input.population.ready) + " AS everybody FROM (SELECT customer_id, " +
      band_score_sql(input.scheme) + " AS score FROM " + input.population.classifiable + "))");
}

Result<void> assign_nobody(const MethodInput& input, const std::string& reason, RunResult& result) {
  result.groups = groups_of(input.scheme);
  return input.workspace.connection().execute("CREATE OR REPLACE TABLE " + sql_name(input.scratch_catalogue) +
                                              ".assigned AS SELECT customer_id, NULL::VARCHAR AS group_code, " +
                                              sql_text(reason) + " AS reason, " + kNoDistances + " FROM " +
                                              input.population.classifiable);
}

}  // namespace fenqun::segment
