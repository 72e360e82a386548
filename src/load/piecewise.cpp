// load/piecewise.cpp
#include "load/piecewise.hpp"

#include <array>

namespace fenqun::load {
namespace {

constexpr double kNoAdvantage = 1e-12;   // of the squares around the mean
constexpr double kRoundingOnly = 1e-24;  // of the squares around 0: what is left of equal values

}  // namespace

void PiecewiseFitter::add_up(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  double total = 0;
  for (const double value : y) total += value;
  mean_ = total / static_cast<double>(n);
  x_.resize(n);
  y_.resize(n);
  sums_.assign(n + 1, {});
  for (std::size_t i = 0; i < n; ++i) {
    x_[i] = x[i] - x[0];
    y_[i] = y[i] - mean_;
    const Sums& s = sums_[i];
    sums_[i + 1] = {s.count + 1, s.x + x_[i], s.xx + x_[i] * x_[i], s.y + y_[i], s.xy + x_[i] * y_[i]};
  }
}

PiecewiseFitter::Piece PiecewiseFitter::piece(std::size_t from, std::size_t to, std::size_t left,
                                              std::size_t right) const {
  const Sums& a = sums_[from];
  const Sums& b = sums_[to];
  const double origin = x_[left];
  const double scale = 1 / (x_[right] - origin);
  const double count = b.count - a.count;
  const double raw = b.x - a.x;
  const double s = (raw - count * origin) * scale;
  const double ss = ((b.xx - a.xx) - 2 * origin * raw + count * origin * origin) * scale * scale;
  const double value = b.y - a.y;
  const double sy = ((b.xy - a.xy) - origin * value) * scale;
  return {count - 2 * s + ss, s - ss, ss, value - sy, sy};
}

ThreeLines PiecewiseFitter::fit(std::span<const double> x, std::span<const double> y, std::size_t least_degrees) {
  add_up(x, y);
  const std::size_t n = x.size();
  const std::size_t gap = least_degrees - 1;
  first_.assign(n, {});
  last_.assign(n, {});
  for (std::size_t i = gap; i + gap < n; ++i) {
    const Piece f = piece(0, i, 0, i);
    first_[i] = {f.right - f.both * f.both / f.left, f.right_value - f.both * f.left_value / f.left,
                 f.left_value * f.left_value / f.left};
    const Piece l = piece(i, n, i, n - 1);
    last_[i] = {l.left - l.both * l.both / l.right, l.left_value - l.both * l.right_value / l.right,
                l.right_value * l.right_value / l.right};
  }
  double total = 0;
  for (const double value : y_) total += value * value;
  const double no_advantage = kNoAdvantage * total + kRoundingOnly * static_cast<double>(n) * (mean_ * mean_);

  double best = -1;
  std::array<std::size_t, 2> breaks{gap, 2 * gap};
  std::array<double, 2> values{};
  for (std::size_t u = gap; u + 2 * gap < n; ++u) {
    for (std::size_t v = u + gap; v + gap < n; ++v) {
      const Piece middle = piece(u, v, u, v);
      const double d0 = first_[u].diagonal + middle.left;
      const double d1 = last_[v].diagonal + middle.right;
      const double z0 = first_[u].value + middle.left_value;
      const double z1 = last_[v].value + middle.right_value;
      const double determinant = d0 * d1 - middle.both * middle.both;
      const double b0 = (z0 * d1 - z1 * middle.both) / determinant;
      const double b1 = (z1 * d0 - z0 * middle.both) / determinant;
      const double explained = first_[u].explained + last_[v].explained + b0 * z0 + b1 * z1;
      if (best >= 0 && explained <= best + no_advantage) continue;
      best = explained;
      breaks = {u, v};
      values = {b0, b1};
    }
  }

  const auto [u, v] = breaks;
  const Piece f = piece(0, u, 0, u);
  const Piece l = piece(v, n, v, n - 1);
  const std::array<std::size_t, 4> nodes{0, u, v, n - 1};
  const std::array<double, 4> heights{(f.left_value - f.both * values[0]) / f.left, values[0], values[1],
                                      (l.right_value - l.both * values[1]) / l.right};
  ThreeLines out;
  out.squared_total = total;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    out.degrees[i] = static_cast<float>(x[nodes[i]]);
    out.kwh[i] = static_cast<float>(heights[i] + mean_);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t line = i < u ? 0 : i < v ? 1 : 2;
    const double from = x_[nodes[line]];
    const double share = (x_[i] - from) / (x_[nodes[line + 1]] - from);
    const double rest = y_[i] - heights[line] - share * (heights[line + 1] - heights[line]);
    out.squared_error += rest * rest;
  }
  return out;
}

}  // namespace fenqun::load
