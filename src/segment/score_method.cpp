// segment/score_method.cpp - a weighted score in SQL: parts, points that add up exactly, bands.
#include "base/number.hpp"
#include "segment/methods.hpp"
#include "segment/score_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

std::string column(const char* stem, std::size_t part) { return stem + std::to_string(part); }

double weight_of(const ScoreModel& model) {
  return std::accumulate(model.parts.begin(), model.parts.end(), 0.0,
                         [](double sum, const ScorePart& part) { return sum + part.weight; });
}

std::string sql_number(double value) { return "(" + shortest(value) + ")::DOUBLE"; }

// v: 0..1 of each part; NULL where it is unknown.
std::string parts_query(const ScoreModel& model, const features::FeatureCatalogue& catalogue, const std::string& rows,
                        const std::string& population) {
  std::string out = "SELECT customer_id";
  for (std::size_t p = 0; p < model.parts.size(); ++p) {
    out += ", " + part_sql(model.parts[p], catalogue, population, rows == population ? "" : rows) + " AS " +
           column("v", p);
  }
  return out + " FROM " + rows;
}

std::string known_query(const ScoreModel& model, const std::string& parts) {
  std::string known = "0.0::DOUBLE";
  for (std::size_t p = 0; p < model.parts.size(); ++p) {
    known += " + CASE WHEN " + column("v", p) + " IS NULL THEN 0.0 ELSE " + sql_number(model.parts[p].weight) + " END";
  }
  return "SELECT *, " + known + " AS known FROM (" + parts + ")";
}

// r: the score so far, after each part, rounded to a hundredth. A part's points are what it adds to the rounded score,
// so that points add up to the score to the last digit.
std::string sums_query(const ScoreModel& model, const std::string& known) {
  std::string sums;
  std::string rounded;
  for (std::size_t p = 0; p < model.parts.size(); ++p) {
    const std::string before = p == 0 ? "0.0::DOUBLE" : column("s", p - 1);
    sums += ", " + before + " + coalesce(" + column("v", p) + ", 0.0) * " + sql_number(model.parts[p].weight) + " AS " +
            column("s", p);
    rounded += ", CASE WHEN known > 0 THEN round(100 * " + column("s", p) + " / known, 2)::DECIMAL(5,2) END AS " +
               column("r", p);
  }
  return "SELECT *" + rounded + " FROM (SELECT *" + sums + " FROM (" + known + "))";
}

std::string scores_query(const ScoreModel& model, const std::string& sums) {
  std::string points;
  for (std::size_t p = 0; p < model.parts.size(); ++p) {
    const std::string before = p == 0 ? "0" : column("r", p - 1);
    points += (p == 0 ? "" : ", ") + std::string("CASE WHEN ") + column("v", p) + " IS NOT NULL THEN (" +
              column("r", p) + " - " + before + ")::DECIMAL(5,2) END";
  }
  const double weight = weight_of(model);
  // A hair of rounding in the sum of the weights must not refuse a customer who knows exactly enough.
  const std::string enough = "known >= " + sql_number(model.least_known * weight * (1 - 1e-12));
  return "SELECT customer_id, CASE WHEN " + enough + " THEN " + column("r", model.parts.size() - 1) +
         " END AS score, least(known / " + sql_number(weight) + ", 1.0) AS known_weight, CASE WHEN " + enough +
         " THEN [" + points + "] END AS contributions FROM (" + sums + ")";
}

Result<void> keep_means(const MethodInput& input, const std::string& catalogue, RunResult& result) {
  auto& connection = input.workspace.connection();
  std::string columns = "avg(score)";
  for (std::size_t p = 0; p < input.scheme.score->parts.size(); ++p) {
    const std::string points = "contributions[" + std::to_string(p + 1) + "]";
    columns += ", count(" + points + "), avg(" + points + ")";
  }
  FENQUN_TRY(const auto means,
             connection.query("SELECT " + columns + " FROM " + catalogue + ".scores WHERE score IS NOT NULL"));
  auto& score = *result.score;
  if (!means.is_null(0, 0)) score.mean = means.number(0, 0);
  for (std::size_t p = 0; p < score.parts.size(); ++p) {
    score.parts[p].known = means.integer(0, 1 + 2 * p);
    if (!means.is_null(0, 2 + 2 * p)) score.parts[p].mean_contribution = means.number(0, 2 + 2 * p);
  }
  FENQUN_TRY(const auto groups,
             connection.query("SELECT group_code, avg(score) FROM " + catalogue + ".assigned JOIN " + catalogue +
                              ".scores USING (customer_id) WHERE group_code IS NOT NULL GROUP BY group_code"));
  for (std::size_t r = 0; r < groups.rows.size(); ++r) {
    for (auto& group : result.groups) {
      if (group.code == groups.text(r, 0)) group.order_score = groups.number(r, 1);
    }
  }
  return {};
}

