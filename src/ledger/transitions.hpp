// ledger/transitions.hpp - who went from which group to which between months: matrices, ups and downs. Level 4.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::ledger {

/// Customers with one state in the earlier month and one in the later.
struct Transition {
  std::string from;  // group, or reason of having none; empty: not looked at in that month
  std::string to;
  bool from_group = true;
  bool to_group = true;
  std::int64_t customers = 0;
  double share = 0;  // of the customers with `from`, 0..1
};

/// One matrix. Customers with a group in both months: stayed + moved = in_both; ups and downs are of those moved.
struct TransitionStep {
  Month from;
  Month to;
  std::string run_from;  // empty: what was published
  std::string run_to;
  std::vector<Transition> cells;  // those that have customers, in the order of the groups
  std::int64_t in_both = 0;
  std::int64_t stayed = 0;
  std::int64_t moved = 0;
  std::optional<std::int64_t> up;  // absent: the scheme says nothing of better and worse
  std::optional<std::int64_t> down;
};

struct TransitionRequest {
  std::string scheme;
  Month from;
  Month to;                         // later than from
  std::vector<std::string> groups;  // in the order of the matrix; others follow
  std::vector<std::string> ladder;  // from the worst to the best, or empty
  bool runs_only = false;           // look at runs alone, not at what was published
};

struct Transitions {
  std::vector<TransitionStep> steps;  // from each month that is known to the next one that is
  TransitionStep whole;               // from the first of these months to the last
  std::vector<Month> unknown;         // months between, neither published nor run
};

/// The state of a month is what was published for it, else its latest run. Errors: InvalidArgument (to is not later
/// than from), NotFound (fewer than two of the months are known), Database, Cancelled.
Result<Transitions> transitions_of(warehouse::Workspace& workspace, const TransitionRequest& request);

}  // namespace fenqun::ledger
