// report/page.cpp
#include "report/page.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fenqun::report {
namespace {

constexpr std::size_t kOrderedTones = 7;
constexpr std::size_t kKindTones = 8;

std::string class_of(const Column& column, const Cell& cell) {
  std::string out = column.align == Align::Number ? "number" : "";
  if (!cell.style.empty()) out += (out.empty() ? "" : " ") + cell.style;
  return out;
}

Attributes with_class(Attributes attributes, const std::string& name) {
  if (!name.empty()) attributes.push_back({"class", name});
  return attributes;
}

void write_row(Page& page, const Table& table, const Row& cells, bool is_total) {
  auto& html = page.html;
  const auto row = html.in("tr", with_class({}, is_total ? "total" : ""));
  if (cells.size() == 1 && table.columns.size() > 1) {
    html.line("th", cells[0].text,
              {{"class", "band"}, {"colspan", fmt::format("{}", table.columns.size())}, {"scope", "colgroup"}});
    return;
  }
  for (std::size_t i = 0; i < cells.size() && i < table.columns.size(); ++i) {
    const std::string_view tag = i == 0 ? "th" : "td";
    const auto cell = html.in(
        tag, with_class(i == 0 ? Attributes{{"scope", "row"}} : Attributes{}, class_of(table.columns[i], cells[i])));
    html.text(cells[i].text);
    if (!cells[i].note.empty()) html.line("small", cells[i].note);
  }
}

}  // namespace

void write_table(Page& page, const Table& table) {
  auto& html = page.html;
  const auto frame =
      html.in("div", {{"class", "table-frame"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", table.name}});
  const auto element = html.in("table");
  html.line("caption", table.name, {{"class", "spoken"}});
  {
    const auto head = html.in("thead");
    const auto row = html.in("tr");
    for (const auto& column : table.columns) {
      html.line("th", column.title, with_class({{"scope", "col"}}, column.align == Align::Number ? "number" : ""));
    }
  }
  const auto body = html.in("tbody");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    write_row(page, table, table.rows[i], table.last_is_total && i + 1 == table.rows.size());
  }
}

void write_chart(Page& page, nlohmann::json chart, const std::string& label, int height_px) {
  const std::string id = fmt::format("chart-{}", page.charts.size() + 1);
  chart["id"] = id;
  page.charts.push_back(std::move(chart));
  const auto place = page.html.in("div", {{"class", "chart"},
                                          {"id", id},
                                          {"role", "img"},
                                          {"aria-label", label},
                                          {"style", fmt::format("height:{}px", height_px)}});
}

std::string tone_of(std::size_t at, std::size_t count, bool ordered) {
  if (!ordered) return fmt::format("kind-{}", at % kKindTones);
  if (count < 2) return "ordered-0";
  return fmt::format("ordered-{}", (at * (kOrderedTones - 1) + (count - 1) / 2) / (count - 1));
}

std::string heat_of(std::optional<double> index, double population_mean) {
  if (!index || !std::isfinite(*index) || !(population_mean > 0)) return "";
  constexpr double kSteps[] = {1.05, 1.25, 2, 4};
  int step = 0;
  for (const double bound : kSteps) {
    if (*index > bound || *index < 1 / bound) ++step;
  }
  if (step == 0) return "heat-even";
  return fmt::format("heat-{}-{}", *index > 1 ? "high" : "low", step);
}

}  // namespace fenqun::report
