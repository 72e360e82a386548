// segment/scaling_rule.hpp - what a scheme says of scaling, as the engine takes it. Level 3, inside the room.
#pragma once

#include "cluster/scaling.hpp"
#include "segment/result.hpp"
#include "segment/scheme.hpp"

namespace fenqun::segment {

cluster::ColumnScaling scaling_rule(const SchemeFeature& feature);
cluster::RowNorm scaling_norm(RowNorm norm);
/// What a run by clusters fitted, to be applied again; `scheme` is its definition.
cluster::FittedScaling fitted_scaling(const Scheme& scheme, const RunResult& run);

}  // namespace fenqun::segment
