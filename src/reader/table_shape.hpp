// reader/table_shape.hpp - where in its first rows a table begins: title lines, header rows, names of columns. Level 1.
#pragma once

#include "reader/source_layout.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace fenqun::reader {

using Cells = std::vector<std::string>;

/// How many rows from the first on are looked at.
inline constexpr std::size_t kWindowRows = 64;

struct HeaderPlace {
  std::size_t first = 0;  // index of the header's first row in the window; rows before it are titles
  std::size_t rows = 1;   // header rows: 1..3
};

/// Finds the header among the first filled rows of a table. Titles are passed over only when the layout says nothing of
/// lines to skip and the case is clear: each row before the header fills less than 0.6 of the cells that rows usually
/// fill, and the header's cells are names (days, months and hours among them, and numbers that count up). A second
/// header row counts when the layout says so, or when it is clear: it begins with a blank cell, holds no value, and
/// fills every cell that the first row leaves blank. Cost: the window.
HeaderPlace find_header(std::span<const Cells> window, const SourceLayout& layout);

struct ColumnNames {
  std::vector<std::string> names;    // `width` of them
  std::vector<std::size_t> unnamed;  // those that the header leaves blank: called column_<number from 1>
};

/// Names of columns from header rows: from the top down, blanks around taken off, joined by "/" where they differ. With
/// several rows a blank cell of an upper one takes the name on its left, if the row below it is filled.
ColumnNames name_columns(std::span<const Cells> header, std::size_t width);

/// The header's width: that of its rows, but without blank cells at its end that no data row has, and with one more
/// when every data row ends with one more blank cell.
std::size_t table_width(std::span<const Cells> header, std::span<const Cells> data);

/// Number of cells that are not blank.
std::size_t filled_cells(const Cells& cells);
/// Whether a cell is a number, a date or a time rather than a name; a blank cell is neither.
bool is_value(std::string_view cell);

}  // namespace fenqun::reader
