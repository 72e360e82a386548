// ingest/ingest.hpp - one source file, or a folder of them, into the workspace: checked, counted, all or nothing.
// Level 2: may include base/ and warehouse/.
#pragma once

#include "base/result.hpp"
#include "base/texts.hpp"
#include "reader/source_report.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::ingest {

/// What became of the rows of one entity. Always rows_in = rows_loaded + rows_duplicate + rows_superseded +
/// rows_rejected. A row is one row of the entity: a wide table's record gives as many as it has filled cells, a
/// `distinct` entry of a mapping as many as differ, and a record that could not even be split into columns counts
/// once, as rejected, for the first entry of the mapping.
struct EntityCounts {
  std::string entity;
  std::int64_t rows_in = 0;
  std::int64_t rows_loaded = 0;
  std::int64_t rows_duplicate = 0;   // said the same as a row before it, of this file or of an earlier batch
  std::int64_t rows_superseded = 0;  // took the place of an older row with that key, which is kept apart
  std::int64_t rows_rejected = 0;
};

/// What one file came to.
struct IngestOutcome {
  std::string batch_id;  // 16 hex digits from the content's and the mapping's hash
  std::filesystem::path file;
  std::string mapping;          // name of the mapping, "canonical" without one
  bool already_loaded = false;  // the same content with the same mapping is in the workspace: nothing was done,
                                // and all counts are 0 (those of the first load: list_batches)
  std::int64_t bytes = 0;       // of the file
  std::int64_t records = 0;     // of the file, without its header; 0 when already loaded
  EntityCounts total;           // entity empty; the sum over `entities`
  std::vector<EntityCounts> entities;
  std::vector<std::string> unread_columns;  // of the file, that nothing took
  /// What the file turned out to be, and its lines that are no rows; nothing when it was known by its hash and not
  /// opened.
  std::optional<reader::SourceReport> source;
};

struct IngestRequest {
  std::filesystem::path file;
  /// A mapping file's path, or the bare name of config/mappings/<name>.yaml. Empty: the file is canonical, its
  /// columns are called as in the contract.
  std::string mapping;
  /// For canonical files: the entity. Empty: the file's name, its folder's name, or the one contract that its
  /// header fits.
  std::string entity;
  /// The name it is listed under; empty: the file's.
  std::string source;
  /// Share 0..1 of rows that may be rejected into quarantine. Without it the mapping's `max_rejected_share`, then
  /// fenqun.yaml's `ingest.max_rejected_share`, then 0: one rejected row refuses the file.
  std::optional<double> max_rejected_share;
  /// For the titles of progress; null: keys stand in their place. Must outlive the call.
  const Texts* texts = nullptr;
};

/// Loads one CSV, Parquet or XLSX file in one transaction. The same file with the same mapping a second time does
/// nothing and says so. After any error the workspace is as before.
/// Rejected rows beyond the share accepted refuse the file: error "ingest.rejected", one context line for each of
/// the first few rejections (file, line, column, value, reason). Within the share they go to table `quarantine`.
/// Facts become lake/<entity>/month=YYYY-MM/<batch>.parquet, sorted by customer and time; masters rows of table
/// m_<entity>. Memory: bounded by the database's limit whatever the file's size; rows never pass through ours.
/// Cost: about 1.5 times what DuckDB takes to read the file into a table.
/// Errors: BadData (the path cannot be read, the file is empty, binary, in another encoding, has a broken quote,
/// lacks a column, has rejected rows; the mapping is wrong; the disk is full), Cancelled, Database, Io.
Result<IngestOutcome> ingest(warehouse::Workspace& workspace, const IngestRequest& request);

/// What a folder came to.
struct FolderOutcome {
  std::vector<IngestOutcome> files;            // loaded, or known already
  std::vector<std::filesystem::path> foreign;  // left alone: no entity is called so, or the format is unknown; sorted
};

/// Loads every DIR/<entity>.<ending> and DIR/<entity>/*.<ending> of a format that can be read (reader::format_of; no
/// .txt below an entity's folder), masters first, each file in a transaction of its own. Other files and folders are
/// listed as foreign, but for the folder truth/, names that begin with a dot, and DIR/synthetic.yaml: with `synthetic:
/// true` it marks the data as synthetic (table meta). `request` gives the rest; its file is not looked at. Stops at the
/// first error: what was loaded before it stays, and the error says how many files that were.
/// Errors: as ingest; BadData when nothing in the folder bears an entity's name.
Result<FolderOutcome> ingest_folder(warehouse::Workspace& workspace, const std::filesystem::path& folder,
                                    const IngestRequest& request);

}  // namespace fenqun::ingest
