// segment/result.hpp - what a run of a scheme found, as plain data: for storing, printing and reporting. Level 3.
#pragma once

#include "base/month.hpp"
#include "base/texts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::segment {

/// The centre of a group in one feature, in the feature's own unit.
struct CentreValue {
  std::string feature;
  double value = 0;
};

struct GroupResult {
  std::string code;     // "high"; stable across runs
  BilingualText title;  // 收入贡献度高
  BilingualText description;
  std::int64_t customers = 0;
  double share = 0;                 // of the classified customers, 0..1
  double order_score = 0;           // what the groups were ordered by; score: its mean; 0 for rules
  std::vector<CentreValue> centre;  // tiers: the typical member; empty for rules
  // Tiers: the centre in scaled units, as rows are assigned by it, and where the search for it began. Empty in runs
  // stored by an earlier version.
  std::vector<double> scaled_centre = {};
  std::vector<double> scaled_start = {};
};

/// Customers that have no group, by reason.
struct UnclassifiedResult {
  std::string code;  // "constant_series", "missing:growth_12m"
  BilingualText reason;
  std::int64_t customers = 0;
  std::vector<std::string> examples;  // up to 100 customer ids, in order
};

/// One number of groups as it was tried. Absent index: not defined for that trial.
struct TrialResult {
  std::uint32_t k = 0;
  double inertia = 0;
  double centroid_silhouette = 0;  // the simplified form, over all rows
  std::optional<double> calinski_harabasz;
  std::optional<double> davies_bouldin;
  double smallest_share = 0;
  std::uint32_t rounds = 0;
  bool converged = false;
  // Asked for by the scheme; else absent, as in runs stored by an earlier version.
  std::optional<double> silhouette = {};  // the true one, on a stratified sample, with its 95 % interval
  std::optional<double> silhouette_low = {};
  std::optional<double> silhouette_high = {};
  std::optional<double> gap = {};
  std::optional<double> gap_error = {};  // s_k
  std::optional<double> stability = {};  // mean adjusted Rand index of resamples, and the least
  std::optional<double> stability_least = {};
};

struct ScalingResult {
  std::string feature;
  std::string transform;  // "log1p + robust"
  double weight = 1;
  bool fell_back = false;  // interquartile range was 0: standard deviation instead
  // What was fitted, as in cluster::FittedColumn. Runs stored by an earlier version do not hold it.
  double centre = 0;
  double scale = 1;
  std::optional<double> low = {};  // winsorising, in the feature's own unit; absent: none
  std::optional<double> high = {};
  std::vector<double> knots = {};  // quantile; else empty
};

/// One part of a score, as it was declared and what it came to.
struct ScorePartResult {
  std::string feature;    // empty: a condition
  std::string condition;  // empty: a feature
  std::string map;        // "share", "linear", "steps", "percentile", "values", "condition"
  double weight = 1;
  BilingualText sentence;                   // the reason; {value} stands for the feature's value
  std::int64_t known = 0;                   // customers with a score of whom it is known
  std::optional<double> mean_contribution;  // points, over these
};

/// A group of a score: where its points come from and how its scores lie.
struct ScoreBandResult {
  std::string code;
  std::optional<double> from;                      // least score of the group; absent: whoever no other one takes
  std::vector<std::optional<double>> mean_points;  // per part, over its customers of whom the part is known
  std::vector<std::int64_t> counts;                // customers per step of kScoreStep points; the last holds 100 too
};
inline constexpr int kScoreStep = 5;

/// Where a score came from. Its customers stand in table `score`: see segment/scores.hpp.
struct ScoreResult {
  std::string source = "rule";    // "rule": the scheme's own weights; "model": a trained model
  double least_known = 0;         // share of the weight that must be known
  std::uint32_t top_reasons = 3;  // shown of a customer
  std::optional<double> mean;     // over the customers with a score
  std::vector<ScorePartResult> parts;
  std::vector<ScoreBandResult> bands = {};  // in the order of the groups; empty in runs stored by an earlier version
};

/// Sizes that were asked for, and what they cost.
struct BalanceResult {
  double least_share = 0;
  double most_share = 1;
  double price = 0;        // inertia / free_inertia - 1
  std::int64_t moved = 0;  // customers that are not in the group of the nearest centre
  // Sums of squared distances with and without the bounds. Absent in runs stored by an earlier version.
  std::optional<double> inertia = {};
  std::optional<double> free_inertia = {};
};

