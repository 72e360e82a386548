// app/reporting.hpp - use case: one report of a month, as HTML and CSV files of the workspace. Level 6.
#pragma once

#include "app/context.hpp"
#include "base/stages.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct ReportRequest {
  std::optional<Month> month;        // absent: the latest prepared
  std::vector<std::string> schemes;  // empty: all that were run for the month
  std::filesystem::path html;        // where to; empty: reports/<month>/report.<language>.html of the workspace
  std::vector<StageCost> stages;     // shown in the report when given
};

struct ReportOutcome {
  Month as_of;
  std::filesystem::path html;
  std::filesystem::path groups_csv;  // beside the HTML file
  std::filesystem::path portrait_csv;
  std::filesystem::path customers_csv;  // what write_group_list says of each customer
};

/// Errors: BadData (nothing prepared or segmented), Io, Database.
Result<ReportOutcome> write_report(Session& session, const ReportRequest& request);

}  // namespace fenqun::app
