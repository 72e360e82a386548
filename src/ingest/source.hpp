// ingest/source.hpp - a source file made readable for the database: checked, decoded, its columns known. Level 2.
#pragma once

#include "base/result.hpp"
#include "ingest/mapping.hpp"
#include "reader/table.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::ingest {

using reader::RecordScanner;
using reader::ScannedRecord;

/// For Parquet `readable`, `columns`, `records` and the report are filled of the table, the rest is idle.
struct Source : reader::Table {
  std::filesystem::path file;  // as the caller named it: what messages show
  SourceFormat format = SourceFormat::Csv;
  reader::ClosingWords closing_words;     // of the workspace
  std::vector<std::string> column_types;  // Parquet: the database's type of each column; else empty

  /// SQL of a table function that reads it with columns c0, c1 ... (Parquet: with their own names); structural faults
  /// go to temporary table `rejects`.
  [[nodiscard]] std::string reader_sql(const std::string& rejects) const;
  /// SQL of a query for the records that are broken: byte_offset, reason, column_name. To be run after a table was made
  /// of reader_sql(rejects).
  [[nodiscard]] std::string broken_sql(const std::string& rejects) const;
  /// Index of a column; nothing when the file has none of that name.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
  /// What the header calls a column: empty where it leaves the name blank.
  [[nodiscard]] std::string header_name(std::size_t column) const;
};

/// Checks the file and makes it readable, with twins in `scratch`. The format is the layout's, else that of the file's
/// name. Errors: BadData: "ingest.unknown_format", "ingest.not_parquet",
/// "ingest.parquet_is_workbook", "ingest.parquet_cut", "ingest.parquet_damaged", those of reader::open_table; Io;
/// Cancelled.
Result<Source> open_source(warehouse::Workspace& workspace, const std::filesystem::path& scratch,
                           const std::filesystem::path& file, const SourceLayout& layout);

}  // namespace fenqun::ingest
