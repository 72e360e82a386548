// segment/persona_names.hpp - names for groups from what sets them apart. Level 3, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "cluster/kmeans.hpp"
#include "segment/methods.hpp"

#include <string>
#include <vector>

namespace fenqun::segment {

/// Gives each group of `result` (code_of_cluster: by cluster of the fit) a title from the two features of different
/// families whose mean lies farthest from that of all customers, in standard deviations of the scaled values and by
/// half of one at least; and a description of up to five with the ratio to the mean of all in the feature's own unit.
/// Groups that would be called the same carry their place as well. A proposal: a person names groups in the scheme's
/// file. `values` and `scaled`: customers x features. Errors: as Texts::create.
Result<void> propose_names(const MethodInput& input, RowView<const double> values, RowView<const float> scaled,
                           const cluster::KMeansFit& fit, const std::vector<std::string>& code_of_cluster,
                           RunResult& result);

}  // namespace fenqun::segment
