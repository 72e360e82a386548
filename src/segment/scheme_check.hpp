// segment/scheme_check.hpp - what a scheme's text alone does not show: rules that nobody can reach, references that
// lead nowhere, groups that are empty on present data. Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "segment/run.hpp"
#include "segment/scheme.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

struct CheckedScheme {
  std::string name;
  std::string origin;
  std::vector<Error> problems;       // the scheme is refused
  std::vector<Error> doubts;         // it can be run, but hardly means what it says
  std::optional<Month> measured_on;  // the month whose customers it was tried on; absent: it was not
};

/// Checks a text: everything parse_scheme() tells, rules behind others that leave nobody to them (as far as that can be
/// proved), schemes looked at that are not there or lead in a circle. Where nothing is wrong and `month` is given,
/// tries it on that month's customers: a group that nobody reaches is a doubt. Keeps nothing. `beside`: schemes that it
/// may look at as if they were of the registry. Errors: Database, Cancelled.
Result<CheckedScheme> check_scheme(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                   const Asset& file, const std::optional<std::string>& name,
                                   std::optional<Month> month, WorkerPool& pool, std::span<const Scheme> beside = {});

}  // namespace fenqun::segment
