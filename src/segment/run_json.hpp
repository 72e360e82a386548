// segment/run_json.hpp - a run's result as JSON: how it is stored and what --json prints. Level 3.
#pragma once

#include "base/result.hpp"
#include "segment/portrait.hpp"
#include "segment/result.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace fenqun::segment {

nlohmann::ordered_json to_json(const RunResult& run);
nlohmann::ordered_json to_json(const Portrait& portrait);
/// Reads what to_json wrote. Errors: Internal (not such a document).
Result<RunResult> run_from_json(const std::string& text);

}  // namespace fenqun::segment
