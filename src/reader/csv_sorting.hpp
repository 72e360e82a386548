// reader/csv_sorting.hpp - the records of a CSV text sorted into rows and what is none: titles, headers, closing lines,
// blank records. Level 1.
#pragma once

#include "reader/closing_lines.hpp"
#include "reader/record_scanner.hpp"
#include "reader/source_report.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::reader {

/// The part of the text above the rows.
struct CsvPreamble {
  std::int64_t skip_lines = 0;     // physical lines that are not looked at
  std::size_t titles = 0;          // filled records after them, above the header
  std::size_t headers = 0;         // header records after the titles
  std::vector<std::string> lines;  // raw text of titles and headers: a row is none of these
};

/// The first value that is not blank, without its quotes and the blanks around; empty: the record is blank.
std::string_view first_value(std::string_view raw, char delimiter);

/// Takes every record once in their order, then tells which of them are rows. Closing lines at the end are known only
/// there: at most 64 of them, more are rows. Cost: a few comparisons for each record. Not for several threads.
class CsvSorting {
 public:
  CsvSorting(CsvPreamble preamble, ClosingWords words, ClosingLines where, char delimiter);

  /// Lines passed over before the first record that were not empty.
  void skip(std::int64_t filled_lines);
  void add(const ScannedRecord& record);
  void finish();

  /// After finish(): whether the record, taken before, is a row.
  [[nodiscard]] bool is_row(const ScannedRecord& record) const;
  /// Whether something between or below the rows is none.
  [[nodiscard]] bool leaves_out_rows() const noexcept {
    return counts_.repeated_headers + counts_.closing + blank_below_ > 0;
  }
  /// The counts and left-out lines of a report; nothing else of it is filled.
  [[nodiscard]] const SourceReport& counts() const noexcept { return counts_; }

 private:
  enum class Sort : std::uint8_t { Row, Blank, Repeated, Closing };
  struct Judged {
    Sort sort = Sort::Row;
    ClosingSign sign;
  };
  [[nodiscard]] Judged judge(const ScannedRecord& record) const;
  void add_above(const ScannedRecord& record);
  void add_closing(const ScannedRecord& record, const ClosingSign& sign);
  void leave_out(LineKind kind, const ScannedRecord& record);

  CsvPreamble preamble_;
  ClosingWords words_;
  ClosingLines where_;
  char delimiter_;
  std::array<bool, 256> needs_look_{};  // by first byte: the record may be something else than a row
  SourceReport counts_;
  std::size_t above_ = 0;             // titles and headers taken so far
  std::int64_t rows_from_ = 0;        // number of the first record below the header
  std::int64_t blank_below_ = 0;      // blank records below the header
  std::vector<LeftOutLine> closing_;  // since the last row
  std::int64_t closing_from_ = 0;     // number of the first record of `closing_`
  bool too_many_closing_ = false;     // since the last row
};

}  // namespace fenqun::reader
