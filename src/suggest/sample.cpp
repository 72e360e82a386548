// suggest/sample.cpp
#include "suggest/sample.hpp"

#include "ingest/reading.hpp"
#include "reader/utf8.hpp"
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace fenqun::suggest {
namespace {

constexpr std::size_t kMostCells = 400'000;
constexpr std::size_t kFewestRows = 20;
constexpr const char* kRejects = "suggest_rejects";

/// What ingest takes for no value, made comparable.
std::set<std::u32string> empty_texts() {
  std::set<std::u32string> out;
  for (const auto& text : ingest::default_empty_texts()) out.insert(plain(text));
  return out;
}

// Whether the first filled cell is a word of totals: 小计, 0001 小计.
bool is_total(const reader::ClosingWords& words, const warehouse::RowSet& rows, std::size_t row, std::size_t columns) {
  std::size_t first = 0;
  while (first < columns && reader::without_blanks(rows.text(row, first)).empty()) ++first;
  if (first == columns) return false;
  const auto cell = std::string(reader::without_blanks(rows.text(row, first)));
  return words.judge(cell, "").has_value() || words.ends_so(cell);
}

}  // namespace

Result<Sample> take_sample(warehouse::Workspace& workspace, const std::filesystem::path& scratch,
                           const std::filesystem::path& file, const ingest::SourceLayout& layout,
                           std::size_t most_rows) {
  FENQUN_TRY(const auto source, ingest::open_source(workspace, scratch, file, layout));
  if (source.columns.size() > kMostColumns) {
    return fail(ErrorCode::BadData, "suggest.too_many_columns",
                {{"file", file.string()},
                 {"columns", std::to_string(source.columns.size())},
                 {"limit", std::to_string(kMostColumns)}});
  }
  Sample sample;
  sample.records = source.records;
  sample.source = source.report;
  for (std::size_t i = 0; i < source.columns.size(); ++i) sample.table.headers.push_back(source.header_name(i));
  sample.table.columns.resize(source.columns.size());
  const auto rows = std::clamp(kMostCells / std::max<std::size_t>(source.columns.size(), 1), kFewestRows, most_rows);
  std::string select;
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    const auto name = source.column_types.empty() ? "c" + std::to_string(i) : warehouse::sql_name(source.columns[i]);
    select += (i > 0 ? ", " : "") + std::string("CAST(") + name + " AS VARCHAR)";
  }
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto found, connection.query("SELECT " + select + " FROM " + source.reader_sql(kRejects) +
                                                " LIMIT " + std::to_string(rows)));
  FENQUN_CHECK(connection.execute(std::string("DROP TABLE IF EXISTS ") + kRejects + "; DROP TABLE IF EXISTS " +
                                  kRejects + "_scan"));
  sample.rows = static_cast<std::int64_t>(found.rows.size());
  if (source.format == reader::SourceFormat::Csv || source.format == reader::SourceFormat::Xlsx) {
    for (std::size_t row = 0; row < found.rows.size(); ++row)
      sample.totals += is_total(source.closing_words, found, row, source.columns.size()) ? 1 : 0;
  }
  const auto empty = empty_texts();
  for (std::size_t column = 0; column < source.columns.size(); ++column) {
    auto& cells = sample.table.columns[column];
    cells.reserve(found.rows.size());
    for (std::size_t row = 0; row < found.rows.size(); ++row) {
      auto text = found.text(row, column);
      const bool blank = found.is_null(row, column) || empty.contains(plain(text));
      cells.push_back(blank ? Cell() : Cell(std::move(text)));
    }
  }
  return sample;
}

}  // namespace fenqun::suggest
