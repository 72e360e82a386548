// app/customer_lists.hpp - use case: what is known of each customer, a row each, for a spreadsheet. Level 6.
// CSV as report/csv_report.hpp says, sorted by customer; a column that says nothing is empty. DuckDB writes them: as
// many rows as there are customers pass through no memory of ours.
#pragma once

#include "app/context.hpp"
#include "ledger/run_diff.hpp"
#include "report/review_page.hpp"
#include "segment/result.hpp"

#include <filesystem>
#include <vector>

namespace fenqun::app {

/// Whom the preparation of a month found not comparable: how many for each reason, most frequent first, and a few of
/// them. Errors: Database.
Result<std::vector<segment::UnclassifiedResult>> list_not_comparable(Session& session, Month month);

/// Of a prepared month, everybody on file: comparable or why not, fields filled in, doubtful readings, the badge of
/// each family of features. Errors: Io, Database.
Result<void> write_readiness_list(Session& session, Month month, const std::filesystem::path& file);

/// Of a prepared month, everybody on file: comparable or why not, and of each run the group, or that there is none and
/// why; empty where a run does not look at the customer. Errors: Io, Database.
Result<void> write_group_list(Session& session, Month month, const std::vector<const segment::RunResult*>& runs,
                              const std::filesystem::path& file);

/// Customers whom the two runs of `diff` put into groups that do not correspond (those of RunDiff::carried do): their
/// number = diff.moved, and of each pair of groups (most customers first) the first `of_each` by bill revenue of 12
/// months. All of them go to `file`, by customer, with groups, revenue and energy. Errors: Io, Database.
Result<report::Differing> list_differing(Session& session, const ledger::RunDiff& diff, std::size_t of_each,
                                         const std::filesystem::path& file);

}  // namespace fenqun::app
