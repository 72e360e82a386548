// segment/profile_batch.hpp - what portraits show beyond their indices, asked for several runs at once. Level 3, inside
// the room.
#pragma once

#include "segment/cells.hpp"
#include "segment/profile.hpp"

#include <span>
#include <string>

namespace fenqun::segment {

/// Runs of one month with the profiles to be filled, whose groups, facts and months stand there already.
struct ProfileBatch {
  warehouse::Workspace& workspace;
  const Cells& cells;
  std::span<const Scheme> schemes;
  std::span<const RunResult> runs;
  std::span<Profile> profiles;

  [[nodiscard]] Month as_of() const { return runs.front().as_of; }
  /// Of a row that begins with run and group_code.
  [[nodiscard]] Profile& profile(const warehouse::RowSet& rows, std::size_t row) const {
    return profiles[static_cast<std::size_t>(rows.integer(row, 0))];
  }
  [[nodiscard]] GroupProfile* group(const warehouse::RowSet& rows, std::size_t row) const;
};

/// Customers of each group that have the code at least once, of every fact. Errors: Database, Cancelled.
Result<void> add_facts(const ProfileBatch& batch);
/// Energy by month and by hour of the day.
Result<void> add_months(const ProfileBatch& batch);
Result<void> add_hours(const ProfileBatch& batch);
/// Typical members, receivables and maps.
Result<void> add_members(const ProfileBatch& batch, WorkerPool& pool);

}  // namespace fenqun::segment
