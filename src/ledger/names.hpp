// ledger/names.hpp - under which codes and titles a run's groups stand in the ledger. Level 4, inside the room.
#pragma once

#include "ledger/change.hpp"
#include "ledger/publication.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::ledger {

/// A new group carries on an earlier one only when their customers in common are at least this share of those in
/// either.
inline constexpr double kLeastOverlap = 0.1;

/// Groups and reasons of a run that is to be published from a month on, after the publications of its scheme. Groups
/// that the scheme names keep their code. Those without a name of their own ("g1", "g2" by place) carry on the groups
/// in force (where none are yet, those of the first later month) that have most customers in common with them
/// (cluster::carry_on), code and title, or get a code that the scheme never had and the title that the run proposes. A
/// run that was published before has the names of then. Errors: Database, Cancelled, those of cluster::carry_on.
Result<std::vector<PublishedName>> name_groups(warehouse::Workspace& workspace, const segment::RunResult& run,
                                               Month valid_from, const std::vector<Publication>& of_scheme);
CodeMap code_map(const std::vector<PublishedName>& names);

/// Labels of the same customers in two relations (customer_id, group_code), by place in `first_codes`, `second_codes`.
/// Customers without a group in one of them are left out.
struct SharedLabels {
  std::vector<std::string> first_codes;  // sorted
  std::vector<std::string> second_codes;
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> second;
};
Result<SharedLabels> shared_labels(warehouse::Connection& connection, const std::string& first_sql,
                                   const std::string& second_sql);

}  // namespace fenqun::ledger
