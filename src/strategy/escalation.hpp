// strategy/escalation.hpp - overdue orders are told to those in charge, step by step. Level 5.
#pragma once

#include "base/result.hpp"
#include "strategy/library.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::strategy {

struct EscalationCount {
  int step = 1;             // of the rules, from 1
  std::int64_t orders = 0;  // that came to it
  std::int64_t nobody = 0;  // of these, no employee has its role
};
/// Orders to be done (what the program sends by itself is no employee's work) whose due date passed by as many working
/// days as a step of the rules says, and that are not told there yet: each is told to an employee of the step's role,
/// at the customer's station if there is one, and notes it. The same day again tells nobody twice. `now`: "2026-07-14
/// 09:30:00". Errors: InvalidArgument (nobody named), Database; nothing is changed then.
Result<std::vector<EscalationCount>> escalate_orders(warehouse::Workspace& workspace, const Library& library,
                                                     const std::string& by, const std::string& now);

}  // namespace fenqun::strategy
