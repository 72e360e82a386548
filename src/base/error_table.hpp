// base/error_table.hpp - one table from error code to name, exit code, HTTP status and retry.
#pragma once

#include "base/error.hpp"

namespace fenqun {

struct ErrorTraits {
  ErrorCode code;
  std::string_view name;  // stable, for machines: "bad_data"
  int exit_code;          // DESIGN D15: 1 failed, 2 wrong use, 3 bad data, 4 refused by policy, 130 interrupted
  int http_status;
  bool retryable;  // the same call may succeed later without a change
};

/// Every code, in the order of the enum.
std::span<const ErrorTraits> error_table() noexcept;
const ErrorTraits& traits_of(ErrorCode code) noexcept;

}  // namespace fenqun
