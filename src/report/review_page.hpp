// report/review_page.hpp - groups as management looks at them: shares against a study's, core groups, sub-markets, one
// grouping against another, who moved between months. Level 5.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "ledger/run_diff.hpp"
#include "ledger/transitions.hpp"
#include "report/page.hpp"
#include "segment/market.hpp"
#include "segment/portrait.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::report {

struct ReviewSection {
  segment::RunResult run;
  segment::Portrait portrait;
  std::vector<segment::Market> markets;
  std::vector<segment::ShareCheck> shares;
  std::optional<ledger::TransitionStep> moves;  // the last step between two known months; absent: there is none
};

struct ReviewModel {
  Language language = Language::Chinese;
  std::string workspace_name;
  std::string as_of;
  std::string generated_at;
  std::string build;
  bool synthetic = false;
  std::vector<ReviewSection> sections;
  std::vector<ledger::RunDiff> comparisons;  // of two schemes each
};

/// Pure. Errors: as render_profile_html.
Result<std::string> render_review_html(const ReviewModel& model, std::span<const features::Feature> features,
                                       const Texts& texts, const AssetStore& assets);

}  // namespace fenqun::report
