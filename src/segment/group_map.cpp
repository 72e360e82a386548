// segment/group_map.cpp
#include "segment/group_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fenqun::segment {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += a[c] * b[c];
  return sum;
}

Vector difference(std::span<const float> row, const Vector& from) {
  Vector out(row.begin(), row.end());
  for (std::size_t c = 0; c < out.size(); ++c) out[c] -= from[c];
  return out;
}

bool bring_to_length_one(Vector& v) {
  const double length = std::sqrt(dot(v, v));
  if (!(length > 1e-12)) return false;
  for (auto& value : v) value /= length;
  return true;
}

void remove_direction(Vector& v, const Vector& direction) {
  const double along = dot(v, direction);
  for (std::size_t c = 0; c < v.size(); ++c) v[c] -= along * direction[c];
}

/// The direction in which weighted differences spread most, apart from `without` (empty: none); empty when there is
/// none. Power iteration on their scatter, begun at the longest difference.
Vector principal(const std::vector<std::pair<double, Vector>>& differences, const Vector& without) {
  std::vector<std::pair<double, Vector>> left = differences;
  for (auto& one : left) {
    if (!without.empty()) remove_direction(one.second, without);
  }
  Vector out;
  double longest = 1e-18;
  for (const auto& [weight, v] : left) {
    if (weight * dot(v, v) > longest) {
      longest = weight * dot(v, v);
      out = v;
    }
  }
  if (out.empty() || !bring_to_length_one(out)) return {};
  for (int round = 0; round < 500; ++round) {
    Vector next(out.size());
    for (const auto& [weight, v] : left) {
      const double along = weight * dot(v, out);
      for (std::size_t c = 0; c < next.size(); ++c) next[c] += along * v[c];
    }
    if (!bring_to_length_one(next)) return {};
    const bool settled = 1 - std::abs(dot(next, out)) < 1e-13;
    out = std::move(next);
    if (settled) break;
  }
  // Of both directions the one that points up in the column with most weight.
  const auto strongest = std::ranges::max_element(out, {}, [](double v) { return std::abs(v); });
  if (*strongest < 0) {
    for (auto& value : out) value = -value;
  }
  return out;
}

/// Keeps the part of a convex polygon where a.x x + a.y y <= bound (Sutherland & Hodgman, CACM 17 (1974)).
std::vector<MapPoint> cut(const std::vector<MapPoint>& polygon, MapPoint a, double bound) {
  const auto beyond = [&](MapPoint p) { return a.x * p.x + a.y * p.y - bound; };
  std::vector<MapPoint> out;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto from = polygon[i];
    const auto to = polygon[(i + 1) % polygon.size()];
    const double f = beyond(from);
    const double t = beyond(to);
    if (f <= 0) out.push_back(from);
    if ((f < 0 && t > 0) || (f > 0 && t < 0)) {
      const double share = f / (f - t);
      out.push_back({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)});
    }
  }
  return out;
}

class Plane {
 public:
  Plane(Vector origin, Vector x, Vector y) : origin_(std::move(origin)), x_(std::move(x)), y_(std::move(y)) {}

  [[nodiscard]] MapPoint of(std::span<const float> row) const {
    const auto v = difference(row, origin_);
    return {x_.empty() ? 0 : dot(v, x_), y_.empty() ? 0 : dot(v, y_)};
  }
  /// Squared distance of a row to the plane.
  [[nodiscard]] double away(std::span<const float> row) const {
    const auto v = difference(row, origin_);
    const auto at = of(row);
    return std::max(0.0, dot(v, v) - at.x * at.x - at.y * at.y);
  }

 private:
  Vector origin_, x_, y_;
};

