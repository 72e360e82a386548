// segment/explain_bounds.cpp
#include "segment/explain_bounds.hpp"

#include <algorithm>

namespace fenqun::segment {

namespace {

std::uint32_t nearest_of(std::span<const double> squared) {
  return static_cast<std::uint32_t>(std::ranges::min_element(squared) - squared.begin());
}

}  // namespace

std::uint32_t BoundedPlace::with(std::span<const double> squared) const {
  // The bounded assignment takes savings below a part of 1e-12 of its costs for rounding; this is well above.
  const double rounding = 1e-9 * (1 + *std::ranges::max_element(squared));
  auto best = own;
  for (std::uint32_t g = 0; g < squared.size(); ++g) {
    if (squared[g] + prices[g] < squared[best] + prices[best] - rounding) best = g;
  }
  return best;
}

Result<BoundedGroups> BoundedGroups::create(const std::vector<std::string>& customers, RowView<const float> scaled,
                                            RowView<const float> centres, const cluster::SizeBounds& bounds,
                                            WorkerPool& pool) {
  BoundedGroups out;
  out.bounds_ = bounds;
  for (std::size_t r = 0; r < customers.size(); ++r) out.row_of_.emplace(customers[r], r);
  out.costs_ = cluster::squared_distances(scaled, centres, pool);
  FENQUN_TRY(auto found, cluster::assign_bounded(std::as_const(out.costs_).view(), bounds));
  out.labels_ = std::move(found.labels);
  FENQUN_TRY(out.prices_, cluster::bounded_prices(std::as_const(out.costs_).view(), bounds, out.labels_));
  out.nearest_sizes_.resize(centres.rows());
  for (std::size_t r = 0; r < customers.size(); ++r) ++out.nearest_sizes_[nearest_of(std::as_const(out.costs_).row(r))];
  return out;
}

std::optional<BoundedPlace> BoundedGroups::place_of(const std::string& customer) const {
  const auto at = row_of_.find(customer);
  if (at == row_of_.end()) return std::nullopt;
  const auto own = labels_[at->second];
  return BoundedPlace{own, prices_.row(own)};
}

Result<std::uint32_t> BoundedGroups::assign_changed(const std::string& customer, std::span<const double> costs) {
  const auto at = row_of_.find(customer);
  if (at == row_of_.end()) return nearest_of(costs);
  const auto row = costs_.row(at->second);
  const auto nearest = nearest_of(costs);
  auto sizes = nearest_sizes_;
  --sizes[nearest_of(row)];
  ++sizes[nearest];
  // Where the bounds are kept by going to the nearest, that is the cheapest assignment there is.
  const bool is_within =
      std::ranges::all_of(sizes, [&](auto size) { return size >= bounds_.least && size <= bounds_.most; });
  if (is_within) return nearest;
  const std::vector<double> before(row.begin(), row.end());
  std::ranges::copy(costs, row.begin());
  const auto found = cluster::assign_bounded(std::as_const(costs_).view(), bounds_);
  std::ranges::copy(before, row.begin());
  if (!found) return fail(found.error());
  return found->labels[at->second];
}

}  // namespace fenqun::segment
