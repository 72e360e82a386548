// report/profile_page.cpp
#include "report/profile_page.hpp"

#include "report/clean_text.hpp"
#include "report/skeleton.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::report {
namespace {

std::string anchor(std::size_t at) { return fmt::format("portrait-{}", at + 1); }

void write_head(Page& page, const ProfileModel& model) {
  const auto& words = page.words;
  page.html.line("p", words("report.product"), {{"class", "product"}});
  page.html.line("h1", words("profile.title", {{"name", model.workspace_name}}));
  {
    const auto facts = page.html.in("p", {{"class", "facts"}});
    page.html.line("span", words("report.masthead_month", {{"month", words.month(model.as_of)}}));
    page.html.line("span", words("report.masthead_made", {{"time", model.generated_at}}));
  }
  if (!model.synthetic) return;
  const auto banner = page.html.in("div", {{"class", "synthetic"}, {"role", "note"}});
  page.html.line("strong", words("report.synthetic_title"));
  page.html.text(words("report.synthetic_text"));
}

void write_card(Page& page, const ProfileSection& section, std::size_t at) {
  const auto& words = page.words;
  const auto& group = section.run.groups[at];
  const auto& profile = section.profile.groups[at];
  const auto tone = tone_of(at, section.run.groups.size(), false);
  const auto card = page.html.in("article", {{"class", "card"}, {"style", fmt::format("--tone:var(--{})", tone)}});
  page.html.line("h4", words.in(group.title));
  const auto name = words.in(profile.proposed_name);
  page.html.line("p", name.empty() ? words("profile.no_name") : words("profile.proposed", {{"name", name}}));
}

void write_figures(Page& page, const ProfileSection& section) {
  const auto& words = page.words;
  const bool money = section.portrait.has_revenue;
  const bool energy = section.portrait.has_energy;
  Table table{words("profile.figures"),
              {{words("report.group"), Align::Text}, {words("report.customers")}, {words("report.customer_share")}},
              {}};
  if (money) {
    table.columns.insert(table.columns.end(), {{words("profile.revenue")},
                                               {words("report.revenue_share")},
                                               {words("profile.average_revenue")},
                                               {words("profile.receivable")}});
  }
  if (energy) table.columns.push_back({words("report.energy_share")});
  table.columns.push_back({words("profile.typical")});
  for (std::size_t g = 0; g < section.run.groups.size(); ++g) {
    const auto& portrait = section.portrait.groups[g];
    const auto& profile = section.profile.groups[g];
    Row row{words.in(section.run.groups[g].title), words.count(portrait.customers),
            words.percent(portrait.customer_share)};
    if (money) {
      row.emplace_back(words.money(portrait.revenue_12m_cny));
      row.emplace_back(words.percent(portrait.revenue_share));
      row.emplace_back(words.money(average_revenue_cny(portrait)));
      row.emplace_back(words.money(profile.receivable_cny));
    }
    if (energy) row.emplace_back(words.percent(portrait.energy_share));
    row.emplace_back(profile.typical_customer.empty() ? "—" : masked_customer(profile.typical_customer));
    table.rows.push_back(std::move(row));
  }
  write_table(page, table);
}

std::string line_title(const ProfileLine& line, const Wording& words) {
  return line.value.empty() ? line.title : words("profile.title_value", {{"title", line.title}, {"value", line.value}});
}

const ProfileLine* same_line(const std::vector<ProfileLine>& lines, const ProfileLine& like) {
  for (const auto& line : lines) {
    if (line.block == like.block && line.item == like.item && line.value == like.value) return &line;
  }
  return nullptr;
}

void write_index_table(Page& page, const ProfileSection& section) {
  const auto& words = page.words;
  std::vector<std::vector<ProfileLine>> groups;
  for (std::size_t g = 0; g < section.portrait.groups.size(); ++g) groups.push_back(lines_of(section, g, words));
  if (groups.empty()) return;
  page.html.line("h3", words("profile.indices"));
  page.html.line("p", words("profile.indices_note"), {{"class", "note"}});
  Table table{words("profile.indices"), {{words("report.attribute"), Align::Text}, {words("report.population")}}, {}};
  for (const auto& group : section.run.groups) table.columns.push_back({words.in(group.title)});
  for (const auto& block : section.profile.blocks) {
    table.rows.push_back({words.in(block.title)});
    bool empty = true;
    for (const auto& line : groups.front()) {
      if (line.block != block.code) continue;
      empty = false;
      Row row{Cell(line_title(line, words)), Cell(line.population)};
      for (const auto& lines : groups) {
        const auto* own = same_line(lines, line);
        if (own == nullptr) {
          row.emplace_back(words.index(std::nullopt));
          continue;
        }
        row.emplace_back(words.index(own->index) + (own->is_significant ? " ★" : ""),
                         own->own_number ? own->own : std::string(),
                         heat_of(own->index, own->population_number.value_or(0)));
      }
      table.rows.push_back(std::move(row));
    }
    const auto missing = without_data(section, block, words);
    std::string listed;
    for (const auto& one : missing) listed += (listed.empty() ? "" : words("profile.listed")) + one;
    if (!listed.empty())
      table.rows.push_back({words(empty ? "profile.block_without" : "profile.items_without", {{"items", listed}})});
  }
  const auto frame = page.html.in("div", {{"class", "heat profile-table"}});
  write_table(page, table);
}

void write_section(Page& page, const ProfileSection& section, std::size_t at) {
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", anchor(at)}, {"class", "scheme"}});
  page.html.line("h2", words.in(section.run.scheme_title));
  {
    const auto facts = page.html.in("p", {{"class", "facts"}});
    page.html.line("span", words("report.scheme_population", {{"population", words.count(section.run.population)},
                                                              {"classified", words.count(section.run.classified)}}));
  }
  if (!words.in(section.run.scheme_source).empty())
    page.html.line("p", words("report.scheme_source", {{"source", words.in(section.run.scheme_source)}}),
                   {{"class", "source"}});
  if (section.run.classified == 0) {
    page.html.line("p", words("report.no_groups"), {{"class", "warning"}});
    return;
  }
  {
    const auto cards = page.html.in("div", {{"class", "cards"}});
    for (std::size_t g = 0; g < section.run.groups.size(); ++g) write_card(page, section, g);
  }
  write_figures(page, section);
  write_profile_charts(page, section);
  write_index_table(page, section);
}

template <class Write>
std::string written(Page& page, const Write& write) {
  page.html = HtmlWriter();
  write();
  return std::move(page.html).take();
}

}  // namespace

