// datagen/named_row.hpp - rows of a file written field by field, each beside its name. Level 3.
#pragma once

#include "base/assert.hpp"
#include "datagen/table_file.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fenqun::datagen {

/// For entities of many fields: each row sets the same fields in the same order and then calls end(). The first row
/// looks the names up; later ones count along, so that a name costs nothing. A name must be a literal. Absent values
/// become NULL. Not for several threads at once.
class NamedRow {
 public:
  explicit NamedRow(TableFile& table) : table_(&table) {}

  NamedRow& text(std::string_view name, std::string_view value) {
    table_->set_text(column(name, &TableFile::text), value);
    return *this;
  }
  /// Empty: NULL.
  NamedRow& text_if(std::string_view name, std::string_view value) {
    const auto& at = column(name, &TableFile::text);
    if (value.empty()) {
      table_->set_null(at);
    } else {
      table_->set_text(at, value);
    }
    return *this;
  }
  NamedRow& boolean(std::string_view name, std::optional<bool> value) {
    const auto& at = column(name, &TableFile::boolean);
    if (value) {
      table_->set_boolean(at, *value);
    } else {
      table_->set_null(at);
    }
    return *this;
  }
  NamedRow& date(std::string_view name, std::optional<std::int32_t> days_since_1970) {
    const auto& at = column(name, &TableFile::date);
    if (days_since_1970) {
      table_->set_date(at, *days_since_1970);
    } else {
      table_->set_null(at);
    }
    return *this;
  }
  NamedRow& timestamp(std::string_view name, std::optional<std::int64_t> seconds_since_1970) {
    const auto& at = column(name, &TableFile::timestamp);
    if (seconds_since_1970) {
      table_->set_timestamp(at, *seconds_since_1970);
    } else {
      table_->set_null(at);
    }
    return *this;
  }
  NamedRow& integer(std::string_view name, std::optional<std::int64_t> value) {
    const auto& at = column(name, &TableFile::integer);
    if (value) {
      table_->set_integer(at, *value);
    } else {
      table_->set_null(at);
    }
    return *this;
  }
  /// A whole number of 10^-scale.
  NamedRow& scaled(std::string_view name, std::optional<std::int64_t> value, int scale) {
    const auto& at = decimal_column(name, scale);
    if (value) {
      table_->set_decimal(at, *value);
    } else {
      table_->set_null(at);
    }
    return *this;
  }
  /// Rounded to `scale` digits.
  NamedRow& decimal(std::string_view name, std::optional<double> value, int scale) {
    if (!value) return scaled(name, std::nullopt, scale);
    return scaled(name, std::llround(*value * std::pow(10.0, scale)), scale);
  }
  /// Errors: as TableFile::ready (after the first row) and TableFile::end_row.
  Result<void> end() {
    if (!is_ready_) FENQUN_CHECK(table_->ready());
    is_ready_ = true;
    at_ = 0;
    return table_->end_row();
  }

 private:
  template <class Bind>
  const TableFile::Column& next(std::string_view name, Bind&& bind) {
    if (!is_ready_) {
      names_.push_back(name);
      columns_.push_back(bind());
    }
    FENQUN_ASSERT(at_ < names_.size() && names_[at_] == name);
    return columns_[at_++];
  }
  const TableFile::Column& column(std::string_view name, TableFile::Column (TableFile::*bind)(std::string_view)) {
    return next(name, [&] { return (table_->*bind)(name); });
  }
  const TableFile::Column& decimal_column(std::string_view name, int scale) {
    return next(name, [&] { return table_->decimal(name, scale); });
  }

  TableFile* table_;
  std::vector<std::string_view> names_;
  std::vector<TableFile::Column> columns_;
  std::size_t at_ = 0;
  bool is_ready_ = false;
};

}  // namespace fenqun::datagen
