// segment/portrait.cpp - a few grouped queries over assignment x wide table.
#include "segment/portrait.hpp"

#include "segment/prepared.hpp"
#include "segment/significance.hpp"

#include <cmath>
#include <map>

namespace fenqun::segment {
namespace {

using features::Feature;
using features::FeatureType;
using warehouse::sql_name;
using warehouse::sql_text;

// Count, sum and sum of squares of a feature in each group as n0, s0, q0 and so on. Exact decimals: six digits after
// the point are far below what a mean is read to, and sums of groups add up to those of everybody.
std::string sum_terms(const Feature& feature, std::size_t at) {
  const auto name = sql_name(feature.name);
  const auto number = std::to_string(at);
  const std::string value = feature.type == FeatureType::Flag ? "CAST(" + name + " AS INTEGER)" : name;
  // Squares beyond what an exact decimal holds are left out: the test is then refused for want of spread.
  return ", count(" + name + ") AS n" + number + ", sum(CAST(" + value + " AS DECIMAL(38, 6))) AS s" + number +
         ", sum(TRY_CAST(" + value + "::DOUBLE * " + value + "::DOUBLE AS DECIMAL(38, 6))) AS q" + number;
}

std::string mean_terms(std::size_t at) {
  const auto number = std::to_string(at);
  return ", sum(n" + number + ")::BIGINT, (sum(s" + number + ")::DOUBLE / nullif(sum(n" + number + "), 0)), sum(q" +
         number + ")::DOUBLE";
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

GroupPortrait* find_group(Portrait& portrait, const std::string& code) {
  for (auto& group : portrait.groups) {
    if (group.code == code) return &group;
  }
  return nullptr;
}

// Row with an empty code: everybody.
Result<void> fill_numbers(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                          const std::string& members, Portrait& portrait) {
  const auto numbers = shown(catalogue, false);
  std::string means = "SELECT coalesce(group_code, '')";
  std::string sums = "SELECT group_code";
  for (std::size_t f = 0; f < numbers.size(); ++f) {
    means += mean_terms(f);
    sums += sum_terms(*numbers[f], f);
  }
  FENQUN_TRY(const auto rows,
             workspace.connection().query(means + " FROM (" + sums + members +
                                          " GROUP BY group_code) GROUP BY GROUPING SETS ((group_code), ())"));
  std::size_t everybody = rows.rows.size();
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (rows.text(r, 0).empty()) everybody = r;
  }
  if (everybody == rows.rows.size()) return {};
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = find_group(portrait, rows.text(r, 0));
    if (group == nullptr) continue;
    for (std::size_t f = 0; f < numbers.size(); ++f) {
      const std::size_t column = 1 + 3 * f;
      if (rows.integer(everybody, column) == 0) continue;  // nobody has it: not loaded here
      NumberIndex line;
      line.feature = numbers[f]->name;
      line.present = rows.integer(r, column);
      line.population_mean = rows.number(everybody, column + 1);
      if (!rows.is_null(r, column + 1)) line.mean = rows.number(r, column + 1);
      line.index = index_of(line.mean, line.population_mean);
      line.p = p_of(*numbers[f], moments_at(rows, r, column), moments_at(rows, everybody, column));
      group->numbers.push_back(std::move(line));
    }
  }
  return {};
}

Result<void> fill_categories(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                             const std::string& coded, Portrait& portrait) {
  for (const auto* feature : shown(catalogue, true)) {
    const auto name = sql_name(feature->name);
    FENQUN_TRY(const auto rows,
               workspace.connection().query("SELECT coalesce(group_code, ''), coalesce(" + name +
                                            ", ''), count(*) FROM " + coded + " GROUP BY GROUPING SETS ((group_code, " +
                                            name + "), (" + name + ")) ORDER BY 3 DESC, 2"));
    std::vector<std::pair<std::string, std::int64_t>> values;  // everybody, most frequent first
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    std::int64_t everybody = 0;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      if (rows.text(r, 0).empty()) {
        values.emplace_back(rows.text(r, 1), rows.integer(r, 2));
        everybody += rows.integer(r, 2);
      } else {
        counts[{rows.text(r, 0), rows.text(r, 1)}] = rows.integer(r, 2);
      }
    }
    if (values.empty() || (values.size() == 1 && values[0].first.empty())) continue;  // not loaded here
    for (auto& group : portrait.groups) {
      for (const auto& [value, total] : values) {
        CategoryIndex line;
        line.feature = feature->name;
        line.value = value;
        line.customers = counts[{group.code, value}];
        line.share =
            group.customers > 0 ? static_cast<double>(line.customers) / static_cast<double>(group.customers) : 0;
        line.population_share = static_cast<double>(total) / static_cast<double>(everybody);
        if (group.customers > 0) line.index = index_of(line.share, line.population_share);
        line.p = p_of_shares(line.customers, group.customers, total - line.customers, everybody - group.customers);
        group.categories.push_back(std::move(line));
      }
    }
  }
  return {};
}

