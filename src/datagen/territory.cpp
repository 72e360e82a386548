// datagen/territory.cpp
#include "datagen/territory.hpp"

#include "datagen/quota.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

std::string numbered(const std::string& pattern, std::size_t number) {
  auto out = pattern;
  if (const auto at = out.find("{n}"); at != std::string::npos) out.replace(at, 3, std::to_string(number));
  return out;
}

class Surveyor {
 public:
  Surveyor(const Parameters& parameters, std::uint64_t seed) : profile_(parameters.profile), seed_(seed) {}

  Territory run(std::int64_t customers) {
    add_unit("", "bureau", profile_.bureau, "B");
    case_customers_ = 0;
    if (profile_.case_area) {
      case_customers_ = profile_.case_area->customers * customers / profile_.customers;
    }
    const auto count =
        std::max<std::int64_t>(1, (customers + profile_.customers_per_station / 2) / profile_.customers_per_station);
    const std::vector<double> equal(static_cast<std::size_t>(count), 1.0);
    const auto shares = split_exactly(customers, equal);
    for (std::size_t s = 0; s < shares.size(); ++s) add_station(s, shares[s]);
    return std::move(out_);
  }

 private:
  struct Place {
    const UnitGroup* group;
    std::uint32_t community;
    std::uint32_t township;
  };

  std::uint32_t add_unit(const std::string& parent, const char* kind, std::string name, std::string id) {
    out_.units.push_back({std::move(id), parent, kind, std::move(name)});
    return static_cast<std::uint32_t>(out_.units.size() - 1);
  }

  void add_station(std::size_t index, std::int64_t customers) {
    const auto& pattern = profile_.stations[std::min(index, profile_.stations.size() - 1)];
    station_ =
        add_unit(out_.units.front().id, "station", numbered(pattern, index + 1), fmt::format("S{:03}", index + 1));
    std::vector<Place> places;
    std::vector<double> weights;
    for (std::size_t t = 0; t < profile_.townships.size(); ++t) {
      const auto& township = profile_.townships[t];
      const auto township_unit =
          add_unit(out_.units[station_].id, "township", township.name, fmt::format("T{:03}{:02}", index + 1, t + 1));
      for (const auto& group : township.groups) {
        for (const auto& name : group.names) {
          const auto unit = add_unit(out_.units[township_unit].id, group.kind.c_str(), name,
                                     fmt::format("V{:03}{:03}", index + 1, places.size() + 1));
          places.push_back({&group, unit, township_unit});
          weights.push_back(group.weight);
        }
      }
    }
    const auto case_here = index == 0 ? case_customers_ : 0;
    const auto shares = split_exactly(customers - case_here, weights);
    for (std::size_t p = 0; p < places.size(); ++p) {
      if (case_here > 0 && out_.units[places[p].community].name == profile_.case_area->unit) {
        add_area(places[p], case_here, true);
      }
      add_areas(places[p], shares[p]);
    }
    feeder_areas_ = 0;  // a feeder serves one station
  }

  void add_areas(const Place& place, std::int64_t customers) {
    if (customers == 0) return;
    const auto& bounds = profile_.area_customers;
    const auto wanted = std::llround(static_cast<double>(customers) / profile_.mean_area_customers);
    const auto most = static_cast<std::int64_t>(static_cast<double>(customers) / bounds.low);
    const auto least = static_cast<std::int64_t>(std::ceil(static_cast<double>(customers) / bounds.high));
    const auto count = std::max<std::int64_t>(1, std::max(least, std::min<std::int64_t>(wanted, most)));
    const std::vector<double> equal(static_cast<std::size_t>(count), 1.0);
    auto sizes = split_exactly(customers, equal);
    vary(sizes, random_for(seed_, Purpose::AreaSizes, place.community));
    for (const auto size : sizes) add_area(place, size, false);
  }

  /// Moves customers between neighbours within the bounds; the sum stays.
  void vary(std::vector<std::int64_t>& sizes, Random random) const {
    const auto low = static_cast<std::int64_t>(profile_.area_customers.low);
    const auto high = static_cast<std::int64_t>(profile_.area_customers.high);
    for (std::size_t i = 0; i + 1 < sizes.size(); i += 2) {
      const auto room = std::min(sizes[i] - low, high - sizes[i + 1]);
      const auto moved =
          static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(std::max<std::int64_t>(room, 0)) + 1));
      sizes[i] -= moved;
      sizes[i + 1] += moved;
    }
  }

  void add_area(const Place& place, std::int64_t customers, bool is_case) {
    if (feeder_areas_ == 0) out_.feeders.push_back(fmt::format("F{:05}", out_.feeders.size() + 1));
    feeder_areas_ = (feeder_areas_ + 1) % profile_.areas_per_feeder;
    Area area;
    area.first_customer = next_customer_;
    area.customers = static_cast<std::uint32_t>(customers);
    area.community = place.community;
    area.township = place.township;
    area.station = station_;
    area.feeder = static_cast<std::uint32_t>(out_.feeders.size() - 1);
    area.location = place.group->location;
    area.is_case = is_case;
    const auto number = out_.areas.size() + 1;
    // Copied: add_unit may move the units.
    const auto parent = out_.units[place.community].id;
    const auto name =
        is_case ? profile_.case_area->name : fmt::format("{}{}号台区", out_.units[place.community].name, number);
    area.unit = add_unit(parent, "transformer_area", name, fmt::format("A{:06}", number));
    next_customer_ += area.customers;
    out_.areas.push_back(area);
  }

  const Profile& profile_;
  std::uint64_t seed_;
  Territory out_;
  std::int64_t case_customers_ = 0;
  std::int64_t feeder_areas_ = 0;
  std::uint32_t next_customer_ = 0;
  std::uint32_t station_ = 0;
};

}  // namespace

Territory lay_out(const Parameters& parameters, std::int64_t customers, std::uint64_t seed) {
  return Surveyor(parameters, seed).run(customers);
}

}  // namespace fenqun::datagen
