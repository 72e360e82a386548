// app/batches.cpp
#include "app/batches.hpp"

namespace fenqun::app {

Result<std::vector<ingest::Batch>> list_batches(Session& session) { return ingest::list_batches(session.workspace); }

Result<ingest::UndoOutcome> undo_batch(Session& session, const std::string& batch) {
  ProgressStage stage(session, "app.stage_undo", {{"batch", batch}});
  FENQUN_TRY(auto outcome, ingest::undo_batch(session.workspace, batch));
  stage.done();
  return outcome;
}

}  // namespace fenqun::app
