// ingest/file_ingest.hpp - one file, with statements of the caller in its transaction. Level 2.
#pragma once

#include "ingest/ingest.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// ingest(), which see; `statements` run in the transaction that loads the file - not at all when there is none,
/// because the file is refused or was loaded before.
Result<IngestOutcome> ingest_file(warehouse::Workspace& workspace, const IngestRequest& request,
                                  std::vector<std::string> statements);

}  // namespace fenqun::ingest
