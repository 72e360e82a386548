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

/// One entity of the file. Tables in the staging catalogue, n being its number:
///   s<n>       staged rows (StagePlan)
///   broken<n>  records the database could not split: byte_offset, reason, column_name
///   dropped<n> staged rows without fault that are not to be loaded: rid (rowid), rule (0: duplicate, else one of the
///              above), other (record number of the row it collides with, or NULL)
///   replaced<n> rows of the workspace that staged rows take the place of: rid (rowid of the staged row), the
///              contract's fields, _batch (whose row it was), _path (of its lake file; NULL for masters). Made only
///              when there are such rows.
struct StagedEntity {
  /// How many rows of an earlier batch this file says again, or replaces.
  struct Link {
    std::string batch_id;
    bool superseded = false;  // else: duplicate
    std::int64_t rows = 0;
  };

  const LoadEntry* entry = nullptr;
  const warehouse::Contract* contract = nullptr;
  StagePlan plan;
  std::string staged;  // qualified table names
  std::string broken;
  std::string dropped;
  std::string replaced;
  std::int64_t broken_records = 0;
  std::int64_t dropped_rows = 0;
  std::int64_t replaced_rows = 0;
  std::vector<Month> months;  // facts: those of the rows without fault, ascending
  std::vector<Link> links;
  EntityCounts counts;

  /// Fields that the rows to be loaded have, in the contract's order: those that the file gives, or all when some of
  /// the rows take over what the row that they replace says.
  [[nodiscard]] std::vector<std::string> accepted_fields() const;
  /// SQL query for the rows to be loaded, with just those fields.
  [[nodiscard]] std::string accepted_rows() const;
};

/// `"a", "b"`: names as SQL; with a table's alias before each when given.
std::string column_list(const std::vector<std::string>& names, const std::string& alias = "");
/// `l."a" = r."a" AND ...` for the key of a contract.
std::string key_join(const warehouse::Contract& contract, const std::string& left, const std::string& right);

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

/// Reads the rows of the entity that entry `number` of the mapping names, those of its other entries with them, into
/// tables and fills rows_in and, as far as rows are rejected for themselves, rows_rejected. Records that cannot be
/// split count for entry 0 alone. Duplicates come after. Errors: BadData "ingest.no_column", "ingest.unclear_structure"
/// (the database and our own scanner disagree on where records end), "ingest.cannot_parse"; Io; Cancelled.
Result<StagedEntity> stage_entry(warehouse::Workspace& workspace, const StagingArea& area, const Source& source,
                                 const Mapping& mapping, std::size_t number);

/// Finds rows that say again what another row of the file, or the workspace, says (duplicates), those of the file that
/// contradict each other (rejected), and those that correct a row of the workspace (superseded: find_known); fills the
/// counts. Errors: Io, Database, Cancelled.
Result<void> find_duplicates(warehouse::Workspace& workspace, const StagingArea& area, StagedEntity& entity);

}  // namespace fenqun::ingest
