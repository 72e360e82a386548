// report/preparation_html.cpp - the part of preparation.hpp that writes the page.
#include "report/preparation.hpp"

#include "report/clean_text.hpp"
#include "report/skeleton.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::report {
namespace {

using features::Step;
using features::StepItem;
using features::StepRecord;

class PreparationPage {
 public:
  PreparationPage(const PreparationModel& model, const Wording& words)
      : model_(model), words_(words), page_{words}, sections_(describe_preparation(model, words)) {}

  std::string masthead() {
    page_.html.line("p", words_("preparation.product"), {{"class", "product"}});
    page_.html.line("h1", words_("preparation.title", {{"name", model_.workspace_name}}));
    {
      const auto facts = page_.html.in("p", {{"class", "facts"}});
      page_.html.line("span", words_("report.masthead_month", {{"month", words_.month(model_.record.as_of.text())}}));
      page_.html.line("span", words_("report.masthead_made", {{"time", model_.generated_at}}));
    }
    if (model_.synthetic) {
      const auto banner = page_.html.in("div", {{"class", "synthetic"}, {"role", "note"}});
      page_.html.line("strong", words_("report.synthetic_title"));
      page_.html.text(words_("report.synthetic_text"));
    }
    return take();
  }

  std::string navigation() {
    {
      const auto list = page_.html.in("ul");
      link("overview", words_("report.overview"));
      for (const auto& section : sections_) link(section.anchor, section.title);
    }
    return take();
  }

  std::string parts() {
    write_overview();
    for (const auto& section : sections_) write_section(section);
    return take();
  }

  std::string footer() {
    page_.html.line("p", words_("report.footer_build", {{"build", model_.build}, {"time", model_.generated_at}}));
    page_.html.line("p", words_("preparation.footer", {{"fingerprint", model_.record.fingerprint}}));
    return take();
  }

 private:
  std::string take() {
    auto out = std::move(page_.html).take();
    page_.html = HtmlWriter();
    return out;
  }

  void link(const std::string& anchor, const std::string& title) {
    const auto item = page_.html.in("li");
    page_.html.line("a", title, {{"href", "#" + anchor}});
  }

  std::int64_t sum(Step step, std::string_view kind, std::int64_t StepItem::*part) const {
    const auto* record = model_.record.find(step);
    std::int64_t out = 0;
    if (record == nullptr) return out;
    for (const auto& item : record->items) out += item.kind == kind ? item.*part : 0;
    return out;
  }

  void figure(const std::string& title, const std::string& value, const std::string& note) {
    const auto box = page_.html.in("div", {{"class", "figure"}});
    page_.html.line("dt", title);
    const auto text = page_.html.in("dd");
    page_.html.line("strong", value);
    page_.html.line("small", note);
  }

  void write_overview() {
    const auto part = page_.html.in("section", {{"id", "overview"}});
    page_.html.line("h2", words_("preparation.overview"));
    page_.html.line("p", words_("preparation.overview_lead"), {{"class", "lead"}});
    write_flow();
    const auto* format = model_.record.find(Step::Format);
    if (format == nullptr) return;
    {
      const auto figures = page_.html.in("dl", {{"class", "figures"}});
      figure(words_("preparation.figure_set"),
             words_("preparation.figure_set_value",
                    {{"customers", words_.count(format->rows_out)},
                     {"features", words_.count(std::ssize(model_.catalogue->features()))}}),
             words_("preparation.figure_set_note"));
      figure(words_("preparation.figure_filled"), words_.count(sum(Step::Clean, "imputed", &StepItem::rows_out)),
             words_("preparation.figure_filled_note"));
      figure(words_("preparation.figure_doubtful"), words_.count(sum(Step::Clean, "outlier", &StepItem::rows_in)),
             words_("preparation.figure_doubtful_note"));
      figure(words_("preparation.figure_excluded"),
             words_.count(sum(Step::Format, "not_comparable", &StepItem::rows_out)),
             words_("preparation.figure_excluded_note"));
    }
    write_strips(*format);
  }

  void write_flow() {
    const auto flow = page_.html.in("ol", {{"class", "flow"}});
    for (const auto& step : model_.record.steps) {
      const auto item = page_.html.in("li");
      const auto card = page_.html.in("a", {{"href", "#" + std::string(name_of(step.step))}});
      page_.html.line("span", std::to_string(static_cast<int>(step.step) + 1), {{"class", "flow-number"}});
      page_.html.line("strong", words_("preparation.step_" + std::string(name_of(step.step))));
      page_.html.line("span", words_("preparation.task_" + std::string(name_of(step.step))), {{"class", "flow-task"}});
      {
        const auto counts = page_.html.in("span", {{"class", "flow-counts"}});
        page_.html.line("b", words_.count(step.rows_in));
        page_.html.line("i", "→", {{"aria-hidden", "true"}});
        page_.html.line("b", words_.count(step.rows_out));
      }
      page_.html.line("small", words_("preparation.counted_" + std::string(name_of(step.step))));
    }
  }

