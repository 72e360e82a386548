// segment/profile_members.cpp - single members: the typical one of each group, and a sample of them on a map.
#include "cluster/scaling.hpp"
#include "segment/profile_batch.hpp"
#include "segment/scaling_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

constexpr int kMapRows = 1'200;

// What tells customers apart most.
constexpr std::array kTelling = {"bill_revenue_12m_cny", "energy_12m_kwh", "contract_capacity_kva", "late_share_12m",
                                 "tickets_12m",          "outages_12m",    "months_since_open"};

std::string of_month(const ProfileBatch& batch) {
  return " WHERE w.as_of = DATE " + sql_text(batch.as_of().first_date());
}

bool has_distances(const RunResult& run) { return !run.scaling.empty(); }

// Everybody in the cells whom the wide table knows: cell, what the members are chosen by, and the place in the order in
// which maps draw them, which their ids decide.
Result<std::string> known_members(const ProfileBatch& batch) {
  std::string columns = ", CAST(w.receivable_cny AS DECIMAL(38, 2)) AS receivable";
  if (!std::ranges::all_of(batch.runs, has_distances)) {
    for (std::size_t i = 0; i < kTelling.size(); ++i)
      columns += fmt::format(", ln(1 + greatest(w.{}, 0)) AS x{}", sql_name(kTelling[i]), i);
  }
  if (std::ranges::any_of(batch.runs, has_distances)) columns += ", md5(c.customer_id) AS drawn";
  const auto out = batch.cells.table("known");
  FENQUN_CHECK(batch.workspace.connection().execute(
      "CREATE TABLE " + out + " AS SELECT c.customer_id, c.cell" + columns + " FROM " + batch.cells.customers() +
      " c JOIN wide w ON w.customer_id = c.customer_id" + of_month(batch)));
  return out;
}

// The members of a run: group_code and the columns of `known`.
std::string members_of(const ProfileBatch& batch, const std::string& known, std::size_t run) {
  return fmt::format("(SELECT g.group_code, k.* FROM {} k JOIN {} g ON g.cell = k.cell WHERE g.run = {})", known,
                     batch.cells.groups(), run);
}

/// With squared distances the member nearest to the mean is the one with the least sum of distances to all others.
/// Clusters know that distance; elsewhere it is taken over logarithms of what tells customers apart most, in the units
/// of their spread.
std::string distance_sql(const ProfileBatch& batch, const std::string& known, std::size_t run) {
  if (has_distances(batch.runs[run]))
    return "SELECT group_code, customer_id, distance_own AS away FROM assignment WHERE run_id = " +
           sql_text(batch.runs[run].run_id) + " AND group_code IS NOT NULL";
  std::string means;
  std::string spreads;
  std::string sum;
  for (std::size_t i = 0; i < kTelling.size(); ++i) {
    means += fmt::format(", sum(CAST(x{0} AS DECIMAL(38, 9)))::DOUBLE / nullif(count(x{0}), 0) AS m{0}", i);
    spreads += fmt::format("{}quantile_cont(x{}, [0.05, 0.95]) AS s{}", i > 0 ? ", " : "", i, i);
    sum += fmt::format("{0}coalesce(pow((x{1} - m{1}) / nullif(s{1}[2] - s{1}[1], 0), 2), 0)", i > 0 ? " + " : "", i);
  }
  return "WITH v AS (SELECT * FROM " + members_of(batch, known, run) + "), g AS (SELECT group_code" + means +
         " FROM v GROUP BY group_code), s AS (SELECT " + spreads + " FROM v) SELECT group_code, customer_id, " + sum +
         " AS away FROM v JOIN g USING (group_code), s";
}

