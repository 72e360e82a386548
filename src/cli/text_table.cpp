// cli/text_table.cpp
#include "cli/text_table.hpp"

#include "cli/visible_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// East Asian wide and full-width blocks (Unicode UAX #11), as terminals draw them.
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0x33FF},
                                         {0x3400, 0x4DBF},
                                         {0x4E00, 0x9FFF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60}}};

bool is_wide(char32_t c) {
  return std::any_of(kWide.begin(), kWide.end(), [&](const Range& r) { return c >= r.first && c <= r.last; }) ||
         (c >= 0x20000 && c <= 0x3FFFD);
}

// The code point at `at`, which moves behind it.
char32_t next_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? lead : lead & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; ++i) {
    point = (point << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return point;
}

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const auto used = display_width(cell);
  const std::string space(width > used ? width - used : 0, ' ');
  return align == Align::Left ? cell + space : space + cell;
}

std::string without_trailing_space(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_point(text, at);
    if (point >= 0x300 && point <= 0x36F) continue;
    width += is_wide(point) ? 2U : 1U;
  }
  return width;
}

std::string share_bar(double share, std::size_t width) {
  constexpr std::array kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double cells = std::clamp(share, 0.0, 1.0) * static_cast<double>(width);
  auto eighths = static_cast<std::size_t>(std::lround(cells * 8));
  if (share > 0 && eighths == 0) eighths = 1;
  std::string out;
  for (std::size_t i = 0; i < eighths / 8; ++i) out += "█";
  out += kEighths[eighths % 8];
  const auto used = eighths / 8 + (eighths % 8 > 0 ? 1 : 0);
  return out + std::string(width - std::min(width, used), ' ');
}

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (auto& column : columns_) column.title = visible(column.title, LineEnds::Shown);
}

void TextTable::add(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = visible(cell, LineEnds::Shown);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t width = display_width(columns_[c].title);
    for (const auto& row : rows_) width = std::max(width, c < row.size() ? display_width(row[c]) : 0);
    widths.push_back(width);
  }
  std::string head = "  ";
  std::string rule = "  ";
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    head += padded(columns_[c].title, widths[c], columns_[c].align) + "  ";
    for (std::size_t i = 0; i < widths[c]; ++i) rule += "─";
    rule += "  ";
  }
  std::string out = without_trailing_space(head) + "\n" + without_trailing_space(rule) + "\n";
  for (const auto& row : rows_) {
    std::string line = "  ";
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      line += padded(c < row.size() ? row[c] : "", widths[c], columns_[c].align) + "  ";
    }
    out += without_trailing_space(line) + "\n";
  }
  return out;
}

}  // namespace fenqun::cli
