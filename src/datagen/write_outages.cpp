// datagen/write_outages.cpp - interruptions.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <array>

namespace fenqun::datagen {
namespace {

const char* cause_of(const std::string& kind, Random& random) {
  constexpr std::array<const char*, 5> kFaults = {"equipment", "weather", "external", "tree_animal", "overload"};
  constexpr std::array<const char*, 3> kMoments = {"weather", "tree_animal", "unknown"};
  if (kind == "planned") return random.chance(0.7) ? "maintenance" : "construction";
  return kind == "momentary" ? kMoments[random.below(kMoments.size())] : kFaults[random.below(kFaults.size())];
}

}  // namespace

Result<void> write_outages(const World& world, const Portion& portion, TableFile& table) {
  const auto& territory = world.territory;
  const auto month = world.timeline.month(portion.t);
  const auto outages = world.service.outages(territory, portion.t);
  NamedRow row(table);
  for (std::size_t i = 0; i < outages.size(); ++i) {
    const auto& outage = outages[i];
    auto random = random_for(world.seed, Purpose::Extra, i, 500'000 + static_cast<std::uint64_t>(month.minus(Month())));
    const bool is_planned = outage.kind == "planned";
    const auto customers =
        outage.area ? territory.areas[*outage.area].customers : world.grid.customers_of(outage.feeder);
    const auto areas = outage.area ? 1 : static_cast<std::int64_t>(world.grid.areas_of(outage.feeder).size());
    const auto seconds = outage.ended - outage.started;
    // Planned work starts on the hour and is announced seven days ahead, sometimes late.
    const auto planned_start = outage.started / kHourSeconds * kHourSeconds;
    const auto planned_end = planned_start + (seconds / kHourSeconds + 1) * kHourSeconds;
    const auto notified = planned_start - whole_between(random, random.chance(0.93) ? 7 : 2, 10) * kDaySeconds;
    const auto when_planned = [&](std::int64_t at) { return is_planned ? std::optional(at) : std::nullopt; };
    const auto scope = outage.area ? territory.units[territory.areas[*outage.area].unit].name
                                   : fmt::format("{}全线", territory.feeders[outage.feeder]);
    row.text("outage_id", running_id('T', month, portion.part, static_cast<std::int64_t>(i)))
        .text("kind", outage.kind)
        .text("feeder_id", territory.feeders[outage.feeder])
        .text_if("transformer_area_id", outage.area ? territory.units[territory.areas[*outage.area].unit].id : "")
        .timestamp("started_at", outage.started)
        .timestamp("ended_at", outage.ended)
        .text_if("branch_id", outage.area ? world.grid.transformer(*outage.area).id : std::string())
        .text("substation_id", world.grid.substation_of(outage.feeder).id)
        .text("cause", cause_of(outage.kind, random))
        .integer("affected_customer_count", static_cast<std::int64_t>(customers))
        .integer("affected_area_count", areas)
        .decimal("duration_min", static_cast<double>(seconds) / 60, 2)
        .timestamp("planned_start_at", when_planned(planned_start))
        .timestamp("planned_end_at", when_planned(planned_end))
        .timestamp("notified_at", when_planned(notified))
        .decimal("voltage_kv", outage.area ? 0.38 : 10.0, 2)
        .text("scope", scope);
    FENQUN_CHECK(row.end());
  }
  return {};
}

}  // namespace fenqun::datagen
