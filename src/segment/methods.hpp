// segment/methods.hpp - the ways to a group; each fills table `assigned` and its part of the result. Level 3,
// inside the room.
#pragma once

#include "segment/population.hpp"
#include "segment/run.hpp"

#include <string>
#include <vector>

namespace fenqun::segment {

/// What a method works on. `assigned` is created by the method: customer_id, group_code (NULL: no group), reason,
/// distance_own, distance_next, next_group; one row for each classifiable customer, in any order.
struct MethodInput {
  warehouse::Workspace& workspace;
  const features::FeatureCatalogue& catalogue;
  std::string scratch_catalogue;  // bare name
  const Population& population;
  const Scheme& scheme;
  const SegmentOptions& options;
  WorkerPool& pool;
};

Result<void> assign_by_rules(const MethodInput& input, RunResult& result);
Result<void> assign_by_tiers(const MethodInput& input, RunResult& result);
Result<void> assign_by_bands(const MethodInput& input, RunResult& result);
/// Also makes `scores`: customer_id, score, known_weight, contributions, in any order.
Result<void> assign_by_score(const MethodInput& input, RunResult& result);
/// Also makes `shapes`, where there are days with a shape: customer_id and the columns of table `load_shape`.
Result<void> assign_by_load_shape(const MethodInput& input, RunResult& result);
/// The scheme's groups as it names them, nobody in them yet.
std::vector<GroupResult> groups_of(const Scheme& scheme);
/// SQL of the score by which Bands order customers, over a row with the scheme's features.
std::string band_score_sql(const Scheme& scheme);
/// SQL: customer_id, score, known_weight, contributions of the customers of `rows`: `population` itself, or customers
/// of it with other values, each as if it alone had changed.
std::string scores_sql(const Scheme& scheme, const features::FeatureCatalogue& catalogue, const std::string& rows,
                       const std::string& population);
/// SQL of the group of a row with score and features; NULL: no score.
std::string score_group_sql(const Scheme& scheme, const std::string& population);
/// By the scheme's method; everybody has reason kTooFew where they are too few for it.
Result<void> assign_groups(const MethodInput& input, RunResult& result);
/// SQL of the code of the stratum that a row of `population` is in; NULL: in none.
std::string stratum_sql(const Strata& strata, const std::string& population);
/// The same within each stratum of the scheme by itself; who is in no stratum has reason kNoStratum.
Result<void> assign_in_strata(const MethodInput& input, RunResult& result);
/// The scheme's groups without members; everybody classifiable has this reason instead.
Result<void> assign_nobody(const MethodInput& input, const std::string& reason, RunResult& result);

}  // namespace fenqun::segment
