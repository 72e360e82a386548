// delivery/courier.hpp - one file of the plan: its rows, their faults, and what is to become of each. Level 4.
#pragma once

#include "delivery/ledger.hpp"
#include "delivery/long_file.hpp"
#include "delivery/utility.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fenqun::delivery {

struct CourierOptions {
  std::filesystem::path folder;  // that the files go into
  std::uint64_t seed = 1;
  double share = 0.002;  // of the rows that get a fault of weight 1
};

/// Makes the files of a plan one after the other. Rows pass through one at a time; what must come again in the same
/// file is kept, a quarter of its rows at most. Not for several threads.
class Courier {
 public:
  Courier(Utility& utility, CourierOptions options, Ledger& ledger)
      : utility_(utility), options_(std::move(options)), ledger_(ledger) {}

  /// Errors: BadData "delivery.no_place" (a fault that the columns have no place for), Io, Database, Cancelled.
  Result<void> make(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan);

 private:
  /// The faults of each sheet by row; the same for the delivery itself and for one that comes back to it.
  Result<std::vector<std::map<std::int64_t, Fault>>> faults_of(const DeliverySpec& spec);
  /// Of a row; a long gap goes on over the customer's following rows.
  static std::optional<Fault> fault_at(const std::map<std::int64_t, Fault>& faults, std::int64_t number,
                                       const std::vector<Canonical>& row, std::int64_t& gap_until,
                                       std::string& gap_customer);
  Result<Expected> make_long(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan, const Fields& fields,
                             RecordSink& sink, Ledger& ledger, Random random);
  Result<Expected> make_wide(const DeliverySpec& spec, const Fields& fields, RecordSink& sink, Ledger& ledger,
                             Random random);
  Result<void> bring_back(const DeliverySpec& spec, const DeliverySpec& from, const Fields& fields, LongFile& file,
                          Random random);
  Result<void> copy(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan);
  Result<void> cut(const DeliverySpec& spec) const;

  Utility& utility_;
  CourierOptions options_;
  Ledger& ledger_;
};

}  // namespace fenqun::delivery
