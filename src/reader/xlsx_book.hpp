// reader/xlsx_book.hpp - a workbook: its sheets, and the rows of each as texts. Level 1.
#pragma once

#include "reader/table_shape.hpp"
#include "reader/xlsx_part.hpp"
#include "reader/xlsx_value.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace pugi {
class xml_document;
class xml_node;
}  // namespace pugi

namespace fenqun::reader {

struct SheetInfo {
  std::string name;
  std::string part;  // in the archive
  bool is_hidden = false;
};

/// A merged cell: rows from 1, columns from 0, both ends inside.
struct MergedCell {
  std::uint32_t top = 0;
  std::uint32_t bottom = 0;
  std::uint32_t left = 0;
  std::uint32_t right = 0;
};

/// Not for several threads.
class XlsxBook {
 public:
  /// `name` is what messages call the file. Reads contents, styles and shared texts.
  /// Errors: BadData "ingest.not_xlsx" (part), "reader.xlsx_large_element", "reader.xlsx_large_part";
  /// Cancelled.
  static Result<XlsxBook> open(const std::filesystem::path& file, const std::string& name, std::stop_token stop);

  [[nodiscard]] const std::vector<SheetInfo>& sheets() const noexcept { return sheets_; }
  /// The merged cells of a sheet, by their top row. A pass over its XML. Errors: as for_rows.
  Result<std::vector<MergedCell>> merged_cells(const SheetInfo& sheet);
  /// Calls `on_row` with the number (from 1, rising) and the cells of each row that has a filled one, blank cells at
  /// the end left out, until it returns false. Texts as they are, shared and inline; numbers in full digits; booleans
  /// true/false; cells whose style shows a date or time in ISO form; a formula's last value; error values as their text
  /// (#N/A). One row at a time is in memory.
  /// Errors: BadData "reader.sheet_damaged" (its XML is not whole, where all of it was read), "reader.no_shared_text"
  /// (a cell names a shared text that is not there), "reader.xlsx_many_rows", "reader.xlsx_many_columns",
  /// "reader.xlsx_many_merges"; as open; those of on_row.
  /// Source: ECMA-376 part 1, 18.3 (sheets), 18.8.30 (number formats), 18.17.4 (dates).
  Result<void> for_rows(const SheetInfo& sheet,
                        const std::function<Result<bool>(std::uint32_t row, Cells cells)>& on_row);

 private:
  XlsxBook(XlsxArchive archive, std::string name, std::stop_token stop)
      : archive_(std::move(archive)), name_(std::move(name)), stop_(std::move(stop)) {}
  Result<void> read_document(const std::string& part, bool required, pugi::xml_document& into);
  Result<void> read_contents();
  Result<void> read_styles();
  Result<void> read_texts();
  Result<Cells> cells_of(const SheetInfo& sheet, const pugi::xml_node& row) const;
  [[nodiscard]] Result<std::string> cell_text(const SheetInfo& sheet, const pugi::xml_node& cell) const;
  Result<std::string> shared_text(const SheetInfo& sheet, const pugi::xml_node& cell, std::string_view index) const;
  Result<void> elements_of(const SheetInfo& sheet, std::string_view name,
                           const std::function<Result<bool>(std::string_view)>& on_element);
  [[nodiscard]] tl::unexpected<Error> beyond(const SheetInfo& sheet, const char* key, std::int64_t limit) const;
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& part) const;

  XlsxArchive archive_;
  std::string name_;
  std::stop_token stop_;
  std::vector<SheetInfo> sheets_;
  DateSystem dates_ = DateSystem::From1900;
  std::vector<Shown> styles_;
  std::vector<std::string> texts_;
};

}  // namespace fenqun::reader
