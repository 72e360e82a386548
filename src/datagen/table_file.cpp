// datagen/table_file.cpp
#include "datagen/table_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::datagen {
namespace {

using warehouse::ColumnSpec;
using warehouse::ColumnType;
using warehouse::FieldType;

ColumnType column_type(FieldType type) {
  switch (type) {
    case FieldType::Id:
    case FieldType::Text:
    case FieldType::Code:
      return ColumnType::Text;
    case FieldType::Date:
    case FieldType::Month:
      return ColumnType::Date;
    case FieldType::Timestamp:
      return ColumnType::Timestamp;
    case FieldType::Integer:
      return ColumnType::Integer;
    case FieldType::Decimal:
      return ColumnType::Decimal;
    case FieldType::Boolean:
      return ColumnType::Boolean;
  }
  return ColumnType::Text;
}

}  // namespace

TableFile::TableFile(warehouse::Connection& connection, const warehouse::Contract& contract, std::string table,
                     std::stop_token stop)
    : connection_(&connection),
      contract_(&contract),
      table_(std::move(table)),
      stop_(std::move(stop)),
      bound_(contract.fields.size(), false),
      slot_(contract.fields.size(), 0) {}

TableFile::Column TableFile::bind(std::string_view name, std::initializer_list<FieldType> types, int scale) {
  const auto& fields = contract_->fields;
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  if (at == fields.end()) return {};
  const bool fits = std::find(types.begin(), types.end(), at->type) != types.end() && at->scale >= scale;
  if (!fits && !misfit_) {
    misfit_ = Error{
        ErrorCode::BadData, {"datagen.contract_misfit", {{"entity", contract_->entity}, {"field", at->name}}}, {}};
  }
  Column column;
  column.index = static_cast<std::size_t>(at - fields.begin());
  bound_[*column.index] = true;
  for (int digit = scale; digit < at->scale; ++digit) column.factor *= 10;
  return column;
}

TableFile::Column TableFile::text(std::string_view name) {
  return bind(name, {FieldType::Id, FieldType::Text, FieldType::Code}, 0);
}
TableFile::Column TableFile::boolean(std::string_view name) { return bind(name, {FieldType::Boolean}, 0); }
TableFile::Column TableFile::date(std::string_view name) { return bind(name, {FieldType::Date, FieldType::Month}, 0); }
TableFile::Column TableFile::timestamp(std::string_view name) { return bind(name, {FieldType::Timestamp}, 0); }
TableFile::Column TableFile::integer(std::string_view name) { return bind(name, {FieldType::Integer}, 0); }
TableFile::Column TableFile::decimal(std::string_view name, int scale) {
  return bind(name, {FieldType::Decimal}, scale);
}

Result<void> TableFile::ready() {
  if (misfit_) return fail(*misfit_);
  std::vector<ColumnSpec> columns;
  for (std::size_t c = 0; c < bound_.size(); ++c) {
    const auto& field = contract_->fields[c];
    if (bound_[c]) {
      slot_[c] = columns.size();
      columns.push_back({field.name, column_type(field.type), field.scale});
    } else if (field.required) {
      return fail(ErrorCode::BadData, "datagen.field_not_made", {{"entity", contract_->entity}, {"field", field.name}});
    }
  }
  FENQUN_TRY(auto appender, connection_->appender("", table_, columns, warehouse::Connection::Table::Create));
  appender_.emplace(std::move(appender));
  return {};
}

Result<void> TableFile::write(const std::filesystem::path& path, FileFormat format) {
  if (!appender_) return {};
  FENQUN_CHECK(appender_->close());
  const auto table = warehouse::sql_name(table_);
  if (rows_ > 0) {
    const auto* options = format == FileFormat::Parquet ? "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
                                                        : "FORMAT csv, HEADER true";
    FENQUN_CHECK(
        connection_->execute(fmt::format("COPY {} TO {} ({})", table, warehouse::sql_text(path.string()), options)));
  }
  return connection_->execute("DROP TABLE " + table);
}

}  // namespace fenqun::datagen
