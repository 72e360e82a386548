// datagen/territory.hpp - bureau, stations, townships, communities, villages, transformer areas, feeders. Level 3.
#pragma once

#include "datagen/parameters.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::datagen {

struct OrgUnit {
  std::string id;
  std::string parent;  // empty: the bureau
  std::string kind;
  std::string name;
};

/// Customers first_customer .. first_customer + customers - 1 are supplied from here.
struct Area {
  std::uint32_t first_customer = 0;
  std::uint32_t customers = 0;
  std::uint32_t unit = 0;       // index into Territory::units: the transformer area itself
  std::uint32_t community = 0;  // the same: its community or village
  std::uint32_t township = 0;
  std::uint32_t station = 0;
  std::uint32_t feeder = 0;  // index into Territory::feeders
  Location location = Location::Urban;
  bool is_case = false;
};

struct Territory {
  std::vector<OrgUnit> units;  // parents before children
  std::vector<Area> areas;     // in the order of their customers; every customer in exactly one
  std::vector<std::string> feeders;
};

/// Lays out `customers` customers. Same parameters, number and seed: same territory. The case area keeps its exact
/// size at the profile's own number of customers, and its share otherwise.
Territory lay_out(const Parameters& parameters, std::int64_t customers, std::uint64_t seed);

}  // namespace fenqun::datagen
