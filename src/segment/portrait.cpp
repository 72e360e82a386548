// segment/portrait.cpp - a few questions to cells x wide table.
#include "segment/portrait.hpp"

#include "segment/cells.hpp"
#include "segment/prepared.hpp"
#include "segment/significance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace fenqun::segment {
namespace {

using features::Feature;
using features::FeatureType;
using warehouse::sql_name;
using warehouse::sql_text;

// Count, sum and sum of squares of a feature in each cell as n0, s0, q0 and so on. Exact decimals: six digits after
// the point are far below what a mean is read to, and sums of groups add up to those of everybody.
std::string sum_terms(const Feature& feature, std::size_t at) {
  const auto name = sql_name(feature.name);
  if (feature.type == FeatureType::Flag)  // its own square
    return fmt::format(", count({0}) AS n{1}, sum(CAST({0} AS INTEGER)) AS s{1}, sum(CAST({0} AS INTEGER)) AS q{1}",
                       name, at);
  // Squares beyond what an exact decimal holds are left out: the test is then refused for want of spread.
  return fmt::format(
      ", count({0}) AS n{1}, sum(CAST({0} AS DECIMAL(38, 6))) AS s{1}, "
      "sum(TRY_CAST({0}::DOUBLE * {0}::DOUBLE AS DECIMAL(38, 6))) AS q{1}",
      name, at);
}

std::string mean_terms(std::size_t at) {
  return fmt::format(", sum(n{0})::BIGINT, (sum(s{0})::DOUBLE / nullif(sum(n{0}), 0)), sum(q{0})::DOUBLE", at);
}

Moments moments_at(const warehouse::RowSet& rows, std::size_t row, std::size_t column) {
  const auto count = rows.integer(row, column);
  return {count, rows.number(row, column + 1) * static_cast<double>(count), rows.number(row, column + 2)};
}

std::optional<double> p_of(const Feature& feature, const Moments& group, const Moments& all) {
  const Moments others{all.count - group.count, all.sum - group.sum, all.squares - group.squares};
  if (feature.type != FeatureType::Flag) return p_of_means(group, others);
  const auto whole = [](double sum) { return static_cast<std::int64_t>(std::llround(sum)); };
  return p_of_shares(whole(group.sum), group.count, whole(others.sum), others.count);
}

void mark_significant(Portrait& portrait) {
  std::vector<std::optional<double>> all;
  for (const auto& group : portrait.groups) {
    for (const auto& line : group.numbers) all.push_back(line.p);
    for (const auto& line : group.categories) all.push_back(line.p);
  }
  const auto stands = stand_together(all, kFalseDiscoveryRate);
  std::size_t at = 0;
  for (auto& group : portrait.groups) {
    for (auto& line : group.numbers) line.is_significant = stands[at++];
    for (auto& line : group.categories) line.is_significant = stands[at++];
  }
}

std::vector<const Feature*> shown(const features::FeatureCatalogue& catalogue, bool categories) {
  std::vector<const Feature*> out;
  for (const auto& feature : catalogue.features()) {
    if (feature.in_portrait && (feature.type == FeatureType::Category) == categories) out.push_back(&feature);
  }
  return out;
}

// The runs of a batch, with the tables that hold their customers.
struct Task {
  warehouse::Workspace& workspace;
  const features::FeatureCatalogue& catalogue;
  const Cells& cells;
  std::span<Portrait> portraits;  // by run
  std::string rows;               // FROM: cell and the wide table of the month, of everybody in the cells

