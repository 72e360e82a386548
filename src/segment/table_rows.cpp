// segment/table_rows.cpp
#include "segment/table_rows.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;

bool is_numeric(std::string_view type) {
  constexpr std::array kTypes = {"BOOLEAN",   "TINYINT",  "SMALLINT", "INTEGER",  "BIGINT", "HUGEINT", "UTINYINT",
                                 "USMALLINT", "UINTEGER", "UBIGINT",  "UHUGEINT", "FLOAT",  "DOUBLE"};
  if (type.starts_with("DECIMAL(")) return true;
  for (const std::string_view known : kTypes) {
    if (type == known) return true;
  }
  return false;
}

std::string select(const std::vector<std::string>& columns, const std::string& relation, std::string_view cast) {
  std::string out = "SELECT ";
  for (const auto& column : columns) {
    if (&column != columns.data()) out += ", ";
    out.append(sql_name(column)).append(cast);
  }
  return out.append(" FROM ").append(relation);
}

/// Column after column becomes row after row.
void transpose(const warehouse::Chunk& chunk, Matrix<float>& rows) {
  constexpr std::size_t kColumnsAtATime = 16;
  const std::size_t cols = rows.cols();
  float* const out = rows.view().data();
  std::array<const float*, kColumnsAtATime> from;
  for (std::size_t begin = 0; begin < cols; begin += kColumnsAtATime) {
    const std::size_t count = std::min(kColumnsAtATime, cols - begin);
    for (std::size_t c = 0; c < count; ++c) from[c] = chunk.floats(begin + c);
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      for (std::size_t c = 0; c < count; ++c) out[r * cols + begin + c] = from[c][r];
    }
  }
}

}  // namespace

TableRows::TableRows(warehouse::Connection& connection, std::string relation, std::vector<std::string> columns)
    : connection_(&connection), relation_(std::move(relation)), columns_(std::move(columns)) {}

Result<TableRows> TableRows::create(warehouse::Connection& connection, std::string relation,
                                    std::vector<std::string> columns) {
  if (columns.empty()) return fail(ErrorCode::InvalidArgument, "cluster.no_columns");
  FENQUN_TRY(const auto types, connection.query("DESCRIBE " + select(columns, relation, "")));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::string type = types.text(c, 1);
    if (is_numeric(type)) continue;
    return fail(ErrorCode::InvalidArgument, "segment.column_not_numeric",
                {{"column", columns[c]}, {"relation", relation}, {"type", type}});
  }
  return TableRows(connection, std::move(relation), std::move(columns));
}

Result<void> TableRows::read(const cluster::TakeRows& take) {
  std::uint64_t first_row = 0;
  Matrix<float> rows;
  const auto take_chunk = [&](const warehouse::Chunk& chunk) -> Result<void> {
    FENQUN_CHECK(check_complete(chunk, first_row));
    if (rows.rows() < chunk.rows()) rows = Matrix<float>(chunk.rows(), columns_.size());
    transpose(chunk, rows);
    first_row += chunk.rows();
    return take({rows.view().data(), chunk.rows(), columns_.size()});
  };
  return connection_->stream(select(columns_, relation_, "::FLOAT"), take_chunk);
}

Result<void> TableRows::check_complete(const warehouse::Chunk& chunk, std::uint64_t first_row) const {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const auto row = chunk.first_null(c);
    if (!row) continue;
    return fail(ErrorCode::BadData, "segment.missing_in_table",
                {{"row", std::to_string(first_row + *row)}, {"column", columns_[c]}, {"relation", relation_}});
  }
  return {};
}

}  // namespace fenqun::segment
