// ingest/record_locator.cpp
#include "ingest/record_locator.hpp"

#include <optional>
#include <utility>

namespace fenqun::ingest {
namespace {

using warehouse::Appender;
using warehouse::ColumnType;
using warehouse::RowSet;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// A sorted table read in pages, so that any number of rows passes through bounded memory.
class SortedTable {
 public:
  SortedTable(Workspace& workspace, std::string table, std::string key)
      : workspace_(workspace), table_(std::move(table)), key_(std::move(key)) {}

  /// True while there is a current row.
  Result<bool> load() {
    if (at_ < page_.rows.size()) return true;
    if (finished_) return false;
    auto rows =
        workspace_.connection().query("SELECT * FROM " + table_ + " WHERE " + key_ + " > " + std::to_string(last_) +
                                      " ORDER BY " + key_ + " LIMIT " + std::to_string(kPageRows));
    if (!rows) return fail(std::move(rows).error());
    page_ = *std::move(rows);
    at_ = 0;
    finished_ = page_.rows.size() < kPageRows;
    if (page_.rows.empty()) return false;
    last_ = page_.integer(page_.rows.size() - 1, 0);
    return true;
  }
  [[nodiscard]] std::int64_t key() const { return page_.integer(at_, 0); }
  [[nodiscard]] std::string text(std::size_t column) const { return page_.text(at_, column); }
  void next() { ++at_; }

 private:
  static constexpr std::size_t kPageRows = 16384;
  Workspace& workspace_;
  std::string table_;
  std::string key_;
  RowSet page_;
  std::size_t at_ = 0;
  std::int64_t last_ = -1;
  bool finished_ = false;
};

class Locator {
 public:
  Locator(Workspace& workspace, const StagingArea& area, const Source& source)
      : workspace_(workspace),
        area_(area),
        source_(source),
        wanted_(workspace, area.table("wanted"), "ordinal"),
        broken_(workspace, area.table("wanted_broken"), "byte_offset"),
        all_broken_(workspace, area.table("broken0"), "byte_offset") {}

  Result<void> walk() {
    FENQUN_TRY(auto scanner, source_.scan());
    FENQUN_TRY(auto places, workspace_.connection().appender(area_.catalogue(), "place",
                                                             {{"ordinal", ColumnType::Integer},
                                                              {"line", ColumnType::Integer},
                                                              {"raw", ColumnType::Text},
                                                              {"sheet", ColumnType::Text}},
                                                             warehouse::Connection::Table::Create));
    FENQUN_TRY(auto broken_places, workspace_.connection().appender(area_.catalogue(), "broken_place",
                                                                    {{"line", ColumnType::Integer},
                                                                     {"reason", ColumnType::Text},
                                                                     {"column_name", ColumnType::Text},
                                                                     {"raw", ColumnType::Text},
                                                                     {"sheet", ColumnType::Text}},
                                                                    warehouse::Connection::Table::Create));
    std::int64_t split = 0;
    ScannedRecord record;
    while (true) {
      FENQUN_TRY(const bool any_wanted, wanted_.load());
      FENQUN_TRY(const bool any_broken, broken_.load());
      if ((!any_wanted && !any_broken) || !scanner.next(record)) break;
      FENQUN_TRY(const bool is_broken, take_broken(record, any_broken, broken_places));
      if (is_broken) continue;
      if (any_wanted && wanted_.key() == split) {
        FENQUN_CHECK(add_place(record, split, places));
        wanted_.next();
      }
      ++split;
    }
    FENQUN_CHECK(places.close());
    return broken_places.close();
  }

 private:
  // The database names the byte before a record, or its first, or a blank line before it; records come in order, so the
  // first one that begins at or after the byte before is meant.
  static bool is_at(const ScannedRecord& record, std::int64_t byte_offset) { return record.offset >= byte_offset - 1; }

  Result<bool> take_broken(const ScannedRecord& record, bool any_to_show, Appender& out) {
    FENQUN_TRY(const bool any, all_broken_.load());
    if (!any || !is_at(record, all_broken_.key())) return false;
    if (any_to_show && broken_.key() == all_broken_.key()) {
      out.set_integer(0, source_.line_of(record));
      out.set_text(1, broken_.text(1));
      out.set_null(2);
      out.set_text(3, record.raw);
      out.set_text(4, source_.sheet_of(record));
      FENQUN_CHECK(out.end_row());
      broken_.next();
    }
    all_broken_.next();
    return true;
  }

  Result<void> add_place(const ScannedRecord& record, std::int64_t ordinal, Appender& out) {
    out.set_integer(0, ordinal);
    out.set_integer(1, source_.line_of(record));
    out.set_text(2, record.raw);
    out.set_text(3, source_.sheet_of(record));
    return out.end_row();
  }

  Workspace& workspace_;
  const StagingArea& area_;
  const Source& source_;
  SortedTable wanted_;
  SortedTable broken_;      // those to be shown
  SortedTable all_broken_;  // those to be passed over
};

// A Parquet row has no line and no text: its number, counted from 1, and its values as JSON.
Result<void> locate_parquet_rows(Workspace& workspace, const StagingArea& area, const Source& source) {
  std::string values;
  for (const auto& column : source.columns)
    values += (values.empty() ? "" : ", ") + sql_text(column) + ": " + sql_name(column);
  auto& connection = workspace.connection();
  FENQUN_CHECK(connection.execute("CREATE TABLE " + area.table("place") +
                                  " AS SELECT file_row_number AS ordinal, "
                                  "file_row_number + 1 AS line, CAST(to_json({" +
                                  values + "}) AS VARCHAR) AS raw, '' AS sheet FROM read_parquet(" +
                                  sql_text(source.readable.string()) +
                                  ", file_row_number = true, hive_partitioning = false) "
                                  "WHERE file_row_number IN (SELECT ordinal FROM " +
                                  area.table("wanted") + ")"));
  return connection.execute("CREATE TABLE " + area.table("broken_place") +
                            " (line BIGINT, reason VARCHAR, column_name VARCHAR, raw VARCHAR, sheet VARCHAR)");
}

}  // namespace

Result<void> locate_records(Workspace& workspace, const StagingArea& area, const Source& source) {
  if (source.format == SourceFormat::Parquet) return locate_parquet_rows(workspace, area, source);
  return Locator(workspace, area, source).walk();
}

}  // namespace fenqun::ingest