Result<void> fill_money(warehouse::Workspace& workspace, const std::string& members, Portrait& portrait) {
  FENQUN_TRY(const auto rows,
             workspace.connection().query(
                 "SELECT group_code, count(*), sum(CAST(bill_revenue_12m_cny AS DECIMAL(38, 6)))::DOUBLE, "
                 "sum(CAST(months_billed_12m AS BIGINT))::BIGINT, sum(CAST(energy_12m_kwh AS DECIMAL(38, 6)))::DOUBLE" +
                 members + " GROUP BY group_code"));
  double revenue = 0;
  double energy = 0;
  std::int64_t customers = 0;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = find_group(portrait, rows.text(r, 0));
    if (group == nullptr) continue;
    group->customers = rows.integer(r, 1);
    group->revenue_12m_cny = rows.number(r, 2);
    group->energy_12m_kwh = rows.number(r, 4);
    if (rows.integer(r, 3) > 0)
      group->average_bill_cny = group->revenue_12m_cny / static_cast<double>(rows.integer(r, 3));
  }
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
  return {};
}

}  // namespace

Result<Portrait> make_portrait(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const RunResult& run) {
  FENQUN_CHECK(check_prepared(workspace, catalogue, run.as_of));
  Portrait portrait;
  portrait.run_id = run.run_id;
  portrait.scheme = run.scheme;
  for (const auto& group : run.groups) {
    portrait.groups.emplace_back();
    portrait.groups.back().code = group.code;
  }
  FENQUN_TRY(const auto scratch, workspace.scratch("portrait", warehouse::Workspace::ScratchPlace::InMemory));
  const auto grouped = sql_name(scratch.catalogue()) + ".grouped";
  const auto coded = sql_name(scratch.catalogue()) + ".coded";
  auto& connection = workspace.connection();
  FENQUN_CHECK(connection.execute("CREATE TABLE " + grouped +
                                  " AS SELECT customer_id, group_code FROM assignment WHERE run_id = " +
                                  sql_text(run.run_id) + " AND group_code IS NOT NULL"));
  // The numbers stay where they are and are read once. Categories are asked one by one: of a table of their own, for
  // planning a question to the wide table costs more than answering it.
  const std::string members = " FROM " + grouped +
                              " g JOIN wide w ON w.customer_id = g.customer_id WHERE w.as_of = " + "DATE " +
                              sql_text(run.as_of.first_date());
  std::string categories;
  for (const auto* feature : shown(catalogue, true)) categories += ", " + sql_name(feature->name);
  FENQUN_CHECK(connection.execute("CREATE TABLE " + coded + " AS SELECT group_code" + categories + members));
  FENQUN_CHECK(fill_money(workspace, members, portrait));
  FENQUN_CHECK(fill_numbers(workspace, catalogue, members, portrait));
  FENQUN_CHECK(fill_categories(workspace, catalogue, coded, portrait));
  mark_significant(portrait);
  return portrait;
}

}  // namespace fenqun::segment
