// segment/score_model.hpp - a weighted score of 0..100 as a scheme declares it: parts, what each says, how missing
// values count. Level 3.
#pragma once

#include "base/settings.hpp"
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "segment/expression.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::segment {

/// How a feature becomes 0..1.
enum class PartMap : std::uint8_t {
  Share,       // the value itself, kept within 0..1; a flag: yes 1, no 0
  Linear,      // 0 at `from`, 1 at `to`, straight between and level beyond; `to` below `from`: less is more
  Steps,       // the value of the highest step that is reached; below the first 0
  Percentile,  // customers with a lower value / customers with a value less 1: the lowest 0, the highest 1
  Values,      // a category's own figure; what is not named 0
  Condition    // 1 where a condition holds, 0 where it does not, missing where it is unknown
};
std::string_view name_of(PartMap map) noexcept;

struct ScorePart {
  PartMap map = PartMap::Share;
  std::string feature;                                 // empty: Condition
  double from = 0, to = 1;                             // Linear
  std::vector<std::pair<double, double>> steps;        // Steps: at, 0..1; ascending
  std::vector<std::pair<std::string, double>> values;  // Values: code, 0..1
  std::optional<Expression> when;                      // Condition
  double weight = 1;                                   // > 0
  BilingualText sentence;                              // the reason; {value} stands for the feature's value
};

/// score = 100 * sum(weight * value) / sum(weight) over the parts that are known. A customer whose known parts weigh
/// less than `least_known` of all gets no score.
struct ScoreModel {
  std::vector<ScorePart> parts;
  double least_known = 0.6;       // 0..1, share of the weight
  std::uint32_t top_reasons = 3;  // shown of a customer, 1..10
};

/// Reads `score` of a scheme's file. Errors: BadData naming file, line and what was expected.
Result<ScoreModel> read_score_model(const Settings& root, const features::FeatureCatalogue& catalogue);

/// 0..1 or NULL of one part, over a row of `population` (qualified table name), which percentiles look at as a whole.
/// With `changed`, over a row of that table: a customer of the population with another value.
std::string part_sql(const ScorePart& part, const features::FeatureCatalogue& catalogue, const std::string& population,
                     const std::string& changed = "");

/// The features that the parts look at.
std::vector<std::string> features_of(const ScoreModel& model);

}  // namespace fenqun::segment