  /// None: everybody of the run, whose row has no code.
  [[nodiscard]] GroupPortrait* group(const warehouse::RowSet& rows_of, std::size_t row) const {
    auto& groups = portraits[static_cast<std::size_t>(rows_of.integer(row, 0))].groups;
    const auto found = std::ranges::find(groups, rows_of.text(row, 1), &GroupPortrait::code);
    return found == groups.end() ? nullptr : &*found;
  }
};

// What stands in a row of sums before the features: run, group, customers, revenue, bills, energy.
constexpr std::size_t kFirstNumber = 6;

std::string sums_sql(const Task& task, const std::vector<const Feature*>& numbers) {
  std::string means =
      "SELECT run, coalesce(group_code, ''), sum(customers)::BIGINT, sum(revenue)::DOUBLE, sum(bills)::BIGINT, "
      "sum(energy)::DOUBLE";
  std::string sums =
      "SELECT cell, count(*) AS customers, sum(CAST(bill_revenue_12m_cny AS DECIMAL(38, 6))) AS revenue, "
      "sum(CAST(months_billed_12m AS BIGINT)) AS bills, sum(CAST(energy_12m_kwh AS DECIMAL(38, 6))) AS energy";
  for (std::size_t f = 0; f < numbers.size(); ++f) {
    means += mean_terms(f);
    sums += sum_terms(*numbers[f], f);
  }
  return means + " FROM " + task.cells.by_group(sums + task.rows + " GROUP BY cell") +
         " GROUP BY GROUPING SETS ((run, group_code), (run))";
}

void fill_money(const Task& task, const warehouse::RowSet& rows) {
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = task.group(rows, r);
    if (group == nullptr) continue;
    group->customers = rows.integer(r, 2);
    group->revenue_12m_cny = rows.number(r, 3);
    group->energy_12m_kwh = rows.number(r, 5);
    if (rows.integer(r, 4) > 0)
      group->average_bill_cny = group->revenue_12m_cny / static_cast<double>(rows.integer(r, 4));
  }
  for (auto& portrait : task.portraits) {
    double revenue = 0;
    double energy = 0;
    std::int64_t customers = 0;
    for (const auto& group : portrait.groups) {
      customers += group.customers;
      revenue += group.revenue_12m_cny;
      energy += group.energy_12m_kwh;
    }
    portrait.has_revenue = revenue > 0;
    portrait.has_energy = energy > 0;
    for (auto& group : portrait.groups) {
      if (customers > 0) group.customer_share = static_cast<double>(group.customers) / static_cast<double>(customers);
      if (revenue > 0) group.revenue_share = group.revenue_12m_cny / revenue;
      if (energy > 0) group.energy_share = group.energy_12m_kwh / energy;
    }
  }
}

void fill_numbers(const Task& task, const std::vector<const Feature*>& numbers, const warehouse::RowSet& rows) {
  std::vector<std::size_t> everybody(task.portraits.size(), rows.rows.size());
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (rows.text(r, 1).empty()) everybody[static_cast<std::size_t>(rows.integer(r, 0))] = r;
  }
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = task.group(rows, r);
    if (group == nullptr) continue;
    const auto all = everybody[static_cast<std::size_t>(rows.integer(r, 0))];
    for (std::size_t f = 0; f < numbers.size(); ++f) {
      const std::size_t column = kFirstNumber + 3 * f;
      if (rows.integer(all, column) == 0) continue;  // nobody has it: not loaded here
      NumberIndex line;
      line.feature = numbers[f]->name;
      line.present = rows.integer(r, column);
      line.population_mean = rows.number(all, column + 1);
      if (!rows.is_null(r, column + 1)) line.mean = rows.number(r, column + 1);
      line.index = index_of(line.mean, line.population_mean);
      line.p = p_of(*numbers[f], moments_at(rows, r, column), moments_at(rows, all, column));
      group->numbers.push_back(std::move(line));
    }
  }
}

// How many customers of a run and of its groups have each value of a feature.
struct ValueCounts {
  std::vector<std::pair<std::string, std::int64_t>> values;  // everybody, most frequent first
  std::map<std::pair<std::string, std::string>, std::int64_t> in_group;
  std::int64_t everybody = 0;
};

void add_categories(const Feature& feature, ValueCounts& counts, Portrait& portrait) {
  const auto& values = counts.values;
  if (values.empty() || (values.size() == 1 && values[0].first.empty())) return;  // not loaded here
  for (auto& group : portrait.groups) {
    for (const auto& [value, total] : values) {
      CategoryIndex line;
      line.feature = feature.name;
      line.value = value;
      line.customers = counts.in_group[{group.code, value}];
      line.share = group.customers > 0 ? static_cast<double>(line.customers) / static_cast<double>(group.customers) : 0;
      line.population_share = static_cast<double>(total) / static_cast<double>(counts.everybody);
      if (group.customers > 0) line.index = index_of(line.share, line.population_share);
      line.p = p_of_shares(line.customers, group.customers, total - line.customers, counts.everybody - group.customers);
      group.categories.push_back(std::move(line));
    }
  }
}

