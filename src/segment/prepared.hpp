// segment/prepared.hpp - whether a month's wide table has what is looked at. Level 3.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "features/catalogue.hpp"
#include "warehouse/workspace.hpp"

#include <set>
#include <string>

namespace fenqun::segment {

/// A month that was prepared before a feature was added to the catalogue does not have it; its table is not made again
/// by itself. Names that are no features are passed over. Errors: BadData (naming the features that are missing, the
/// month and what to run), Database.
Result<void> check_prepared(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue, Month as_of,
                            const std::set<std::string>& names);
/// All features of the catalogue.
Result<void> check_prepared(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue, Month as_of);

}  // namespace fenqun::segment
