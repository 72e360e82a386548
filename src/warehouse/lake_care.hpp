// warehouse/lake_care.hpp - keeping the lake small: many files of a month into one, old months out. Level 1.
#pragma once

#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::warehouse {

/// What the lake holds of one entity (of a contract, derived, or kept aside).
struct LakeShare {
  std::string entity;
  std::int64_t months = 0;
  std::int64_t files = 0;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  Month first;
  Month last;
};
/// In the order of their names. Errors: Database.
Result<std::vector<LakeShare>> lake_shares(Workspace& workspace);

struct CompactedMonth {
  std::string entity;
  Month month;
  std::int64_t files = 0;  // that became one
  std::int64_t rows = 0;
};
/// Makes one file of each month that has more than one, month by month, each all or nothing. The rows keep their batch
/// (column _batch), so that batches can be undone as before; neither rows nor fingerprint change. `entity` empty: all.
/// Errors: NotFound (no such entity), Database, Io, Cancelled.
Result<std::vector<CompactedMonth>> compact(Workspace& workspace, const std::string& entity);

struct ExpiredMonth {
  std::string entity;
  Month month;
  std::int64_t rows = 0;
};
enum class Expire : std::uint8_t { Show, Remove };  // Show: what would go
/// Removes the months of facts that fenqun.yaml's `retention: {reading_day: 60, superseded: 12}` does not keep: of an
/// entity all but its last so many months, of rows kept aside (superseded) those replaced longer ago than so many
/// months before `today`. Without the setting nothing goes. What went is remembered by batch and counts as such in
/// later examinations. All or nothing. Errors: BadData (the setting), Database, Io, Cancelled.
Result<std::vector<ExpiredMonth>> expire(Workspace& workspace, Month today, Expire what);

}  // namespace fenqun::warehouse