Result<void> find_typical(const ProfileBatch& batch, const std::string& known) {
  for (std::size_t run = 0; run < batch.runs.size(); ++run) {
    FENQUN_TRY(const auto rows,
               batch.workspace.connection().query(
                   fmt::format("WITH d AS MATERIALIZED ({}) SELECT {}, d.group_code, min(d.customer_id) FROM d JOIN "
                               "(SELECT group_code, min(away) AS least FROM d GROUP BY group_code) n ON n.group_code = "
                               "d.group_code AND n.least IS NOT DISTINCT FROM d.away GROUP BY d.group_code",
                               distance_sql(batch, known, run), run)));
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      if (auto* group = batch.group(rows, r)) group->typical_customer = rows.text(r, 2);
    }
  }
  return {};
}

Result<void> add_receivables(const ProfileBatch& batch, const std::string& known) {
  FENQUN_TRY(const auto rows,
             batch.workspace.connection().query(
                 "SELECT run, group_code, sum(receivable)::DOUBLE FROM " +
                 batch.cells.by_group("SELECT cell, sum(receivable) AS receivable FROM " + known + " GROUP BY cell") +
                 " GROUP BY run, group_code"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (auto* group = batch.group(rows, r)) group->receivable_cny = rows.number(r, 2);
  }
  return {};
}

Matrix<float> centres_of(const RunResult& run, std::vector<double> GroupResult::*from) {
  const std::size_t d = run.scaling.size();
  for (const auto& group : run.groups) {
    if ((group.*from).size() != d) return {};
  }
  Matrix<float> out(run.groups.size(), d);
  for (std::size_t g = 0; g < run.groups.size(); ++g) {
    for (std::size_t c = 0; c < d; ++c) out(g, c) = static_cast<float>((run.groups[g].*from)[c]);
  }
  return out;
}

// A sample of members, the same for the same run.
Result<void> add_map(const ProfileBatch& batch, const std::string& known, std::size_t place, WorkerPool& pool) {
  const auto& run = batch.runs[place];
  const auto& scheme = batch.schemes[place];
  if (run.scaling.empty() || run.definition != scheme.fingerprint) return {};
  const auto centres = centres_of(run, &GroupResult::scaled_centre);
  if (centres.rows() == 0) return {};
  std::string columns;
  for (const auto& scaling : run.scaling) columns += ", w." + sql_name(scaling.feature) + "::DOUBLE";
  FENQUN_TRY(const auto rows,
             batch.workspace.connection().query(
                 "SELECT m.group_code" + columns + " FROM (SELECT group_code, customer_id, drawn FROM " +
                 members_of(batch, known, place) + " ORDER BY drawn LIMIT " + std::to_string(kMapRows) +
                 ") m JOIN wide w ON w.customer_id = m.customer_id" + of_month(batch) + " ORDER BY m.drawn"));
  Matrix<double> values(rows.rows.size(), run.scaling.size());
  std::vector<std::uint32_t> groups;
  for (std::size_t r = 0; r < values.rows(); ++r) {
    for (std::size_t c = 0; c < values.cols(); ++c) values(r, c) = rows.number(r, c + 1);
    const auto group = std::ranges::find(run.groups, rows.text(r, 0), &GroupResult::code);
    groups.push_back(static_cast<std::uint32_t>(group - run.groups.begin()));
  }
  FENQUN_TRY(const auto scaled, cluster::apply_scaling(fitted_scaling(scheme, run), values.view(), pool));
  const auto starts = centres_of(run, &GroupResult::scaled_start);
  auto& profile = batch.profiles[place];
  FENQUN_TRY(profile.map, make_group_map(scaled.view(), groups, centres.view(), starts.view()));
  for (const auto& scaling : run.scaling) profile.map_features.push_back(scaling.feature);
  return {};
}

}  // namespace

Result<void> add_members(const ProfileBatch& batch, WorkerPool& pool) {
  FENQUN_TRY(const auto known, known_members(batch));
  FENQUN_CHECK(find_typical(batch, known));
  FENQUN_CHECK(add_receivables(batch, known));
  for (std::size_t run = 0; run < batch.runs.size(); ++run) FENQUN_CHECK(add_map(batch, known, run, pool));
  return {};
}

}  // namespace fenqun::segment
