// ingest/source_columns.hpp - the columns of a file as one entry of a mapping names them. Level 2.
#pragma once

#include "ingest/field_sql.hpp"
#include "ingest/source.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace fenqun::ingest {

/// Finds columns and keeps count of those that are read. All it is made of must outlive it. Errors are BadData, with
/// file, mapping and line.
class SourceColumns {
 public:
  SourceColumns(const Source& source, const Mapping& mapping, const LoadEntry& entry)
      : source_(source), mapping_(mapping), entry_(entry) {}

  /// Errors: "ingest.no_column" (with the columns there are), those of take.
  Result<std::size_t> find(const std::string& column);
  /// The first of them that the file has.
  Result<std::size_t> find_first(const std::vector<std::string>& columns);
  /// Errors: "ingest.column_twice": which of two columns of one name is meant, nobody can say.
  Result<void> take(std::size_t at);
  /// Errors: "ingest.column_type": Parquet, of a type from which the field cannot come.
  [[nodiscard]] Result<void> check_type(std::size_t at, const FieldSource& source, const warehouse::Field& field) const;

  [[nodiscard]] ColumnRef ref(std::size_t at) const;
  /// Its name in the source layer of a staging query: r3.
  [[nodiscard]] static std::string raw_name(std::size_t at) { return "r" + std::to_string(at); }
  [[nodiscard]] const std::set<std::size_t>& taken() const noexcept { return taken_; }
  [[nodiscard]] const Source& source() const noexcept { return source_; }
  /// File, mapping and line, for errors.
  [[nodiscard]] TextArgs where() const;

 private:
  const Source& source_;
  const Mapping& mapping_;
  const LoadEntry& entry_;
  std::set<std::size_t> taken_;
};

}  // namespace fenqun::ingest