Result<std::string> render_profile_html(const ProfileModel& model, std::span<const features::Feature> features,
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
      escape_html(words("profile.title", {{"name", model.workspace_name}}) + " " + words.month(model.as_of));
  slots["skip"] = escape_html(words("report.skip"));
  slots["contents"] = escape_html(words("report.contents"));
  slots["without_script"] = escape_html(words("report.without_script"));
  slots["style"] = style.text;
  slots["masthead"] = written(page, [&] { write_head(page, model); });
  slots["navigation"] = written(page, [&] {
    const auto list = page.html.in("ul");
    for (std::size_t i = 0; i < model.sections.size(); ++i) {
      const auto item = page.html.in("li");
      page.html.line("a", words.in(model.sections[i].run.scheme_title), {{"href", "#" + anchor(i)}});
    }
  });
  slots["parts"] = written(page, [&] {
    for (std::size_t i = 0; i < model.sections.size(); ++i) write_section(page, model.sections[i], i);
  });
  slots["footer"] = written(page, [&] {
    page.html.line("p", words("report.footer_build", {{"build", model.build}, {"time", model.generated_at}}));
    page.html.line("p", words("report.footer_charts"));
  });
  slots["data"] = to_script_data({{"charts", page.charts}});
  slots["library"] = charts.text;
  slots["script"] = script.text;
  return fill_slots(skeleton, slots);
}

}  // namespace fenqun::report
