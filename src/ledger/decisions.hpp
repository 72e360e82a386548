// ledger/decisions.hpp - reading and writing decisions on runs. Level 4, inside the room.
#pragma once

#include "ledger/life.hpp"

namespace fenqun::ledger {

/// Of one run, or of all when empty; oldest first.
Result<std::vector<RunDecision>> read_decisions(warehouse::Connection& connection, const std::string& run_id = "");

/// The next decision on a run, with its number and the time, not yet written; and the statement that writes it.
Result<RunDecision> decide(warehouse::Connection& connection, const segment::RunResult& run, Decision decision,
                           const std::string& by, const std::string& reason);
std::string insert_sql(const RunDecision& decision);

/// "2026-07-01 09:30:00.123456", as the database sees the time.
Result<std::string> time_now(warehouse::Connection& connection);

/// A text that only holds blanks is none. Errors: InvalidArgument.
Result<void> need_text(const std::string& value, const char* error_key);

RunState state_of(const std::string& run_id, const std::vector<RunDecision>& of_run,
                  const std::vector<Publication>& of_scheme);
std::vector<InForce> times_in_force(const std::string& run_id, const std::vector<Publication>& of_scheme);

}  // namespace fenqun::ledger
