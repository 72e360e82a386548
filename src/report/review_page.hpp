// report/review_page.hpp - groups as management looks at them: shares against a study's, core groups, sub-markets, one
// grouping against another, who moved between months. Level 5.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "ledger/primary_group.hpp"
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

/// A customer in groups of two schemes that do not correspond.
struct DifferingCustomer {
  std::string customer_id;
  std::string first_group;  // codes
  std::string second_group;
  std::optional<double> revenue_12m_cny;
  std::optional<double> energy_12m_kwh;
};

/// All that differ are counted and stand in `file`; the page shows the first, their numbers masked.
struct Differing {
  std::int64_t customers = 0;
  std::vector<DifferingCustomer> first;  // pair of groups by pair, each most revenue first
  std::string file;                      // name of the CSV beside the page; empty: there is none
};

struct ReviewComparison {
  ledger::RunDiff diff;  // of two schemes
  Differing differing;
};

struct ReviewConflicts {
  ledger::PrimaryOutcome found;
  std::string file;  // as in Differing
};

struct ReviewModel {
  Language language = Language::Chinese;
  std::string workspace_name;
  std::string as_of;
  std::string generated_at;
  std::string build;
  bool synthetic = false;
  std::vector<ReviewSection> sections;
  std::vector<ReviewComparison> comparisons;
  std::optional<ReviewConflicts> conflicts;  // absent: no scheme that the rules name was run
};

/// Pure. Errors: as render_profile_html.
Result<std::string> render_review_html(const ReviewModel& model, std::span<const features::Feature> features,
                                       const Texts& texts, const AssetStore& assets);

}  // namespace fenqun::report
