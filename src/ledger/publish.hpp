// ledger/publish.hpp - puts a run in force, takes that back, ends it; each in one transaction. Level 4.
#pragma once

#include "ledger/publication.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace fenqun::ledger {

/// More groups than this are published only with a reason.
inline constexpr std::size_t kMostGroups = 7;

struct PublishRequest {
  std::string run_id;
  std::string by;
  std::string reason;          // may be empty: the review has one
  std::string limit_override;  // why more than kMostGroups groups; empty: not more
};

struct PublicationOutcome {
  Publication publication;
  bool already = false;  // the run was in force already: nothing was written, `publication` is the one that put it so
};

/// From its month on until the next month for which something is published, the run decides who is in which group; a
/// run of an earlier month corrects the past. Writes what changed and supersedes what it replaces; nothing is deleted.
/// After a crash at any moment all of it is there or none. Errors: InvalidArgument (no name), NotFound, Denied (not
/// accepted; too many groups), Conflict (the run changed since it was reviewed), Database, Io, Cancelled.
Result<PublicationOutcome> publish_run(warehouse::Workspace& workspace, const PublishRequest& request);

/// Publishes several runs, each of another scheme, in the order given: all of them or, on any error, none. What is in
/// force already is left as it is. Errors: as publish_run; InvalidArgument (two runs of one scheme).
Result<std::vector<PublicationOutcome>> publish_runs(warehouse::Workspace& workspace,
                                                     const std::vector<PublishRequest>& requests);

struct RollbackRequest {
  std::string scheme;
  std::string by;
  std::string reason;
};

/// Takes back the last publication of a scheme that was not taken back yet: for its time the run published before is in
/// force again, as a new publication. Errors: InvalidArgument (no name, no reason), NotFound (nothing to take back, or
/// nothing was published for that time before), Database, Io, Cancelled.
Result<PublicationOutcome> roll_back(warehouse::Workspace& workspace, const RollbackRequest& request);

struct RetireRequest {
  std::string run_id;
  std::string by;
  std::string reason;
  std::optional<Month> from;  // the first month in which it is no longer in force; absent: the one after it came into
                              // force. Ignored where the run's time has ended or never began
};

struct RetireOutcome {
  std::optional<Publication> publication;  // the end of its time; absent: it was not in force for the time to come
};

/// Gives a run up. Where it is in force with an open end, that time ends and nobody is in a group of the scheme until
/// something is published again. Errors: InvalidArgument (no name, no reason, a month before it came into force),
/// NotFound, Conflict (given up already), Database, Io, Cancelled.
Result<RetireOutcome> retire_run(warehouse::Workspace& workspace, const RetireRequest& request);

}  // namespace fenqun::ledger
