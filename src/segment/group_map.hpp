// segment/group_map.hpp - groups of a clustering on a plane, with the borders between them. Level 3. Pure.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fenqun::segment {

struct MapPoint {
  double x = 0;
  double y = 0;
};

/// The plane lies through the mean of the centres along the two directions in which they differ most (principal axes of
/// the centres weighted by group size, by power iteration; where the centres differ in one direction alone, the second
/// is that in which the rows differ most). Groups of nearest centres keep their borders when rows are projected onto a
/// plane that holds all centres: with at most three centres each row lies in the region of its own group; with more,
/// `centre_share` says how much of the centres' spread the plane shows.
struct GroupMap {
  std::vector<MapPoint> centres;  // k
  std::vector<MapPoint> starts;   // k, or none: where the search for the centres began
  std::vector<MapPoint> rows;
  std::vector<std::uint32_t> row_groups;
  double least_x = 0, greatest_x = 0, least_y = 0, greatest_y = 0;
  std::vector<std::vector<MapPoint>> regions;        // k convex polygons: where the group's centre is the nearest;
                                                     // without corners where it is so nowhere on the plane shown
  std::vector<std::vector<MapPoint>> start_regions;  // the same of the starts; none without
  double centre_share = 1;                           // of the centres' spread, 0..1
  std::vector<double> x_axis, y_axis;                // d: what each column adds; empty: nothing in that direction
};

/// `rows` n x d scaled, `groups` n entries, `centres` k x d, `starts` k x d or no rows. Errors: InvalidArgument (no
/// centres, columns differ).
Result<GroupMap> make_group_map(RowView<const float> rows, std::span<const std::uint32_t> groups,
                                RowView<const float> centres, RowView<const float> starts);

}  // namespace fenqun::segment
