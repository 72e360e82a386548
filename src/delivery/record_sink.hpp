// delivery/record_sink.hpp - records into a file of some format, each with the line at which a reader finds it.
// Level 4.
#pragma once

#include "delivery/style.hpp"
#include "delivery/text_out.hpp"
#include "warehouse/database.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fenqun::delivery {

enum class Format : std::uint8_t { Csv, Xlsx, JsonLines, Parquet };

struct SinkOptions {
  std::filesystem::path path;
  Format format = Format::Csv;
  Encoding encoding = Encoding::Utf8;  // Csv, JsonLines
  bool packed = false;                 // Csv, JsonLines: gzip
  char delimiter = ',';                // Csv
  std::string line_end = "\n";         // Csv
};

/// A header cell over one or two rows; group empty: one row, or merged over both.
struct HeaderCell {
  std::string group;
  std::string name;
};

/// Not for several threads. Errors of all calls: Io, Database, Internal.
class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  virtual ~RecordSink() = default;

  /// Begins a sheet of a workbook; other formats have none and pass over it.
  virtual Result<void> sheet(const std::string& name) = 0;
  /// One line above the header. Csv, Xlsx.
  virtual Result<void> title(const std::string& text) = 0;
  /// Two rows, and merged, where a cell has a group.
  virtual Result<void> header(const std::vector<HeaderCell>& cells) = 0;
  /// The line (Xlsx: row of the sheet; Parquet: number of the row, 1-based) of the record.
  virtual Result<std::int64_t> record(const std::vector<OutCell>& cells) = 0;
  /// A line as it is, with whatever is wrong with it. Csv, JsonLines.
  virtual Result<std::int64_t> broken(const std::string& text, bool ends) = 0;
  virtual Result<void> close() = 0;
};

/// `session` must outlive it (Parquet).
Result<std::unique_ptr<RecordSink>> make_sink(const SinkOptions& options, warehouse::Connection& session);
Result<std::unique_ptr<RecordSink>> make_workbook(const std::filesystem::path& path);

/// A record as a line of CSV, without its end.
std::string csv_line(const std::vector<OutCell>& cells, char delimiter);

}  // namespace fenqun::delivery
