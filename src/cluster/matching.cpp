// cluster/matching.cpp
#include "cluster/matching.hpp"

#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace fenqun::cluster {
namespace {

/// The power of two that brings the largest magnitude below 1: differences and sums of the rest cannot overflow, and
/// none is rounded but those too small to matter.
double scale_of(RowView<const double> worth) {
  double largest = 0;
  for (std::size_t r = 0; r < worth.rows(); ++r) {
    for (const double value : worth.row(r)) largest = std::max(largest, std::abs(value));
  }
  return largest > 1 ? std::ldexp(1.0, -std::ilogb(largest) - 1) : 1.0;
}

/// Pairs each of `rows` with one of at least as many columns, least cost first: one shortest augmenting path per row.
/// Potentials keep reduced costs at or above zero; columns count from 1, 0 stands for the row that looks for a place.
class LeastCost {
 public:
  explicit LeastCost(const Matrix<double>& cost)
      : cost_(cost),
        row_potential_(cost.rows() + 1),
        column_potential_(cost.cols() + 1),
        row_at_(cost.cols() + 1),
        came_from_(cost.cols() + 1) {}

  std::vector<std::size_t> run() {
    for (std::size_t row = 1; row <= cost_.rows(); ++row) place(row);
    std::vector<std::size_t> column_of(cost_.rows());
    for (std::size_t c = 1; c < row_at_.size(); ++c) {
      if (row_at_[c] != 0) column_of[row_at_[c] - 1] = c - 1;
    }
    return column_of;
  }

 private:
  void place(std::size_t row) {
    row_at_[0] = row;
    least_.assign(row_at_.size(), std::numeric_limits<double>::infinity());
    reached_.assign(row_at_.size(), 0);
    std::size_t column = 0;
    while (row_at_[column] != 0) {
      reached_[column] = 1;
      column = grow(column);
    }
    while (column != 0) {
      const auto before = came_from_[column];
      row_at_[column] = row_at_[before];
      column = before;
    }
  }

  // Takes the cheapest column not yet reached into the tree and returns it.
  std::size_t grow(std::size_t last) {
    const auto row = row_at_[last];
    double step = std::numeric_limits<double>::infinity();
    std::size_t next = 0;
    for (std::size_t c = 1; c < row_at_.size(); ++c) {
      if (reached_[c] != 0) continue;
      const double reduced = cost_(row - 1, c - 1) - row_potential_[row] - column_potential_[c];
      if (reduced < least_[c]) {
        least_[c] = reduced;
        came_from_[c] = last;
      }
      if (least_[c] < step) {
        step = least_[c];
        next = c;
      }
    }
    for (std::size_t c = 0; c < row_at_.size(); ++c) {
      if (reached_[c] != 0) {
        row_potential_[row_at_[c]] += step;
        column_potential_[c] -= step;
      } else {
        least_[c] -= step;
      }
    }
    return next;
  }

  const Matrix<double>& cost_;
  std::vector<double> row_potential_;
  std::vector<double> column_potential_;
  std::vector<std::size_t> row_at_;     // per column; 0: free
  std::vector<std::size_t> came_from_;  // per column, the column before it on the path
  std::vector<double> least_;           // per column, reduced cost of the cheapest way there
  std::vector<char> reached_;
};

}  // namespace

Result<std::vector<std::uint32_t>> best_matching(RowView<const double> worth) {
  FENQUN_CHECK(check_option("rows", worth.rows(), 0, kMaxClusters));
  FENQUN_CHECK(check_option("columns", worth.cols(), 0, kMaxClusters));
  std::vector<std::uint32_t> out(worth.rows(), kUnmatched);
  if (worth.rows() == 0 || worth.cols() == 0) return out;
  const bool is_turned = worth.rows() > worth.cols();
  Matrix<double> cost(std::min(worth.rows(), worth.cols()), std::max(worth.rows(), worth.cols()));
  for (std::size_t r = 0; r < worth.rows(); ++r) {
    for (std::size_t c = 0; c < worth.cols(); ++c) {
      if (!std::isfinite(worth(r, c))) {
        return fail(
            ErrorCode::BadData, "cluster.not_finite",
            {{"row", std::to_string(r)}, {"column", std::to_string(c)}, {"value", fmt::format("{}", worth(r, c))}});
      }
    }
  }
  const double scale = scale_of(worth);
  for (std::size_t r = 0; r < worth.rows(); ++r) {
    for (std::size_t c = 0; c < worth.cols(); ++c) (is_turned ? cost(c, r) : cost(r, c)) = -worth(r, c) * scale;
  }
  const auto column_of = LeastCost(cost).run();
  for (std::size_t i = 0; i < column_of.size(); ++i) {
    if (is_turned)
      out[column_of[i]] = static_cast<std::uint32_t>(i);
    else
      out[i] = static_cast<std::uint32_t>(column_of[i]);
  }
  return out;
}

}  // namespace fenqun::cluster
