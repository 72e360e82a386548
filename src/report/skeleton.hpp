// report/skeleton.hpp - a page's fixed text with places that are filled when it is written. Level 5.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <string>

namespace fenqun::report {

using Slots = std::map<std::string, std::string, std::less<>>;

/// The skeleton with every {{slot}} filled, in one pass: what fills a slot is never looked at again. The slots hold
/// finished HTML, CSS or script. Errors: BadData (the skeleton has a slot that is not filled, or lacks one that is).
Result<std::string> fill_slots(const Asset& skeleton, const Slots& slots);

/// JSON that cannot end the script element it stands in.
std::string to_script_data(const nlohmann::json& value);

}  // namespace fenqun::report
