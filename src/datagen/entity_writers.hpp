// datagen/entity_writers.hpp - which entities are made, and the rows of each. Level 3.
#pragma once

#include "datagen/table_file.hpp"
#include "datagen/world.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace fenqun::datagen {

/// What one file holds: customers first..last-1 in month t (masters and truth: month 0, which they do not look at).
struct Portion {
  int t = 0;
  std::size_t part = 0;  // running number of the block of customers
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

using WriteRows = Result<void> (*)(const World& world, const Portion& portion, TableFile& table);

enum class Span : std::uint8_t { Once, Monthly, MonthlyReadings };
/// Bulky: at most the profile's customers_per_file in one file. Light: four times as many. Whole: one file.
enum class Bulk : std::uint8_t { Whole, Light, Bulky };

struct EntityWriter {
  std::string_view entity;
  Span span;
  Bulk bulk;
  double rows_per_customer;  // expected in one file, for order of work and progress
  WriteRows write;
};

/// Entities of the contracts, bulkiest first.
std::span<const EntityWriter> entity_writers();

/// The planted truth's own columns; it is no entity of the utility and has no contract.
const warehouse::Contract& truth_contract();
Result<void> write_truth(const World& world, const Portion& portion, TableFile& table);

// Masters (write_masters.cpp).
Result<void> write_customers(const World& world, const Portion& portion, TableFile& table);
Result<void> write_org_units(const World& world, const Portion& portion, TableFile& table);
Result<void> write_calendar(const World& world, const Portion& portion, TableFile& table);
// Facts (write_facts.cpp, write_service.cpp).
Result<void> write_readings(const World& world, const Portion& portion, TableFile& table);
Result<void> write_bills(const World& world, const Portion& portion, TableFile& table);
Result<void> write_payments(const World& world, const Portion& portion, TableFile& table);
Result<void> write_dunning(const World& world, const Portion& portion, TableFile& table);
Result<void> write_inspections(const World& world, const Portion& portion, TableFile& table);
Result<void> write_other_income(const World& world, const Portion& portion, TableFile& table);
Result<void> write_tickets(const World& world, const Portion& portion, TableFile& table);
Result<void> write_outages(const World& world, const Portion& portion, TableFile& table);

}  // namespace fenqun::datagen
