// reader/sheet_dump.cpp
#include "reader/sheet_dump.hpp"

#include "reader/csv_line.hpp"
#include "reader/utf8.hpp"

#include <algorithm>
#include <map>

namespace fenqun::reader {
namespace {

struct WindowRow {
  std::uint32_t row = 0;
  Cells cells;
};

bool is_blank(const Cells& cells, std::size_t at) { return at >= cells.size() || without_blanks(cells[at]).empty(); }

class SheetDumper {
 public:
  SheetDumper(const SourceLayout& layout, std::vector<MergedCell> merged, OutputFile& out)
      : layout_(layout), merged_(std::move(merged)), out_(out) {}

  Result<bool> add(std::uint32_t row, Cells cells) {
    if (row <= layout_.skip_lines.value_or(0)) {
      ++dump_.skipped;
      return true;
    }
    if (!begun_) {
      window_.push_back({row, std::move(cells)});
      if (window_.size() == kWindowRows) FENQUN_CHECK(begin());
      return true;
    }
    FENQUN_CHECK(write(row, std::move(cells)));
    return true;
  }
  Result<CsvDump> finish() {
    if (!begun_) FENQUN_CHECK(begin());
    return std::move(dump_);
  }

 private:
  Result<void> begin();
  Result<void> write(std::uint32_t row, Cells cells);
  [[nodiscard]] std::vector<Cells> with_merged_cells() const;
  [[nodiscard]] std::size_t header_rows(std::size_t first) const;
  void fill_down(std::uint32_t row, Cells& cells);

  const SourceLayout& layout_;
  std::vector<MergedCell> merged_;
  OutputFile& out_;
  CsvDump dump_;
  std::vector<WindowRow> window_;
  bool begun_ = false;
  std::size_t width_ = 0;
  std::string line_;
  std::size_t next_merged_ = 0;  // first that begins below the rows written
  struct Running {
    std::uint32_t bottom = 0;
    std::string value;
  };
  std::map<std::uint32_t, Running> running_;  // by column: merged cells that go on
};

// The window with the value of each merged cell in all that it covers.
std::vector<Cells> SheetDumper::with_merged_cells() const {
  std::vector<Cells> rows;
  for (const auto& row : window_) {
    rows.push_back(row.cells);
    rows.back().resize(width_);
  }
  for (const auto& merged : merged_) {
    const auto first = std::lower_bound(window_.begin(), window_.end(), merged.top,
                                        [](const WindowRow& row, std::uint32_t top) { return row.row < top; });
    if (first == window_.end()) break;
    if (first->row != merged.top || is_blank(first->cells, merged.left)) continue;
    const auto& value = first->cells[merged.left];
    const auto right = std::min<std::size_t>(merged.right, width_ - 1);
    for (auto at = static_cast<std::size_t>(first - window_.begin());
         at < rows.size() && window_[at].row <= merged.bottom; ++at) {
      if (rows[at].size() <= right) rows[at].resize(right + 1);
      for (std::size_t column = merged.left; column <= right; ++column) rows[at][column] = value;
    }
  }
  return rows;
}

// As many rows as the merged cells that begin in its first row reach down; one more below cells merged over columns
// alone, where names stand below each.
std::size_t SheetDumper::header_rows(std::size_t first) const {
  constexpr std::size_t kMost = 3;
  const auto top = window_[first].row;
  auto bottom = top;
  bool all_named_below = false;
  for (const auto& merged : merged_) {
    if (merged.top == top) bottom = std::max(bottom, merged.bottom);
  }
  if (bottom == top && first + 1 < window_.size() && window_[first + 1].row == top + 1) {
    const auto& below = window_[first + 1].cells;
    for (const auto& merged : merged_) {
      if (merged.top != top || merged.left == merged.right) continue;
      all_named_below = true;
      for (auto at = merged.left; at <= merged.right; ++at) {
        if (is_blank(below, at) || is_value(below[at])) return 1;
      }
    }
  }
  if (all_named_below) return 2;
  std::size_t rows = 0;
  while (first + rows < window_.size() && window_[first + rows].row <= bottom && rows < kMost) ++rows;
  return rows;
}

Result<void> SheetDumper::begin() {
  begun_ = true;
  for (const auto& row : window_) width_ = std::max(width_, row.cells.size());
  auto rows = with_merged_cells();
  auto& place = dump_.place;
  place = find_header(rows, layout_);
  if (!window_.empty() && layout_.header && !layout_.header_rows)
    place.rows = std::max(place.rows, header_rows(place.first));
  if (!layout_.header) place.rows = 0;
  for (std::size_t at = 0; at < window_.size(); ++at) {
    const bool is_header = at >= place.first && at < place.first + place.rows;
    if (is_header) {
      dump_.header_again.emplace_back();
      append_record(dump_.header_again.back(), window_[at].cells, width_);
      dump_.header_again.back().pop_back();
    }
    FENQUN_CHECK(write(window_[at].row, is_header ? std::move(rows[at]) : std::move(window_[at].cells)));
  }
  window_.clear();
  return {};
}

void SheetDumper::fill_down(std::uint32_t row, Cells& cells) {
  std::erase_if(running_, [&](const auto& entry) { return entry.second.bottom < row; });
  for (auto& [column, merged] : running_) {
    if (!is_blank(cells, column)) continue;
    if (cells.size() <= column) cells.resize(column + 1);
    cells[column] = merged.value;
  }
  for (; next_merged_ < merged_.size() && merged_[next_merged_].top <= row; ++next_merged_) {
    const auto& merged = merged_[next_merged_];
    if (merged.top == row && merged.bottom > row && !is_blank(cells, merged.left))
      running_[merged.left] = {merged.bottom, cells[merged.left]};
  }
}

Result<void> SheetDumper::write(std::uint32_t row, Cells cells) {
  if (layout_.fill_merged && dump_.rows.size() >= dump_.place.first + dump_.place.rows) fill_down(row, cells);
  line_.clear();
  append_record(line_, cells, width_);
  dump_.rows.push_back(row);
  return out_.write(line_);
}

}  // namespace

Result<CsvDump> dump_sheet(XlsxBook& book, const SheetInfo& sheet, const SourceLayout& layout,
                           const std::filesystem::path& csv) {
  FENQUN_TRY(auto merged, book.merged_cells(sheet));
  FENQUN_TRY(auto out, OutputFile::create(csv));
  SheetDumper dumper(layout, std::move(merged), out);
  FENQUN_CHECK(book.for_rows(sheet, [&](std::uint32_t row, Cells cells) { return dumper.add(row, std::move(cells)); }));
  FENQUN_TRY(auto dump, dumper.finish());
  dump.path = csv;
  FENQUN_CHECK(out.close());
  return dump;
}

Result<SheetContent> look_at(XlsxBook& book, const SheetInfo& sheet) {
  auto content = SheetContent::Empty;
  std::size_t rows = 0;
  std::size_t wide_rows = 0;
  FENQUN_CHECK(book.for_rows(sheet, [&](std::uint32_t /*row*/, const Cells& cells) -> Result<bool> {
    const auto filled = filled_cells(cells);
    if (filled > 0) content = SheetContent::Text;
    wide_rows += filled > 1 ? 1U : 0U;
    if (wide_rows > 1) content = SheetContent::Table;
    return content != SheetContent::Table && ++rows < kWindowRows;
  }));
  return content;
}

}  // namespace fenqun::reader
