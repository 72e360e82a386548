// report/page_frame.cpp
#include "report/page_frame.hpp"

#include "report/clean_text.hpp"
#include "report/skeleton.hpp"

namespace fenqun::report {
namespace {

std::string written(Page& page, const std::function<void()>& write) {
  page.html = HtmlWriter();
  write();
  return std::move(page.html).take();
}

}  // namespace

Result<std::string> render_page(Page& page, const PageFrame& frame, const AssetStore& assets) {
  FENQUN_TRY(const auto skeleton, assets.read("config/report/report.html"));
  FENQUN_TRY(const auto style, assets.read("config/report/report.css"));
  FENQUN_TRY(const auto script, assets.read("config/report/report.js"));
  FENQUN_TRY(const auto charts, assets.read("web/echarts.min.js"));
  const auto& words = page.words;
  Slots slots;
  slots["language"] = words.language() == Language::Chinese ? "zh-CN" : "en";
  slots["title"] = escape_html(frame.title);
  slots["skip"] = escape_html(words("report.skip"));
  slots["contents"] = escape_html(words("report.contents"));
  slots["without_script"] = escape_html(words("report.without_script"));
  slots["style"] = style.text;
  slots["masthead"] = written(page, frame.masthead);
  slots["navigation"] = written(page, frame.navigation);
  slots["parts"] = written(page, frame.parts);
  slots["footer"] = written(page, frame.footer);
  slots["data"] = to_script_data({{"charts", page.charts}});
  slots["library"] = charts.text;
  slots["script"] = script.text;
  return fill_slots(skeleton, slots);
}

Result<void> check_language(const Texts& texts, Language language) {
  if (texts.language() == language) return {};
  return fail(ErrorCode::InvalidArgument, "report.language_differs",
              {{"texts", std::string(code_of(texts.language()))}, {"model", std::string(code_of(language))}});
}

void write_masthead(Page& page, const MastheadFacts& facts) {
  const auto& words = page.words;
  page.html.line("p", words("report.product"), {{"class", "product"}});
  page.html.line("h1", facts.title);
  {
    const auto list = page.html.in("p", {{"class", "facts"}});
    page.html.line("span", words("report.masthead_month", {{"month", words.month(facts.as_of)}}));
    if (facts.customers >= 0)
      page.html.line("span", words("report.masthead_customers", {{"customers", words.count(facts.customers)}}));
    page.html.line("span", words("report.masthead_made", {{"time", facts.generated_at}}));
  }
  if (!facts.synthetic) return;
  const auto banner = page.html.in("div", {{"class", "synthetic"}, {"role", "note"}});
  page.html.line("strong", words("report.synthetic_title"));
  page.html.text(words("report.synthetic_text"));
}

void write_build(Page& page, const std::string& build, const std::string& generated_at) {
  page.html.line("p", page.words("report.footer_build", {{"build", build}, {"time", generated_at}}));
  page.html.line("p", page.words("report.footer_charts"));
}

}  // namespace fenqun::report