/// A shape of the dictionary.
struct ShapeResult {
  std::int64_t days = 0;                   // of all customers, nearest to it
  std::vector<double> hours;               // 24 shares of the day
  std::vector<std::int64_t> days_by_cell;  // 8: season (spring, summer, autumn, winter) x working day, rest day
  // Runs stored by an earlier version do not hold these.
  BilingualText title = {};
  std::optional<double> share = {};  // of the days with a shape
};

/// What hourly readings say. Customers one by one: table `load_shape` (a dominant shape is numbered from 1).
struct LoadShapeResult {
  struct GroupCurve {
    std::string code;
    std::vector<double> hours;  // 48 shares: 24 of working days, 24 of rest days
  };
  int months = 0;                        // looked at, up to the run's
  std::int64_t customers = 0;            // with a reading
  std::int64_t days = 0;                 // of these
  std::int64_t shaped_days = 0;          // all hours there, none below 0, some energy
  std::int64_t found_shapes = 0;         // before they were merged into the dictionary
  double violation_share = 0;            // of days farther from their shape than theta
  double mean_error = 0;                 // |day - shape|^2 / |shape|^2
  std::vector<ShapeResult> dictionary;   // most days of the sample first
  std::vector<GroupCurve> group_curves;  // in the order of the groups
};

/// Agreement with a planted or otherwise known classification.
struct TruthResult {
  std::string column;
  double adjusted_rand_index = 0;
  std::int64_t compared = 0;  // customers with a group and a truth
};

/// What the method found in one stratum.
struct StratumResult {
  std::string code;
  BilingualText title;
  std::int64_t customers = 0;       // classifiable ones that the method worked on
  std::vector<GroupResult> groups;  // under the codes of the whole run, with their customers in this stratum
  std::vector<TrialResult> trials;
  std::uint32_t recommended_k = 0;
  std::string recommended_reason;
  std::uint32_t published_k = 0;
  std::vector<ScalingResult> scaling;
};

/// How a feature lay among the customers of the run, to tell later how far it has moved (cluster/drift.hpp).
struct DriftBins {
  std::string feature;
  std::vector<double> edges;
  std::vector<std::uint64_t> counts;  // edges + 1
  std::uint64_t missing = 0;
};

/// A run of another scheme whose groups this one looked at.
struct UsedRun {
  std::string scheme;
  std::string run_id;
};

/// The group inside which a scheme looked.
struct ParentGroup {
  std::string scheme;
  std::string group;
  std::string run_id;
};

struct RunResult {
  std::string run_id;  // follows from scheme, month, data, options, seed and build: the same run, the same id
  std::string scheme;  // "dongguan_revenue"
  int scheme_version = 0;
  std::string definition;  // hash of the scheme's text; empty in runs stored by an earlier version
  BilingualText scheme_title;
  BilingualText scheme_source;  // where the scheme comes from
  std::string method;           // "rules", "tiers", "bands", "score", "personas", "load_shape"
  Month as_of;
  std::string data_fingerprint;
  std::string build;
  std::uint64_t seed = 0;
  std::int64_t population = 0;  // customers the scheme looks at = classified + all unclassified
  std::int64_t classified = 0;
  std::vector<GroupResult> groups;  // in the scheme's order, highest first
  bool groups_named = true;  // by the scheme; false: "g1", "g2" ... by place, so a code says nothing of another run
  std::vector<UnclassifiedResult> unclassified;
  std::vector<TrialResult> trials;  // tiers: ascending k
  std::uint32_t recommended_k = 0;  // 0 when the method has no k
  std::string recommended_reason;   // text key of the reason: "segment.k_majority"
  std::uint32_t published_k = 0;
  std::vector<ScalingResult> scaling;
  std::string row_norm = "none";          // as in the scheme: "none", "unit", "unit_or_zero"
  std::string assignment_hash;            // over customer id and group in order: equal hash, equal assignment
  std::optional<ScoreResult> score;       // score alone
  std::optional<LoadShapeResult> shapes;  // load_shape alone
  std::optional<BalanceResult> balance;   // personas, where asked for
  std::optional<TruthResult> truth;
  std::vector<StratumResult> strata;  // empty: the scheme has none; then trials and scaling stand above
  std::vector<DriftBins> drift_bins;  // of the features that the method works on; empty: rules, or an earlier version
  std::vector<UsedRun> uses;          // by scheme
  std::optional<ParentGroup> parent;  // drill-down: the group whose customers are the population
  std::string group_limit_override;   // the scheme's reason for more than seven groups; empty: none
  std::vector<std::string> warnings;  // text keys, e.g. "segment.warn_small_group"
};

}  // namespace fenqun::segment
