// report/review_page.cpp
#include "report/review_page.hpp"

#include "report/page_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace fenqun::report {
namespace {

using nlohmann::json;

std::string title_of(const segment::RunResult& run, const std::string& code, bool is_group, const Wording& words) {
  if (code.empty()) return words("review.not_there");
  if (is_group) {
    for (const auto& group : run.groups) {
      if (group.code == code) return words.in(group.title);
    }
    return code;
  }
  for (const auto& line : run.unclassified) {
    if (line.code == code) return words("review.no_group", {{"reason", words.in(line.reason)}});
  }
  return words("review.no_group", {{"reason", code}});
}

std::string code_title(const segment::RunResult& run, const std::string& code, const Wording& words) {
  return title_of(run, code, true, words);
}

void write_core(Page& page, const ReviewModel& model) {
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", "core"}});
  page.html.line("h2", words("review.core"));
  page.html.line("p", words("review.core_note", {{"ratio", words.fixed(segment::kCoreRatio, 0)}}), {{"class", "note"}});
  Table table{words("review.core"),
              {{words("review.scheme"), Align::Text},
               {words("report.group"), Align::Text},
               {words("report.customers")},
               {words("report.customer_share")},
               {words("report.revenue_share")},
               {words("review.value_ratio")}},
              {}};
  for (const auto& section : model.sections) {
    for (const auto& market : section.markets) {
      if (!market.is_core) continue;
      table.rows.push_back({words.in(section.run.scheme_title), code_title(section.run, market.code, words),
                            words.count(market.customers), words.percent(market.customer_share),
                            words.percent(market.revenue_share), words.index(market.value_ratio)});
    }
  }
  if (table.rows.empty())
    page.html.line("p", words("review.core_none"));
  else
    write_table(page, table);
}

void write_share_check(Page& page, const ReviewSection& section) {
  if (section.shares.empty()) return;
  const auto& words = page.words;
  page.html.line("h3", words("review.share_check"));
  page.html.line("p", words("review.share_check_note", {{"source", words.in(section.shares.front().source)}}),
                 {{"class", "note"}});
  Table table{words("review.share_check"),
              {{words("report.group"), Align::Text},
               {words("report.revenue_share")},
               {words("review.target")},
               {words("review.verdict"), Align::Text}},
              {}};
  for (const auto& check : section.shares) {
    const bool within = check.verdict == segment::ShareVerdict::Within;
    table.rows.push_back(
        {code_title(section.run, check.group, words), words.percent(check.revenue_share), words.in(check.text),
         Cell(words("review.verdict_" + std::string(name_of(check.verdict))), "", within ? "fine" : "attention")});
  }
  write_table(page, table);
}

void write_markets(Page& page, const ReviewSection& section) {
  const auto& words = page.words;
  page.html.line("h3", words("review.markets"));
  page.html.line("p", words("review.markets_note"), {{"class", "note"}});
  Table table{words("review.markets"),
              {{words("report.group"), Align::Text},
               {words("report.customers")},
               {words("report.customer_share")},
               {words("report.revenue_share")},
               {words("review.value_ratio")},
               {words("review.energy")},
               {words("review.growth")},
               {words("review.compared")}},
              {}};
  for (const auto& market : section.markets) {
    const bool known = section.portrait.has_revenue;
    // As it is shown: a hair below nothing is 0.0 %, neither a loss nor a gain.
    const double shown = std::round(market.growth.value_or(0) * 1000) / 1000;
    std::string growth = words.percent(market.growth ? std::optional(shown == 0 ? 0.0 : shown) : std::nullopt);
    if (shown > 0) growth.insert(0, "+");
    table.rows.push_back({Cell(code_title(section.run, market.code, words)), Cell(words.count(market.customers)),
                          Cell(words.percent(market.customer_share)),
                          Cell(words.percent(known ? std::optional(market.revenue_share) : std::nullopt)),
                          Cell(words.index(market.value_ratio)),
                          Cell(words.energy(market.compared > 0 ? std::optional(market.energy_kwh) : std::nullopt)),
                          Cell(growth, "", shown < 0 ? "attention" : ""), Cell(words.count(market.compared))});
  }
  write_table(page, table);
}

void write_moves(Page& page, const ReviewSection& section) {
  const auto& words = page.words;
  page.html.line("h3", words("review.moves"));
  if (!section.moves) {
    page.html.line("p", words("review.moves_none"), {{"class", "note"}});
    return;
  }
  const auto& moves = *section.moves;
  page.html.line("p",
                 words("review.moves_line",
                       {{"from", words.month(moves.from.text())},
                        {"to", words.month(moves.to.text())},
                        {"both", words.count(moves.in_both)},
                        {"moved", words.count(moves.moved)},
                        {"share", words.percent(moves.in_both > 0 ? std::optional(static_cast<double>(moves.moved) /
                                                                                  static_cast<double>(moves.in_both))
                                                                  : std::nullopt)}}));
  auto nodes = json::array();
  auto links = json::array();
  std::map<std::string, std::int64_t> sizes;
  const auto node_name = [](const char* side, const std::string& code) { return std::string(side) + ":" + code; };
  for (const auto& cell : moves.cells) {
    sizes[node_name("a", cell.from)] += cell.customers;
    sizes[node_name("b", cell.to)] += cell.customers;
  }
  const auto tone = [&](const std::string& code) {
    const auto found = std::ranges::find(section.run.groups, code, &segment::GroupResult::code);
    return found == section.run.groups.end() ? std::string("soft")
                                             : tone_of(static_cast<std::size_t>(found - section.run.groups.begin()),
                                                       section.run.groups.size(), false);
  };
  std::map<std::string, bool> seen;
  const auto add_node = [&](const char* side, const std::string& code, bool is_group, int depth) {
    const auto name = node_name(side, code);
    if (std::exchange(seen[name], true)) return;
    nodes.push_back({{"name", name},
                     {"label", title_of(section.run, code, is_group, words) + " " + words.count(sizes[name])},
                     {"tone", tone(code)},
                     {"side", depth}});
  };
  std::string spoken = words("review.moves");
  for (const auto& cell : moves.cells) {
    add_node("a", cell.from, cell.from_group, 0);
    add_node("b", cell.to, cell.to_group, 1);
    const auto label = words("review.moves_cell", {{"from", title_of(section.run, cell.from, cell.from_group, words)},
                                                   {"to", title_of(section.run, cell.to, cell.to_group, words)},
                                                   {"customers", words.count(cell.customers)}});
    links.push_back({{"source", node_name("a", cell.from)},
                     {"target", node_name("b", cell.to)},
                     {"value", cell.customers},
                     {"label", label}});
    spoken += " " + label;
  }
  write_chart(page, {{"kind", "flow"}, {"nodes", nodes}, {"links", links}}, spoken, 340);
  Table table{words("review.moves"),
              {{words("review.from"), Align::Text}, {words("review.to"), Align::Text}, {words("report.customers")}},
              {}};
  for (const auto& cell : moves.cells) {
    if (cell.from == cell.to) continue;
    table.rows.push_back({title_of(section.run, cell.from, cell.from_group, words),
                          title_of(section.run, cell.to, cell.to_group, words), words.count(cell.customers)});
  }
  if (!table.rows.empty()) write_table(page, table);
}

void write_section(Page& page, const ReviewSection& section, std::size_t at) {
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", fmt::format("review-{}", at + 1)}, {"class", "scheme"}});
  page.html.line("h2", words.in(section.run.scheme_title));
  if (section.run.classified == 0) {
    page.html.line("p", words("report.no_groups"), {{"class", "warning"}});
    return;
  }
  write_markets(page, section);
  write_share_check(page, section);
  write_moves(page, section);
}

void write_file_link(Page& page, const std::string& file) {
  if (file.empty()) return;
  const auto line = page.html.in("p");
  page.html.line("a", page.words("review.all_in_file", {{"file", file}}), {{"href", file}});
}

/// Whom the two schemes put into groups that do not correspond.
void write_differing(Page& page, const ReviewComparison& comparison) {
  const auto& words = page.words;
  const auto& differing = comparison.differing;
  page.html.line("h3", words("review.differing"));
  if (differing.customers == 0) {
    page.html.line("p", words("review.differing_none"));
    return;
  }
  page.html.line("p", words("review.differing_text", {{"customers", words.count(differing.customers)},
                                                      {"shown", words.count(std::ssize(differing.first))}}));
  page.html.line("p", words("review.masked_note"), {{"class", "note"}});
  Table table{words("review.differing"),
              {{words("review.customer"), Align::Text},
               {words.in(comparison.diff.first.scheme_title), Align::Text},
               {words.in(comparison.diff.second.scheme_title), Align::Text},
               {words("report.revenue")},
               {words("report.energy")}},
              {}};
  for (const auto& one : differing.first) {
    table.rows.push_back({masked_customer(one.customer_id), code_title(comparison.diff.first, one.first_group, words),
                          code_title(comparison.diff.second, one.second_group, words), words.money(one.revenue_12m_cny),
                          words.energy(one.energy_12m_kwh)});
  }
  write_table(page, table);
  write_file_link(page, differing.file);
}

/// Of each rule of config/primary_group.yaml: whose departments want different things of how many customers.
void write_conflicts(Page& page, const ReviewConflicts& conflicts) {
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", "conflicts"}, {"class", "scheme"}});
  page.html.line("h2", words("review.conflicts"));
  page.html.line("p", words("review.conflicts_text", {{"customers", words.count(conflicts.found.in_conflict)},
                                                      {"all", words.count(conflicts.found.customers)}}));
  page.html.line("p", words("review.masked_note"), {{"class", "note"}});
  const auto source_of = [&](const std::string& scheme) {
    return std::ranges::find(conflicts.found.sources, scheme, &ledger::PrimarySource::scheme);
  };
  const auto scheme_of = [&](const std::string& scheme) {
    const auto source = source_of(scheme);
    return source == conflicts.found.sources.end() ? scheme : words.in(source->title);
  };
  const auto department_of = [&](const std::string& scheme) {
    const auto source = source_of(scheme);
    return source == conflicts.found.sources.end() ? std::string() : words.in(source->department);
  };
  Table table{words("review.conflicts"),
              {{words("review.conflict"), Align::Text},
               {words("review.conflict_with"), Align::Text},
               {words("review.prevails"), Align::Text},
               {words("review.why"), Align::Text},
               {words("report.customers")}},
              {}};
  for (const auto& one : conflicts.found.conflicts) {
    table.rows.push_back({Cell(words.in(one.first_title), department_of(one.rule.first.scheme)),
                          Cell(words.in(one.second_title), department_of(one.rule.second.scheme)),
                          Cell(scheme_of(one.rule.prevails)), Cell(words.in(one.rule.reason)),
                          Cell(words.count(one.customers), "", one.customers > 0 ? "" : "quiet")});
  }
  write_table(page, table);
  for (const auto& one : conflicts.found.conflicts) {
    if (one.examples.empty()) continue;
    const auto more = page.html.in("details");
    page.html.line("summary", words("review.conflict_examples", {{"first", words.in(one.first_title)},
                                                                 {"second", words.in(one.second_title)},
                                                                 {"shown", words.count(std::ssize(one.examples))},
                                                                 {"customers", words.count(one.customers)}}));
    const auto list = page.html.in("ul", {{"class", "ids"}});
    for (const auto& customer : one.examples) page.html.line("li", masked_customer(customer));
  }
  write_file_link(page, conflicts.file);
}

void write_comparison(Page& page, const ReviewComparison& comparison, std::size_t at) {
  const auto& diff = comparison.diff;
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", fmt::format("compare-{}", at + 1)}, {"class", "scheme"}});
  const auto first = words.in(diff.first.scheme_title);
  const auto second = words.in(diff.second.scheme_title);
  page.html.line("h2", words("review.compare", {{"first", first}, {"second", second}}));
  page.html.line("p", words("review.compare_note"), {{"class", "note"}});
  page.html.line("p", words("review.compare_line", {{"compared", words.count(diff.compared)},
                                                    {"moved", words.count(diff.moved)},
                                                    {"index", words.fixed(diff.adjusted_rand_index, 3)}}));
  Table table{words("review.compare", {{"first", first}, {"second", second}}),
              {{words("review.crossing", {{"first", first}, {"second", second}}), Align::Text}},
              {}};
  for (const auto& group : diff.second.groups) table.columns.push_back({words.in(group.title)});
  table.columns.push_back({words("review.other")});
  table.columns.push_back({words("review.sum")});
  const auto carried = [&](const std::string& from, const std::string& to) {
    return std::ranges::any_of(diff.carried, [&](const auto& one) { return one.from == from && one.to == to; });
  };
  for (const auto& own : diff.first.groups) {
    Row row{words.in(own.title)};
    std::int64_t sum = 0;
    std::int64_t others = 0;
    for (const auto& other : diff.second.groups) {
      std::int64_t here = 0;
      for (const auto& cell : diff.migrations) {
        if (cell.from == own.code && cell.from_group && cell.to == other.code && cell.to_group) here += cell.customers;
      }
      sum += here;
      row.emplace_back(words.count(here), "", carried(own.code, other.code) ? "heat-high-2" : here > 0 ? "" : "quiet");
    }
    for (const auto& cell : diff.migrations) {
      if (cell.from == own.code && cell.from_group && !cell.to_group) others += cell.customers;
      if (cell.from == own.code && cell.from_group && cell.to.empty()) others += cell.to_group ? cell.customers : 0;
    }
    row.emplace_back(words.count(others));
    row.emplace_back(words.count(sum + others));
    table.rows.push_back(std::move(row));
  }
  write_table(page, table);
  write_differing(page, comparison);
}

void write_links(Page& page, const ReviewModel& model) {
  const auto& words = page.words;
  const auto list = page.html.in("ul");
  const auto link = [&](const std::string& to, const std::string& title) {
    const auto item = page.html.in("li");
    page.html.line("a", title, {{"href", "#" + to}});
  };
  link("core", words("review.core"));
  for (std::size_t i = 0; i < model.sections.size(); ++i)
    link(fmt::format("review-{}", i + 1), words.in(model.sections[i].run.scheme_title));
  for (std::size_t i = 0; i < model.comparisons.size(); ++i)
    link(fmt::format("compare-{}", i + 1), words("review.compare_link"));
  if (model.conflicts) link("conflicts", words("review.conflicts"));
}

}  // namespace

Result<std::string> render_review_html(const ReviewModel& model, std::span<const features::Feature> features,
                                       const Texts& texts, const AssetStore& assets) {
  FENQUN_CHECK(check_language(texts, model.language));
  const Wording words(texts, features);
  Page page{words};
  const std::string title = words("review.title", {{"name", model.workspace_name}});
  PageFrame frame;
  frame.title = title + " " + words.month(model.as_of);
  frame.masthead = [&] { write_masthead(page, {title, model.as_of, -1, model.generated_at, model.synthetic}); };
  frame.navigation = [&] { write_links(page, model); };
  frame.parts = [&] {
    write_core(page, model);
    for (std::size_t i = 0; i < model.sections.size(); ++i) write_section(page, model.sections[i], i);
    for (std::size_t i = 0; i < model.comparisons.size(); ++i) write_comparison(page, model.comparisons[i], i);
    if (model.conflicts) write_conflicts(page, *model.conflicts);
  };
  frame.footer = [&] { write_build(page, model.build, model.generated_at); };
  return render_page(page, frame, assets);
}

}  // namespace fenqun::report
