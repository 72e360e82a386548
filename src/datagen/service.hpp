// datagen/service.hpp - what customers and the utility have to do with each other beside bills: tickets,
// inspections, other income; and outages. Level 3.
#pragma once

#include "datagen/calendar.hpp"
#include "datagen/customer.hpp"
#include "datagen/streams.hpp"
#include "datagen/territory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::datagen {

struct Inspection {
  std::int32_t day = 0;
  const char* kind = "";
  const char* finding = "";
};
struct Income {
  std::int32_t day = 0;
  const char* kind = "";
  std::int64_t amount_fen = 0;
};
/// Times in seconds since 1970, local.
struct Ticket {
  std::uint32_t customer = 0;
  std::int64_t opened = 0;
  std::int64_t closed = 0;
  std::string channel;
  std::string kind;
  std::string topic;
};
struct Outage {
  std::string kind;
  std::uint32_t feeder = 0;
  std::optional<std::uint32_t> area;  // index into Territory::areas; empty: the whole feeder
  std::int64_t started = 0;           // seconds since 1970, local
  std::int64_t ended = 0;
};

/// What a customer is like, planted beside its classes. Depends on (seed, number) alone.
struct Lean {
  bool is_thief = false;  // a customer is one of both, or none
  bool is_violator = false;
  bool is_billing_caller = false;  // as above
  bool is_outage_caller = false;
};
Lean lean_of(const Parameters& parameters, std::uint64_t seed, std::uint32_t number);

/// Each answer depends on (seed, thing, month) alone. Immutable: safe from several threads.
class ServiceModel {
 public:
  ServiceModel(const Parameters& parameters, const Timeline& timeline, std::uint64_t seed)
      : parameters_(parameters), timeline_(timeline), seed_(seed) {}

  [[nodiscard]] std::optional<Inspection> inspection(std::uint32_t number, const Customer& customer, int t) const;
  [[nodiscard]] std::optional<Income> income(std::uint32_t number, const Customer& customer, int t) const;
  /// Enquiries, repairs, business and the like; complaints, opinions and reports come from plan_discontent.
  [[nodiscard]] std::optional<Ticket> ticket(std::uint32_t number, const Customer& customer, int t) const;
  /// Of month t, by feeder, then area, then kind.
  [[nodiscard]] std::vector<Outage> outages(const Territory& territory, int t) const;

 private:
  [[nodiscard]] Random random(Purpose purpose, std::uint64_t thing, int t) const;
  [[nodiscard]] bool is_connected(const Customer& customer, int t) const;

  const Parameters& parameters_;
  const Timeline& timeline_;
  std::uint64_t seed_;
};

/// The year whose complaints, opinions and reports are the profile's baseline: the one before the last full calendar
/// year of the data.
int baseline_year(const Timeline& timeline);

/// All complaints, opinions and reports, by time within each month of the data; [t] is month t. A full year has
/// exactly the profile's number (in proportion to the number of customers); of a year that the data cut, those whose
/// month is inside remain. In later years none stands in the quiet days after the Spring Festival.
std::vector<std::vector<Ticket>> plan_discontent(const Parameters& parameters, const Timeline& timeline,
                                                 const Calendar& calendar, const std::vector<Customer>& customers,
                                                 std::uint64_t seed);

}  // namespace fenqun::datagen
