// datagen/entity_writers.cpp - the list of what is made.
#include "datagen/entity_writers.hpp"

#include <algorithm>
#include <array>

namespace fenqun::datagen {
namespace {

constexpr std::uint32_t kLightFactor = 4;  // a light entity's file holds so many times the customers of a bulky one

using Months = std::optional<int>;

Months once(const World&) { return std::nullopt; }
Months all_months(const World& world) { return world.timeline.months; }
Months daily_months(const World& world) { return world.timeline.reading_months; }
/// Of a profile's amounts; hours and quarters split days, so that they reach no further back.
template <int Amounts::*Amount>
Months some_months(const World& world) {
  return std::min(world.parameters.profile.amounts.*Amount, world.timeline.months);
}
template <int Amounts::*Amount>
Months some_daily_months(const World& world) {
  return std::min(world.parameters.profile.amounts.*Amount, world.timeline.reading_months);
}

constexpr std::array<EntityWriter, 28> kWriters = {{
    {"reading_day", daily_months, Bulk::Bulky, 30.4, write_readings},
    {"reading_hour", some_daily_months<&Amounts::hour_months>, Bulk::Bulky, 7, write_hours},
    {"reading_quarter_hour", some_daily_months<&Amounts::quarter_months>, Bulk::Bulky, 5, write_quarter_hours},
    {"customer", once, Bulk::Whole, 5, write_customers},
    {"contact", once, Bulk::Whole, 3, write_contacts},
    {"account", once, Bulk::Whole, 3, write_accounts},
    {"supply_contract", once, Bulk::Whole, 3, write_contracts},
    {"equipment", once, Bulk::Whole, 3, write_equipment},
    {"bill", all_months, Bulk::Light, 1.5, write_bills},
    {"reading_month", some_months<&Amounts::month_reading_months>, Bulk::Light, 1.5, write_months},
    {"payment", all_months, Bulk::Light, 1, write_payments},
    {"interaction", some_months<&Amounts::interaction_months>, Bulk::Light, 0.8, write_interactions},
    {"dunning_event", all_months, Bulk::Light, 0.5, write_dunning},
    {"complaint", once, Bulk::Whole, 0.5, write_complaints},
    {"survey_response", once, Bulk::Whole, 0.3, write_survey},
    {"household_form", once, Bulk::Whole, 0.3, write_forms},
    {"attribute", once, Bulk::Whole, 0.5, write_attributes},
    {"price_month", some_months<&Amounts::price_months>, Bulk::Light, 0.2, write_prices},
    {"application", once, Bulk::Whole, 0.2, write_applications},
    {"inspection", all_months, Bulk::Light, 0.15, write_inspections},
    {"other_income", all_months, Bulk::Light, 0.06, write_other_income},
    {"ticket", all_months, Bulk::Light, 0.02, write_tickets},
    {"outage", all_months, Bulk::Whole, 0.01, write_outages},
    {"org_unit", once, Bulk::Whole, 0.01, write_org_units},
    {"line", once, Bulk::Whole, 0.01, write_lines},
    {"calendar_day", once, Bulk::Whole, 0.01, write_calendar},
    {"weather_day", once, Bulk::Whole, 0.01, write_weather},
    {"staff", once, Bulk::Whole, 0.01, write_staff},
}};

std::uint32_t customers_per_file(const World& world, Bulk bulk) {
  const auto all = static_cast<std::uint32_t>(world.customers.size());
  const auto bulky = static_cast<std::uint32_t>(world.parameters.profile.customers_per_file);
  if (bulk == Bulk::Whole) return all;
  return std::min(all, bulk == Bulk::Bulky ? bulky : bulky * kLightFactor);
}

}  // namespace

std::span<const EntityWriter> entity_writers() { return kWriters; }

std::vector<Portion> portions_of(const World& world, Bulk bulk, int t) {
  const auto all = static_cast<std::uint32_t>(world.customers.size());
  const auto step = customers_per_file(world, bulk);
  std::vector<Portion> out;
  for (std::uint32_t begin = 0; begin < all; begin += step) {
    out.push_back({t, out.size(), begin, std::min(all, begin + step)});
  }
  return out;
}

}  // namespace fenqun::datagen
