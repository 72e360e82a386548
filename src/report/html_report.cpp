// report/html_report.cpp
#include "report/html_report.hpp"

#include "report/clean_text.hpp"
#include "report/parts.hpp"
#include "report/skeleton.hpp"

namespace fenqun::report {
namespace {

template <class Write>
std::string written(Page& page, const Write& write) {
  page.html = HtmlWriter();
  write();
  return std::move(page.html).take();
}

}  // namespace

Result<std::string> render_html(const ReportModel& model, std::span<const features::Feature> features,
                                const Texts& texts, const AssetStore& assets) {
  if (texts.language() != model.language) {
    return fail(ErrorCode::InvalidArgument, "report.language_differs",
                {{"texts", std::string(code_of(texts.language()))}, {"model", std::string(code_of(model.language))}});
  }
  FENQUN_TRY(const auto skeleton, assets.read("config/report/report.html"));
  FENQUN_TRY(const auto style, assets.read("config/report/report.css"));
  FENQUN_TRY(const auto script, assets.read("config/report/report.js"));
  FENQUN_TRY(const auto charts, assets.read("web/echarts.min.js"));

  const Wording words(texts, features);
  Page page{words};
  Slots slots;
  slots["language"] = model.language == Language::Chinese ? "zh-CN" : "en";
  slots["title"] =
      escape_html(words("report.title", {{"name", model.workspace_name}}) + " " + words.month(model.as_of));
  slots["skip"] = escape_html(words("report.skip"));
  slots["contents"] = escape_html(words("report.contents"));
  slots["without_script"] = escape_html(words("report.without_script"));
  slots["style"] = style.text;
  slots["masthead"] = written(page, [&] { write_masthead(page, model); });
  slots["navigation"] = written(page, [&] { write_navigation(page, model); });
  slots["parts"] = written(page, [&] {
    write_overview(page, model);
    for (std::size_t i = 0; i < model.schemes.size(); ++i) write_scheme(page, model.schemes[i], i);
    write_concentration(page, model);
    write_data(page, model);
    write_costs(page, model);
  });
  slots["footer"] = written(page, [&] { write_footer(page, model); });
  slots["data"] = to_script_data({{"charts", page.charts}});
  slots["library"] = charts.text;
  slots["script"] = script.text;
  return fill_slots(skeleton, slots);
}

}  // namespace fenqun::report
