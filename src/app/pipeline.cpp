// app/pipeline.cpp
#include "app/pipeline.hpp"

namespace fenqun::app {

Result<ingest::FolderOutcome> ingest_sources(Session& session, const IngestPlan& plan) {
  ingest::FolderOutcome out;
  ProgressStage stage(session, "app.stage_ingest");
  for (const auto& source : plan.sources) {
    ingest::IngestRequest request;
    request.file = source;
    request.mapping = plan.mapping;
    request.entity = plan.entity;
    request.max_rejected_share = plan.max_rejected_share;
    request.texts = &session.texts;
    std::error_code ec;
    if (std::filesystem::is_directory(source, ec)) {
      FENQUN_TRY(auto outcomes, ingest::ingest_folder(session.workspace, source, request));
      out.files.insert(out.files.end(), std::make_move_iterator(outcomes.files.begin()),
                       std::make_move_iterator(outcomes.files.end()));
      out.foreign.insert(out.foreign.end(), outcomes.foreign.begin(), outcomes.foreign.end());
    } else {
      FENQUN_TRY(auto outcome, ingest::ingest(session.workspace, request));
      out.files.push_back(std::move(outcome));
    }
  }
  stage.done();
  return out;
}

Result<PipelineOutcome> run_pipeline(Session& session, const PipelineRequest& request) {
  PipelineOutcome out;
  StageClock clock;
  if (!request.ingest.sources.empty()) {
    clock.start("ingest");
    FENQUN_TRY(out.ingested, ingest_sources(session, request.ingest));
    clock.stop();
  }
  clock.start("prepare");
  FENQUN_TRY(out.prepared, prepare_months(session, {request.segment.month}));
  clock.stop();
  clock.start("segment");
  SegmentRequest segment = request.segment;
  segment.month = out.prepared.month.as_of;
  FENQUN_TRY(out.segmented, segment_customers(session, segment));
  clock.stop();
  clock.start("report");
  ReportRequest report;
  report.month = out.prepared.month.as_of;
  report.stages = clock.costs();
  FENQUN_TRY(out.report, write_report(session, report));
  clock.stop();
  out.stages = clock.costs();
  return out;
}

}  // namespace fenqun::app
