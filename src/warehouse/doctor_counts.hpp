// warehouse/doctor_counts.hpp - the part of an examination that counts rows. Level 1.
#pragma once

#include "warehouse/doctor.hpp"

namespace fenqun::warehouse {

/// Counts of batches, keys that stand twice, references that lead nowhere; adds to `examination`. Files found damaged
/// before (Examination::findings) are left out. Errors: Database, Cancelled.
Result<void> examine_counts(Workspace& workspace, Examination& examination);

}  // namespace fenqun::warehouse
