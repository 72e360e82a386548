// datagen/usage.hpp - energy and money of any customer in any month, and its days. Level 3.
#pragma once

#include "datagen/customer.hpp"
#include "datagen/rhythm.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace fenqun::datagen {

/// Energy in thousandths of a kWh, so that sums are exact; peak + flat + valley is the energy.
struct Energy {
  std::int64_t peak = 0;
  std::int64_t flat = 0;
  std::int64_t valley = 0;
  [[nodiscard]] std::int64_t total() const noexcept { return peak + flat + valley; }
};

struct MonthUse {
  Energy energy;
  std::int64_t amount_fen = 0;
  std::int64_t capacity_fen = 0;  // of the amount
  std::int32_t first_day = 0;     // days of the month on which the customer was connected, both included
  std::int32_t last_day = 0;
};

/// Every answer depends on (seed, customer number, month) alone. Immutable: safe from several threads.
class UsageModel {
 public:
  UsageModel(const Parameters& parameters, const Timeline& timeline, const Rhythms& rhythms, std::uint64_t seed)
      : parameters_(parameters), timeline_(timeline), rhythms_(rhythms), seed_(seed) {}

  /// Month t in [0, months); empty when the customer was not connected on any day of it.
  [[nodiscard]] std::optional<MonthUse> month(std::uint32_t number, const Customer& customer, int t) const;
  /// Splits a month with readings over its days, `days` from use.first_day on: their sums are exactly the month's
  /// peak, flat and valley.
  void split(std::uint32_t number, const Customer& customer, int t, const MonthUse& use,
             std::vector<Energy>& days) const;

 private:
  [[nodiscard]] Energy constant_day(const Customer& customer) const;

  const Parameters& parameters_;
  const Timeline& timeline_;
  const Rhythms& rhythms_;
  std::uint64_t seed_;
};

}  // namespace fenqun::datagen
