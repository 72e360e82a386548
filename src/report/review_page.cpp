// report/review_page.cpp
#include "report/review_page.hpp"

#include "report/clean_text.hpp"
#include "report/skeleton.hpp"

#include <fmt/format.h>

#include <algorithm>
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

void write_head(Page& page, const ReviewModel& model) {
  const auto& words = page.words;
  page.html.line("p", words("report.product"), {{"class", "product"}});
  page.html.line("h1", words("review.title", {{"name", model.workspace_name}}));
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
    std::string growth = words.percent(market.growth);
    if (market.growth && *market.growth > 0) growth.insert(0, "+");
    table.rows.push_back({Cell(code_title(section.run, market.code, words)), Cell(words.count(market.customers)),
                          Cell(words.percent(market.customer_share)),
                          Cell(words.percent(known ? std::optional(market.revenue_share) : std::nullopt)),
                          Cell(words.index(market.value_ratio)),
                          Cell(words.energy(market.compared > 0 ? std::optional(market.energy_kwh) : std::nullopt)),
                          Cell(growth, "", market.growth.value_or(0) < 0 ? "attention" : ""),
                          Cell(words.count(market.compared))});
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

void write_comparison(Page& page, const ledger::RunDiff& diff, std::size_t at) {
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
}

template <class Write>
std::string written(Page& page, const Write& write) {
  page.html = HtmlWriter();
  write();
  return std::move(page.html).take();
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
}

}  // namespace

Result<std::string> render_review_html(const ReviewModel& model, std::span<const features::Feature> features,
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
      escape_html(words("review.title", {{"name", model.workspace_name}}) + " " + words.month(model.as_of));
  slots["skip"] = escape_html(words("report.skip"));
  slots["contents"] = escape_html(words("report.contents"));
  slots["without_script"] = escape_html(words("report.without_script"));
  slots["style"] = style.text;
  slots["masthead"] = written(page, [&] { write_head(page, model); });
  slots["navigation"] = written(page, [&] { write_links(page, model); });
  slots["parts"] = written(page, [&] {
    write_core(page, model);
    for (std::size_t i = 0; i < model.sections.size(); ++i) write_section(page, model.sections[i], i);
    for (std::size_t i = 0; i < model.comparisons.size(); ++i) write_comparison(page, model.comparisons[i], i);
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
