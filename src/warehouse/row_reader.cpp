// warehouse/row_reader.cpp
#include "warehouse/row_reader.hpp"

#include "warehouse/handles.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fenqun::warehouse {
namespace {

template <class T>
T at(const void* data, std::size_t row) {
  return static_cast<const T*>(data)[row];
}

double wide_number(duckdb_hugeint value) { return duckdb_hugeint_to_double(value); }

std::string date_text(duckdb_date date) {
  const auto parts = duckdb_from_date(date);
  return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

std::string timestamp_text(duckdb_timestamp timestamp) {
  const auto parts = duckdb_from_timestamp(timestamp);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.date.year, parts.date.month, parts.date.day,
                     parts.time.hour, parts.time.min, parts.time.sec);
}

std::string_view string_of(const void* data, std::size_t row) {
  const auto* text = static_cast<const duckdb_string_t*>(data) + row;
  // The library's own accessors take a mutable pointer and read only.
  auto* readable = const_cast<duckdb_string_t*>(text);  // NOLINT(cppcoreguidelines-pro-type-const-cast): see above
  return {duckdb_string_t_data(readable), duckdb_string_t_length(*text)};
}

double decimal_number(duckdb_logical_type type, const void* data, std::size_t row) {
  const double scale = std::pow(10.0, duckdb_decimal_scale(type));
  switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT:
      return at<std::int16_t>(data, row) / scale;
    case DUCKDB_TYPE_INTEGER:
      return at<std::int32_t>(data, row) / scale;
    case DUCKDB_TYPE_BIGINT:
      return static_cast<double>(at<std::int64_t>(data, row)) / scale;
    default:
      return wide_number(at<duckdb_hugeint>(data, row)) / scale;
  }
}

Value value_at(duckdb_type kind, duckdb_logical_type type, const void* data, std::size_t row) {
  switch (kind) {
    case DUCKDB_TYPE_BOOLEAN:
      return at<bool>(data, row);
    case DUCKDB_TYPE_TINYINT:
      return std::int64_t{at<std::int8_t>(data, row)};
    case DUCKDB_TYPE_SMALLINT:
      return std::int64_t{at<std::int16_t>(data, row)};
    case DUCKDB_TYPE_INTEGER:
      return std::int64_t{at<std::int32_t>(data, row)};
    case DUCKDB_TYPE_BIGINT:
      return at<std::int64_t>(data, row);
    case DUCKDB_TYPE_UTINYINT:
      return std::int64_t{at<std::uint8_t>(data, row)};
    case DUCKDB_TYPE_USMALLINT:
      return std::int64_t{at<std::uint16_t>(data, row)};
    case DUCKDB_TYPE_UINTEGER:
      return std::int64_t{at<std::uint32_t>(data, row)};
    case DUCKDB_TYPE_UBIGINT:
      return static_cast<std::int64_t>(at<std::uint64_t>(data, row));
    case DUCKDB_TYPE_HUGEINT:
      return wide_number(at<duckdb_hugeint>(data, row));
    case DUCKDB_TYPE_FLOAT:
      return double{at<float>(data, row)};
    case DUCKDB_TYPE_DOUBLE:
      return at<double>(data, row);
    case DUCKDB_TYPE_DECIMAL:
      return decimal_number(type, data, row);
    case DUCKDB_TYPE_DATE:
      return date_text(at<duckdb_date>(data, row));
    case DUCKDB_TYPE_TIMESTAMP:
      return timestamp_text(at<duckdb_timestamp>(data, row));
    case DUCKDB_TYPE_VARCHAR:
      return std::string(string_of(data, row));
    default:
      return std::monostate{};
  }
}