// Points and scores group by group. Averages and counts of decimals: the same in any order of the rows.
Result<void> keep_bands(const MethodInput& input, const std::string& catalogue, RunResult& result) {
  constexpr int kSteps = 100 / kScoreStep;
  const auto parts = input.scheme.score->parts.size();
  auto& bands = result.score->bands;
  for (const auto& group : input.scheme.groups) {
    bands.push_back({group.code, group.from, std::vector<std::optional<double>>(parts),
                     std::vector<std::int64_t>(static_cast<std::size_t>(kSteps))});
  }
  const auto band_of = [&](const std::string& code) { return std::ranges::find(bands, code, &ScoreBandResult::code); };
  const std::string grouped = " FROM " + catalogue + ".assigned JOIN " + catalogue +
                              ".scores USING (customer_id) WHERE group_code IS NOT NULL ";
  std::string means;
  for (std::size_t p = 0; p < parts; ++p) means += ", avg(contributions[" + std::to_string(p + 1) + "])";
  auto& connection = input.workspace.connection();
  FENQUN_TRY(const auto points, connection.query("SELECT group_code" + means + grouped + "GROUP BY group_code"));
  for (std::size_t r = 0; r < points.rows.size(); ++r) {
    const auto band = band_of(points.text(r, 0));
    if (band == bands.end()) continue;
    for (std::size_t p = 0; p < parts; ++p) {
      if (!points.is_null(r, p + 1)) band->mean_points[p] = points.number(r, p + 1);
    }
  }
  FENQUN_TRY(const auto counts,
             connection.query(fmt::format("SELECT group_code, least(floor(score / {})::INTEGER, {}) AS step, count(*){}"
                                          "GROUP BY ALL",
                                          kScoreStep, kSteps - 1, grouped)));
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    const auto band = band_of(counts.text(r, 0));
    if (band != bands.end()) band->counts[static_cast<std::size_t>(counts.integer(r, 1))] = counts.integer(r, 2);
  }
  return {};
}

ScoreResult declared(const ScoreModel& model) {
  ScoreResult out;
  out.least_known = model.least_known;
  out.top_reasons = model.top_reasons;
  for (const auto& part : model.parts) {
    out.parts.push_back({part.feature, part.when ? part.when->text() : "", std::string(name_of(part.map)), part.weight,
                         part.sentence, 0, std::nullopt});
  }
  return out;
}

}  // namespace

std::string scores_sql(const Scheme& scheme, const features::FeatureCatalogue& catalogue, const std::string& rows,
                       const std::string& population) {
  const auto& model = *scheme.score;
  return scores_query(model, sums_query(model, known_query(model, parts_query(model, catalogue, rows, population))));
}

// The first group whose threshold is reached and whose condition holds.
std::string score_group_sql(const Scheme& scheme, const std::string& population) {
  std::string out = "CASE WHEN score IS NULL THEN NULL";
  for (const auto& group : scheme.groups) {
    std::string test;
    if (group.from) test = "score >= (" + shortest(*group.from) + ")::DOUBLE";
    if (group.when) test += (test.empty() ? "(" : " AND (") + group.when->sql(population) + ")";
    out += " WHEN " + test + " THEN " + sql_text(group.code);
  }
  return out + " END";
}

Result<void> assign_by_score(const MethodInput& input, RunResult& result) {
  const std::string catalogue = sql_name(input.scratch_catalogue);
  auto& connection = input.workspace.connection();
  result.groups = groups_of(input.scheme);
  result.score = declared(*input.scheme.score);
  FENQUN_CHECK(connection.execute(
      "CREATE TABLE " + catalogue + ".scores AS " +
      scores_sql(input.scheme, input.catalogue, input.population.classifiable, input.population.classifiable)));
  FENQUN_CHECK(connection.execute(
      "CREATE TABLE " + catalogue + ".assigned AS SELECT customer_id, group_code, CASE WHEN group_code IS NULL THEN " +
      sql_text(kScoreUnknown) +
      " END AS reason, NULL::DOUBLE AS distance_own, NULL::DOUBLE AS distance_next, NULL::VARCHAR AS next_group FROM "
      "(SELECT customer_id, " +
      score_group_sql(input.scheme, input.population.classifiable) + " AS group_code FROM " +
      input.population.classifiable + " JOIN " + catalogue + ".scores USING (customer_id))"));
  FENQUN_CHECK(keep_means(input, catalogue, result));
  return keep_bands(input, catalogue, result);
}

}  // namespace fenqun::segment
