// segment/shape_move.hpp - the least change of a customer's mean days that brings them nearer to another centre. Level
// 3, inside the room.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace fenqun::segment {

/// Shares are told to a hundredth of a per cent of the day's energy.
inline constexpr double kShareStep = 0.0001;

/// Curves are kCurveWidth shares, each day's 24 adding up to what they add up to now, none below 0. `to` is nearer than
/// `from` by more than float rounding in a mean of readings.
bool is_nearer(std::span<const double> curve, std::span<const double> to, std::span<const double> from);

/// The nearest curve (Euclidean) that is nearer to `to` than to `from`, its differences to `curve` whole steps of
/// kShareStep. Exact but for the rounding: adding lambda x (to - from) and going back to what a day can be (the nearest
/// point of a simplex) is the least change of its kind. Absent: even being `to` is not enough (equal centres).
std::optional<std::vector<double>> least_move(std::span<const double> curve, std::span<const double> from,
                                              std::span<const double> to);

/// The same by energy of one hour used in another hour of the same kind of day: the pair that takes least energy.
std::optional<std::vector<double>> least_shift(std::span<const double> curve, std::span<const double> from,
                                               std::span<const double> to);

}  // namespace fenqun::segment
