// features/monthly.hpp - tables made month by month and kept in the lake: a month is made again only when something
// that it rests on changed. Level 2.
#pragma once

#include "base/month.hpp"
#include "features/catalogue.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenqun::features {

enum class Reuse : std::uint8_t { Allowed, Refused };  // Refused: everything is made anew

struct MonthlyOutcome {
  std::string table;
  std::int64_t months = 0;       // that it has now, up to the month asked for
  std::int64_t months_made = 0;  // of them made in this call
  std::int64_t months_gone = 0;  // thrown away: their source has no rows any more
  std::int64_t source_rows = 0;  // rows of its entities in all those months
  std::int64_t rows = 0;         // rows of the table in all those months
};

/// Entity of the lake that holds a monthly table: "_daily_by_month".
std::string monthly_entity(const std::string& table);

/// Brings the monthly tables of the catalogue up to date for all months up to `last`: one file per table and month,
/// sorted by customer_id, named after the fingerprint of what it rests on (the rows of its entities in that month, the
/// master data it reads, its SQL). A month's query sees the facts of that month alone, with the month as ${as_of}. All
/// or nothing. Errors: BadData (placeholder), Database, Io, Cancelled.
Result<std::vector<MonthlyOutcome>> refresh_monthly(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                                                    Month last, Reuse reuse);

/// What the masters of the workspace say, as one fingerprint per entity: the same rows give the same text. The days of
/// a calendar (a master whose only key is a date) count for their own months, see `calendar`.
struct MasterState {
  std::map<std::string, std::string> whole;                      // entity -> fingerprint of all its rows
  std::map<std::string, std::map<Month, std::string>> by_month;  // calendars: of each month's rows

  /// Fingerprint of what an entity says about one month: its rows of the month, or all of them if it is no calendar.
  [[nodiscard]] std::string of(const std::string& entity, Month month) const;
};
Result<MasterState> read_masters(warehouse::Workspace& workspace);

}  // namespace fenqun::features
