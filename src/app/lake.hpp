// app/lake.hpp - use cases around the state of a workspace: examine and mend it, keep its lake small. Level 6.
#pragma once

#include "app/context.hpp"
#include "warehouse/doctor.hpp"
#include "warehouse/lake_care.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct CheckupRequest {
  std::filesystem::path workspace;
  warehouse::Repair repair = warehouse::Repair::Nothing;
};

struct ReloadedBatch {
  std::string batch_id;
  std::string source;
};

struct Checkup {
  warehouse::Examination examination;   // after the repairs
  std::vector<ReloadedBatch> reloaded;  // batches whose damaged files were made again from their source file
  std::vector<Error> not_reloaded;      // why others could not
  std::optional<warehouse::ContractSet> contracts;  // of the workspace: what its entities are called
};

/// Examines a workspace, also one too damaged to open otherwise. To repair: as warehouse::examine, and a batch with a
/// damaged file is taken out and loaded again, together with those that rest on it (ingest::damaged_chains), when all
/// their source files are there with the same content. What a repair that was killed left waiting is loaded too.
/// Errors: as Session::open (but for damage), Database, Io, Cancelled.
Result<Checkup> check_workspace(const Caller& caller, const CheckupRequest& request);

/// As warehouse::compact and warehouse::expire, with progress.
Result<std::vector<warehouse::CompactedMonth>> compact_lake(Session& session, const std::string& entity);
Result<std::vector<warehouse::ExpiredMonth>> expire_lake(Session& session, warehouse::Expire what);

}  // namespace fenqun::app
