// report/frame_part.cpp - what stands around the results: masthead, navigation, footer.
#include "report/parts.hpp"

#include <fmt/format.h>

namespace fenqun::report {

std::string scheme_anchor(std::size_t position) { return fmt::format("scheme-{}", position + 1); }

void write_masthead(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  page.html.line("p", words("report.product"), {{"class", "product"}});
  page.html.line("h1", words("report.title", {{"name", model.workspace_name}}));
  {
    const auto facts = page.html.in("p", {{"class", "facts"}});
    page.html.line("span", words("report.masthead_month", {{"month", words.month(model.as_of)}}));
    page.html.line("span", words("report.masthead_customers", {{"customers", words.count(model.customers)}}));
    page.html.line("span", words("report.masthead_made", {{"time", model.generated_at}}));
  }
  if (!model.synthetic) return;
  const auto banner = page.html.in("div", {{"class", "synthetic"}, {"role", "note"}});
  page.html.line("strong", words("report.synthetic_title"));
  page.html.text(words("report.synthetic_text"));
}

void write_navigation(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  const auto link = [&](const std::string& anchor, const std::string& title) {
    const auto item = page.html.in("li");
    page.html.line("a", title, {{"href", "#" + anchor}});
  };
  const auto list = page.html.in("ul");
  link("overview", words("report.overview"));
  for (std::size_t i = 0; i < model.schemes.size(); ++i) {
    link(scheme_anchor(i), words.in(model.schemes[i].run.scheme_title));
  }
  if (!model.concentration.empty()) link("concentration", words("report.concentration"));
  link("data", words("report.data"));
  if (!model.stages.empty()) link("costs", words("report.costs"));
}

void write_footer(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  if (model.synthetic) page.html.line("p", words("report.synthetic_text"));
  page.html.line("p", words("report.footer_build", {{"build", model.build}, {"time", model.generated_at}}));
  if (!model.schemes.empty()) {
    const auto runs = page.html.in("ul", {{"class", "runs"}});
    for (const auto& section : model.schemes) {
      const auto item = page.html.in("li");
      page.html.text(words.in(section.run.scheme_title) + " ");
      page.html.line("code", section.run.run_id);
    }
  }
  page.html.line("p", words("report.footer_charts"));
}

}  // namespace fenqun::report
