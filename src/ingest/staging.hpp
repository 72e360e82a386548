// ingest/staging.hpp - the rows of one file, typed and judged, in tables beside the warehouse; duplicates found.
// Level 2.
#pragma once

#include "base/month.hpp"
#include "ingest/ingest.hpp"
#include "ingest/stage_plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fenqun::ingest {

/// Rules that need more than the row itself, numbered below the plan's own.
inline constexpr int kConflictingDuplicate = -1;  // another row of the file has the key and other content
inline constexpr int kKeyExists = -2;             // an earlier batch has the key with other content

/// One entity of the file. Tables in the staging catalogue, n being its number:
///   s<n>       staged rows (StagePlan)
///   broken<n>  records the database could not split: byte_offset, reason, column_name
///   dropped<n> staged rows without fault that are not to be loaded: rid (rowid), rule (0: duplicate, else one of the
///              above), other (record number of the row it collides with, or NULL), batch (that holds the key, or NULL)
struct StagedEntity {
  const LoadEntry* entry = nullptr;
  const warehouse::Contract* contract = nullptr;
  StagePlan plan;
  std::string staged;  // qualified table names
  std::string broken;
  std::string dropped;
  std::int64_t broken_records = 0;
  std::int64_t dropped_rows = 0;
  std::vector<Month> months;  // facts: those of the rows without fault, ascending
  EntityCounts counts;

  /// SQL condition on the staged table: rows to be loaded.
  [[nodiscard]] std::string accepted() const {
    return dropped_rows == 0 ? "_fault IS NULL" : "_fault IS NULL AND rowid NOT IN (SELECT rid FROM " + dropped + ")";
  }
};

/// Where the tables are: an attached database that goes away with this. Sources up to kStageInMemoryBytes are staged in
/// memory (the database spills it when short), larger ones in the scratch file: four times cheaper against bounded.
class StagingArea {
 public:
  static Result<StagingArea> create(warehouse::Workspace& workspace, const warehouse::Workspace::Scratch& scratch,
                                    const Source& source);
  StagingArea(StagingArea&& other) noexcept;
  StagingArea& operator=(StagingArea&&) = delete;
  ~StagingArea();

  [[nodiscard]] const std::string& catalogue() const noexcept { return catalogue_; }  // bare name
  [[nodiscard]] std::string table(const std::string& name) const;                     // qualified

 private:
  StagingArea(warehouse::Workspace* workspace, std::string catalogue, bool attached)
      : workspace_(workspace), catalogue_(std::move(catalogue)), attached_(attached) {}
  warehouse::Workspace* workspace_;
  std::string catalogue_;
  bool attached_;
};

inline constexpr std::int64_t kStageInMemoryBytes = 1'250'000'000;

/// Reads entry number `number` of the mapping into its tables and fills rows_in and, as far as rows are rejected for
/// themselves, rows_rejected. Records that cannot be split count for entry 0 alone. Duplicates come after.
/// Errors: BadData "ingest.no_column", "ingest.unclear_structure" (the database and our own scanner disagree on where
/// records end), "ingest.cannot_parse"; Io; Cancelled.
Result<StagedEntity> stage_entry(warehouse::Workspace& workspace, const StagingArea& area, const Source& source,
                                 const Mapping& mapping, std::size_t number);

/// Finds rows that say again what another row of the file, or the workspace, says, and those that contradict it; fills
/// rows_duplicate and adds to rows_rejected. Only what the file gives is compared; of the lake the months that
/// the file touches are looked at, and of the others the key columns, where the key does not hold the month. Errors:
/// Io, Database, Cancelled.
Result<void> find_duplicates(warehouse::Workspace& workspace, const StagingArea& area, StagedEntity& entity);

}  // namespace fenqun::ingest
