// ingest/source.cpp
#include "ingest/source.hpp"

#include "reader/scratch_file.hpp"
#include "reader/text_file.hpp"

#include <algorithm>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_text;

// What the database calls a structural fault, in our words.
constexpr std::string_view kReasonOfType =
    "CASE error_type WHEN 'MISSING COLUMNS' THEN 'too_few_columns' WHEN 'TOO MANY COLUMNS' THEN 'too_many_columns' "
    "WHEN 'UNQUOTED VALUE' THEN 'broken_quote' ELSE 'unreadable_record' END";

Result<void> open_parquet(warehouse::Workspace& workspace, const fs::path& scratch, Source& source) {
  FENQUN_TRY(source.readable, reader::unpacked(source.file, scratch / "unpacked.parquet", workspace.options().stop));
  // A Parquet file begins and ends with its mark.
  FENQUN_TRY(const auto beginning, reader::read_part(source.readable, 0, 4));
  std::error_code ec;
  const auto size = static_cast<std::int64_t>(fs::file_size(source.readable, ec));
  FENQUN_TRY(const auto ending, reader::read_part(source.readable, std::max<std::int64_t>(0, size - 4), 4));
  const TextArgs where = {{"file", source.file.string()}};
  if (beginning.starts_with("PK")) return fail(ErrorCode::BadData, "ingest.parquet_is_workbook", where);
  if (beginning != "PAR1") return fail(ErrorCode::BadData, "ingest.not_parquet", where);
  if (ending != "PAR1") return fail(ErrorCode::BadData, "ingest.parquet_cut", where);
  const auto from = "read_parquet(" + sql_text(source.readable.string()) + ", hive_partitioning = false)";
  auto& connection = workspace.connection();
  const auto described = connection.query("DESCRIBE SELECT * FROM " + from);
  if (!described) {
    if (described.error().code == ErrorCode::Cancelled) return fail(described.error());
    return fail(ErrorCode::BadData, "ingest.parquet_damaged", where);
  }
  for (std::size_t r = 0; r < described->rows.size(); ++r) {
    source.columns.push_back(described->text(r, 0));
    source.column_types.push_back(described->text(r, 1));
  }
  FENQUN_TRY(source.records, connection.query_integer("SELECT count(*) FROM " + from));
  source.report.format = SourceFormat::Parquet;
  source.report.rows = source.records;
  source.report.is_gzip = source.readable != source.file;
  return {};
}

Result<SourceFormat> choose_format(const fs::path& file, const SourceLayout& layout) {
  if (layout.format) return *layout.format;
  if (const auto by_name = reader::format_of(file)) return *by_name;
  if (file.extension() == ".xls" || file.extension() == ".XLS") return reader::format_of_xls(file);
  return fail(ErrorCode::BadData, "ingest.unknown_format", {{"file", file.string()}});
}

}  // namespace

std::string Source::reader_sql(const std::string& rejects) const {
  if (format == SourceFormat::Parquet) {
    return "read_parquet(" + sql_text(readable.string()) + ", hive_partitioning = false)";
  }
  std::string names;
  for (std::size_t i = 0; i < columns.size(); ++i)
    names += (i > 0 ? ", 'c" : "'c") + std::to_string(i) + "': 'VARCHAR'";
  // Nothing is left to be guessed: what the scanner counted and what the database reads must be the same records.
  auto sql = "read_csv(" + sql_text(readable.string()) +
             ", auto_detect = false, all_varchar = true, strict_mode = true" +
             ", null_padding = false, quote = '\"', escape = '\"', delim = " + sql_text(std::string(1, delimiter)) +
             ", header = " + (header ? "true" : "false") + ", skip = " + std::to_string(lines_before) +
             ", store_rejects = true, rejects_table = " + sql_text(rejects) +
             ", rejects_scan = " + sql_text(rejects + "_scan") + ", columns = {" + names + "})";
  if (!has_odd_quotes) return sql;
  // DuckDB 1.4.4 ends the whole database when it reads but some of the columns and meets a quoted value with letters
  // beyond ASCII behind it. A condition on all columns, true of every row, makes it read them all.
  std::string all;
  for (std::size_t i = 0; i < columns.size(); ++i) all += (i > 0 ? ", c" : "c") + std::to_string(i);
  return "(SELECT * FROM " + sql + " WHERE hash(" + all + ") IS NOT NULL)";
}

std::string Source::broken_sql(const std::string& rejects) const {
  if (format == SourceFormat::Parquet)
    return "SELECT 0::BIGINT AS byte_offset, '' AS reason, '' AS column_name WHERE false";
  // One record can have several faults: the first column's counts.
  auto by_database = "SELECT line_byte_position::BIGINT AS byte_offset, arg_min(" + std::string(kReasonOfType) +
                     ", column_idx) AS reason, CAST(NULL AS VARCHAR) AS column_name FROM " +
                     warehouse::sql_name(rejects) + " GROUP BY line_byte_position ORDER BY line_byte_position";
  if (broken.empty()) return by_database;
  // The twin of JSON lines has no structural fault; what was no object did not come into it.
  return "SELECT byte_offset, reason, CAST(NULL AS VARCHAR) AS column_name FROM read_csv(" + sql_text(broken.string()) +
         ", auto_detect = false, header = false, columns = {'byte_offset': 'BIGINT', 'reason': 'VARCHAR'}) "
         "ORDER BY byte_offset";
}

std::optional<std::size_t> Source::find(std::string_view column) const {
  const auto at = std::find(columns.begin(), columns.end(), column);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

std::string Source::header_name(std::size_t column) const {
  const bool is_blank = std::find(unnamed.begin(), unnamed.end(), column) != unnamed.end();
  return is_blank ? std::string() : columns[column];
}

Result<Source> open_source(warehouse::Workspace& workspace, const fs::path& scratch, const fs::path& file,
                           const SourceLayout& layout) {
  // A file that cannot be read is told as such, whatever it is called.
  FENQUN_TRY(const auto readable, reader::InputFile::open(file));
  std::error_code ec;
  const auto size = fs::file_size(file, ec);
  if (!ec && size == 0) return fail(ErrorCode::BadData, "ingest.empty_file", {{"file", file.string()}});
  Source source;
  source.file = file;
  FENQUN_TRY(source.format, choose_format(file, layout));
  FENQUN_TRY(source.closing_words, reader::ClosingWords::create(workspace.assets()));
  if (source.format == SourceFormat::Parquet) {
    FENQUN_CHECK(open_parquet(workspace, scratch, source));
    return source;
  }
  reader::TableRequest request;
  request.file = file;
  request.format = source.format;
  request.layout = layout;
  request.closing_words = source.closing_words;
  request.scratch = scratch;
  request.stop = workspace.options().stop;
  FENQUN_TRY(static_cast<reader::Table&>(source), reader::open_table(request));
  return source;
}

}  // namespace fenqun::ingest
