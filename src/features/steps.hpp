// features/steps.hpp - the five steps of a preparation, each as a record of what it found and did. Level 2.
#pragma once

#include "features/catalogue.hpp"
#include "features/monthly.hpp"
#include "features/preparation.hpp"
#include "features/workbench.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace fenqun::features {

/// What a finished month of the wide table holds.
struct WideMeasure {
  struct OfFeature {
    std::int64_t present = 0;
    bool is_constant = false;  // one value in at least two customers
  };
  std::int64_t customers = 0;
  std::vector<OfFeature> features;        // in the catalogue's order
  std::vector<std::int64_t> of_families;  // customers with a value of any of its features, in the catalogue's order
};

/// Errors: BadData (a value that is not finite), Database, Io, Cancelled.
Result<WideMeasure> measure_wide(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                                 const std::filesystem::path& wide);

// Each gives its record. Errors: Database, Io, Cancelled, BadData (a rule's placeholder).

/// Which entities and fields are taken up to the month, and why others are not. Reads the statistics of the files, not
/// their rows.
Result<StepRecord> select_data(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of);
/// What loading refused or found twice, what was filled in, what is doubtful: after Workbench::find_outliers.
Result<StepRecord> clean_data(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                              const Workbench& bench);
/// What was summed up and derived: after Workbench::compute.
Result<StepRecord> reconstruct_data(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                                    const Workbench& bench, const std::vector<MonthlyOutcome>& monthly);
/// What was joined by customer number, who was left out, whose rows belong to no customer: before the workbench goes.
Result<StepRecord> integrate_data(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                                  const Workbench& bench, const WideMeasure& measure);
/// The form of the finished columns, how much of each family's needs there is, who is not comparable.
Result<StepRecord> format_data(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                               const WideMeasure& measure, const std::filesystem::path& readiness);

}  // namespace fenqun::features
