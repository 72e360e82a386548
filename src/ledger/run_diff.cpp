// ledger/run_diff.cpp
#include "ledger/run_diff.hpp"

#include "cluster/identity.hpp"
#include "ledger/change.hpp"
#include "ledger/names.hpp"
#include "segment/run.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace fenqun::ledger {
namespace {

// Place of a code in a run: groups in their order, then reasons, then nothing.
std::size_t place_of(const segment::RunResult& run, const std::string& code, bool is_group) {
  if (is_group) {
    for (std::size_t g = 0; g < run.groups.size(); ++g) {
      if (run.groups[g].code == code) return g;
    }
  }
  for (std::size_t u = 0; u < run.unclassified.size(); ++u) {
    if (!is_group && run.unclassified[u].code == code) return run.groups.size() + u;
  }
  return run.groups.size() + run.unclassified.size();
}

Result<std::vector<Migration>> read_migrations(warehouse::Connection& connection, const RunDiff& diff,
                                               const std::string& first_sql, const std::string& second_sql) {
  FENQUN_TRY(const auto rows,
             connection.query("SELECT coalesce(a.group_code, a.reason), coalesce(b.group_code, b.reason), a.reason IS "
                              "NULL, b.reason IS NULL, count(*) FROM (" +
                              first_sql + ") a FULL JOIN (" + second_sql +
                              ") b ON a.customer_id = b.customer_id GROUP BY ALL"));
  std::vector<Migration> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out.push_back({rows.text(r, 0), rows.text(r, 1), rows.boolean(r, 2), rows.boolean(r, 3), rows.integer(r, 4)});
  }
  std::sort(out.begin(), out.end(), [&](const Migration& a, const Migration& b) {
    return std::tuple(place_of(diff.first, a.from, a.from_group), place_of(diff.second, a.to, a.to_group), a.from,
                      a.to) < std::tuple(place_of(diff.first, b.from, b.from_group),
                                         place_of(diff.second, b.to, b.to_group), b.from, b.to);
  });
  return out;
}

void carry_by_code(const SharedLabels& labels, RunDiff& diff) {
  std::map<std::string, std::int64_t> first_sizes;
  std::map<std::string, std::int64_t> second_sizes;
  std::map<std::string, std::int64_t> common;
  for (std::size_t r = 0; r < labels.first.size(); ++r) {
    const auto& from = labels.first_codes[labels.first[r]];
    const auto& to = labels.second_codes[labels.second[r]];
    ++first_sizes[from];
    ++second_sizes[to];
    if (from == to) ++common[to];
  }
  std::int64_t stayed = 0;
  for (const auto& [to, size] : second_sizes) {
    Carried carried{to, "", 0, 0};
    if (first_sizes.contains(to)) {
      carried.from = to;
      carried.common = common[to];
      carried.overlap = static_cast<double>(common[to]) / static_cast<double>(size + first_sizes[to] - common[to]);
    }
    stayed += carried.common;
    diff.carried.push_back(carried);
  }
  diff.moved = diff.compared - stayed;
}

void carry_by_customers(const SharedLabels& labels, const cluster::GroupIdentity& identity, RunDiff& diff) {
  for (const auto& match : identity.matches) {
    Carried carried{labels.second_codes[match.new_group], "", static_cast<std::int64_t>(match.common), match.overlap};
    if (match.old_group != cluster::kUnmatched) carried.from = labels.first_codes[match.old_group];
    diff.carried.push_back(carried);
  }
  diff.moved = static_cast<std::int64_t>(identity.moved);
}

}  // namespace

Result<RunDiff> compare_assignments(warehouse::Connection& connection, Said first, Said second, CarryBy carry_by) {
  RunDiff diff;
  diff.first = std::move(first.run);
  diff.second = std::move(second.run);
  FENQUN_TRY(diff.migrations, read_migrations(connection, diff, first.sql, second.sql));
  FENQUN_TRY(const auto labels, shared_labels(connection, first.sql, second.sql));
  diff.compared = static_cast<std::int64_t>(labels.first.size());
  if (labels.first.empty()) return diff;
  cluster::IdentityOptions options;
  options.least_overlap = kLeastOverlap;
  FENQUN_TRY(const auto identity, cluster::carry_on(labels.first, labels.second, options));
  diff.adjusted_rand_index = identity.adjusted_rand;
  if (carry_by == CarryBy::Code)
    carry_by_code(labels, diff);
  else
    carry_by_customers(labels, identity, diff);
  std::sort(diff.carried.begin(), diff.carried.end(), [&](const Carried& a, const Carried& b) {
    return place_of(diff.second, a.to, true) < place_of(diff.second, b.to, true);
  });
  return diff;
}

Result<RunDiff> compare_runs(warehouse::Workspace& workspace, const std::string& first_id,
                             const std::string& second_id) {
  FENQUN_TRY(auto first, segment::find_run(workspace, first_id));
  FENQUN_TRY(auto second, segment::find_run(workspace, second_id));
  const bool by_code = first.scheme == second.scheme && first.groups_named && second.groups_named;
  return compare_assignments(workspace.connection(), {std::move(first), said_sql(first_id, {})},
                             {std::move(second), said_sql(second_id, {})},
                             by_code ? CarryBy::Code : CarryBy::Customers);
}

}  // namespace fenqun::ledger
