// delivery/consequences.hpp - what the planted faults mean for the preparation: gaps, doubtful days, and customers that
// cannot be compared. Facts alone: which of them a rule of the preparation strikes is not known here. Level 4.
//   truth/gaps.csv       each run of days without a reading: customer_id, month, first_day, days, at_edge (before the
//                        month's first or after its last day read)
//   truth/spikes.csv     each reading that was made too large: customer_id, day, kwh, other_days, other_days_mean_kwh,
//                        capacity_kva
//   truth/customers.csv  every customer: customer_id, months_with_energy (bills of 36 months), is_constant,
//                        opened_on, closed_on
#pragma once

#include "delivery/ledger.hpp"
#include "delivery/utility.hpp"

#include <filesystem>

namespace fenqun::delivery {

/// `clean`: the folder behind the utility; `truth`: where the files go. Errors: Database, Io.
Result<void> write_consequences(Utility& utility, const Ledger& ledger, const std::filesystem::path& clean,
                                const std::filesystem::path& truth);

}  // namespace fenqun::delivery
