// datagen/world.cpp
#include "datagen/world.hpp"

#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::datagen {
namespace {

constexpr std::size_t kIdLength = 10;

}  // namespace

World::World(Parameters parameters_in, const Timeline& timeline_in, Calendar calendar_in, std::int64_t count,
             std::uint64_t seed_in, WorkerPool& pool)
    : seed(seed_in),
      parameters(std::move(parameters_in)),
      timeline(timeline_in),
      calendar(std::move(calendar_in)),
      territory(lay_out(parameters, count, seed)),
      rhythms(parameters, calendar, timeline, seed),
      customers(populate(parameters, territory, timeline, rhythms, seed, pool)),
      usage(parameters, timeline, rhythms, seed),
      paying(parameters, timeline, seed),
      service(parameters, timeline, seed),
      load(parameters, calendar, seed),
      people(parameters, territory, timeline.last_day(), seed),
      staff(parameters, territory, timeline.last_day(), seed),
      grid(parameters, territory, timeline.first_day(), seed),
      discontent(plan_discontent(parameters, timeline, calendar, customers, seed)) {}

Result<std::unique_ptr<World>> World::create(Parameters parameters, std::int64_t customers, const Timeline& timeline,
                                             std::uint64_t seed, WorkerPool& pool) {
  const auto first = std::min(timeline.first, timeline.end.plus(-11));
  FENQUN_TRY(auto calendar, Calendar::create(parameters, first, timeline.end));
  return std::make_unique<World>(std::move(parameters), timeline, std::move(calendar), customers, seed, pool);
}

std::string World::customer_id(std::uint32_t number) const {
  const auto& prefix = parameters.profile.id_prefix;
  return fmt::format("{}{:0{}}", prefix, number + 1, kIdLength - std::min(kIdLength - 1, prefix.size()));
}

std::string World::customer_name(std::uint32_t number) const {
  const auto& names = parameters.names;
  const auto& kind = kind_of(customers[number]);
  auto random = random_for(seed, Purpose::Name, number);
  const auto pick = [&](const std::vector<std::string>& words) -> const std::string& {
    return words[random.below(words.size())];
  };
  if (kind.suffixes.empty()) {
    const auto& surname = pick(names.surnames);
    return surname + pick(names.given);
  }
  const auto& place = territory.units[area_of(customers[number]).township].name;
  const auto& word = pick(names.firm_words);
  const auto& suffix = kind.suffixes[customers[number].suffix];
  return kind.is_county_organisation ? place + suffix : place + word + suffix;
}

std::string World::person_name(std::uint32_t number, std::uint64_t which) const {
  const auto& names = parameters.names;
  auto random = random_for(seed, Purpose::Contact, number, which);
  const auto& surname = names.surnames[random.below(names.surnames.size())];
  return surname + names.given[random.below(names.given.size())];
}

std::string World::address(std::uint32_t number) const {
  const auto& area = area_of(customers[number]);
  const auto base = parameters.profile.region + territory.units[area.township].name;
  const auto at = number - area.first_customer;
  if (area.location == Location::Rural) {
    return fmt::format("{}{}{}组{}号", base, territory.units[area.community].name, at / 30 + 1, at % 30 + 1);
  }
  if (!is_home(customers[number])) {
    const auto& streets = parameters.names.streets;
    return fmt::format("{}{}{}号", base, streets[mix64(number) % streets.size()], number % 400 + 1);
  }
  return fmt::format("{}{}{}栋{}单元{}{:02}室", base, territory.units[area.community].name, at / 48 + 1,
                     at % 48 / 16 + 1, at % 16 / 2 + 1, at % 2 + 1);
}

bool World::has_quarters(std::uint32_t number) const {
  const auto& customer = customers[number];
  if (customer.revenue != 1 && !has_large_tariff(customer)) return false;
  return random_for(seed, Purpose::Metering, number).chance(parameters.profile.amounts.quarter_share);
}

bool World::has_hours(std::uint32_t number) const {
  const auto& amounts = parameters.profile.amounts;
  const double share = customers[number].revenue == 1 ? amounts.hour_large_share : amounts.hour_other_share;
  // The same draw: who has quarters has hours too.
  return random_for(seed, Purpose::Metering, number).chance(std::max(share, has_quarters(number) ? 1.0 : 0.0));
}

bool World::has_form(std::uint32_t number) const {
  const auto& customer = customers[number];
  if (!is_home(customer) || !is_open(customer)) return false;
  if (customer.area_case != AreaCase::None) return true;
  return random_for(seed, Purpose::Form, number).chance(parameters.profile.amounts.form_share);
}

const StaffMember& World::manager_of(std::uint32_t number) const {
  const auto& customer = customers[number];
  const bool is_key = customer.revenue == 1 || kind_of(customer).is_key_attention;
  return is_key ? staff.somebody("account_manager", customer.area, number) : staff.area_manager(customer.area);
}

std::string World::phone(std::uint32_t number) const {
  // 10^8 numbers; an odd multiplier without factors 2 and 5 visits each once.
  return fmt::format("{}{:08}", parameters.names.phone_prefix, (number * std::uint64_t{61'803'399} + 7) % 100'000'000);
}

}  // namespace fenqun::datagen
