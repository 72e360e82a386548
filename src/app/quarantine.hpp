// app/quarantine.hpp - use case: look at the rows that were not loaded, with where they stand and why. Level 6.
#pragma once

#include "app/context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::app {

struct QuarantineLine {
  std::string entity;
  std::string source;     // file name
  std::int64_t line = 0;  // of the file, 1-based
  std::string column;
  std::string reason;  // text key's last part: "below_minimum"
  std::string value;
  std::string raw;  // the line as it came
};

/// All rows in quarantine, by file and line. Errors: Database.
Result<std::vector<QuarantineLine>> list_quarantine(Session& session);

}  // namespace fenqun::app
