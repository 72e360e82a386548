// cli/text_table.hpp - tables in a terminal whose columns line up in Chinese as well. Level 8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::cli {

/// Columns that a text takes in a terminal: CJK and full-width forms two, combining marks none. Takes UTF-8; a byte
/// that is none counts one.
std::size_t display_width(std::string_view text);

/// "████▌     ": a share 0..1 as a bar of `width` columns.
std::string share_bar(double share, std::size_t width);

enum class Align : std::uint8_t { Left, Right };

class TextTable {
 public:
  struct Column {
    std::string title;
    Align align = Align::Left;
  };
  /// Titles and cells are made visible(): none has a line end or anything else that a terminal obeys.
  explicit TextTable(std::vector<Column> columns);
  /// One cell per column; missing ones are empty.
  void add(std::vector<std::string> cells);
  /// Lines with a rule under the titles, each indented by two.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace fenqun::cli
