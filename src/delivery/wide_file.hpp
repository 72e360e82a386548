// delivery/wide_file.hpp - a table with one column for each day, customer, hour ... Level 4.
#pragma once

#include "delivery/header.hpp"
#include "delivery/ledger.hpp"
#include "delivery/utility.hpp"
#include "delivery/wide_shape.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::delivery {

/// Rows come in the order of their records. Fields of the delivery are customer, time, measure. A row is a cell; one
/// that is not there is an empty cell.
class WideFile {
 public:
  /// `values`: as WideShape::create.
  WideFile(const DeliverySpec& spec, const Fields& fields, const std::vector<std::string>& values, RecordSink& sink,
           Ledger& ledger, Random random);

  Result<void> begin();
  Result<void> add(const std::vector<Canonical>& row, std::optional<Fault> fault);
  Result<void> end();
  [[nodiscard]] const Expected& counts() const noexcept { return counts_; }

 private:
  Result<void> put_record();

  const DeliverySpec& spec_;
  const Fields& fields_;
  RecordSink& sink_;
  Ledger& ledger_;
  Random random_;
  WideShape shape_;
  Expected counts_;
  std::string record_;  // that is being gathered
  std::vector<OutCell> cells_;
  double total_ = 0;
  std::vector<Planted> pending_;  // of the record: their line is not known yet
};

}  // namespace fenqun::delivery
