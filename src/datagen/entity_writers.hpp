// datagen/entity_writers.hpp - which entities are made, and the rows of each. Level 3.
#pragma once

#include "datagen/table_file.hpp"
#include "datagen/world.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::datagen {

/// What one file holds: customers first..last-1 in month t (masters and truth: month 0, which they do not look at).
struct Portion {
  int t = 0;
  std::size_t part = 0;  // running number of the block of customers
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

using WriteRows = Result<void> (*)(const World& world, const Portion& portion, TableFile& table);

/// Bulky: at most the profile's customers_per_file in one file. Light: four times as many. Whole: one file.
enum class Bulk : std::uint8_t { Whole, Light, Bulky };

struct EntityWriter {
  std::string_view entity;
  /// How many of the last months have a file of their own; nothing: one file holds it all.
  std::optional<int> (*months)(const World& world);
  Bulk bulk;
  double rows_per_customer;  // expected in one file, for order of work and progress
  WriteRows write;
};

/// Entities of the contracts, bulkiest first.
std::span<const EntityWriter> entity_writers();

/// The blocks of customers that the files of month t hold.
std::vector<Portion> portions_of(const World& world, Bulk bulk, int t);

/// "K20260601000123": kind of record, month, part of the place, running number in the file.
std::string running_id(char letter, Month month, std::size_t part, std::int64_t row);

/// The tickets of one file (Bulk::Light) in its order, each with its id.
using OnTicket = std::function<Result<void>(const std::string& id, const Ticket& ticket)>;
Result<void> for_tickets(const World& world, const Portion& portion, const OnTicket& on_ticket);

/// The planted truth's own columns; it is no entity of the utility and has no contract.
const warehouse::Contract& truth_contract();
Result<void> write_truth(const World& world, const Portion& portion, TableFile& table);

// write_masters.cpp, write_customers.cpp, write_accounts.cpp, write_equipment.cpp
Result<void> write_org_units(const World& world, const Portion& portion, TableFile& table);
Result<void> write_calendar(const World& world, const Portion& portion, TableFile& table);
Result<void> write_staff(const World& world, const Portion& portion, TableFile& table);
Result<void> write_lines(const World& world, const Portion& portion, TableFile& table);
Result<void> write_customers(const World& world, const Portion& portion, TableFile& table);
Result<void> write_accounts(const World& world, const Portion& portion, TableFile& table);
Result<void> write_contacts(const World& world, const Portion& portion, TableFile& table);
Result<void> write_contracts(const World& world, const Portion& portion, TableFile& table);
Result<void> write_equipment(const World& world, const Portion& portion, TableFile& table);
// write_facts.cpp, write_intervals.cpp
Result<void> write_readings(const World& world, const Portion& portion, TableFile& table);
Result<void> write_bills(const World& world, const Portion& portion, TableFile& table);
Result<void> write_payments(const World& world, const Portion& portion, TableFile& table);
Result<void> write_dunning(const World& world, const Portion& portion, TableFile& table);
Result<void> write_quarter_hours(const World& world, const Portion& portion, TableFile& table);
Result<void> write_hours(const World& world, const Portion& portion, TableFile& table);
Result<void> write_months(const World& world, const Portion& portion, TableFile& table);
// write_service.cpp, write_outages.cpp, write_voice.cpp, write_visits.cpp
Result<void> write_inspections(const World& world, const Portion& portion, TableFile& table);
Result<void> write_other_income(const World& world, const Portion& portion, TableFile& table);
Result<void> write_tickets(const World& world, const Portion& portion, TableFile& table);
Result<void> write_outages(const World& world, const Portion& portion, TableFile& table);
Result<void> write_complaints(const World& world, const Portion& portion, TableFile& table);
Result<void> write_survey(const World& world, const Portion& portion, TableFile& table);
Result<void> write_interactions(const World& world, const Portion& portion, TableFile& table);
Result<void> write_applications(const World& world, const Portion& portion, TableFile& table);
Result<void> write_forms(const World& world, const Portion& portion, TableFile& table);
// write_external.cpp
Result<void> write_weather(const World& world, const Portion& portion, TableFile& table);
Result<void> write_prices(const World& world, const Portion& portion, TableFile& table);
Result<void> write_attributes(const World& world, const Portion& portion, TableFile& table);

}  // namespace fenqun::datagen
