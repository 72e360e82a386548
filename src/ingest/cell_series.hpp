// ingest/cell_series.hpp - columns of a wide table that stand for hours, days or months, known by their names. Level 2.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ingest {

enum class SeriesKind : std::uint8_t { Hours, HalfHours, QuarterHours, Days, Months };

/// Whether a time names the beginning or the end of its interval. Unsaid: as the series has 0:00 or 24:00.
enum class Stamp : std::uint8_t { Unsaid, Begin, End };

/// Which columns are meant.
struct SeriesChoice {
  SeriesKind kind = SeriesKind::Hours;
  std::string begins_with;  // how their names begin, where several series stand in one table
};

struct SeriesCell {
  std::size_t column = 0;
  std::string name;           // the header's; with a year: 2018-03 or 2018-03-01
  std::int32_t position = 0;  // minutes from midnight to where the interval begins, day of the month, month of the year
};

struct CellSeries {
  std::vector<SeriesCell> cells;  // in the order of the file
  bool has_year = false;          // the names are months or days of a year: positions say nothing
};

/// Minutes of an interval; 0 for days and months.
std::int32_t minutes_of(SeriesKind kind) noexcept;

/// "hours", "half_hours", "quarter_hours", "days", "months", as a mapping writes it.
std::optional<SeriesKind> parse_series_kind(std::string_view text) noexcept;
std::string_view name_of(SeriesKind kind) noexcept;

/// The columns of `names`, but for those `apart`, that are such a series: 0..23, 1..24, 00:00..23:45, 01:00..24:00,
/// 00:15..00:00, 0015..2400, 00:00-01:00, h1, P1..P96, 第1小时, 1时, 1日, D01, 1月, 2018-01, 2018年1月, 20180101,
/// whatever stands before and after the number as long as it is the same in all. Hours must be complete, days and
/// months be counted from 1. Errors: BadData with `where`: "ingest.no_series" (what there is), "ingest.series_twice"
/// (several, with the first column of each).
Result<CellSeries> find_series(const std::vector<std::string>& names, const std::set<std::size_t>& apart,
                               const SeriesChoice& choice, Stamp stamp, const TextArgs& where);

}  // namespace fenqun::ingest
