// app/pipeline.hpp - use case: everything from files to report, doing only what is not done yet. Level 6.
#pragma once

#include "app/preparation.hpp"
#include "app/reporting.hpp"
#include "app/segmentation.hpp"
#include "ingest/ingest.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct IngestPlan {
  std::vector<std::filesystem::path> sources;  // files or folders
  std::string mapping;                         // for files: a mapping's name or path; empty: canonical
  std::string entity;
  std::optional<double> max_rejected_share;
};

/// Loads one source after the other; stops at the first that is refused (what was loaded before it stays).
Result<ingest::FolderOutcome> ingest_sources(Session& session, const IngestPlan& plan);

struct PipelineRequest {
  IngestPlan ingest;       // no sources: the workspace as it is
  SegmentRequest segment;  // month absent: the latest month of the data
};

struct PipelineOutcome {
  ingest::FolderOutcome ingested;
  PreparedMonths prepared;
  SegmentOutcome segmented;
  ReportOutcome report;
  std::vector<StageCost> stages;
};

/// Ingest what is new, prepare the month, run the schemes, write the report. Errors: those of the stages.
Result<PipelineOutcome> run_pipeline(Session& session, const PipelineRequest& request);

}  // namespace fenqun::app
