// reader/table_shape.cpp
#include "reader/table_shape.hpp"

#include "base/number.hpp"
#include "reader/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace fenqun::reader {
namespace {

constexpr std::size_t kMostTitles = 20;
constexpr std::array<std::string_view, 8> kPeriodUnits = {"年", "月", "日", "号", "时", "点", "分", "秒"};
constexpr std::array<std::string_view, 3> kMoneyUnits = {"元", "¥", "￥"};

bool is_blank(std::string_view cell) { return without_blanks(cell).empty(); }

// Bytes of the unit that the text begins with; 0: with none.
std::size_t unit_at(std::string_view text) {
  for (const auto unit : kPeriodUnits) {
    if (text.starts_with(unit)) return unit.size();
  }
  for (const auto unit : kMoneyUnits) {
    if (text.starts_with(unit)) return unit.size();
  }
  return 0;
}

// How many cells rows usually fill: three quarters of the rows fill no more.
std::size_t usual_filling(std::span<const Cells> window) {
  std::vector<std::size_t> filled;
  for (const auto& row : window) {
    if (const auto count = filled_cells(row); count > 0) filled.push_back(count);
  }
  if (filled.empty()) return 0;
  std::sort(filled.begin(), filled.end());
  return filled[filled.size() * 3 / 4 < filled.size() ? filled.size() * 3 / 4 : filled.size() - 1];
}

// 单位：元 beside 制表日期：2018-03-01
bool is_remark(std::string_view cell) {
  return cell.find("：") != std::string_view::npos || cell.find(':') != std::string_view::npos;
}

// 2018-03-01, 2018年3月, 201803, 10:30, 8时: a value that is asked for by its name.
bool is_period(std::string_view value) {
  const auto text = without_blanks(value);
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_number) return (text.size() == 6 || text.size() == 8) && (text.starts_with("19") || text.starts_with("20"));
  if (text.find_first_of("/:") != std::string_view::npos || text.find('-', 1) != std::string_view::npos) return true;
  return std::any_of(kPeriodUnits.begin(), kPeriodUnits.end(),
                     [&](std::string_view unit) { return text.find(unit) != std::string_view::npos; });
}

// Values may be names of columns too: periods, or numbers that count up.
bool are_column_names(const std::vector<std::string_view>& values) {
  if (std::all_of(values.begin(), values.end(), is_period)) return true;
  std::optional<std::int64_t> last;
  for (const auto value : values) {
    const auto number = parse_integer(without_blanks(value));
    if (!number || (last && *number != *last + 1)) return false;
    last = number;
  }
  return values.size() > 1;
}

// A name first, then names or what may be one, all in all more than one.
bool reads_as_header(const Cells& row, std::size_t usual) {
  std::set<std::string_view> seen;
  std::vector<std::string_view> values;
  std::size_t remarks = 0;
  std::size_t filled = 0;
  for (const auto& cell : row) {
    if (is_blank(cell)) continue;
    if (filled == 0 && is_value(cell)) return false;
    ++filled;
    seen.insert(without_blanks(cell));
    if (is_value(cell)) values.emplace_back(cell);
    remarks += is_remark(cell) ? 1U : 0U;
  }
  // A merged header repeats its names; a title merged over the whole width is one name.
  const bool enough = filled >= 2 && filled * 10 >= usual * 6 && seen.size() >= 2;
  const bool names = values.empty() || (are_column_names(values) && seen.size() == filled);
  return enough && names && (remarks - std::min(remarks, values.size())) * 2 <= filled;
}

bool is_second_header(const Cells& upper, const Cells& lower) {
  if (upper.size() != lower.size() || upper.empty() || is_blank(upper.front()) || !is_blank(lower.front()))
    return false;
  bool has_blank = false;
  for (std::size_t at = 0; at < upper.size(); ++at) {
    const bool above = !is_blank(upper[at]);
    const bool below = !is_blank(lower[at]);
    if (!above && !below) return false;
    if (below && is_value(lower[at])) return false;
    has_blank = has_blank || !above;
  }
  return has_blank;
}

