// load/customer_curves.hpp - one curve per customer, over the hours of the day or over months, and groups of such
// curves. Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "cluster/choose_k.hpp"
#include "load/readings.hpp"

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

/// Why a customer has no curve; the first that holds.
enum class CurveState : std::uint8_t {
  Shaped,
  TooFewReadings,  // an hour of the day with fewer than least_days readings; a month missing
  Negative,        // an hour or month below 0
  NoEnergy         // nothing used
};
inline constexpr std::size_t kCurveStates = 4;

struct CustomerCurves {
  Matrix<float> rows;                                // m x d, the customers that have a curve, in their order
  std::vector<std::uint32_t> customers;              // m: whose curve, ascending
  std::vector<CurveState> states;                    // one per customer
  std::array<std::uint64_t, kCurveStates> counts{};  // by state; add up to the customers
};

/// Share of a customer's energy in each hour of the day: mean reading of the hour over the days that have one, divided
/// by the sum of the 24 means; each row sums to 1. `readings`: customers x hours from midnight, kWh, NaN = missing.
/// Errors: InvalidArgument (least_days outside 1..100000; hours no whole days), those of check_readings, Cancelled.
Result<CustomerCurves> shape_hours(RowView<const float> readings, std::uint32_t least_days, WorkerPool& pool,
                                   const std::stop_token& stop = {});

struct MonthTrends {
  CustomerCurves curves;         // m x months: month's energy / mean month of the customer
  std::vector<double> slope;     // m: least-squares slope of the row per month: 0.01 = 1 % of the mean month
  std::vector<double> seasonal;  // m: 0..1, share of the variance around the straight line that yearly and half-yearly
                                 // waves explain beside it, adjusted for their number; 0 where the row is a line
};

/// Monthly course of customers x months (12..36, kWh, the same months for all, NaN = missing): shape, slope and
/// strength of the seasons. A customer with a month missing has no curve.
/// Errors: InvalidArgument (months), those of check_readings, Cancelled.
Result<MonthTrends> shape_months(RowView<const float> energy_kwh, WorkerPool& pool, const std::stop_token& stop = {});

/// label_of: what a customer without a curve has.
inline constexpr std::uint32_t kNoGroup = 0xFFFFFFFFU;

struct CurveGroups {
  cluster::KChoice choice;              // over the rows of the curves
  std::vector<std::uint32_t> group_of;  // one per customer; kNoGroup where states says why
};

/// cluster::choose_k over the curves.
/// Errors: as that; BadData (no curve at all).
Result<CurveGroups> group_curves(const CustomerCurves& curves, const cluster::ChooseKOptions& options, WorkerPool& pool,
                                 const cluster::TrialProgress& on_trial = {}, const std::stop_token& stop = {});

}  // namespace fenqun::load
