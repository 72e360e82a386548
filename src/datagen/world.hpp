// datagen/world.hpp - the whole synthetic utility before any file of it is written. Level 3.
#pragma once

#include "datagen/load_shape.hpp"
#include "datagen/paying.hpp"
#include "datagen/people.hpp"
#include "datagen/population.hpp"
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
  std::vector<std::vector<Ticket>> discontent;  // by month

  [[nodiscard]] const Kind& kind_of(const Customer& customer) const { return parameters.kinds[customer.kind]; }
  [[nodiscard]] const Area& area_of(const Customer& customer) const { return territory.areas[customer.area]; }
  /// 户号: the profile's prefix and a running number, ten characters in all where the number fits.
  [[nodiscard]] std::string customer_id(std::uint32_t number) const;
  [[nodiscard]] std::string customer_name(std::uint32_t number) const;
  [[nodiscard]] std::string phone(std::uint32_t number) const;
};

}  // namespace fenqun::datagen
