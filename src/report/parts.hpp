// report/parts.hpp - the parts of the page, each written where its caller stands; none computes a new number beyond
// sums of what the model holds. Level 5.
#pragma once

#include "report/page.hpp"
#include "report/report_model.hpp"

#include <string>

namespace fenqun::report {

/// Anchor of a scheme's part: "scheme-1" for the first.
std::string scheme_anchor(std::size_t position);

/// The point nearest to the largest 10 % of the customers; null when no energy is known.
const ConcentrationPoint* typical_concentration(const ReportModel& model);

/// Whether the groups of the run's method have an order that colours can show.
bool is_ordered(const segment::RunResult& run);

void write_navigation(Page& page, const ReportModel& model);
void write_overview(Page& page, const ReportModel& model);       // key figures, summary, one strip per scheme
void write_concentration(Page& page, const ReportModel& model);  // nothing when no energy is known
void write_scheme(Page& page, const SchemeSection& section, std::size_t position);
void write_method(Page& page, const segment::RunResult& run);   // what score, shapes, bounds and strata decided
void write_trials(Page& page, const segment::RunResult& run);   // the search for k, per stratum; nothing without trials
void write_portrait(Page& page, const SchemeSection& section);  // index table, categories; nothing when empty
void write_evidence(Page& page, const segment::RunResult& run);  // the unclassified, the truth, how to repeat the run
void write_data(Page& page, const ReportModel& model);           // entities, batches, rejections, coverage
void write_costs(Page& page, const ReportModel& model);          // nothing when the report was made alone
void write_footer(Page& page, const ReportModel& model);         // build, runs, licence of the chart library

}  // namespace fenqun::report
