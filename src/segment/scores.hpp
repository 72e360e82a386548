// segment/scores.hpp - what a run by score said of each customer: points, band and reasons. Level 3.
// Table `score`: run_id, customer_id, score (0..100, two digits; NULL: too little known), known_weight (0..1),
// contributions (points of each part in the order of RunResult::score; NULL: not known; they add up to the score).
#pragma once

#include "features/catalogue.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::segment {

/// One part of a customer's score. Values in sentences are those of the month's wide table as it is now.
struct ScorePoints {
  std::size_t part = 0;          // index into RunResult::score->parts
  std::optional<double> points;  // absent: not known
  std::string sentence;          // with the value filled in
};

struct CustomerScore {
  std::string customer_id;
  std::string group_code;   // empty: none
  std::string reason_code;  // of having none
  std::optional<double> score;
  double known_weight = 0;          // 0..1
  std::vector<ScorePoints> points;  // greatest first, of equals in the order of the parts; unknown ones last
};

/// Errors: InvalidArgument (the run has no scores), NotFound (the customer is not in the run), Database.
Result<CustomerScore> score_of_customer(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                        const RunResult& run, const std::string& customer_id, Language language);

/// Every customer of the run as a row of a CSV file (UTF-8 with byte order mark), by customer: group or reason, score,
/// known share, and the top reasons with their points. Written by the database, whatever their number.
/// Errors: InvalidArgument (the run has no scores), Io, Database.
Result<void> write_score_list(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                              const RunResult& run, const Texts& texts, const std::filesystem::path& file);

}  // namespace fenqun::segment
