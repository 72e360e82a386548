// datagen/table_file.hpp - one file on its way: rows into a scratch table, the table into Parquet or CSV. Level 3.
#pragma once

#include "datagen/datagen.hpp"
#include "warehouse/contract.hpp"
#include "warehouse/database.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::datagen {

/// Rows of one entity. A writer asks for its columns by name once, then sets them all row by row. The file has those
/// the contract knows, in the contract's order; a field that the contract does not have is passed over, one that
/// nobody asks for is no column. Not for several threads at once.
class TableFile {
 public:
  /// A column as its writer sees it; index empty: the contract has no such field.
  struct Column {
    std::optional<std::size_t> index;  // field of the contract
    std::int64_t factor = 1;           // Decimal: from the writer's scale to the contract's
  };

  TableFile(warehouse::Connection& connection, const warehouse::Contract& contract, std::string table,
            std::stop_token stop);

  Column text(std::string_view name);
  Column boolean(std::string_view name);
  Column date(std::string_view name);  // Date, or Month by its first day
  Column timestamp(std::string_view name);
  Column integer(std::string_view name);
  Column decimal(std::string_view name, int scale);  // values come as whole numbers of 10^-scale
  /// Call after the last column was asked for, before the first row. Errors: BadData (the contract gives a field
  /// another type or a smaller scale, or requires one that the writer does not make: names them), Database.
  Result<void> ready();

  void set_text(const Column& column, std::string_view value) {
    if (column.index) appender_->set_text(slot_[*column.index], value);
  }
  void set_boolean(const Column& column, bool value) {
    if (column.index) appender_->set_boolean(slot_[*column.index], value);
  }
  void set_date(const Column& column, std::int32_t days_since_1970) {
    if (column.index) appender_->set_date(slot_[*column.index], days_since_1970);
  }
  void set_timestamp(const Column& column, std::int64_t seconds_since_1970) {
    if (column.index) appender_->set_timestamp(slot_[*column.index], seconds_since_1970 * 1'000'000);
  }
  void set_integer(const Column& column, std::int64_t value) {
    if (column.index) appender_->set_integer(slot_[*column.index], value);
  }
  void set_decimal(const Column& column, std::int64_t value) {
    if (column.index) appender_->set_decimal(slot_[*column.index], value * column.factor);
  }
  void set_null(const Column& column) {
    if (column.index) appender_->set_null(slot_[*column.index]);
  }
  /// Errors: Io, Database, Cancelled (seen every few thousand rows).
  Result<void> end_row() {
    ++rows_;
    if (rows_ % kRowsBetweenLooks == 0 && stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    return appender_->end_row();
  }
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

  /// Ends the table and writes it to `path`; no row: writes nothing. The rows stand in the order they came.
  /// Errors: Io, Database, Cancelled.
  Result<void> write(const std::filesystem::path& path, FileFormat format);

 private:
  static constexpr std::int64_t kRowsBetweenLooks = 4096;
  Column bind(std::string_view name, std::initializer_list<warehouse::FieldType> types, int scale);

  warehouse::Connection* connection_;
  const warehouse::Contract* contract_;
  std::string table_;
  std::optional<warehouse::Appender> appender_;  // once ready
  std::stop_token stop_;
  std::vector<bool> bound_;        // by field of the contract
  std::vector<std::size_t> slot_;  // by field of the contract: the table's column, once ready
  std::optional<Error> misfit_;
  std::int64_t rows_ = 0;
};

}  // namespace fenqun::datagen
