// delivery/wide_file.hpp - a table with one column for each day or each customer. Level 4.
#pragma once

#include "delivery/header.hpp"
#include "delivery/ledger.hpp"
#include "delivery/utility.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenqun::delivery {

/// Rows come in the order of their records: by customer for WideDays, by day for WideCustomers. Fields of the delivery
/// are customer, time, measure. A row is a cell; one that is not there is an empty cell.
class WideFile {
 public:
  /// `columns`: the days (2026-06-01) or customers that have a column, in their order.
  WideFile(const DeliverySpec& spec, const Fields& fields, std::vector<std::string> columns, RecordSink& sink,
           Ledger& ledger, Random random);

  Result<void> begin();
  Result<void> add(const std::vector<Canonical>& row, std::optional<Fault> fault);
  Result<void> end();
  [[nodiscard]] const Expected& counts() const noexcept { return counts_; }

 private:
  Result<void> put_record();

  const DeliverySpec& spec_;
  const Fields& fields_;
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t> place_;
  RecordSink& sink_;
  Ledger& ledger_;
  Random random_;
  Expected counts_;
  std::string record_;  // the customer or day that is being gathered
  std::vector<OutCell> cells_;
  double total_ = 0;
  std::vector<Planted> pending_;  // of the record: their line is not known yet
};

}  // namespace fenqun::delivery
