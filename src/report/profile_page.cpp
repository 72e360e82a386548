// report/profile_page.cpp
#include "report/profile_page.hpp"

#include "report/page_frame.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::report {
namespace {

std::string anchor(std::size_t at) { return fmt::format("portrait-{}", at + 1); }

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

}  // namespace

Result<std::string> render_profile_html(const ProfileModel& model, std::span<const features::Feature> features,
                                        const Texts& texts, const AssetStore& assets) {
  FENQUN_CHECK(check_language(texts, model.language));
  const Wording words(texts, features);
  Page page{words};
  const std::string title = words("profile.title", {{"name", model.workspace_name}});
  PageFrame frame;
  frame.title = title + " " + words.month(model.as_of);
  frame.masthead = [&] { write_masthead(page, {title, model.as_of, -1, model.generated_at, model.synthetic}); };
  frame.navigation = [&] {
    const auto list = page.html.in("ul");
    for (std::size_t i = 0; i < model.sections.size(); ++i) {
      const auto item = page.html.in("li");
      page.html.line("a", words.in(model.sections[i].run.scheme_title), {{"href", "#" + anchor(i)}});
    }
  };
  frame.parts = [&] {
    for (std::size_t i = 0; i < model.sections.size(); ++i) write_section(page, model.sections[i], i);
  };
  frame.footer = [&] { write_build(page, model.build, model.generated_at); };
  return render_page(page, frame, assets);
}

}  // namespace fenqun::report
