// report/report_model.hpp - everything a report shows, finished: the report computes no new number. Level 5.
#pragma once

#include "base/stages.hpp"
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "segment/portrait.hpp"
#include "segment/result.hpp"

#include <string>
#include <vector>

namespace fenqun::report {

/// How much of the energy the largest customers hold.
struct ConcentrationPoint {
  double customer_share = 0;  // largest first: 0.01, 0.05, 0.1 ...
  double energy_share = 0;
  std::int64_t customers = 0;
};

struct EntityCount {
  std::string entity;
  BilingualText title;
  std::int64_t rows = 0;
  std::string first_month;  // "" for masters
  std::string last_month;
};

struct BatchLine {
  std::string source;
  std::string mapping;  // "" for canonical files
  std::int64_t rows_in = 0;
  std::int64_t loaded = 0;
  std::int64_t duplicate = 0;
  std::int64_t superseded = 0;
  std::int64_t rejected = 0;
};

struct RejectionLine {
  std::string source;
  std::int64_t line = 0;
  std::string column;
  std::string reason;  // reason code
  std::string value;
  bool is_personal = false;  // then the page does not show the value
};

struct CoverageLine {
  std::string feature;
  std::int64_t present = 0;
  std::int64_t missing = 0;
};

struct SchemeSection {
  segment::RunResult run;
  segment::Portrait portrait;
};

struct ReportModel {
  Language language = Language::Chinese;
  std::string workspace_name;
  std::string as_of;         // "2026-06"
  std::string generated_at;  // local time, passed in by the caller
  std::string build;
  bool synthetic = false;  // then every screen says so
  std::int64_t customers = 0;
  std::vector<EntityCount> entities;
  std::vector<BatchLine> batches;
  std::vector<RejectionLine> rejections;  // at most 200, the total is in batches
  std::vector<CoverageLine> coverage;
  std::vector<ConcentrationPoint> concentration;  // empty when no energy is known
  std::vector<SchemeSection> schemes;
  std::vector<segment::UnclassifiedResult> not_comparable;  // by the preparation; they may have groups all the same
  std::string customers_csv;      // name of the list of customers beside the page; empty: there is none
  std::vector<StageCost> stages;  // empty when the report was made alone
};

}  // namespace fenqun::report
