// datagen/class_deal.hpp - deals kinds and planted classes to customers by exact quota. Level 3.
#pragma once

#include "datagen/customer.hpp"
#include "datagen/territory.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::datagen {

/// Sets area, kind, rhythm-free classes (revenue, growth, arrears), area_case and method of every customer.
/// Revenue and growth are dealt within each kind, arrears over all but the case area, whose composition is fixed.
/// Dimensions are independent of each other except where a kind's shares say otherwise.
std::vector<Customer> deal_classes(const Parameters& parameters, const Territory& territory, std::uint64_t seed);

/// For each customer of revenue class 1 its rank among them (a random order), 0 for the others: the heavy tail is
/// drawn by rank, so that the class's share of revenue does not hang on a few lucky draws.
struct HighRanks {
  std::vector<std::uint32_t> rank;  // by customer
  std::uint32_t count = 0;
};
HighRanks rank_high(const std::vector<Customer>& customers, std::uint64_t seed);

}  // namespace fenqun::datagen
