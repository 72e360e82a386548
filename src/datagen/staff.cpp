// datagen/staff.cpp
#include "datagen/staff.hpp"

#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

constexpr std::int32_t kLongestService = 35 * 365;

std::int64_t at_least_one(double count) { return std::max<std::int64_t>(1, std::llround(count)); }

}  // namespace

Staff::Staff(const Parameters& parameters, const Territory& territory, std::int32_t today, std::uint64_t seed)
    : parameters_(parameters), territory_(territory), today_(today), seed_(seed) {
  const auto& numbers = parameters.records.staff;
  hire("agent", "95598坐席班", 0, numbers.agents);
  hire("supervisor", "服务督导班", 0, numbers.supervisors);
  area_managers_.resize(territory.areas.size());
  for (std::uint32_t unit = 0; unit < territory.units.size(); ++unit) {
    if (territory.units[unit].kind != "station") continue;
    double customers = 0;
    for (const auto& area : territory.areas) customers += area.station == unit ? area.customers : 0;
    hire("manager", "所部", unit, numbers.managers_per_station);
    hire("account_manager", "大客户服务班", unit, numbers.account_managers_per_station);
    hire("meter_reader", "营抄班", unit, at_least_one(customers / numbers.meter_reader));
    hire("collector", "催费班", unit, at_least_one(customers / numbers.collector));
    hire("inspector", "用电检查班", unit, at_least_one(customers / numbers.inspector));
    hire("counter", "营业班", unit, at_least_one(customers / numbers.counter_clerk));
    hire("repair", "抢修班", unit, at_least_one(customers / numbers.repairer));
    hire("area_manager", "台区经理班", unit, at_least_one(customers / numbers.area_manager));
    const auto& managers = groups_.back().members;
    double before = 0;  // customers of the station's areas so far: neighbours share a manager
    for (std::uint32_t a = 0; a < territory.areas.size(); ++a) {
      if (territory.areas[a].station != unit) continue;
      const auto at = static_cast<std::size_t>(before / customers * static_cast<double>(managers.size()));
      area_managers_[a] = managers[std::min(at, managers.size() - 1)];
      before += territory.areas[a].customers;
    }
  }
}

void Staff::hire(const char* role, const char* team, std::uint32_t unit, std::int64_t count) {
  const auto& names = parameters_.names;
  Group group{role, unit, {}};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto number = all_.size();
    auto random = random_for(seed_, Purpose::Staff, number);
    StaffMember member;
    member.id = fmt::format("E{:05}", number + 1);
    member.name = names.surnames[random.below(names.surnames.size())];
    member.name += names.given[random.below(names.given.size())];
    member.role = role;
    member.team = team;
    member.unit = unit;
    member.phone = fmt::format("{}{:08}", names.staff_phone_prefix, number + 1);
    member.skill = pick_weighted(random, parameters_.records.staff.skill_levels);
    member.hired_day = today_ - static_cast<std::int32_t>(whole_between(random, 200, kLongestService));
    // The first of each group stays, so that nobody is without a person in charge.
    const bool has_left = random.chance(parameters_.records.staff.left_share) && i > 0;
    if (has_left) {
      member.left_day = static_cast<std::int32_t>(whole_between(random, member.hired_day + 100, today_));
    } else {
      group.members.push_back(number);
    }
    all_.push_back(std::move(member));
  }
  groups_.push_back(std::move(group));
}

const StaffMember& Staff::somebody(std::string_view role, std::uint32_t area, std::uint64_t number) const {
  const auto station = territory_.areas[area].station;
  const auto at = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) {
    return group.role == role && (group.unit == station || group.unit == 0);
  });
  return all_[at->members[mix64(number) % at->members.size()]];
}

}  // namespace fenqun::datagen
