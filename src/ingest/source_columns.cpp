// ingest/source_columns.cpp
#include "ingest/source_columns.hpp"

#include "base/near_names.hpp"

#include <algorithm>

namespace fenqun::ingest {

Result<std::size_t> SourceColumns::find(const std::string& column) {
  if (const auto at = source_.find(column)) {
    FENQUN_CHECK(take(*at));
    return *at;
  }
  auto args = where();
  args.push_back({"column", column});
  args.push_back({"columns", name_list(source_.columns)});
  return fail(ErrorCode::BadData, "ingest.no_column", std::move(args));
}

Result<std::size_t> SourceColumns::find_first(const std::vector<std::string>& columns) {
  for (const auto& column : columns) {
    if (source_.find(column)) return find(column);
  }
  std::string all;
  for (const auto& column : columns) all += (all.empty() ? "" : " / ") + column;
  return find(all);
}

Result<void> SourceColumns::take(std::size_t at) {
  const auto& name = source_.columns[at];
  if (!name.empty() && std::count(source_.columns.begin(), source_.columns.end(), name) > 1)
    return fail(ErrorCode::BadData, "ingest.column_twice", {{"file", source_.file.string()}, {"column", name}});
  taken_.insert(at);
  return {};
}

Result<void> SourceColumns::check_type(std::size_t at, const FieldSource& source, const warehouse::Field& field) const {
  const auto column = ref(at);
  if (can_hold(column, field, source)) return {};
  return fail(ErrorCode::BadData, "ingest.column_type",
              {{"file", source_.file.string()},
               {"column", column.label},
               {"type", column.type},
               {"field", field.name},
               {"expected", warehouse::sql_type(field)}});
}

ColumnRef SourceColumns::ref(std::size_t at) const {
  return {raw_name(at), source_.column_types.empty() ? "VARCHAR" : source_.column_types[at], source_.columns[at], ""};
}

TextArgs SourceColumns::where() const {
  return {{"file", source_.file.string()}, {"mapping", mapping_.origin}, {"line", std::to_string(entry_.line)}};
}

}  // namespace fenqun::ingest
