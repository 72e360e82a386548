// warehouse/appender.cpp - rows in bulk.
#include "warehouse/database.hpp"
#include "warehouse/database_errors.hpp"
#include "warehouse/handles.hpp"

#include <fmt/format.h>

namespace fenqun::warehouse {
namespace {

using OwnedAppender = Owned<duckdb_appender, [](duckdb_appender* a) { duckdb_appender_destroy(a); }>;

std::string sql_type_of(const ColumnSpec& column) {
  switch (column.type) {
    case ColumnType::Text:
      return "VARCHAR";
    case ColumnType::Integer:
      return "BIGINT";
    case ColumnType::Number:
      return "DOUBLE";
    case ColumnType::Boolean:
      return "BOOLEAN";
    case ColumnType::Date:
      return "DATE";
    case ColumnType::Timestamp:
      return "TIMESTAMP";
    case ColumnType::Decimal:
      return fmt::format("DECIMAL(18,{})", column.scale);
  }
  return "VARCHAR";
}

duckdb_logical_type logical_type_of(const ColumnSpec& column) {
  switch (column.type) {
    case ColumnType::Text:
      return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    case ColumnType::Integer:
      return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    case ColumnType::Number:
      return duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    case ColumnType::Boolean:
      return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    case ColumnType::Date:
      return duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    case ColumnType::Timestamp:
      return duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP);
    case ColumnType::Decimal:
      return duckdb_create_decimal_type(18, column.scale);
  }
  return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
}

}  // namespace

struct Appender::State {
  OwnedAppender appender;
  OwnedChunk chunk;
  std::vector<duckdb_vector> vectors;
  std::vector<void*> data;
  std::size_t row = 0;
  std::size_t capacity = 0;

  void take_vectors() {
    for (std::size_t c = 0; c < vectors.size(); ++c) {
      vectors[c] = duckdb_data_chunk_get_vector(chunk.get(), c);
      data[c] = duckdb_vector_get_data(vectors[c]);
    }
  }
  Result<void> hand_over() {
    duckdb_data_chunk_set_size(chunk.get(), row);
    row = 0;
    if (duckdb_append_data_chunk(appender.get(), chunk.get()) != DuckDBSuccess) {
      return fail(statement_error(duckdb_appender_error(appender.get()), "append"));
    }
    duckdb_data_chunk_reset(chunk.get());
    take_vectors();
    return {};
  }
};

Appender::Appender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;
Appender::~Appender() = default;

Result<Appender> Connection::appender(const std::string& catalogue, const std::string& table,
                                      const std::vector<ColumnSpec>& columns, Table table_state) {
  if (table_state == Table::Create) {
    std::string sql = "CREATE TABLE " + (catalogue.empty() ? "" : sql_name(catalogue) + ".") + sql_name(table) + " (";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      sql += (c > 0 ? ", " : "") + sql_name(columns[c].name) + " " + sql_type_of(columns[c]);
    }
    FENQUN_CHECK(execute(sql + ")"));
  }
  auto state = std::make_unique<Appender::State>();
  if (duckdb_appender_create_ext(static_cast<duckdb_connection>(handle()),
                                 catalogue.empty() ? nullptr : catalogue.c_str(), nullptr, table.c_str(),
                                 state->appender.out()) != DuckDBSuccess) {
    return fail(statement_error(duckdb_appender_error(state->appender.get()), table));
  }
  std::vector<OwnedLogicalType> types(columns.size());
  std::vector<duckdb_logical_type> handles;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    *types[c].out() = logical_type_of(columns[c]);
    handles.push_back(types[c].get());
  }
  *state->chunk.out() = duckdb_create_data_chunk(handles.data(), handles.size());
  state->vectors.resize(columns.size());
  state->data.resize(columns.size());
  state->capacity = duckdb_vector_size();
  state->take_vectors();
  return Appender(std::move(state));
}

void Appender::set_text(std::size_t column, std::string_view value) {
  duckdb_vector_assign_string_element_len(state_->vectors[column], state_->row, value.data(), value.size());
}
void Appender::set_integer(std::size_t column, std::int64_t value) {
  static_cast<std::int64_t*>(state_->data[column])[state_->row] = value;
}
void Appender::set_number(std::size_t column, double value) {
  static_cast<double*>(state_->data[column])[state_->row] = value;
}
void Appender::set_boolean(std::size_t column, bool value) {
  static_cast<bool*>(state_->data[column])[state_->row] = value;
}
void Appender::set_date(std::size_t column, std::int32_t days_since_1970) {
  static_cast<std::int32_t*>(state_->data[column])[state_->row] = days_since_1970;
}
void Appender::set_timestamp(std::size_t column, std::int64_t microseconds_since_1970) {
  set_integer(column, microseconds_since_1970);
}
void Appender::set_decimal(std::size_t column, std::int64_t scaled) { set_integer(column, scaled); }
void Appender::set_null(std::size_t column) {
  duckdb_vector_ensure_validity_writable(state_->vectors[column]);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(state_->vectors[column]), state_->row);
}

Result<void> Appender::end_row() {
  if (++state_->row < state_->capacity) return {};
  return state_->hand_over();
}

Result<void> Appender::close() {
  if (state_->row > 0) FENQUN_CHECK(state_->hand_over());
  if (duckdb_appender_close(state_->appender.get()) != DuckDBSuccess) {
    return fail(statement_error(duckdb_appender_error(state_->appender.get()), "append"));
  }
  return {};
}

}  // namespace fenqun::warehouse
