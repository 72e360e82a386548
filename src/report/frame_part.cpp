// report/frame_part.cpp - what stands around the results: navigation, footer.
#include "report/page_frame.hpp"
#include "report/parts.hpp"

#include <fmt/format.h>

namespace fenqun::report {

std::string scheme_anchor(std::size_t position) { return fmt::format("scheme-{}", position + 1); }

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
  if (!model.schemes.empty()) {
    const auto runs = page.html.in("ul", {{"class", "runs"}});
    for (const auto& section : model.schemes) {
      const auto item = page.html.in("li");
      page.html.text(words.in(section.run.scheme_title) + " ");
      page.html.line("code", section.run.run_id);
    }
  }
  write_build(page, model.build, model.generated_at);
}

}  // namespace fenqun::report
