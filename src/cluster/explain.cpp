// cluster/explain.cpp
#include "cluster/explain.hpp"

#include "cluster/row_checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace fenqun::cluster {
namespace {

double at(std::span<const float> values, std::size_t column) { return static_cast<double>(values[column]); }

std::vector<double> squared_distances(std::span<const float> row, RowView<const float> centroids) {
  std::vector<double> out(centroids.rows());
  for (std::size_t g = 0; g < out.size(); ++g) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const double difference = at(row, c) - at(centroids.row(g), c);
      out[g] += difference * difference;
    }
  }
  return out;
}

void find_cheapest_two(const std::vector<double>& costs, RowExplanation& out) {
  double own = std::numeric_limits<double>::infinity();
  double next = own;
  for (std::uint32_t g = 0; g < costs.size(); ++g) {
    if (costs[g] < own) {
      next = own;
      out.next = out.own;
      own = costs[g];
      out.own = g;
    } else if (costs[g] < next) {
      next = costs[g];
      out.next = g;
    }
  }
}

std::vector<FeatureReason> reasons_of(std::span<const float> row, std::span<const float> own,
                                      std::span<const float> next) {
  std::vector<FeatureReason> out;
  for (std::uint32_t c = 0; c < row.size(); ++c) {
    const double to_next = at(row, c) - at(next, c);
    const double to_own = at(row, c) - at(own, c);
    out.push_back({c, to_next * to_next - to_own * to_own});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const FeatureReason& a, const FeatureReason& b) { return a.contribution > b.contribution; });
  return out;
}

/// Adding s (other - own) brings the row to the plane half-way to `other` when s = lead / (2 |other - own|²); adding s
/// to one column, when s = lead / (2 (other - own) of that column). False: there is no plane between equal centres.
bool add_border(std::span<const float> own, std::span<const float> other, std::uint32_t group, double lead,
                RowExplanation& out) {
  double apart = 0;
  for (std::size_t c = 0; c < own.size(); ++c) apart += (at(other, c) - at(own, c)) * (at(other, c) - at(own, c));
  if (apart == 0) return false;
  const double distance = lead / (2 * std::sqrt(apart));
  if (distance < out.shortest.distance) {
    out.shortest = {distance, group, std::vector<double>(own.size())};
    for (std::size_t c = 0; c < own.size(); ++c)
      out.shortest.change[c] = lead / (2 * apart) * (at(other, c) - at(own, c));
  }
  for (std::size_t c = 0; c < own.size(); ++c) {
    const double towards = at(other, c) - at(own, c);
    if (towards == 0) continue;
    const double change = lead / (2 * towards);
    auto& least = out.by_feature[c];
    if (!least || std::abs(change) < std::abs(least->change)) least = FeatureMove{change, group};
  }
  return true;
}

}  // namespace

Result<RowExplanation> explain_row(std::span<const float> row, RowView<const float> centroids,
                                   std::span<const double> prices) {
  FENQUN_CHECK(check_option("centroids", centroids.rows(), 2, kMaxClusters));
  if (row.size() != centroids.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(row.size())}, {"expected", std::to_string(centroids.cols())}});
  }
  FENQUN_CHECK(check_option("columns", row.size(), 1, kMaxColumns));
  if (!prices.empty() && prices.size() != centroids.rows()) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", "prices"},
                 {"value", std::to_string(prices.size())},
                 {"expected", std::to_string(centroids.rows())}});
  }
  WorkerPool alone(1);
  FENQUN_CHECK(check_values(centroids, alone, "cluster.bad_centroid"));
  FENQUN_CHECK(check_values({row.data(), 1, row.size()}, alone));
  RowExplanation out;
  const auto squared = squared_distances(row, centroids);
  auto costs = squared;
  for (std::size_t g = 0; g < prices.size(); ++g) costs[g] += prices[g];
  find_cheapest_two(costs, out);
  out.own_distance = std::sqrt(squared[out.own]);
  out.next_distance = std::sqrt(squared[out.next]);
  const auto own = centroids.row(out.own);
  out.reasons = reasons_of(row, own, centroids.row(out.next));
  out.shortest.distance = std::numeric_limits<double>::infinity();
  out.by_feature.resize(row.size());
  for (std::uint32_t g = 0; g < squared.size(); ++g) {
    if (g == out.own || add_border(own, centroids.row(g), g, costs[g] - costs[out.own], out)) continue;
    return fail(ErrorCode::BadData, "cluster.equal_centroids",
                {{"first", std::to_string(out.own)}, {"second", std::to_string(g)}});
  }
  return out;
}

}  // namespace fenqun::cluster
