// ingest/source.hpp - a source file made readable: checked, decoded, its columns known. Level 2.
#pragma once

#include "base/result.hpp"
#include "ingest/mapping.hpp"
#include "reader/record_scanner.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::ingest {

using reader::RecordScanner;
using reader::ScannedRecord;

struct Source {
  std::filesystem::path file;  // as the caller named it: what messages show
  SourceFormat format = SourceFormat::Csv;
  std::filesystem::path
      readable;  // UTF-8 CSV or Parquet that the database reads: the file itself or its twin in scratch
  std::vector<std::string> columns;       // header, blanks around names taken off
  std::vector<std::string> column_types;  // Parquet: the database's type of each column; else empty
  char delimiter = ',';
  bool header = true;
  std::int64_t lines_before = 0;         // physical lines of `readable` before the header (or first record)
  std::int64_t records = 0;              // without the header, by our own count
  std::vector<std::int64_t> sheet_rows;  // XLSX: row of the sheet for each record, header included
  reader::TextTraits traits;             // Parquet: anything may occur

  /// SQL of a table function that reads it with columns c0, c1 ...; structural faults go to temporary table `rejects`.
  [[nodiscard]] std::string reader_sql(const std::string& rejects) const;
  /// Index of a column; nothing when the file has none of that name.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
  /// The line (XLSX: row) that a message names for a record of `readable`.
  [[nodiscard]] std::int64_t shown_line(const ScannedRecord& record) const;
  /// A scanner over `readable` that stands before the first record (header passed). Errors: BadData.
  Result<RecordScanner> scan() const;
};

/// By the file's name: .csv .txt .tsv, .xlsx, .parquet. Errors: BadData "ingest.unknown_format".
Result<SourceFormat> format_of(const std::filesystem::path& file);

/// Checks the file and makes it readable, with twins (decoded, from XLSX, with one kind of line end) in `scratch`.
/// Errors: BadData: "ingest.unreadable", "ingest.empty_file", "ingest.binary_file" (byte), "ingest.not_utf8" (byte,
/// and the encoding that would fit), "ingest.not_decodable", "ingest.broken_quote" (line), "ingest.record_too_long",
/// "ingest.not_parquet", those of convert_xlsx; Io; Cancelled.
Result<Source> open_source(warehouse::Workspace& workspace, const std::filesystem::path& scratch,
                           const std::filesystem::path& file, const SourceLayout& layout);

}  // namespace fenqun::ingest