void fill_to_the_right(std::vector<Cells>& rows) {
  for (std::size_t r = 0; r + 1 < rows.size(); ++r) {
    for (std::size_t at = 1; at < rows[r].size(); ++at) {
      const bool is_filled_below =
          std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(r) + 1, rows.end(),
                      [&](const Cells& lower) { return at < lower.size() && !is_blank(lower[at]); });
      if (is_blank(rows[r][at]) && is_filled_below) rows[r][at] = rows[r][at - 1];
    }
  }
}

}  // namespace

std::size_t filled_cells(const Cells& cells) {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const std::string& cell) { return !is_blank(cell); }));
}

bool is_value(std::string_view cell) {
  auto text = without_blanks(cell);
  if (text.empty()) return false;
  bool has_digit = false;
  while (!text.empty()) {
    const char c = text.front();
    if (c >= '0' && c <= '9') {
      has_digit = true;
      text.remove_prefix(1);
    } else if (std::string_view(".,-+/:% TZ").find(c) != std::string_view::npos) {
      text.remove_prefix(1);
    } else {
      const auto unit = unit_at(text);
      if (unit == 0) return false;
      text.remove_prefix(unit);
    }
  }
  return has_digit;
}

HeaderPlace find_header(std::span<const Cells> window, const SourceLayout& layout) {
  HeaderPlace place;
  if (window.empty()) return place;
  const auto usual = usual_filling(window);
  const auto is_short = [&](const Cells& row) {
    const std::set<std::string> different(row.begin(), row.end());
    return filled_cells(row) * 10 < usual * 6 || (row.size() > 1 && different.size() == 1);
  };
  if (!layout.skip_lines && layout.header) {
    for (std::size_t at = 0; at < std::min(window.size(), kMostTitles + 1); ++at) {
      if (reads_as_header(window[at], usual)) {
        place.first = at;
        break;
      }
      // A full row that is no header: the table has begun.
      const bool is_remarks = std::all_of(window[at].begin(), window[at].end(),
                                          [](const std::string& cell) { return is_blank(cell) || is_remark(cell); });
      if (!is_short(window[at]) && !is_remarks) break;
    }
  }
  if (layout.header_rows) {
    place.rows = static_cast<std::size_t>(*layout.header_rows);
  } else if (layout.header && place.first + 1 < window.size() &&
             is_second_header(window[place.first], window[place.first + 1])) {
    place.rows = 2;
  }
  place.rows = std::min(place.rows, window.size() - place.first);
  return place;
}

ColumnNames name_columns(std::span<const Cells> header, std::size_t width) {
  std::vector<Cells> rows(header.begin(), header.end());
  for (auto& row : rows) row.resize(std::max(width, row.size()));
  fill_to_the_right(rows);
  ColumnNames out;
  for (std::size_t at = 0; at < width; ++at) {
    std::string name;
    std::string_view last;
    for (const auto& row : rows) {
      const auto part = without_blanks(row[at]);
      if (part.empty() || part == last) continue;
      name += (name.empty() ? "" : "/") + std::string(part);
      last = part;
    }
    if (name.empty()) out.unnamed.push_back(at);
    out.names.push_back(std::move(name));
  }
  for (const auto at : out.unnamed) {
    auto name = "column_" + std::to_string(at + 1);
    while (std::find(out.names.begin(), out.names.end(), name) != out.names.end()) name += '_';
    out.names[at] = std::move(name);
  }
  return out;
}

std::size_t table_width(std::span<const Cells> header, std::span<const Cells> data) {
  std::size_t width = 0;
  std::size_t named = 0;
  for (const auto& row : header) {
    width = std::max(width, row.size());
    for (std::size_t at = 0; at < row.size(); ++at) {
      if (!is_blank(row[at])) named = std::max(named, at + 1);
    }
  }
  if (data.empty()) return width;
  const auto all = [&](auto&& holds) { return std::all_of(data.begin(), data.end(), holds); };
  if (all([&](const Cells& row) { return row.size() == width + 1 && is_blank(row.back()); })) return width + 1;
  const auto rows_width = data.front().size();
  if (rows_width >= named && rows_width < width && all([&](const Cells& row) { return row.size() == rows_width; }))
    return rows_width;
  return width;
}

}  // namespace fenqun::reader
