// delivery/utility.hpp - the clean utility behind all deliveries, as tables to ask. Level 4.
#pragma once

#include "base/month.hpp"
#include "delivery/plan.hpp"
#include "warehouse/database.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace fenqun::delivery {

/// A row and its number among those of its delivery, 0-based.
using OnRow = std::function<Result<void>(std::int64_t number, const std::vector<Canonical>& row)>;

class Utility {
 public:
  /// `folder` holds what datagen wrote as Parquet; `end` is its last month. Errors: Database.
  static Result<Utility> open(const std::filesystem::path& folder, const warehouse::ContractSet& contracts, Month end,
                              const std::stop_token& stop);

  /// The fields of a delivery: its columns, or all that the utility has, in the contract's order.
  [[nodiscard]] Result<Fields> fields_of(const DeliverySpec& spec);
  /// SQL of the rows of one sheet of a delivery, without order.
  [[nodiscard]] std::string rows_of(const DeliverySpec& spec, const SheetSpec& sheet) const;
  /// Rows in the order of the key; of a table with a column for each customer, by day and customer. `numbers` empty:
  /// all; else only these, ascending. Errors: Database, Cancelled.
  Result<void> stream(const DeliverySpec& spec, const SheetSpec& sheet, const Fields& fields,
                      const std::vector<std::int64_t>& numbers, const OnRow& on_row);
  Result<std::int64_t> count(const DeliverySpec& spec, const SheetSpec& sheet);
  /// The values of a field among a delivery's rows, ascending, in canonical form.
  Result<std::vector<std::string>> distinct(const DeliverySpec& spec, const std::string& field);
  [[nodiscard]] const warehouse::Contract& contract(const DeliverySpec& spec) const {
    return *contracts_->find(spec.entity);
  }
  [[nodiscard]] Month end() const noexcept { return end_; }
  /// Another session than the one that streams.
  [[nodiscard]] warehouse::Connection& writer() { return writer_; }

 private:
  Utility(warehouse::Database database, warehouse::Connection session, warehouse::Connection writer,
          const warehouse::ContractSet& contracts, Month end)
      : database_(std::move(database)),
        session_(std::move(session)),
        writer_(std::move(writer)),
        contracts_(&contracts),
        end_(end) {}
  warehouse::Database database_;
  warehouse::Connection session_;
  warehouse::Connection writer_;
  const warehouse::ContractSet* contracts_;
  Month end_;
};

}  // namespace fenqun::delivery
