// cluster/identity.cpp
#include "cluster/identity.hpp"

#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace fenqun::cluster {
namespace {

/// New groups without an old one take the numbers after the last old, in their order.
std::vector<std::uint32_t> name_groups(std::span<const std::uint32_t> old_of_new, std::size_t old_groups) {
  std::vector<std::uint32_t> names(old_of_new.begin(), old_of_new.end());
  auto next = static_cast<std::uint32_t>(old_groups);
  for (auto& name : names) {
    if (name == kUnmatched) name = next++;
  }
  return names;
}

GroupMatch match_of(const ContingencyTable& table, std::uint32_t new_group, std::uint32_t old_group,
                    double least_overlap) {
  GroupMatch match{new_group, kUnmatched, 0, 0};
  if (old_group == kUnmatched) return match;
  const auto common = table.counts(old_group, new_group);
  const auto either = table.first_totals[old_group] + table.second_totals[new_group] - common;
  const double overlap = either == 0 ? 0 : static_cast<double>(common) / static_cast<double>(either);
  if (common == 0 || overlap < least_overlap) return match;
  return {new_group, old_group, common, overlap};
}

void count_migration(const ContingencyTable& table, GroupIdentity& out) {
  const auto highest = out.names.empty() ? 0 : *std::ranges::max_element(out.names);
  out.migration = Matrix<std::uint64_t>(table.counts.rows(), std::size_t{highest} + 1);
  for (std::size_t o = 0; o < table.counts.rows(); ++o) {
    for (std::size_t n = 0; n < table.counts.cols(); ++n) {
      out.migration(o, out.names[n]) += table.counts(o, n);
      if (out.names[n] == o) out.stayed += table.counts(o, n);
    }
  }
  out.moved = table.total - out.stayed;
}

}  // namespace

Result<GroupIdentity> carry_on(std::span<const std::uint32_t> old_labels, std::span<const std::uint32_t> new_labels,
                               const IdentityOptions& options) {
  if (!(options.least_overlap >= 0 && options.least_overlap <= 1)) {
    return fail(
        ErrorCode::InvalidArgument, "cluster.option_range",
        {{"option", "least_overlap"}, {"value", fmt::format("{}", options.least_overlap)}, {"expected", "0..1"}});
  }
  FENQUN_TRY(const auto table, contingency_table(old_labels, new_labels));
  Matrix<double> common(table.counts.cols(), table.counts.rows());
  for (std::size_t n = 0; n < common.rows(); ++n) {
    for (std::size_t o = 0; o < common.cols(); ++o) common(n, o) = static_cast<double>(table.counts(o, n));
  }
  FENQUN_TRY(auto old_of_new, best_matching(common.view()));
  GroupIdentity out;
  std::vector<bool> is_carried_on(table.counts.rows());
  for (std::uint32_t n = 0; n < old_of_new.size(); ++n) {
    out.matches.push_back(match_of(table, n, old_of_new[n], options.least_overlap));
    old_of_new[n] = out.matches.back().old_group;
    if (old_of_new[n] != kUnmatched) is_carried_on[old_of_new[n]] = true;
  }
  for (std::uint32_t o = 0; o < is_carried_on.size(); ++o) {
    if (!is_carried_on[o]) out.ended.push_back(o);
  }
  out.names = name_groups(old_of_new, table.counts.rows());
  count_migration(table, out);
  out.adjusted_rand = adjusted_rand_index(table);
  return out;
}

Result<std::vector<std::uint32_t>> match_centroids(RowView<const float> old_centroids,
                                                   RowView<const float> new_centroids) {
  if (old_centroids.cols() != new_centroids.cols()) {
    return fail(
        ErrorCode::InvalidArgument, "cluster.columns_differ",
        {{"columns", std::to_string(new_centroids.cols())}, {"expected", std::to_string(old_centroids.cols())}});
  }
  Matrix<double> nearness(new_centroids.rows(), old_centroids.rows());
  for (std::size_t n = 0; n < nearness.rows(); ++n) {
    for (std::size_t o = 0; o < nearness.cols(); ++o) {
      double squared = 0;
      for (std::size_t c = 0; c < new_centroids.cols(); ++c) {
        const double difference = static_cast<double>(new_centroids(n, c)) - static_cast<double>(old_centroids(o, c));
        squared += difference * difference;
      }
      nearness(n, o) = -squared;
    }
  }
  FENQUN_TRY(const auto old_of_new, best_matching(nearness.view()));
  return name_groups(old_of_new, old_centroids.rows());
}

}  // namespace fenqun::cluster
