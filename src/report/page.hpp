// report/page.hpp - what the parts of the page share: the writer, the wording, tables, charts. Level 5.
#pragma once

#include "report/html_writer.hpp"
#include "report/wording.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fenqun::report {

/// A page while it is written. `charts` becomes the page's one block of data; config/report/report.js says what each
/// kind of chart needs.
struct Page {
  const Wording& words;
  HtmlWriter html = {};
  nlohmann::json charts = nlohmann::json::array();
};

enum class Align : std::uint8_t { Text, Number };

struct Column {
  std::string title;
  Align align = Align::Number;
};

struct Cell {
  // A cell is most often just its text.
  Cell(std::string text_in, std::string note_in = {}, std::string style_in = {})  // NOLINT(google-explicit-constructor)
      : text(std::move(text_in)), note(std::move(note_in)), style(std::move(style_in)) {}
  std::string text;
  std::string note;   // smaller, below the text
  std::string style;  // class names
};
using Row = std::vector<Cell>;

/// The first cell of a row is its head. A row of one cell is a heading across all columns.
struct Table {
  std::string name;  // for screen readers
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool last_is_total = false;
};

/// Inside a frame that scrolls sideways where the window is narrow.
void write_table(Page& page, const Table& table);

/// A place of fixed height in which the script draws `chart` ({"kind": ...}); `label` says in words what it shows.
void write_chart(Page& page, nlohmann::json chart, const std::string& label, int height_px);

/// Name of the colour of group `at` of `count`: "ordered-0" (dark) .. "ordered-6" where groups have an order,
/// else "kind-0" .. "kind-7". The colours stand in config/report/report.css.
std::string tone_of(std::size_t at, std::size_t count, bool ordered);

/// Class of a cell that shows an index against the population: "heat-even" within 5 % of 1.00, "heat-high-1" ..
/// "heat-high-4" above 1.05, 1.25, 2 and 4, "heat-low-1" .. "heat-low-4" below their inverses; "" when absent or when
/// a ratio says nothing (population_mean <= 0).
std::string heat_of(std::optional<double> index, double population_mean);

}  // namespace fenqun::report
