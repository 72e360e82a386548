// delivery/long_file.hpp - a file with one record for each row. Level 4.
#pragma once

#include "delivery/header.hpp"
#include "delivery/ledger.hpp"
#include "delivery/utility.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenqun::delivery {

/// Writes the records of one delivery and enters what becomes of them. Call begin for each sheet, then add for each of
/// its rows, then end. Errors: BadData "delivery.no_place", Io, Database.
class LongFile {
 public:
  LongFile(const DeliverySpec& spec, const warehouse::Contract& contract, Fields fields, RecordSink& sink,
           Ledger& ledger, Random random);

  Result<void> begin(const SheetSpec& sheet);
  /// A row with a fault, or without.
  Result<void> add(const std::vector<Canonical>& row, std::optional<Fault> fault);
  /// A row of an earlier delivery: as it was, changed, or put right.
  enum class Return : std::uint8_t { Unchanged, Changed, Repaired };
  Result<void> bring_back(const std::vector<Canonical>& row, Return how, const std::string& field);
  Result<void> end();

  [[nodiscard]] const Expected& counts() const noexcept { return counts_; }

 private:
  struct Copy {
    std::vector<Canonical> row;
    Fault fault;
    std::int64_t line;  // of the row itself
  };
  [[nodiscard]] std::string key_of(const std::vector<Canonical>& row) const;
  std::vector<OutCell> cells_of(const std::vector<Canonical>& row);
  Result<std::int64_t> put(const std::vector<OutCell>& cells);
  Result<void> put_header();
  Result<void> put_broken(const std::vector<Canonical>& row, Fault fault);
  Result<void> put_damaged(const std::vector<Canonical>& row, Fault fault);
  Result<void> put_swollen(const std::vector<Canonical>& row, Fault fault);
  Result<void> put_copy(const Copy& copy);
  void plant_conflict(const Copy& copy, std::int64_t line);
  void plant(std::int64_t line, const std::vector<Canonical>& row, std::string column, std::string value, Fault fault,
             std::string fate, std::string reason);
  void add_to_totals(const std::vector<Canonical>& row);
  Result<void> put_closing_lines();
  [[nodiscard]] tl::unexpected<Error> no_place(Fault fault) const;

  const DeliverySpec& spec_;
  const warehouse::Contract& contract_;
  Fields fields_;
  std::vector<HeaderCell> header_;
  RecordSink& sink_;
  Ledger& ledger_;
  Random random_;
  Expected counts_;
  std::string sheet_;
  std::int64_t records_ = 0;  // of the sheet
  std::int64_t orphans_ = 0;
  std::vector<Copy> copies_;                    // to come at the sheet's end
  std::optional<std::vector<Canonical>> last_;  // to be cut
  std::vector<std::int64_t> totals_;
};

}  // namespace fenqun::delivery
