// segment/places.hpp - what a run says of places: customers per group and mean score of each line, area or station.
// Level 3.
#pragma once

#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::segment {

/// By which column of the wide table customers are put together.
enum class PlaceKind : std::uint8_t { Line, Area, Station, Community };
std::string_view name_of(PlaceKind kind) noexcept;  // "line", "area", "station", "community"
/// Errors: InvalidArgument.
Result<PlaceKind> parse_place_kind(const std::string& word);

struct PlaceResult {
  std::string place;           // id of the line ...; empty: the file states none
  std::int64_t customers = 0;  // in the run, with a group or not
  std::int64_t classified = 0;
  std::vector<std::int64_t> per_group;  // in the order of the run's groups; adds up to classified
  std::optional<double> mean_score;     // of those that have one; absent: none, or a run without scores
  std::optional<double> outages_12m;    // mean of the customers
  std::optional<double> outage_hours_12m;
};

/// Every place that customers of the run belong to, the highest mean score first, without scores by the share of the
/// first group; of equals by id. Errors: Database.
Result<std::vector<PlaceResult>> places_of(warehouse::Workspace& workspace, const RunResult& run, PlaceKind kind);

/// The same as CSV (UTF-8 with byte order mark). Errors: Io.
Result<void> write_places(const std::vector<PlaceResult>& places, const RunResult& run, PlaceKind kind,
                          const Texts& texts, const std::filesystem::path& file);

}  // namespace fenqun::segment
