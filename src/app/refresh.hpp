// app/refresh.hpp - use case: which schemes are due to be run again, and running those. Level 6.
#pragma once

#include "app/segmentation.hpp"
#include "ledger/due.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct RefreshRequest {
  std::vector<std::string> schemes;  // empty: those that were ever run; where none was, the default ones
  std::optional<Month> month;        // absent: the latest prepared
  bool run = false;                  // run what is due
};

struct RefreshOutcome {
  Month month;
  std::vector<ledger::DueScheme> schemes;  // in the order in which they can be run
  std::optional<SegmentOutcome> ran;       // of those that were due; absent: not asked for, or none was
};

/// Errors: as segment::load_in_order, ledger::find_due and segment_customers.
Result<RefreshOutcome> refresh_schemes(Session& session, const RefreshRequest& request);

}  // namespace fenqun::app
