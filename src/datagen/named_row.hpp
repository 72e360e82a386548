// datagen/named_row.hpp - rows of a file written field by field, each beside its name. Level 3.
#pragma once

#include "base/assert.hpp"
#include "datagen/table_file.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::datagen {

/// For entities of many fields: each row sets the same fields in the same order and then calls end(). The first row
/// looks the names up and is kept until the file knows all its columns; later ones count along, so that a name costs
/// nothing. A name must be a literal. Absent values become NULL. Not for several threads at once.
class NamedRow {
 public:
  explicit NamedRow(TableFile& table) : table_(&table) {}

  NamedRow& text(std::string_view name, std::string_view value) {
    return set(
        name, [&] { return table_->text(name); },
        [value = is_ready_ ? std::string() : std::string(value), view = value, this](const TableFile::Column& at) {
          table_->set_text(at, is_replayed_ ? std::string_view(value) : view);
        });
  }
  /// Empty: NULL.
  NamedRow& text_if(std::string_view name, std::string_view value) {
    if (!value.empty()) return text(name, value);
    return set(
        name, [&] { return table_->text(name); }, [this](const TableFile::Column& at) { table_->set_null(at); });
  }
  NamedRow& boolean(std::string_view name, std::optional<bool> value) {
    return put(name, &TableFile::boolean, &TableFile::set_boolean, value);
  }
  NamedRow& date(std::string_view name, std::optional<std::int32_t> days_since_1970) {
    return put(name, &TableFile::date, &TableFile::set_date, days_since_1970);
  }
  NamedRow& timestamp(std::string_view name, std::optional<std::int64_t> seconds_since_1970) {
    return put(name, &TableFile::timestamp, &TableFile::set_timestamp, seconds_since_1970);
  }
  NamedRow& integer(std::string_view name, std::optional<std::int64_t> value) {
    return put(name, &TableFile::integer, &TableFile::set_integer, value);
  }
  /// A whole number of 10^-scale.
  NamedRow& scaled(std::string_view name, std::optional<std::int64_t> value, int scale) {
    return set(
        name, [&] { return table_->decimal(name, scale); },
        [value, this](const TableFile::Column& at) {
          if (value) {
            table_->set_decimal(at, *value);
          } else {
            table_->set_null(at);
          }
        });
  }
  /// Rounded to `scale` digits, 0..6.
  NamedRow& decimal(std::string_view name, std::optional<double> value, int scale) {
    constexpr std::array<double, 7> kPowers = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    if (!value) return scaled(name, std::nullopt, scale);
    return scaled(name, std::llround(*value * kPowers[static_cast<std::size_t>(scale)]), scale);
  }
  /// Errors: as TableFile::ready (after the first row) and TableFile::end_row.
  Result<void> end() {
    if (!is_ready_) {
      FENQUN_CHECK(table_->ready());
      is_replayed_ = true;
      for (std::size_t i = 0; i < first_row_.size(); ++i) first_row_[i](columns_[i]);
      is_replayed_ = false;
      first_row_.clear();
      is_ready_ = true;
    }
    at_ = 0;
    return table_->end_row();
  }

 private:
  template <class Bind, class Set>
  NamedRow& set(std::string_view name, Bind&& bind, Set&& set_value) {
    if (!is_ready_) {
      names_.push_back(name);
      columns_.push_back(bind());
      first_row_.emplace_back(std::forward<Set>(set_value));
      return *this;
    }
    FENQUN_ASSERT(at_ < names_.size() && names_[at_] == name);
    set_value(columns_[at_++]);
    return *this;
  }
  template <class Value>
  NamedRow& put(std::string_view name, TableFile::Column (TableFile::*bind)(std::string_view),
                void (TableFile::*set_value)(const TableFile::Column&, Value), std::optional<Value> value) {
    return set(
        name, [&] { return (table_->*bind)(name); },
        [value, set_value, this](const TableFile::Column& at) {
          if (value) {
            (table_->*set_value)(at, *value);
          } else {
            table_->set_null(at);
          }
        });
  }

  TableFile* table_;
  std::vector<std::string_view> names_;
  std::vector<TableFile::Column> columns_;
  std::vector<std::function<void(const TableFile::Column&)>> first_row_;
  std::size_t at_ = 0;
  bool is_ready_ = false;
  bool is_replayed_ = false;
};

}  // namespace fenqun::datagen
