// datagen/world.hpp - the whole synthetic utility before any file of it is written. Level 3.
#pragma once

#include "datagen/grid.hpp"
#include "datagen/load_shape.hpp"
#include "datagen/paying.hpp"
#include "datagen/people.hpp"
#include "datagen/population.hpp"
#include "datagen/pricing.hpp"
#include "datagen/service.hpp"
#include "datagen/staff.hpp"
#include "datagen/usage.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fenqun::datagen {

/// Everything the writers ask. Immutable after create: safe from several threads. Not movable: its models look at
/// each other.
struct World {
  /// Errors: InvalidArgument (months that calendar.yaml does not cover). Time O(customers); about 100 bytes each.
  static Result<std::unique_ptr<World>> create(Parameters parameters, std::int64_t customers, const Timeline& timeline,
                                               std::uint64_t seed, WorkerPool& pool);
  World(Parameters parameters_in, const Timeline& timeline_in, Calendar calendar_in, std::int64_t count,
        std::uint64_t seed_in, WorkerPool& pool);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::uint64_t seed;
  Parameters parameters;
  Timeline timeline;
  Calendar calendar;  // from twelve months before the end, or the first month if earlier
  Territory territory;
  Rhythms rhythms;
  std::vector<Customer> customers;
  UsageModel usage;
  PayingModel paying;
  ServiceModel service;
  LoadModel load;
  PeopleModel people;
  Staff staff;
  Grid grid;
  std::vector<std::vector<Ticket>> discontent;  // by month

  [[nodiscard]] const Kind& kind_of(const Customer& customer) const { return parameters.kinds[customer.kind]; }
  [[nodiscard]] const Area& area_of(const Customer& customer) const { return territory.areas[customer.area]; }
  /// 户号: the profile's prefix and a running number, ten characters in all where the number fits.
  [[nodiscard]] std::string customer_id(std::uint32_t number) const;
  [[nodiscard]] std::string customer_name(std::uint32_t number) const;
  [[nodiscard]] std::string account_id(std::uint32_t number) const { return "Z" + customer_id(number); }
  /// A person's name from a stream of its own: `which` tells apart the people of one customer.
  [[nodiscard]] std::string person_name(std::uint32_t number, std::uint64_t which) const;
  [[nodiscard]] std::string address(std::uint32_t number) const;
  /// Who is in charge: the account manager of large and key-attention customers, the area's manager of the others.
  [[nodiscard]] const StaffMember& manager_of(std::uint32_t number) const;
  /// Whose quarters and hours are metered (the profile's amounts), and which homes visitors wrote down.
  [[nodiscard]] bool has_quarters(std::uint32_t number) const;
  [[nodiscard]] bool has_hours(std::uint32_t number) const;
  [[nodiscard]] bool has_form(std::uint32_t number) const;
  [[nodiscard]] bool is_open(const Customer& customer) const { return customer.closed_day > timeline.last_day(); }
  [[nodiscard]] bool is_home(const Customer& customer) const { return kind_of(customer).is_rest; }
  [[nodiscard]] bool has_large_tariff(const Customer& customer) const {
    return parameters.usage.tariffs[customer.tariff].name == "large_industrial";
  }
  [[nodiscard]] double voltage_kv(const Customer& customer) const {
    return kind_of(customer).voltage_kv[customer.revenue - 1U];
  }
  [[nodiscard]] std::string phone(std::uint32_t number) const;
};

}  // namespace fenqun::datagen
