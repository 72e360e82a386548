// reader/table.hpp - a file made into a table that the database can read, and found again by the people who sent it.
// Level 1.
#pragma once

#include "reader/closing_lines.hpp"
#include "reader/record_scanner.hpp"
#include "reader/source_report.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace fenqun::reader {

/// Where a record of a workbook stands.
struct SheetRow {
  std::uint32_t sheet = 0;  // index in SourceReport::sheets
  std::uint32_t row = 0;    // 1-based
};

/// A shift of line numbers: from `line` of the readable text on, the file's own line is `by` further.
struct LineShift {
  std::int64_t line = 0;
  std::int64_t by = 0;
};

/// One CSV text in UTF-8 with one kind of line end, holding the header (if any) and the rows, nothing else behind
/// `lines_before`.
struct Table {
  std::filesystem::path readable;    // the file itself, or its twin in the scratch folder
  std::vector<std::string> columns;  // names, blanks around them taken off
  std::vector<std::size_t> unnamed;  // indices of columns whose name the header leaves blank
  char delimiter = ',';
  bool header = true;                // `readable` has one header record before the rows
  std::int64_t lines_before = 0;     // physical lines of `readable` before the header (or first record)
  std::int64_t records = 0;          // rows, and records that are broken
  std::vector<SheetRow> sheet_rows;  // XLSX: of each row
  std::vector<LineShift> shifts;     // ascending; empty: lines are those of the file
  std::filesystem::path json_lines;  // JSON lines: the text whose lines the records are; else empty
  std::int64_t json_skip_lines = 0;  // JSON lines: lines of it before the first record
  std::filesystem::path broken;      // JSON lines: CSV of byte_offset, reason for each line that is no record
  std::int64_t broken_records = 0;   // how many lines that has
  bool has_odd_quotes = false;       // some record has text behind a closing quote
  TextTraits traits;                 // of the values; JSON lines: anything may occur
  SourceReport report;

  /// A scanner that stands before the first record. Errors: BadData "ingest.unreadable".
  [[nodiscard]] Result<RecordScanner> scan() const;
  /// The line (XLSX: row of the sheet) of the file on which a record of scan() begins.
  [[nodiscard]] std::int64_t line_of(const ScannedRecord& record) const;
  /// The sheet it stands on, where several were read; else empty.
  [[nodiscard]] std::string sheet_of(const ScannedRecord& record) const;
};

struct TableRequest {
  std::filesystem::path file;
  SourceFormat format = SourceFormat::Csv;  // all but Parquet
  SourceLayout layout;
  ClosingWords closing_words;
  std::filesystem::path scratch;  // an existing folder for twins
  std::stop_token stop;
};

/// Makes a CSV, JSON lines or XLSX file, gzipped or not, into a table. A UTF-8 CSV without any line to leave out is
/// read once and left as it is (about 1 GB/s); everything else gets a twin. Memory: bounded, but for 8 bytes for each
/// row of a workbook and its shared texts. Errors, all BadData with the file: "ingest.unreadable", "ingest.empty_file",
/// "ingest.binary_file" (byte), "ingest.not_utf8" (byte; the mapping says utf-8), "reader.encoding_unclear" (byte),
/// "ingest.not_decodable", "ingest.broken_quote" (line), "ingest.record_too_long" (line), those of gunzip,
/// convert_json_lines and convert_xlsx; Io (scratch); Cancelled.
Result<Table> open_table(const TableRequest& request);

/// The format of a file that calls itself .xls, by its content: texts and workbooks of today go by that name as well.
/// Errors: BadData "reader.old_workbook" (Excel 97, or a workbook with a password), "reader.web_page" (HTML or XML).
Result<SourceFormat> format_of_xls(const std::filesystem::path& file);

/// Unpacks a gzip file into `twin`; returns the path to read: the twin, or the file itself when it is not gzip.
/// Errors: those of gunzip, Io, Cancelled.
Result<std::filesystem::path> unpacked(const std::filesystem::path& file, const std::filesystem::path& twin,
                                       const std::stop_token& stop);

}  // namespace fenqun::reader
