// datagen/population.hpp - who the customers are: kinds, planted classes, attributes. Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "datagen/customer.hpp"
#include "datagen/rhythm.hpp"
#include "datagen/territory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::datagen {

/// Deals every class by exact quota (split_exactly), then draws each customer's attributes from its own stream.
/// The result depends on its arguments alone, not on the pool. Customers are in the order of their areas; their
/// number is their index.
std::vector<Customer> populate(const Parameters& parameters, const Territory& territory, const Timeline& timeline,
                               const Rhythms& rhythms, std::uint64_t seed, WorkerPool& pool);

/// The planted classes as the truth states them: empty where the data cannot show them.
struct Truth {
  std::optional<int> revenue;  // 1 high .. 3 low; empty: no twelve full bills in the last year
  int influence = 3;           // 1 strong .. 3 weak
  std::optional<int> growth;   // 1 fast, 2 ordinary, 3 stable, 4 decline; empty: short history, closed, constant
  std::optional<int> arrears;  // 1 high .. 3 low; empty as revenue
};
Truth truth_of(const Parameters& parameters, const Timeline& timeline, const Customer& customer);

}  // namespace fenqun::datagen