  // One bar per family: customers with full, partial and insufficient data.
  void write_strips(const StepRecord& format) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kTones = {
        {{"full", "badge-full"}, {"partial", "badge-partial"}, {"insufficient", "badge-insufficient"}}};
    page_.html.line("h3", words_("preparation.strips"));
    {
      const auto legend = page_.html.in("ul", {{"class", "legend"}});
      for (const auto& [badge, tone] : kTones) {
        const auto item = page_.html.in("li");
        { const auto mark = page_.html.in("i", {{"style", fmt::format("--tone:var(--{})", tone)}}); }
        page_.html.text(words_("preparation.badge_" + std::string(badge)));
      }
    }
    const auto grid = page_.html.in("div", {{"class", "badge-grid"}});
    for (const auto& family : model_.catalogue->families()) {
      const auto row = page_.html.in("div", {{"class", "badge-row"}});
      page_.html.line("span", words_.in(family.title));
      std::string spoken;
      std::vector<std::pair<std::string, double>> parts;
      for (const auto& [badge, tone] : kTones) {
        for (const auto& item : format.items) {
          if (item.kind != "sufficiency" || item.subject != family.name || item.state != badge || item.rows_in == 0)
            continue;
          const double share = static_cast<double>(item.rows_out) / static_cast<double>(item.rows_in);
          spoken += (spoken.empty() ? "" : words_("preparation.comma")) +
                    words_("preparation.badge_" + std::string(badge)) + " " + words_.percent(share);
          if (item.rows_out > 0) parts.emplace_back(tone, share);
        }
      }
      const auto strip =
          page_.html.in("div", {{"class", "strip"}, {"role", "img"}, {"aria-label", spoken}, {"title", spoken}});
      for (const auto& [tone, share] : parts) {
        const auto piece =
            page_.html.in("span", {{"style", fmt::format("--tone:var(--{});flex-grow:{:.4f}", tone, share)}});
      }
    }
  }

  // Neither headings across the table nor its total.
  static std::int64_t lines_of(const Table& table) {
    return std::count_if(table.rows.begin(), table.rows.end(),
                         [&](const Row& row) { return row.size() == table.columns.size(); }) -
           (table.last_is_total ? 1 : 0);
  }

  void write_section(const PreparationSection& section) {
    const auto part = page_.html.in("section", {{"id", section.anchor}});
    page_.html.line("h2", section.title);
    page_.html.line("p", section.lead, {{"class", "lead"}});
    if (section.anchor == "comparable" && !model_.customers_csv.empty()) {
      page_.html.line("a", words_("preparation.customers_csv", {{"file", model_.customers_csv}}),
                      {{"class", "list"}, {"href", model_.customers_csv}});
    }
    constexpr std::size_t kLongest = 16;
    for (const auto& [table, note, is_detail] : section.tables) {
      if (!is_detail && table.rows.size() <= kLongest) {
        if (table.name != section.title) page_.html.line("h3", table.name);
        if (!note.empty()) page_.html.line("p", note, {{"class", "note"}});
        write_table(page_, table);
        continue;
      }
      const auto more = page_.html.in("details");
      page_.html.line("summary",
                      words_("preparation.folded", {{"table", table.name}, {"rows", words_.count(lines_of(table))}}));
      if (!note.empty()) page_.html.line("p", note, {{"class", "note"}});
      write_table(page_, table);
    }
  }

  const PreparationModel& model_;
  const Wording& words_;
  Page page_;
  std::vector<PreparationSection> sections_;
};

}  // namespace

Result<std::string> render_preparation(const PreparationModel& model, const Texts& texts, const AssetStore& assets) {
  FENQUN_TRY(const auto skeleton, assets.read("config/report/report.html"));
  FENQUN_TRY(const auto style, assets.read("config/report/report.css"));
  FENQUN_TRY(const auto own_style, assets.read("config/report/preparation.css"));
  const Wording words(texts, model.catalogue->features());
  PreparationPage page(model, words);
  Slots slots;
  slots["language"] = words.language() == Language::Chinese ? "zh-CN" : "en";
  slots["title"] = escape_html(words("preparation.title", {{"name", model.workspace_name}}) + " " +
                               words.month(model.record.as_of.text()));
  slots["skip"] = escape_html(words("report.skip"));
  slots["contents"] = escape_html(words("report.contents"));
  slots["without_script"] = "";
  slots["style"] = style.text + own_style.text;
  slots["masthead"] = page.masthead();
  slots["navigation"] = page.navigation();
  slots["parts"] = page.parts();
  slots["footer"] = page.footer();
  slots["data"] = "{}";
  slots["library"] = "";
  slots["script"] = "";
  return fill_slots(skeleton, slots);
}

}  // namespace fenqun::report