bool is_readable(duckdb_type kind) {
  switch (kind) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_SQLNULL:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<RowSet> read_rows(duckdb_result* result) {
  RowSet out;
  const auto columns = duckdb_column_count(result);
  for (idx_t c = 0; c < columns; ++c) {
    out.columns.emplace_back(duckdb_column_name(result, c));
    if (!is_readable(duckdb_column_type(result, c))) {
      return fail(ErrorCode::Internal, "warehouse.unreadable_type", {{"column", out.columns.back()}});
    }
  }
  while (true) {
    OwnedChunk chunk;
    *chunk.out() = duckdb_fetch_chunk(*result);
    if (chunk.get() == nullptr) return out;
    const auto rows = duckdb_data_chunk_get_size(chunk.get());
    const auto first = out.rows.size();
    out.rows.resize(first + rows, std::vector<Value>(columns));
    for (idx_t c = 0; c < columns; ++c) {
      auto* const vector = duckdb_data_chunk_get_vector(chunk.get(), c);
      const void* data = duckdb_vector_get_data(vector);
      auto* const validity = duckdb_vector_get_validity(vector);
      OwnedLogicalType type;
      *type.out() = duckdb_vector_get_column_type(vector);
      const auto kind = duckdb_get_type_id(type.get());
      for (idx_t r = 0; r < rows; ++r) {
        if (validity != nullptr && !duckdb_validity_row_is_valid(validity, r)) continue;
        out.rows[first + r][c] = value_at(kind, type.get(), data, r);
      }
    }
  }
}

bool RowSet::is_null(std::size_t row, std::size_t column) const {
  return std::holds_alternative<std::monostate>(rows[row][column]);
}

std::int64_t RowSet::integer(std::size_t row, std::size_t column) const {
  const auto& value = rows[row][column];
  if (const auto* i = std::get_if<std::int64_t>(&value)) return *i;
  if (const auto* d = std::get_if<double>(&value)) return static_cast<std::int64_t>(std::llround(*d));
  return 0;
}

double RowSet::number(std::size_t row, std::size_t column) const {
  const auto& value = rows[row][column];
  if (const auto* d = std::get_if<double>(&value)) return *d;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return 0;
}

std::string RowSet::text(std::size_t row, std::size_t column) const {
  const auto& value = rows[row][column];
  if (const auto* s = std::get_if<std::string>(&value)) return *s;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
  if (const auto* d = std::get_if<double>(&value)) return fmt::format("{}", *d);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  return {};
}

bool RowSet::boolean(std::size_t row, std::size_t column) const {
  const auto* b = std::get_if<bool>(&rows[row][column]);
  return b != nullptr && *b;
}

Chunk::Chunk(void* handle) {
  auto* const chunk = static_cast<duckdb_data_chunk>(handle);
  rows_ = duckdb_data_chunk_get_size(chunk);
  const auto columns = duckdb_data_chunk_get_column_count(chunk);
  columns_.reserve(columns);
  for (idx_t c = 0; c < columns; ++c) {
    auto* const vector = duckdb_data_chunk_get_vector(chunk, c);
    columns_.push_back({duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)});
  }
}

bool Chunk::is_null(std::size_t column, std::size_t row) const {
  auto* const validity = columns_[column].validity;
  return validity != nullptr && !duckdb_validity_row_is_valid(validity, row);
}
double Chunk::number(std::size_t column, std::size_t row) const { return at<double>(columns_[column].data, row); }
std::int64_t Chunk::integer(std::size_t column, std::size_t row) const {
  return at<std::int64_t>(columns_[column].data, row);
}
bool Chunk::boolean(std::size_t column, std::size_t row) const { return at<bool>(columns_[column].data, row); }
const float* Chunk::floats(std::size_t column) const { return static_cast<const float*>(columns_[column].data); }
std::optional<std::size_t> Chunk::first_null(std::size_t column) const {
  if (columns_[column].validity == nullptr) return std::nullopt;
  for (std::size_t row = 0; row < rows_; ++row) {
    if (is_null(column, row)) return row;
  }
  return std::nullopt;
}
std::string_view Chunk::text(std::size_t column, std::size_t row) const {
  return string_of(columns_[column].data, row);
}

}  // namespace fenqun::warehouse
