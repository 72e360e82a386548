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

std::string World::phone(std::uint32_t number) const {
  // 10^8 numbers; an odd multiplier without factors 2 and 5 visits each once.
  return fmt::format("{}{:08}", parameters.names.phone_prefix, (number * std::uint64_t{61'803'399} + 7) % 100'000'000);
}

}  // namespace fenqun::datagen
