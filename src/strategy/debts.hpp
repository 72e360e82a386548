// strategy/debts.hpp - what customers owe: bills past their due date, less what was paid of them. Level 5.
#pragma once

#include "base/result.hpp"
#include "warehouse/workspace.hpp"

#include <string>
#include <vector>

namespace fenqun::strategy {

struct Debt {
  std::string customer_id;
  std::string owed_cny;       // "1234.56", above 0
  std::string oldest_due_on;  // "2026-05-31"
};
/// Of those of the customers that owe something on a day ("2026-07-14"), by number. Payments that name no bill pay the
/// oldest ones. Errors: Database.
Result<std::vector<Debt>> overdue_debts(warehouse::Workspace& workspace, const std::vector<std::string>& customers,
                                        const std::string& today);

}  // namespace fenqun::strategy
