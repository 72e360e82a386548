// segment/explain_bounds.hpp - groups whose sizes are bounded: where a customer belongs depends on all others. Level 3,
// inside the room.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "cluster/balanced_kmeans.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

/// A customer's group, and what a place in each costs besides the squared distance.
struct BoundedPlace {
  std::uint32_t own = 0;
  std::span<const double> prices;

  /// Where the customer belongs with other distances. Only what is cheaper by more than rounding takes it elsewhere.
  [[nodiscard]] std::uint32_t with(std::span<const double> squared) const;
};

/// The bounded assignment of a run, worked out again from its centres.
class BoundedGroups {
 public:
  /// `customers` ascending, one per row of `scaled`. Errors: those of assign_balanced.
  static Result<BoundedGroups> create(const std::vector<std::string>& customers, RowView<const float> scaled,
                                      RowView<const float> centres, const cluster::SizeBounds& bounds,
                                      WorkerPool& pool);

  /// Absent: not one of them.
  [[nodiscard]] std::optional<BoundedPlace> place_of(const std::string& customer) const;
  /// Where the customer is once its squared distances to the centres have become `costs`: everybody is assigned anew.
  Result<std::uint32_t> assign_changed(const std::string& customer, std::span<const double> costs);

 private:
  cluster::SizeBounds bounds_;
  std::map<std::string, std::size_t, std::less<>> row_of_;
  Matrix<double> costs_;
  std::vector<std::uint32_t> labels_;
  Matrix<double> prices_;
  std::vector<std::uint64_t> nearest_sizes_;
};

}  // namespace fenqun::segment
