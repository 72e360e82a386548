// load/piecewise.hpp - the best continuous function of three lines through points. Level 2, inside the room.
#pragma once

#include "load/three_line.hpp"

#include <span>
#include <vector>

namespace fenqun::load {

/// Searches all pairs of breaks among the abscissas. Keeps its memory for the next fit; not for several threads.
class PiecewiseFitter {
 public:
  /// `x` ascending, distinct, whole; as many `y`; at least 3 (least_degrees - 1) + 1 points.
  ThreeLines fit(std::span<const double> x, std::span<const double> y, std::size_t least_degrees);

 private:
  /// What the points of one line add to the normal equations of its two ends (hat functions).
  struct Piece {
    double left = 0;        // sum of (1 - s)²
    double both = 0;        // sum of (1 - s) s
    double right = 0;       // sum of s²
    double left_value = 0;  // sum of (1 - s) y
    double right_value = 0;
  };
  /// A piece with its outer end eliminated.
  struct EndPiece {
    double diagonal = 0;
    double value = 0;
    double explained = 0;
  };
  struct Sums {
    double count = 0;
    double x = 0;
    double xx = 0;
    double y = 0;
    double xy = 0;
  };

  void add_up(std::span<const double> x, std::span<const double> y);
  /// Points [from, to) against the line from x[left] to x[right].
  [[nodiscard]] Piece piece(std::size_t from, std::size_t to, std::size_t left, std::size_t right) const;

  std::vector<double> x_;  // from the first
  std::vector<double> y_;  // from their mean
  double mean_ = 0;
  std::vector<Sums> sums_;  // of the points before
  std::vector<EndPiece> first_;
  std::vector<EndPiece> last_;
};

}  // namespace fenqun::load
