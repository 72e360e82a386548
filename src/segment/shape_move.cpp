// segment/shape_move.cpp
#include "segment/shape_move.hpp"

#include "segment/shape_curves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace fenqun::segment {
namespace {

using load::kHoursPerDay;
using Curve = std::vector<double>;

double squared(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// The nearest point with the same sum and nothing below 0 (Held, Wolfe & Crowder, Math. Programming 6, 1974).
void back_to_a_day(std::span<double> day, double sum) {
  std::vector<double> sorted(day.begin(), day.end());
  std::ranges::sort(sorted, std::greater<>());
  double before = 0;
  double shift = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    before += sorted[i];
    const double candidate = (before - sum) / static_cast<double>(i + 1);
    if (sorted[i] - candidate > 0) shift = candidate;
  }
  for (auto& share : day) share = std::max(0.0, share - shift);
}

Curve moved(std::span<const double> curve, std::span<const double> direction, double lambda) {
  Curve out(curve.begin(), curve.end());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += lambda * direction[i];
  for (std::size_t begin = 0; begin < out.size(); begin += kHoursPerDay) {
    const auto day = curve.subspan(begin, kHoursPerDay);
    back_to_a_day(std::span(out).subspan(begin, kHoursPerDay), std::accumulate(day.begin(), day.end(), 0.0));
  }
  return out;
}

double gained(std::span<const double> curve, std::span<const double> direction, const Curve& at) {
  double sum = 0;
  for (std::size_t i = 0; i < at.size(); ++i) sum += direction[i] * (at[i] - curve[i]);
  return sum;
}

// Differences in whole steps that add up to nothing in each day. What is left over goes where it helps most.
Curve in_steps(std::span<const double> curve, std::span<const double> direction, const Curve& to) {
  Curve out(curve.begin(), curve.end());
  for (std::size_t begin = 0; begin < curve.size(); begin += kHoursPerDay) {
    std::array<long long, kHoursPerDay> steps{};
    long long left = 0;
    for (std::size_t h = 0; h < kHoursPerDay; ++h) {
      const double wanted = (to[begin + h] - curve[begin + h]) / kShareStep;
      // Nothing falls below 0.
      steps[h] = std::max(std::llround(wanted), std::llround(std::ceil(-curve[begin + h] / kShareStep)));
      left -= steps[h];
    }
    std::array<std::size_t, kHoursPerDay> order{};
    std::iota(order.begin(), order.end(), begin);
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return direction[i]; });
    for (; left > 0; --left) ++steps[order.front() - begin];
    for (auto at = order.rbegin(); left < 0 && at != order.rend(); ++at) {
      const auto floor = std::llround(std::ceil(-curve[*at] / kShareStep));
      const auto taken = std::min(-left, steps[*at - begin] - floor);
      steps[*at - begin] -= taken;
      left += taken;
    }
    for (std::size_t h = 0; h < kHoursPerDay; ++h)
      out[begin + h] = std::max(0.0, curve[begin + h] + static_cast<double>(steps[h]) * kShareStep);
  }
  return out;
}

Curve direction_of(std::span<const double> from, std::span<const double> to) {
  Curve out(from.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = to[i] - from[i];
  return out;
}

}  // namespace

bool is_nearer(std::span<const double> curve, std::span<const double> to, std::span<const double> from) {
  constexpr double kMargin = 1e-7;
  return squared(curve, to) < squared(curve, from) - kMargin;
}

std::optional<std::vector<double>> least_move(std::span<const double> curve, std::span<const double> from,
                                              std::span<const double> to) {
  const auto direction = direction_of(from, to);
  const double lead = std::max(0.0, (squared(curve, to) - squared(curve, from)) / 2);
  for (const double beyond : {1.0, 1.001, 1.01, 1.03, 1.1, 1.3, 2.0}) {
    const double wanted = lead * beyond + 1e-7;
    double enough = 1;
    while (enough < 1e9 && gained(curve, direction, moved(curve, direction, enough)) < wanted) enough *= 2;
    double little = 0;
    for (int round = 0; round < 60; ++round) {
      const double middle = (little + enough) / 2;
      (gained(curve, direction, moved(curve, direction, middle)) < wanted ? little : enough) = middle;
    }
    auto out = in_steps(curve, direction, moved(curve, direction, enough));
    if (is_nearer(out, to, from)) return out;
  }
  return std::nullopt;
}

std::optional<std::vector<double>> least_shift(std::span<const double> curve, std::span<const double> from,
                                               std::span<const double> to) {
  const auto direction = direction_of(from, to);
  const double lead = std::max(0.0, (squared(curve, to) - squared(curve, from)) / 2);
  std::optional<Curve> best;
  double least = 1;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    for (std::size_t j = i / kHoursPerDay * kHoursPerDay; j < (i / kHoursPerDay + 1) * kHoursPerDay; ++j) {
      const double gain = direction[j] - direction[i];
      if (gain <= 0) continue;
      const double share = (std::floor(lead / gain / kShareStep) + 1) * kShareStep;
      if (share > curve[i] || share >= least) continue;
      Curve out(curve.begin(), curve.end());
      out[i] -= share;
      out[j] += share;
      if (!is_nearer(out, to, from)) continue;
      least = share;
      best = std::move(out);
    }
  }
  return best;
}

}  // namespace fenqun::segment
