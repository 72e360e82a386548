// ledger/run_diff.hpp - two runs side by side: who moved from where to where, sizes, centres. Level 4.
#pragma once

#include "base/result.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::ledger {

/// Customers of one group (or reason) of the first run in one of the second.
struct Migration {
  std::string from;        // code; empty: the customer is not in the first run
  std::string to;          // code; empty: not in the second
  bool from_group = true;  // false: a reason of having no group
  bool to_group = true;
  std::int64_t customers = 0;
};

/// A group of the second run and the group of the first that it carries on.
struct Carried {
  std::string to;
  std::string from;  // empty: the group is new
  std::int64_t common = 0;
  double overlap = 0;  // customers in both / in either, 0..1
};

struct RunDiff {
  segment::RunResult first;
  segment::RunResult second;
  std::vector<Migration> migrations;          // every pair that has customers, in the order of the runs' groups
  std::vector<Carried> carried;               // one per group of the second run that shares customers with the first
  std::int64_t compared = 0;                  // customers with a group in both
  std::int64_t moved = 0;                     // of these not in the group that carries on theirs
  std::optional<double> adjusted_rand_index;  // absent: nobody has a group in both
};

/// Groups carry on by their code where the scheme names them in both runs, else as cluster::carry_on finds. The runs
/// may be of different schemes: then every group is matched, and `moved` tells how far the schemes disagree. Errors:
/// NotFound, Database, Cancelled.
Result<RunDiff> compare_runs(warehouse::Workspace& workspace, const std::string& first_id,
                             const std::string& second_id);

/// A run and SQL of what it says: customer_id, group_code, reason.
struct Said {
  segment::RunResult run;
  std::string sql;
};
enum class CarryBy : std::uint8_t { Code, Customers };
/// The same for two assignments wherever they stand. Errors: Database, Cancelled.
Result<RunDiff> compare_assignments(warehouse::Connection& connection, Said first, Said second, CarryBy carry_by);

}  // namespace fenqun::ledger
