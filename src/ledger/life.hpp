// ledger/life.hpp - the life of a run: draft, reviewed, published, retired; who decided, when and why. Level 4.
#pragma once

#include "base/result.hpp"
#include "ledger/publication.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ledger {

enum class RunState : std::uint8_t {
  Draft,      // nobody decided
  Accepted,   // may be published
  Refused,    // may not
  Published,  // decides who is in which group, now or for a time past
  Replaced,   // was published; a correction or a rollback took its place. May be published again
  Retired     // given up: may not be published again unless it is reviewed anew
};
std::string_view name_of(RunState state) noexcept;  // "draft", "accepted" ...

enum class Decision : std::uint8_t { Accept, Refuse, Retire };

/// One decision; none is ever changed or deleted, the last one counts.
struct RunDecision {
  std::int64_t id = 0;
  std::string run_id;
  Decision decision = Decision::Accept;
  std::string by;
  std::string reason;
  std::string at;               // "2026-07-01 09:30:00.123456"
  std::string assignment_hash;  // of what was looked at
};
std::string_view name_of(Decision decision) noexcept;  // "accepted", "refused", "retired"

struct ReviewRequest {
  std::string run_id;
  Decision decision = Decision::Accept;  // Accept or Refuse
  std::string by;
  std::string reason;
};

/// A time for which a run decides who is in which group.
struct InForce {
  Month from;
  std::optional<Month> to;  // the first month that is no longer part of it; absent: open end
};

struct RunLife {
  segment::RunResult run;
  RunState state = RunState::Draft;
  std::vector<RunDecision> decisions;     // oldest first
  std::vector<Publication> publications;  // that name the run, oldest first
  std::vector<InForce> in_force;
};

/// Records that a person accepts or refuses what a run found. Errors: InvalidArgument (no name, no reason), NotFound,
/// Conflict (the run is published: roll back or retire it), Database.
Result<RunDecision> review_run(warehouse::Workspace& workspace, const ReviewRequest& request);
/// Several runs in the order given: all decisions are recorded or, on any error, none. Errors: as review_run;
/// InvalidArgument (a run named twice).
Result<std::vector<RunDecision>> review_runs(warehouse::Workspace& workspace,
                                             const std::vector<ReviewRequest>& requests);

/// Errors: NotFound, Database.
Result<RunLife> life_of(warehouse::Workspace& workspace, const std::string& run_id);

/// One line of the list of runs.
struct RunEntry {
  std::string run_id;
  std::string scheme;
  BilingualText scheme_title;
  Month as_of;
  RunState state = RunState::Draft;
  std::vector<InForce> in_force;
};
/// All runs by scheme, month and time made, the latest first; of one scheme or month where given. Errors: Database.
Result<std::vector<RunEntry>> list_runs(warehouse::Workspace& workspace, const std::vector<std::string>& schemes,
                                        std::optional<Month> as_of);

}  // namespace fenqun::ledger
