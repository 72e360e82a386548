// datagen/grid.cpp
#include "datagen/grid.hpp"

#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::datagen {
namespace {

constexpr std::array<double, 30> kTransformerKva = {30,   50,   80,   100,   125,   160,   200,   250,   315,   400,
                                                    500,  630,  800,  1000,  1250,  1600,  2000,  2500,  3150,  4000,
                                                    5000, 6300, 8000, 10000, 12500, 16000, 20000, 31500, 40000, 50000};
constexpr std::int64_t kOldestDays = std::int64_t{30} * 365;
// Streams of the grid's things: feeders and transformers must not share theirs.
constexpr std::uint64_t kSubstations = 1, kFeeders = 2, kTransformers = 3, kHomes = 4;

}  // namespace

double capacity_on_sale(double kva) noexcept {
  if (kva <= 8) return std::max(4.0, std::ceil(kva / 2) * 2);
  if (kva <= kTransformerKva.front()) return std::ceil(kva / 5) * 5;
  const auto* at = std::lower_bound(kTransformerKva.begin(), kTransformerKva.end(), kva);
  return at != kTransformerKva.end() ? *at : std::ceil(kva / 10'000) * 10'000;
}

Grid::Grid(const Parameters& parameters, const Territory& territory, std::int32_t first_day, std::uint64_t seed)
    : parameters_(parameters),
      territory_(territory),
      seed_(seed),
      feeders_per_substation_(static_cast<std::size_t>(parameters.records.grid.feeders_per_substation)),
      areas_of_(territory.feeders.size()),
      customers_of_(territory.feeders.size(), 0) {
  for (std::uint32_t a = 0; a < territory.areas.size(); ++a) {
    areas_of_[territory.areas[a].feeder].push_back(a);
    customers_of_[territory.areas[a].feeder] += territory.areas[a].customers;
  }
  add_substations(first_day);
  add_feeders(first_day);
  add_transformers(first_day);
}

void Grid::add_substations(std::int32_t first_day) {
  const auto& grid = parameters_.records.grid;
  const auto& centre = parameters_.profile.centre;
  substations_ = (territory_.feeders.size() + feeders_per_substation_ - 1) / feeders_per_substation_;
  for (std::size_t s = 0; s < substations_; ++s) {
    auto random = random_for(seed_, Purpose::Grid, s, kSubstations);
    const double half = grid.span_km * grid.degrees_per_km / 2;
    GridLine line;
    line.id = fmt::format("SS{:03}", s + 1);
    line.kind = "substation";
    const auto& station = territory_.areas[areas_of_[s * feeders_per_substation_].front()].township;
    line.name = fmt::format("110kV{}{}号变电站", territory_.units[station].name, s + 1);
    line.voltage_kv = 110;
    line.capacity_kva = grid.substation_kva;
    line.place = {centre[0] + random.uniform(-half, half), centre[1] + random.uniform(-half, half)};
    line.commissioned_day = first_day - static_cast<std::int32_t>(whole_between(random, 3000, kOldestDays));
    lines_.push_back(std::move(line));
  }
}

void Grid::add_feeders(std::int32_t first_day) {
  const auto& grid = parameters_.records.grid;
  for (std::uint32_t f = 0; f < territory_.feeders.size(); ++f) {
    auto random = random_for(seed_, Purpose::Grid, f, kFeeders);
    const auto& area = territory_.areas[areas_of_[f].front()];
    const auto location = static_cast<std::size_t>(area.location);
    const auto& substation = substation_of(f);
    GridLine line;
    line.id = territory_.feeders[f];
    line.kind = "feeder";
    line.name = fmt::format("10kV{}{}线", territory_.units[area.community].name, f + 1);
    line.parent = substation.id;
    // The neighbour on the same busbar takes over.
    const auto first = f / feeders_per_substation_ * feeders_per_substation_;
    const auto last = std::min(first + feeders_per_substation_, territory_.feeders.size());
    if (random.chance(grid.transferable_share[location]) && last - first > 1) {
      line.transfer = territory_.feeders[f + 1 < last ? f + 1 : first];
    }
    line.construction = random.chance(grid.cable_share[location]) ? "cable" : random.chance(0.2) ? "mixed" : "overhead";
    line.voltage_kv = 10;
    line.length_km = random.uniform(2, location == 2 ? 18 : 8);
    line.unit = area.station;
    line.place = substation.place;
    line.commissioned_day = first_day - static_cast<std::int32_t>(whole_between(random, 500, 9000));
    lines_.push_back(std::move(line));
  }
}

void Grid::add_transformers(std::int32_t first_day) {
  const auto& grid = parameters_.records.grid;
  for (std::uint32_t a = 0; a < territory_.areas.size(); ++a) {
    auto random = random_for(seed_, Purpose::Grid, a, kTransformers);
    const auto& area = territory_.areas[a];
    const auto& feeder = lines_[substations_ + area.feeder];
    GridLine line;
    line.id = fmt::format("TR{:06}", a + 1);
    line.kind = "transformer";
    line.name = territory_.units[area.unit].name + "配变";
    line.parent = feeder.id;
    line.voltage_kv = 10;
    line.capacity_kva = std::max(50.0, capacity_on_sale(grid.kva_per_customer * area.customers));
    line.unit = area.unit;
    const double reach = feeder.length_km * grid.degrees_per_km;
    line.place = {feeder.place.longitude + random.uniform(-reach, reach),
                  feeder.place.latitude + random.uniform(-reach, reach)};
    line.commissioned_day = first_day - static_cast<std::int32_t>(whole_between(random, 60, 7000));
    lines_.push_back(std::move(line));
  }
}

Place Grid::home(std::uint32_t number, const Customer& customer) const {
  auto random = random_for(seed_, Purpose::Grid, number, kHomes);
  const auto& centre = place(customer.area);
  const double reach = 0.4 * parameters_.records.grid.degrees_per_km;
  return {centre.longitude + random.uniform(-reach, reach), centre.latitude + random.uniform(-reach, reach)};
}

}  // namespace fenqun::datagen
