// report/csv_report.hpp - groups and portraits as CSV for a spreadsheet: UTF-8 with byte order mark (Excel then reads
// Chinese right), commas, CRLF, quotes as in RFC 4180, titles with units in the model's language. Level 5.
// A number is plain (no thousands separators), an absent one an empty cell. A text that a spreadsheet would take for
// a formula (=, +, -, @ first) gets an apostrophe in front.
#pragma once

#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "report/report_model.hpp"

#include <span>
#include <string>

namespace fenqun::report {

/// One row per scheme and group, then one per reason why customers of the scheme have no group: customers, shares
/// (0..1), revenue (CNY), average bill (CNY), energy (kWh).
std::string render_groups_csv(const ReportModel& model, const Texts& texts);

/// One row per scheme, group and attribute: the group's value, the population's, the unit and the index (group /
/// population). Measures: centre (tiers: the typical member; no population, no index), mean, share of yes, share of a
/// value of a categorical attribute.
std::string render_portrait_csv(const ReportModel& model, std::span<const features::Feature> features,
                                const Texts& texts);

inline std::string render_portrait_csv(const ReportModel& model, const features::FeatureCatalogue& catalogue,
                                       const Texts& texts) {
  return render_portrait_csv(model, std::span(catalogue.features()), texts);
}

}  // namespace fenqun::report
