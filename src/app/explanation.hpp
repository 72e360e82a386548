// app/explanation.hpp - use cases: why a customer is in its groups; whether what is stated of changes is so. Level 6.
#pragma once

#include "app/context.hpp"
#include "segment/explain.hpp"
#include "segment/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct ExplainRequest {
  std::string customer;
  std::optional<Month> month;        // absent: the latest prepared
  std::vector<std::string> schemes;  // empty: all that were run for the month
  std::string run;                   // this one instead of month and schemes; or empty
};

struct ExplainOutcome {
  segment::RunResult run;
  segment::Explanation told;
  std::vector<std::string> chinese;  // sentences
  std::vector<std::string> english;
};

/// One explanation per scheme, of its latest run of the month, by the scheme's text as the run used it.
/// Errors: NotFound (customer, scheme, run), BadData (nothing was run).
Result<std::vector<ExplainOutcome>> explain_customer(Session& session, const ExplainRequest& request);

/// For each scheme: explains as many customers as asked for, drawn at random, applies what was stated and assigns anew.
Result<std::vector<segment::ExplainCheck>> check_explanations(Session& session, const ExplainRequest& request,
                                                              std::int64_t customers, std::uint64_t seed);

}  // namespace fenqun::app