/// Centres need not lie on the plane: how far off they are counts as well.
std::vector<std::vector<MapPoint>> regions_of(const GroupMap& map, const Plane& plane, RowView<const float> centres,
                                              const std::vector<MapPoint>& points) {
  std::vector<std::vector<MapPoint>> out;
  const auto power = [&](std::size_t g) {
    return points[g].x * points[g].x + points[g].y * points[g].y + plane.away(centres.row(g));
  };
  for (std::size_t g = 0; g < points.size(); ++g) {
    std::vector<MapPoint> region = {{map.least_x, map.least_y},
                                    {map.greatest_x, map.least_y},
                                    {map.greatest_x, map.greatest_y},
                                    {map.least_x, map.greatest_y}};
    for (std::size_t h = 0; h < points.size(); ++h) {
      if (h == g) continue;
      const MapPoint towards{2 * (points[h].x - points[g].x), 2 * (points[h].y - points[g].y)};
      region = cut(region, towards, power(h) - power(g));
    }
    out.push_back(std::move(region));
  }
  return out;
}

void frame(GroupMap& map) {
  std::vector<double> xs;
  std::vector<double> ys;
  for (const auto* points : {&map.rows, &map.centres, &map.starts}) {
    for (const auto& point : *points) {
      xs.push_back(point.x);
      ys.push_back(point.y);
    }
  }
  const auto ends = [](const std::vector<double>& values, double& least, double& greatest) {
    const auto [low, high] = std::ranges::minmax(values);
    const double margin = high > low ? 0.05 * (high - low) : 1;
    least = low - margin;
    greatest = high + margin;
  };
  ends(xs, map.least_x, map.greatest_x);
  ends(ys, map.least_y, map.greatest_y);
}

}  // namespace

Result<GroupMap> make_group_map(RowView<const float> rows, std::span<const std::uint32_t> groups,
                                RowView<const float> centres, RowView<const float> starts) {
  const std::size_t d = centres.cols();
  if (centres.rows() == 0 || d == 0 || (rows.rows() > 0 && rows.cols() != d) || groups.size() != rows.rows()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(rows.cols())}, {"expected", std::to_string(d)}});
  }
  std::vector<double> sizes(centres.rows(), 1.0);
  for (const auto group : groups) sizes.at(group) += 1;
  Vector origin(d);
  for (std::size_t g = 0; g < centres.rows(); ++g) {
    for (std::size_t c = 0; c < d; ++c)
      origin[c] += static_cast<double>(centres(g, c)) / static_cast<double>(centres.rows());
  }
  std::vector<std::pair<double, Vector>> between;
  double spread = 0;
  for (std::size_t g = 0; g < centres.rows(); ++g) {
    between.emplace_back(sizes[g], difference(centres.row(g), origin));
    spread += sizes[g] * dot(between.back().second, between.back().second);
  }
  GroupMap out;
  out.x_axis = principal(between, {});
  if (!out.x_axis.empty()) out.y_axis = principal(between, out.x_axis);
  if (out.y_axis.empty() && d > 1) {
    std::vector<std::pair<double, Vector>> all;
    for (std::size_t r = 0; r < rows.rows(); ++r) all.emplace_back(1.0, difference(rows.row(r), origin));
    out.y_axis = principal(all, out.x_axis);
  }
  const Plane plane(origin, out.x_axis, out.y_axis);
  double lost = 0;
  for (std::size_t g = 0; g < centres.rows(); ++g) {
    out.centres.push_back(plane.of(centres.row(g)));
    lost += sizes[g] * plane.away(centres.row(g));
  }
  out.centre_share = spread > 0 ? 1 - lost / spread : 1;
  for (std::size_t g = 0; g < starts.rows(); ++g) out.starts.push_back(plane.of(starts.row(g)));
  for (std::size_t r = 0; r < rows.rows(); ++r) out.rows.push_back(plane.of(rows.row(r)));
  out.row_groups.assign(groups.begin(), groups.end());
  frame(out);
  out.regions = regions_of(out, plane, centres, out.centres);
  if (!out.starts.empty()) out.start_regions = regions_of(out, plane, starts, out.starts);
  return out;
}

}  // namespace fenqun::segment
