// app/review.hpp - use case: the review of groups as a page and a workbook. Level 6.
#pragma once

#include "app/context.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::app {

struct ReviewRequest {
  std::optional<Month> month;                   // absent: the latest prepared
  std::vector<std::string> schemes;             // empty: all that were run for the month
  std::pair<std::string, std::string> compare;  // two schemes; empty: level1 with dongguan_revenue, where both were run
  std::filesystem::path html;                   // empty: reports/<month>/review.<language>.html of the workspace
};

struct ReviewOutcome {
  Month as_of;
  std::filesystem::path html;
  std::filesystem::path
      differences;  // CSV beside the page: customers on whom the two schemes differ; empty: none compared
  std::int64_t differing = 0;
  std::filesystem::path
      conflicts;                 // CSV beside the page: customers of whom departments want different things; or empty
  std::int64_t in_conflict = 0;  // customers with at least one
};

/// Movement is told between the two latest months up to the one asked for that a scheme has. Errors: BadData (nothing
/// prepared or segmented), NotFound (a scheme to compare was not run), Io, Database.
Result<ReviewOutcome> write_review(Session& session, const ReviewRequest& request);

}  // namespace fenqun::app
