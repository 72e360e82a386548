// datagen/grid.hpp - substations, feeders, transformers, and where they stand. Level 3.
#pragma once

#include "datagen/customer.hpp"
#include "datagen/territory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::datagen {

/// The smallest capacity on sale that holds `kva`.
double capacity_on_sale(double kva) noexcept;

struct Place {
  double longitude = 0;
  double latitude = 0;
};

/// One element of the grid, as the entity line has it.
struct GridLine {
  std::string id;
  const char* kind = "";
  std::string name;
  std::string parent;    // empty: the grid above
  std::string transfer;  // the feeder that can take over; empty: none
  const char* construction = "";
  double voltage_kv = 0;
  double capacity_kva = 0;  // 0: not known
  double length_km = 0;     // 0: has none
  std::uint32_t unit = 0;   // index into Territory::units that looks after it
  Place place;
  std::int32_t commissioned_day = 0;
};

/// Everything depends on (seed, territory) alone. Immutable: safe from several threads.
class Grid {
 public:
  Grid(const Parameters& parameters, const Territory& territory, std::int32_t first_day, std::uint64_t seed);

  /// Substations, feeders, transformers; parents before children.
  [[nodiscard]] const std::vector<GridLine>& lines() const noexcept { return lines_; }
  [[nodiscard]] const GridLine& substation_of(std::uint32_t feeder) const {
    return lines_[feeder / feeders_per_substation_];
  }
  [[nodiscard]] const GridLine& transformer(std::uint32_t area) const {
    return lines_[substations_ + territory_.feeders.size() + area];
  }
  [[nodiscard]] const Place& place(std::uint32_t area) const { return transformer(area).place; }
  /// Areas that a feeder supplies, indices into Territory::areas, and their customers.
  [[nodiscard]] const std::vector<std::uint32_t>& areas_of(std::uint32_t feeder) const { return areas_of_[feeder]; }
  [[nodiscard]] std::int64_t customers_of(std::uint32_t feeder) const { return customers_of_[feeder]; }
  /// A customer's own place, within a few hundred metres of its transformer.
  [[nodiscard]] Place home(std::uint32_t number, const Customer& customer) const;

 private:
  void add_substations(std::int32_t first_day);
  void add_feeders(std::int32_t first_day);
  void add_transformers(std::int32_t first_day);

  const Parameters& parameters_;
  const Territory& territory_;
  std::uint64_t seed_;
  std::size_t feeders_per_substation_;
  std::size_t substations_ = 0;
  std::vector<GridLine> lines_;
  std::vector<std::vector<std::uint32_t>> areas_of_;
  std::vector<std::int64_t> customers_of_;
};

}  // namespace fenqun::datagen
