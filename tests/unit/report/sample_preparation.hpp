// unit/report/sample_preparation.hpp - the record of a preparation made by hand, of the shipped catalogue and
// contracts.
#pragma once

#include "report/preparation.hpp"

namespace fenqun::report {

/// Every kind of line that a record can have, each number another one; long enough that tables are folded.
PreparationModel sample_preparation();

}  // namespace fenqun::report
