// report/page_frame.hpp - the whole of a page around its parts: skeleton, style, script, chart library. Level 5.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "report/page.hpp"

#include <functional>
#include <string>

namespace fenqun::report {

/// What differs from page to page. Each function writes to the page it was made for.
struct PageFrame {
  std::string title;  // of the window
  std::function<void()> masthead;
  std::function<void()> navigation;
  std::function<void()> parts;
  std::function<void()> footer;
};

/// Fills config/report/report.html, with report.css, report.js and web/echarts.min.js inside. Errors: NotFound (an
/// asset), BadData (a skeleton from the workspace lacks a slot or has an unknown one), Io.
Result<std::string> render_page(Page& page, const PageFrame& frame, const AssetStore& assets);

/// Errors: InvalidArgument (`texts` are not in the model's language).
Result<void> check_language(const Texts& texts, Language language);

struct MastheadFacts {
  std::string title;
  std::string as_of;       // "2026-06"
  std::int64_t customers;  // below 0: not told
  std::string generated_at;
  bool synthetic = false;
};
/// Product, title, month and time of making; the banner of synthetic data.
void write_masthead(Page& page, const MastheadFacts& facts);

/// Build, time and the licence of the chart library.
void write_build(Page& page, const std::string& build, const std::string& generated_at);

}  // namespace fenqun::report