// Categories are asked one by one: of a table of their own, for planning a question to the wide table costs more than
// answering it.
Result<void> fill_categories(const Task& task) {
  const auto features = shown(task.catalogue, true);
  const auto coded = task.cells.table("coded");
  std::string columns;
  for (const auto* feature : features) columns += ", " + sql_name(feature->name);
  auto& connection = task.workspace.connection();
  FENQUN_CHECK(connection.execute("CREATE TABLE " + coded + " AS SELECT cell" + columns + task.rows));
  for (const auto* feature : features) {
    FENQUN_TRY(
        const auto rows,
        connection.query("SELECT run, coalesce(group_code, ''), coalesce(value, ''), sum(customers)::BIGINT FROM " +
                         task.cells.by_group("SELECT cell, " + sql_name(feature->name) +
                                             " AS value, count(*) AS customers FROM " + coded + " GROUP BY ALL") +
                         " GROUP BY GROUPING SETS ((run, group_code, value), (run, value)) ORDER BY 4 DESC, 3"));
    std::vector<ValueCounts> counts(task.portraits.size());
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      auto& one = counts[static_cast<std::size_t>(rows.integer(r, 0))];
      if (rows.text(r, 1).empty()) {
        one.values.emplace_back(rows.text(r, 2), rows.integer(r, 3));
        one.everybody += rows.integer(r, 3);
      } else {
        one.in_group[{rows.text(r, 1), rows.text(r, 2)}] = rows.integer(r, 3);
      }
    }
    for (std::size_t p = 0; p < counts.size(); ++p) add_categories(*feature, counts[p], task.portraits[p]);
  }
  return {};
}

// Runs of one month, whose portraits have their groups already.
Result<void> fill_batch(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                        std::span<const RunResult> runs, std::span<Portrait> portraits) {
  FENQUN_CHECK(check_prepared(workspace, catalogue, runs.front().as_of));
  FENQUN_TRY(const auto cells, Cells::create(workspace, "portrait", runs));
  const Task task{workspace, catalogue, cells, portraits,
                  " FROM " + cells.customers() +
                      " c JOIN wide w ON w.customer_id = c.customer_id WHERE w.as_of = DATE " +
                      sql_text(runs.front().as_of.first_date())};
  // The numbers stay where they are and are read once.
  const auto numbers = shown(catalogue, false);
  FENQUN_TRY(const auto sums, workspace.connection().query(sums_sql(task, numbers)));
  fill_money(task, sums);
  fill_numbers(task, numbers, sums);
  return fill_categories(task);
}

}  // namespace

Result<std::vector<Portrait>> make_portraits(warehouse::Workspace& workspace,
                                             const features::FeatureCatalogue& catalogue,
                                             std::span<const RunResult> runs) {
  std::vector<Portrait> out(runs.size());
  for (std::size_t r = 0; r < runs.size(); ++r) {
    out[r].run_id = runs[r].run_id;
    out[r].scheme = runs[r].scheme;
    for (const auto& group : runs[r].groups) {
      out[r].groups.emplace_back();
      out[r].groups.back().code = group.code;
    }
  }
  for (const auto& batch : batches_of(runs)) {
    const auto count = batch.last - batch.first;
    FENQUN_CHECK(
        fill_batch(workspace, catalogue, runs.subspan(batch.first, count), std::span(out).subspan(batch.first, count)));
  }
  for (auto& portrait : out) mark_significant(portrait);
  return out;
}

Result<Portrait> make_portrait(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const RunResult& run) {
  FENQUN_TRY(auto portraits, make_portraits(workspace, catalogue, {&run, 1}));
  return std::move(portraits.front());
}

}  // namespace fenqun::segment
