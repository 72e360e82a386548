// unit/report/sample_model.hpp - a report's model made by hand, with numbers as a county utility has them.
#pragma once

#include "features/catalogue.hpp"
#include "report/report_model.hpp"

#include <vector>

namespace fenqun::report {

/// Columns of the wide table that the sample speaks of.
std::vector<features::Feature> sample_features();

/// 47,783 customers; rules, three dimensions of k-means in tiers; data, rejections, stages. Synthetic.
ReportModel sample_model(Language language);

}  // namespace fenqun::report
