// ingest/reload.hpp - batches with damaged files: which have to be loaded again together, and loading them so that a
// kill at any moment loses none. Level 2.
#pragma once

#include "ingest/ingest.hpp"
#include "warehouse/doctor.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::ingest {

/// What has to be known to load a batch again.
struct Origin {
  std::string batch_id;
  std::string source;          // the file's name
  std::filesystem::path path;  // where it lay
  std::string content_hash;
  std::string mapping;
  std::string mapping_hash;
  std::string mapping_text;  // empty: canonical
  std::string entity;        // of a canonical file
  std::string chain;         // of one that waits: the first batch of those it was taken out with
};

/// The batches that a damage of `found` touches, and with each those that have to come out and in together with it:
/// later ones that rest on it, earlier ones whose replaced rows lay in the damaged file. Each chain in the order of
/// loading; chains do not touch each other. Errors: Database.
Result<std::vector<std::vector<Origin>>> damaged_chains(warehouse::Workspace& workspace,
                                                        const warehouse::Examination& found);

/// The file of a batch with unchanged content: where it lay, or where a drop folder moved it. Errors: NotFound
/// "ingest.source_gone".
Result<std::filesystem::path> find_source(const Origin& origin);

/// Takes a chain out of the workspace in one commit, in which table `reload` remembers all that is needed to load it
/// again: until that is done, doctor reports it and Workspace::open refuses others. Errors: Io, Database, Cancelled.
Result<void> take_out(warehouse::Workspace& workspace, const std::vector<Origin>& chain);

/// What was taken out and is not loaded again, in order. Errors: Database.
Result<std::vector<Origin>> waiting(warehouse::Workspace& workspace);

/// Loads one of them: with its first mapping, under its old id; the transaction ends its waiting. `texts` as in
/// IngestRequest. Errors: as ingest, NotFound "ingest.source_gone".
Result<IngestOutcome> load_again(warehouse::Workspace& workspace, const Origin& origin, const Texts* texts);

}  // namespace fenqun::ingest
