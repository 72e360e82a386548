// datagen/streams.hpp - which random numbers belong to what: one stream per thing, month and purpose, so that any
// month of any customer can be made alone. Level 3.
#pragma once

#include "base/random.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace fenqun::datagen {

/// What a stream decides. Never renumber: the numbers are part of "same seed, same bytes".
enum class Purpose : std::uint8_t {
  AreaSizes = 1,
  KindPlaces = 2,
  RevenueDeal = 3,
  GrowthDeal = 4,
  ArrearsDeal = 5,
  MethodDeal = 6,
  CaseDeal = 7,
  RankDeal = 8,
  Attributes = 9,
  Use = 10,
  DayUse = 11,
  Weather = 12,
  BillOrder = 13,
  ReminderOrder = 14,
  Payment = 15,
  Dunning = 16,
  Inspection = 17,
  Income = 18,
  Ticket = 19,
  Discontent = 20,
  Outage = 21,
  Name = 22,
  PartPayment = 23,
  Shape = 24,
  HourUse = 25,
  QuarterUse = 43,
  Person = 26,
  Metering = 27,
  Contact = 28,
  Contract = 29,
  Equipment = 30,
  Staff = 31,
  Grid = 32,
  MonthRead = 33,
  Survey = 34,
  Interaction = 35,
  Application = 36,
  Form = 37,
  WeatherDay = 38,
  Price = 39,
  Attribute = 40,
  Complaint = 41,
  Lean = 44,  // what a customer is like besides its class
  Extra = 42  // further fields of entities that came first
};

/// `thing`: a customer's, area's or feeder's number, below 2^32; `time`: any count of months or blocks, below 2^24.
inline Random random_for(std::uint64_t seed, Purpose purpose, std::uint64_t thing, std::uint64_t time = 0) noexcept {
  return Random(seed, (thing << 32U) | (time << 8U) | static_cast<std::uint64_t>(purpose));
}

/// A whole number in [low, high]; low when high is not above it.
inline std::int64_t whole_between(Random& random, std::int64_t low, std::int64_t high) noexcept {
  return high <= low ? low : low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low) + 1));
}

/// One of the named, each with its weight; the last one where rounding leaves none. `weights` is not empty.
template <class Name>
const Name& pick_weighted(Random& random, const std::vector<std::pair<Name, double>>& weights) {
  double sum = 0;
  for (const auto& entry : weights) sum += entry.second;
  double left = random.uniform() * sum;
  for (const auto& entry : weights) {
    left -= entry.second;
    if (left < 0) return entry.first;
  }
  return weights.back().first;
}

/// Shuffles in place (Fisher & Yates 1938, Durstenfeld 1964).
template <class Items>
void shuffle(Items& items, Random& random) {
  for (auto i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[static_cast<std::size_t>(random.below(i))]);
  }
}

}  // namespace fenqun::datagen
