// report/explanation.hpp - an explanation of a customer's group in sentences and as JSON. Level 5.
#pragma once

#include "report/wording.hpp"
#include "segment/explain.hpp"
#include "segment/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace fenqun::report {

/// What an explanation says: where the customer is, why, and the smallest change that would move it; one sentence each.
/// Texts explain.* of config/texts/<language>/explain.yaml. Pure.
std::vector<std::string> explain_in_words(const segment::Explanation& told, const segment::RunResult& run,
                                          const Wording& words);

/// A value of a feature as exactly as its step asks: 1,234.56 元; 31.25%; 是; the name of a code.
std::string exact_value(const std::string& feature, const segment::FeatureValue& value, double step,
                        const Wording& words);

/// Everything that `told` holds, with the sentences of both languages beside it.
nlohmann::ordered_json explanation_json(const segment::Explanation& told, const std::vector<std::string>& chinese,
                                        const std::vector<std::string>& english);

}  // namespace fenqun::report
