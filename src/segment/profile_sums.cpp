// segment/profile_sums.cpp - facts and the monthly tables of the lake, summed over cells.
#include "segment/monthly.hpp"
#include "segment/profile_batch.hpp"
#include "segment/significance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

BilingualText code_title(const warehouse::Workspace& workspace, const FactField& fact, const std::string& value) {
  const auto* field = workspace.contracts().find(fact.entity)->find(fact.field);
  for (const auto& code : field->codes) {
    if (code.code == value) return code.title;
  }
  return {value, value};
}

// By cell and code. A customer is in one cell: those of several cells add up.
std::string customers_with_code(const ProfileBatch& batch, const FactField& fact) {
  std::string when = sql_name(fact.field) + " IS NOT NULL";
  if (!fact.time.empty()) {
    const auto time = sql_name(fact.time);
    when += " AND " + time + " >= DATE " + sql_text(batch.as_of().plus(-11).first_date()) + " AND " + time +
            " < DATE " + sql_text(batch.as_of().plus(1).first_date());
  }
  return "SELECT c.cell, f.value, count(*) AS customers FROM (SELECT DISTINCT customer_id, " + sql_name(fact.field) +
         " AS value FROM " + sql_name(fact.entity) + " WHERE " + when + ") f JOIN " + batch.cells.customers() +
         " c ON c.customer_id = f.customer_id GROUP BY ALL";
}

struct CodeCounts {
  std::vector<std::pair<std::string, std::int64_t>> all;  // most frequent first
  std::map<std::pair<std::string, std::string>, std::int64_t> in_group;
};

void add_fact(const ProfileBatch& batch, std::size_t run_place, std::size_t fact, CodeCounts& counts) {
  const auto& run = batch.runs[run_place];
  auto& profile = batch.profiles[run_place];
  profile.has_fact[fact] = !counts.all.empty();
  for (std::size_t g = 0; g < profile.groups.size(); ++g) {
    auto& group = profile.groups[g];
    const auto members = run.groups[g].customers;
    for (const auto& [value, total] : counts.all) {
      FactIndex line;
      line.fact = fact;
      line.value = value;
      line.value_title = code_title(batch.workspace, profile.facts[fact], value);
      line.customers = counts.in_group[{group.code, value}];
      line.share = members > 0 ? static_cast<double>(line.customers) / static_cast<double>(members) : 0;
      line.population_share = static_cast<double>(total) / static_cast<double>(run.classified);
      if (members > 0) line.index = index_of(line.share, line.population_share);
      line.p = p_of_shares(line.customers, members, total - line.customers, run.classified - members);
      group.facts.push_back(std::move(line));
    }
  }
}

}  // namespace

GroupProfile* ProfileBatch::group(const warehouse::RowSet& rows, std::size_t row) const {
  auto& groups = profile(rows, row).groups;
  const auto found = std::ranges::find(groups, rows.text(row, 1), &GroupProfile::code);
  return found == groups.end() ? nullptr : &*found;
}

Result<void> add_facts(const ProfileBatch& batch) {
  for (std::size_t fact = 0; fact < batch.profiles.front().facts.size(); ++fact) {
    FENQUN_TRY(const auto rows,
               batch.workspace.connection().query(
                   "SELECT run, coalesce(group_code, ''), value, sum(customers)::BIGINT FROM " +
                   batch.cells.by_group(customers_with_code(batch, batch.profiles.front().facts[fact])) +
                   " GROUP BY GROUPING SETS ((run, group_code, value), (run, value)) ORDER BY 4 DESC, 3"));
    std::vector<CodeCounts> counts(batch.runs.size());
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      auto& one = counts[static_cast<std::size_t>(rows.integer(r, 0))];
      if (rows.text(r, 1).empty())
        one.all.emplace_back(rows.text(r, 2), rows.integer(r, 3));
      else
        one.in_group[{rows.text(r, 1), rows.text(r, 2)}] = rows.integer(r, 3);
    }
    for (std::size_t run = 0; run < counts.size(); ++run) add_fact(batch, run, fact, counts[run]);
  }
  return {};
}

Result<void> add_months(const ProfileBatch& batch) {
  const auto& months = batch.profiles.front().months;
  FENQUN_TRY(const auto first, Month::parse(months.front()));
  FENQUN_TRY(const auto relation, monthly(batch.workspace, "_customer_month", first, batch.as_of()));
  if (relation.empty()) return {};
  FENQUN_TRY(
      const auto rows,
      batch.workspace.connection().query(
          "SELECT run, group_code, strftime(month, '%Y-%m'), sum(energy)::DOUBLE / nullif(sum(customers), 0) FROM " +
          batch.cells.by_group("SELECT c.cell, t.month, sum(CAST(t.energy_kwh AS DECIMAL(18, 3))) AS energy, "
                               "count(t.energy_kwh) AS customers FROM " +
                               batch.cells.customers() + " c JOIN " + relation +
                               " t ON t.customer_id = c.customer_id GROUP BY ALL") +
          " GROUP BY run, group_code, month"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = batch.group(rows, r);
    const auto month = std::ranges::find(months, rows.text(r, 2));
    if (group == nullptr || month == months.end() || rows.is_null(r, 3)) continue;
    group->month_kwh[static_cast<std::size_t>(month - months.begin())] = rows.number(r, 3);
  }
  return {};
}

Result<void> add_hours(const ProfileBatch& batch) {
  FENQUN_TRY(const auto relation, monthly(batch.workspace, "_hourly_by_month", batch.as_of().plus(-11), batch.as_of()));
  if (relation.empty()) return {};
  std::string sums;
  std::string whole;
  for (int hour = 0; hour < 24; ++hour) {
    sums += fmt::format(", sum(CAST(t.h{0:02}_kwh AS DECIMAL(38, 3))) AS h{0}", hour);
    whole += fmt::format(", sum(h{})::DOUBLE", hour);
  }
  FENQUN_TRY(const auto rows,
             batch.workspace.connection().query(
                 "SELECT run, group_code" + whole + " FROM " +
                 batch.cells.by_group("SELECT c.cell" + sums + " FROM " + batch.cells.customers() + " c JOIN " +
                                      relation + " t ON t.customer_id = c.customer_id GROUP BY c.cell") +
                 " GROUP BY run, group_code"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = batch.group(rows, r);
    double all = 0;
    for (std::size_t hour = 0; hour < 24; ++hour) all += rows.number(r, hour + 2);
    if (group == nullptr || !(all > 0)) continue;
    for (std::size_t hour = 0; hour < 24; ++hour) group->hour_shares.push_back(rows.number(r, hour + 2) / all);
  }
  return {};
}

}  // namespace fenqun::segment
