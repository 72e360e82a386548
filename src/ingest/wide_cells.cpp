// ingest/wide_cells.cpp
#include "ingest/wide_cells.hpp"

#include "ingest/text_sql.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::ingest {
namespace {

using warehouse::sql_text;

// The field that is put together with the cells' names; nothing when there is none.
const FieldSource* composed_with_name(const LoadEntry& entry) {
  const auto found = std::find_if(entry.fields.begin(), entry.fields.end(), [](const FieldMapping& mapped) {
    return mapped.source.kind == FieldSource::Kind::Composed && mapped.source.within.empty();
  });
  return found == entry.fields.end() ? nullptr : &found->source;
}

Result<CellSeries> choose_series(const LoadEntry& entry, SourceColumns& columns, const std::set<std::size_t>& apart) {
  const auto& names = columns.source().columns;
  const auto* composed = composed_with_name(entry);
  const auto stamp = composed != nullptr ? composed->stamp : Stamp::Unsaid;
  FENQUN_TRY(auto series, find_series(names, apart, entry.wide->series, stamp, columns.where()));
  if (composed != nullptr && series.has_year) {
    auto args = columns.where();
    args.push_back({"column", names[series.cells.front().column]});
    return fail(ErrorCode::BadData, "ingest.series_year", std::move(args));
  }
  return series;
}

Result<CellSeries> choose_cells(const LoadEntry& entry, SourceColumns& columns) {
  const auto& wide = *entry.wide;
  const auto& source = columns.source();
  std::set<std::size_t> apart;
  for (const auto& column : wide.keep) {
    FENQUN_TRY(const auto at, columns.find(column));
    apart.insert(at);
  }
  if (wide.pick == WideLayout::Pick::Series) return choose_series(entry, columns, apart);
  CellSeries chosen;
  for (const auto& [column, name] : wide.columns) {
    FENQUN_TRY(const auto at, columns.find(column));
    if (wide.pick == WideLayout::Pick::Listed)
      chosen.cells.push_back({at, name, 0});
    else
      apart.insert(at);
  }
  if (wide.pick == WideLayout::Pick::Listed) return chosen;
  for (std::size_t at = 0; at < source.columns.size(); ++at) {
    if (!apart.contains(at)) chosen.cells.push_back({at, source.header_name(at), 0});
  }
  return chosen;
}

// Most cells are numbers: a look at their first character saves the thorough one.
std::string has_value_sql(const Reading& reading) {
  return "CASE WHEN _cell BETWEEN '0' AND ':' THEN true WHEN _cell IS NOT NULL THEN " +
         tidy_sql("_cell", reading, Width::Half, Placeholders::Empty) + " IS NOT NULL END";
}

}  // namespace

Result<std::string> unfold_cells(const LoadEntry& entry, SourceColumns& columns, const Reading& reading,
                                 const std::string& inner) {
  FENQUN_TRY(const auto chosen, choose_cells(entry, columns));
  std::string names;
  std::string cells;
  std::string positions;
  for (const auto& cell : chosen.cells) {
    FENQUN_CHECK(columns.take(cell.column));
    const auto* comma = names.empty() ? "" : ", ";
    names += comma + sql_text(cell.name);
    cells += fmt::format("{}CAST({} AS VARCHAR)", comma, SourceColumns::raw_name(cell.column));
    positions += comma + std::to_string(cell.position);
  }
  auto sql = fmt::format("SELECT *, unnest([{}]) AS _name, unnest([{}]) AS _cell", names, cells);
  if (entry.wide->pick == WideLayout::Pick::Series) sql += ", unnest([" + positions + "]) AS _at";
  sql += " FROM (" + inner + ")";
  return entry.wide->has_value ? "SELECT * FROM (" + sql + ") WHERE " + has_value_sql(reading) : sql;
}

std::set<std::size_t> cell_columns(const WideLayout& wide, const Source& source) {
  std::set<std::size_t> named;
  for (const auto& [column, name] : wide.columns) {
    if (const auto at = source.find(column)) named.insert(*at);
  }
  if (wide.pick == WideLayout::Pick::Listed) return named;
  for (const auto& column : wide.keep) {
    if (const auto at = source.find(column)) named.insert(*at);
  }
  std::set<std::size_t> cells;
  if (wide.pick == WideLayout::Pick::Series) {
    if (const auto series = find_series(source.columns, named, wide.series, Stamp::Begin, {})) {
      for (const auto& cell : series->cells) cells.insert(cell.column);
    }
    return cells;
  }
  for (std::size_t at = 0; at < source.columns.size(); ++at) {
    if (!named.contains(at)) cells.insert(at);
  }
  return cells;
}

}  // namespace fenqun::ingest
