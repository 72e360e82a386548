// datagen/service.cpp
#include "datagen/service.hpp"

#include "datagen/streams.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

constexpr std::int32_t kVisitDays = 15;  // the station visits on days 1..15 of a month

/// A moment between 8 and 22 o'clock of a day.
std::int64_t moment(Random& random, std::int32_t day) {
  return day * kDaySeconds + whole_between(random, 8 * kHourSeconds, 22 * kHourSeconds);
}

const char* topic_of(Random& random, const std::string& kind) {
  if (kind == "repair") return "outage";
  if (kind == "business") return random.chance(0.3) ? "new_connection" : "service";
  constexpr std::array<const char*, 6> kTopics = {"billing", "payment", "tariff", "metering", "service", "outage"};
  return kTopics[random.below(kTopics.size())];
}

}  // namespace

Lean lean_of(const Parameters& parameters, std::uint64_t seed, std::uint32_t number) {
  const auto& classes = parameters.classes;
  auto random = random_for(seed, Purpose::Lean, number);
  const double use = random.uniform();
  const double calls = random.uniform();
  Lean out;
  out.is_thief = use < classes.thieves;
  out.is_violator = !out.is_thief && use < classes.thieves + classes.violators;
  out.is_billing_caller = calls < classes.billing_callers;
  out.is_outage_caller = !out.is_billing_caller && calls < classes.billing_callers + classes.outage_callers;
  return out;
}

Random ServiceModel::random(Purpose purpose, std::uint64_t thing, int t) const {
  return random_for(seed_, purpose, thing, static_cast<std::uint64_t>(timeline_.month(t).minus(Month())));
}

bool ServiceModel::is_connected(const Customer& customer, int t) const {
  const auto month = timeline_.month(t);
  return customer.opened_day <= month.first_day() && customer.closed_day >= month.plus(1).first_day() - 1;
}

std::optional<Inspection> ServiceModel::inspection(std::uint32_t number, const Customer& customer, int t) const {
  const auto& classes = parameters_.classes;
  const auto per_year = static_cast<int>(classes.inspections[customer.revenue - 1U]);
  if (per_year == 0 || !is_connected(customer, t)) return std::nullopt;
  const int every = 12 / per_year;
  const auto month = timeline_.month(t);
  if ((month.minus(Month()) + static_cast<int>(mix64(number) % 12)) % every != 0) return std::nullopt;
  auto random = this->random(Purpose::Inspection, number, t);
  Inspection out;
  out.day = month.first_day() + static_cast<std::int32_t>(random.below(kVisitDays));
  out.kind = random.chance(0.06) ? "special" : "periodic";
  const double u = random.uniform();
  // As many findings as the shares say, all of them at the customers who are like that.
  const auto lean = lean_of(parameters_, seed_, number);
  const double theft = lean.is_thief ? classes.theft_share / classes.thieves : 0;
  const double violation = lean.is_violator ? classes.violation_share / classes.violators : 0;
  out.finding = u < theft                                      ? "theft"
                : u < theft + violation                        ? "violation"
                : u < theft + violation + classes.hazard_share ? "hazard"
                                                               : "none";
  return out;
}

std::optional<Income> ServiceModel::income(std::uint32_t number, const Customer& customer, int t) const {
  const auto& classes = parameters_.classes;
  const std::size_t revenue = customer.revenue - 1U;
  const auto per_year = static_cast<int>(classes.income_bookings[revenue]);
  if (per_year == 0 || !is_connected(customer, t)) return std::nullopt;
  const int every = 12 / per_year;
  const auto month = timeline_.month(t);
  if ((month.minus(Month()) + static_cast<int>(mix64(number) % 12)) % every != 0) return std::nullopt;
  // The customer's yearly sum first, from a stream without a month, then this booking's own part of it.
  auto yearly = random_for(seed_, Purpose::Income, number);
  const double cny = yearly.lognormal(std::log(classes.income_median_cny[revenue]), classes.income_log_sd) / per_year;
  constexpr std::array<const char*, 4> kKinds = {"energy_service", "maintenance", "ev_charging", "rent"};
  const auto kind = yearly.below(kKinds.size());
  auto random = this->random(Purpose::Income, number, t);
  const auto day = month.first_day() + 4 + static_cast<std::int32_t>(random.below(22));
  return Income{day, kKinds[kind], std::max<std::int64_t>(1, std::llround(cny * random.uniform(0.9, 1.1) * 100))};
}

std::optional<Ticket> ServiceModel::ticket(std::uint32_t number, const Customer& customer, int t) const {
  const auto& classes = parameters_.classes;
  auto random = this->random(Purpose::Ticket, number, t);
  const auto lean = lean_of(parameters_, seed_, number);
  const bool is_caller = lean.is_billing_caller || lean.is_outage_caller;
  const double ordinary = classes.tickets[customer.revenue - 1U];
  const double per_year = is_caller ? std::max(ordinary, classes.caller_tickets) : ordinary;
  if (!random.chance(per_year / 12) || !is_connected(customer, t)) return std::nullopt;
  const auto month = timeline_.month(t);
  Ticket out;
  out.customer = number;
  out.opened = moment(
      random, month.first_day() + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(month.days()))));
  out.kind = pick_weighted(random, classes.ticket_kinds);
  out.channel = pick_weighted(random, classes.ticket_channels);
  out.topic = topic_of(random, out.kind);
  // What a caller calls for; the rest is as with everybody.
  if (is_caller && random.chance(1 - ordinary / per_year)) {
    out.kind = lean.is_outage_caller ? "repair" : "enquiry";
    out.topic = lean.is_outage_caller ? "outage" : "billing";
  }
  const double hours =
      out.kind == "repair" || out.kind == "business" ? random.lognormal(1.2, 0.7) : random.lognormal(-1, 0.8);
  out.closed = out.opened + std::max<std::int64_t>(60, std::llround(hours * static_cast<double>(kHourSeconds)));
  return out;
}

std::vector<Outage> ServiceModel::outages(const Territory& territory, int t) const {
  std::vector<Outage> out;
  const auto month = timeline_.month(t);
  const auto days = static_cast<std::uint64_t>(month.days());
  const auto add = [&](std::uint64_t thing, std::uint32_t feeder, std::optional<std::uint32_t> area) {
    auto random = this->random(Purpose::Outage, thing, t);
    for (const auto& kind : parameters_.classes.outages) {
      const double expected = (area ? kind.per_area : kind.per_feeder) / 12;
      const auto count = static_cast<int>(expected + random.uniform());
      for (int i = 0; i < count; ++i) {
        const auto day = month.first_day() + static_cast<std::int32_t>(random.below(days));
        // Planned work begins in the morning; the rest at any hour.
        const auto second = kind.name == "planned" ? whole_between(random, 7 * kHourSeconds, 9 * kHourSeconds)
                                                   : whole_between(random, 0, kDaySeconds - 1);
        const auto started = day * kDaySeconds + second;
        const double minutes = random.lognormal(std::log(kind.minutes), kind.log_sd);
        out.push_back(
            {kind.name, feeder, area, started, started + std::max<std::int64_t>(1, std::llround(minutes * 60))});
      }
    }
  };
  for (std::uint32_t f = 0; f < territory.feeders.size(); ++f) add(f, f, std::nullopt);
  for (std::uint32_t a = 0; a < territory.areas.size(); ++a)
    add(territory.feeders.size() + a, territory.areas[a].feeder, a);
  return out;
}

}  // namespace fenqun::datagen
