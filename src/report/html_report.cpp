// report/html_report.cpp
#include "report/html_report.hpp"

#include "report/page_frame.hpp"
#include "report/parts.hpp"

namespace fenqun::report {
Result<std::string> render_html(const ReportModel& model, std::span<const features::Feature> features,
                                const Texts& texts, const AssetStore& assets) {
  FENQUN_CHECK(check_language(texts, model.language));
  const Wording words(texts, features);
  Page page{words};
  const std::string title = words("report.title", {{"name", model.workspace_name}});
  PageFrame frame;
  frame.title = title + " " + words.month(model.as_of);
  frame.masthead = [&] {
    write_masthead(page, {title, model.as_of, model.customers, model.generated_at, model.synthetic});
  };
  frame.navigation = [&] { write_navigation(page, model); };
  frame.parts = [&] {
    write_overview(page, model);
    for (std::size_t i = 0; i < model.schemes.size(); ++i) write_scheme(page, model.schemes[i], i);
    write_concentration(page, model);
    write_data(page, model);
    write_costs(page, model);
  };
  frame.footer = [&] { write_footer(page, model); };
  return render_page(page, frame, assets);
}

}  // namespace fenqun::report
