// segment/population.hpp - the customers a scheme looks at, and why some of them get no group. Level 3, inside the
// room.
#pragma once

#include "segment/result.hpp"
#include "segment/scheme.hpp"
#include "warehouse/workspace.hpp"

#include <set>
#include <string>
#include <vector>

namespace fenqun::segment {

inline constexpr const char* kNoRule = "no_rule";    // reason of a customer for whom no row of the decision table holds
inline constexpr const char* kNoHours = "no_hours";  // no hourly reading in the months looked at
inline constexpr const char* kFewDays = "few_days";  // too few days with all hours, or none of a type of day
inline constexpr const char* kScoreUnknown = "score_unknown";  // too little of the score's weight is known
inline constexpr const char* kNoStratum = "no_stratum";        // of one whom no stratum takes
inline constexpr const char* kTooFew = "too_few";  // reason of all where there are too few different ones to cluster

/// Tables in the scratch database, both sorted by customer_id.
struct Population {
  // Tables or views; rows in any order.
  std::string table;         // qualified: customer_id, the features the scheme needs, reason (NULL: classifiable)
  std::string classifiable;  // qualified: those without a reason
  std::int64_t customers = 0;
  std::int64_t ready = 0;
};

/// SQL: the customers of a month with all features and the columns that conditions of the scheme may name besides:
/// its parameters (with what holds for each customer) and group_column() of each scheme used, from the runs given.
std::string source_sql(const Scheme& scheme, Month as_of, const std::vector<UsedRun>& uses);

/// The same over `rows` in the place of the month's wide table: any relation with the columns that the scheme names.
std::string source_over(const Scheme& scheme, const std::string& rows, const std::vector<UsedRun>& uses);

/// All columns of source_sql() that the scheme names anywhere.
std::set<std::string> columns_of(const Scheme& scheme);

/// SQL: of `rows` (as source_over() makes them) those that the scheme looks at, with the columns that it needs and
/// `more`. Means and quantiles are those of `everybody`.
std::string looked_at_sql(const Scheme& scheme, const std::string& rows, const std::string& everybody,
                          const std::vector<std::string>& more = {});
/// SQL: the rows of a table made by looked_at_sql() with why they are not classifiable (NULL: they are). Means and
/// quantiles are those of `looked_at`.
std::string with_reasons_sql(const Scheme& scheme, const std::string& rows, const std::string& looked_at);

/// A reason code in words; one that nobody knows stays as it is.
Result<BilingualText> reason_text(const AssetStore& assets, const Scheme& scheme,
                                  const features::FeatureCatalogue& catalogue, const std::string& code);

/// Errors: BadData (the month is not in the wide table, or the scheme's population is empty).
Result<Population> take_population(warehouse::Workspace& workspace, const std::string& scratch_catalogue,
                                   const Scheme& scheme, Month as_of, const std::vector<UsedRun>& uses);

/// Counts and examples by reason from table `assigned` (customer_id, group_code, reason), most frequent first.
Result<std::vector<UnclassifiedResult>> count_unclassified(warehouse::Workspace& workspace, const std::string& assigned,
                                                           const Scheme& scheme,
                                                           const features::FeatureCatalogue& catalogue);

}  // namespace fenqun::segment
