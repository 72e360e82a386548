// report/html_report.hpp - the finished results as one self-contained HTML page. Level 5: may include base/,
// features/ (catalogue.hpp) and segment/ (result.hpp, portrait.hpp).
// The page's skeleton, style and script are config/report/report.{html,css,js}; its sentences report.yaml of
// config/texts/<language>/; its charts are drawn by the asset web/echarts.min.js.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "report/report_model.hpp"

#include <span>
#include <string>

namespace fenqun::report {

/// The whole page as UTF-8: opens from a disk without any network, in the model's language; every table is there
/// without its script, which only draws the charts. Values of the model are untrusted: whatever a name, a path or a
/// rejected cell contains is shown as text, bytes that are not UTF-8 as U+FFFD. `features` name the columns of the
/// wide table; one that is not among them keeps its column's name. A number that is not finite counts as missing.
/// Size: the chart library (1.1 MB) and about 1 kB per portrait line. Pure: same input, same bytes.
/// Errors: InvalidArgument (`texts` are not in the model's language), NotFound (an asset), BadData (a page skeleton
/// from the workspace lacks a slot or has an unknown one), Io.
Result<std::string> render_html(const ReportModel& model, std::span<const features::Feature> features,
                                const Texts& texts, const AssetStore& assets);

inline Result<std::string> render_html(const ReportModel& model, const features::FeatureCatalogue& catalogue,
                                       const Texts& texts, const AssetStore& assets) {
  return render_html(model, std::span(catalogue.features()), texts, assets);
}

}  // namespace fenqun::report
