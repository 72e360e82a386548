// warehouse/doctor.hpp - is a workspace whole: every file, count, key and reference; and the repairs that lose nothing.
// Level 1.
#pragma once

#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::warehouse {

/// Notice: the workspace works, but somebody should know. Damage: something is not as it was committed.
enum class Severity : std::uint8_t { Notice, Damage };

struct Finding {
  Severity severity = Severity::Damage;
  Error::Line line;  // text key warehouse.found_... and its values
  bool repairable = false;
  bool repaired = false;
  LakeFile file;  // of findings about a file of the manifest; else path empty
};

/// What was looked at, and what was found. Notices stand after damages.
struct Examination {
  std::int64_t files = 0;  // of the manifest
  std::int64_t bytes = 0;
  std::int64_t rows = 0;  // of facts, masters and rows kept aside
  std::int64_t batches = 0;
  std::int64_t references = 0;  // fields that name another entity
  std::vector<Finding> findings;

  /// No damage, or all of it repaired.
  [[nodiscard]] bool is_sound() const;
};

/// Text keys of findings that repairs go by: rows of a batch (`batch`, `entity`, `expected`, `found`) that are not all
/// there; a batch that was taken out to be loaded again, and was not yet.
inline constexpr const char* kFoundBatchRows = "warehouse.found_batch_rows";
inline constexpr const char* kFoundWaiting = "warehouse.found_waiting";

enum class Repair : std::uint8_t { Nothing, WhatCan };

/// Checks a workspace opened with WorkspaceOptions::tolerate_damage:
///   files       each of the manifest is there with its size, content hash and rows; nothing unknown lies in lake/
///   counts      of each batch and entity: in = loaded + duplicate + superseded + rejected; its rows in lake, masters
///   and
///               those replaced or expired since = loaded + superseded; its quarantine = rejected; the batch = its
///               entities
///   keys        none stands twice
///   reloads     no batch waits to be loaded again
///   references  values that no row of the other entity has (notices)
/// A damaged file is left out of all that comes after, and of the workspace's views.
/// With Repair::WhatCan: derived months that are damaged leave the manifest (they are made again), unknown files move
/// to <workspace>/lost+found, a hash that an older version did not record is entered. Cost: reads every file once, keys
/// once more; memory within the database's limit. Errors: Database, Io, Cancelled.
Result<Examination> examine(Workspace& workspace, Repair repair);

}  // namespace fenqun::warehouse
