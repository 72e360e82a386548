// segment/portrait.hpp - what a group is like: customers, revenue, and every attribute against the population. Level 3.
#pragma once

#include "features/catalogue.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

/// One numeric or yes/no feature in one group. index = group mean / population mean (flags: share / share); absent when
/// the population's is 0 or nobody in the group has a value.
struct NumberIndex {
  std::string feature;
  std::int64_t present = 0;    // members with a value
  std::optional<double> mean;  // share of yes for flags
  std::optional<double> population_mean;
  std::optional<double> index;
  std::optional<double> p = {};  // that the group is like all others: Welch's test; of flags the two-proportion z-test
  bool is_significant = false;   // see Portrait
};

/// One value of a categorical feature in one group: index = share in group / share in population.
struct CategoryIndex {
  std::string feature;
  std::string value;  // the code; "" for missing
  std::int64_t customers = 0;
  double share = 0;  // of the group's members, 0..1
  double population_share = 0;
  std::optional<double> index;
  std::optional<double> p = {};  // two-proportion z-test against all others
  bool is_significant = false;
};

struct GroupPortrait {
  std::string code;
  std::int64_t customers = 0;
  double customer_share = 0;  // of the classified
  double revenue_12m_cny = 0;
  double revenue_share = 0;                // of the classified customers' revenue; 0 when none is known
  std::optional<double> average_bill_cny;  // revenue / bills of the last 12 months
  double energy_12m_kwh = 0;
  double energy_share = 0;
  std::vector<NumberIndex> numbers;       // every in_portrait Number and Flag of the catalogue that has data
  std::vector<CategoryIndex> categories;  // every in_portrait Category, values by population share
};

/// Marked significant are the lines that stand when at most 5 % of all that stand may be false (Benjamini & Hochberg
/// over every line of every group of the portrait; see significance.hpp).
struct Portrait {
  std::string run_id;
  std::string scheme;
  bool has_revenue = false;  // whether any classified customer has bill revenue
  bool has_energy = false;
  std::vector<GroupPortrait> groups;  // in the order of the run's groups
};

/// Computes the portraits of stored runs from their assignments and the wide tables of their months. Population: each
/// run's classified customers. Sums run on exact decimals: same bits for any thread count, and for a run alone or
/// beside others; together they cost little more than one. Errors: BadData (as check_prepared), Database, Cancelled.
Result<std::vector<Portrait>> make_portraits(warehouse::Workspace& workspace,
                                             const features::FeatureCatalogue& catalogue,
                                             std::span<const RunResult> runs);
/// Of one.
Result<Portrait> make_portrait(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const RunResult& run);

}  // namespace fenqun::segment
