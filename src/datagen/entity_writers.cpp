// datagen/entity_writers.cpp - the list of what is made.
#include "datagen/entity_writers.hpp"

#include <array>

namespace fenqun::datagen {
namespace {

constexpr std::array<EntityWriter, 11> kWriters = {{
    {"reading_day", Span::MonthlyReadings, Bulk::Bulky, 30.4, write_readings},
    {"bill", Span::Monthly, Bulk::Light, 1, write_bills},
    {"payment", Span::Monthly, Bulk::Light, 1, write_payments},
    {"dunning_event", Span::Monthly, Bulk::Light, 0.5, write_dunning},
    {"inspection", Span::Monthly, Bulk::Light, 0.15, write_inspections},
    {"other_income", Span::Monthly, Bulk::Light, 0.06, write_other_income},
    {"ticket", Span::Monthly, Bulk::Light, 0.02, write_tickets},
    {"outage", Span::Monthly, Bulk::Whole, 0.01, write_outages},
    {"customer", Span::Once, Bulk::Whole, 3, write_customers},
    {"org_unit", Span::Once, Bulk::Whole, 0.01, write_org_units},
    {"calendar_day", Span::Once, Bulk::Whole, 0.01, write_calendar},
}};

}  // namespace

std::span<const EntityWriter> entity_writers() { return kWriters; }

}  // namespace fenqun::datagen
