// segment/explain.hpp - why a customer is in its group, and the smallest change that would move it to another. Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "features/catalogue.hpp"
#include "segment/expression.hpp"
#include "segment/result.hpp"
#include "segment/scheme.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::segment {

/// A customer's features, by name; one that is not there is missing.
using CustomerValues = std::map<std::string, FeatureValue, std::less<>>;

/// Reason codes besides those of a run (exclusions, "missing:<feature>", kNoRule, kTooFew).
inline constexpr const char* kNotInPopulation = "not_in_population";

/// Where values put a customer: in a group, or in none for a reason. One of both is empty.
struct Placement {
  std::string group;
  std::string reason;
  bool operator==(const Placement&) const = default;
};

/// A change of one feature. Numbers are on the feature's grid (see FeatureGrid), on the far side of the border.
struct ValueChange {
  std::string feature;
  FeatureValue from;  // nothing: missing
  FeatureValue to;
  double step = 0;     // the grid: the change goes at most this much farther than it must; 0 for what is no number
  bool whole = false;  // a number that is whole for everybody
  double scaled = 0;   // clusters: the change in scaled units; else 0
};

/// The smallest change found that puts the customer into another group. Applying it and assigning anew gives `into`:
/// it was tried before it was stated.
struct Move {
  std::string into;
  std::vector<ValueChange> changes;  // greatest first
  double distance = 0;               // clusters: Euclidean, scaled units
  bool is_of_member = false;  // clusters: the values of the nearest member of `into`, as no shorter way was found
};

/// Clusters: what a feature says for the own centre against the next.
struct FeatureContribution {
  std::string feature;
  double value = 0;       // in the feature's unit
  double own_centre = 0;  // in the feature's unit
  double next_centre = 0;
  double contribution = 0;  // (scaled - next)² - (scaled - own)²; below 0: speaks for the next
};

/// Score: what a part gives, and could give.
struct PartPoints {
  std::size_t part = 0;          // index into RunResult::score->parts
  std::optional<double> points;  // absent: not known
  double most = 0;               // points at the part's best, with what is known of the others
  FeatureValue value;            // of the part's feature; nothing: missing, or a condition
};

/// Load shapes: the name of a share of the day's energy as a feature: "hour_share_work_08", "hour_share_rest_23"; and
/// what such a name means.
struct HourShare {
  bool is_rest_day = false;
  int hour = 0;  // 0..23
  bool operator==(const HourShare&) const = default;
};
std::string name_of(const HourShare& share);
std::optional<HourShare> hour_share_of(std::string_view feature);

/// Load shapes: days with all hours.
struct ShapeDays {
  std::uint32_t work = 0;
  std::uint32_t rest = 0;
  int least = 0;  // asked for, of both together, and one of each
};

/// Rules: a condition of a row of the decision table, as it is for the customer.
struct ConditionState {
  std::string text;
  std::optional<bool> holds;  // absent: unknown, for a value is missing
  std::vector<std::pair<std::string, FeatureValue>> values;
};

/// Rules: a row of the table.
struct RuleState {
  std::string group;
  std::string when;
  std::string standard;
  std::vector<ConditionState> conditions;
};

struct Explanation {
  std::string customer_id;
  std::string scheme;
  std::string run_id;
  std::string method;
  Month as_of;
  Placement own;
  BilingualText own_title;               // of the group, or the reason
  bool is_as_stored = true;              // the run put the customer where its values put it now
  std::optional<BilingualText> stratum;  // inside which the method looked
  // Clusters
  std::vector<FeatureContribution> contributions;  // greatest first
  std::optional<double> own_distance;              // Euclidean, scaled units
  std::optional<double> next_distance;
  std::string next_group;
  std::string nearest_group;      // of the nearest centre, where bounds on sizes put the customer elsewhere; else empty
  std::optional<ShapeDays> days;  // load shapes
  // Rules
  std::optional<RuleState> fired;    // the row that holds
  std::optional<RuleState> nearest;  // the row that `move` makes hold
  // Score: they add up to `score`; greatest first, unknown ones last
  std::vector<PartPoints> points;
  std::optional<double> known_share;  // of the weight
  std::optional<double> band_from;    // lowest score of the own band
  std::optional<double> band_below;   // the band above begins here; absent: there is none
  // Bands, score
  std::optional<double> score;
  std::optional<std::int64_t> place;  // by score, highest first, from 1
  std::int64_t places = 0;
  // All
  std::optional<Move> move;
  // Clusters, bands, scores: ways out by one feature alone, least first. Load shapes: by energy of one hour used in
  // another, one way for each group.
  std::vector<Move> single_moves;
  bool has_no_move = false;  // in a group, but no change was found that leads to another
};

/// How finely a numeric feature is told, and which values it takes. From the customers of the run.
struct FeatureGrid {
  double step = 0.001;
  bool whole = false;
  double least = 0;
  double greatest = 0;
  double spread = 1;  // standard deviation; 1 where there is none

  /// The nearest value on the grid that is at or beyond `value`, away from `from`; within least..greatest, extended to
  /// `from`.
  [[nodiscard]] double beyond(double value, double from) const;
};

/// What a bulk check found; see Explainer::check.
struct ExplainCheck {
  std::string scheme;
  std::string run_id;
  std::int64_t customers = 0;       // drawn
  std::int64_t moved = 0;           // a change was stated, and assigning anew gave the stated group
  std::int64_t no_group = 0;        // drawn customers without a group: nothing to move
  std::int64_t no_move = 0;         // no change was found
  std::int64_t of_member = 0;       // of those moved: by the values of a member
  std::vector<std::string> failed;  // whose stated change did not lead where it said, or whose group is not the stored
};

class MethodExplainer;

/// Explains the customers of one run. Holds what all of them share; not for several threads. Must not outlive
/// workspace, catalogue and pool.
class Explainer {
 public:
  struct State;  // inside the room
  /// `scheme` is the definition that the run ran. Errors: Conflict (the scheme was changed since), Database.
  static Result<Explainer> create(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                  const Scheme& scheme, const RunResult& run, WorkerPool& pool);
  Explainer(Explainer&&) noexcept;
  Explainer& operator=(Explainer&&) = delete;
  ~Explainer();

  /// Errors: NotFound (no such customer in the run's month), Database.
  Result<Explanation> explain(const std::string& customer_id);
  /// Explains `customers` drawn at random (all, when there are not more), applies each stated change to the features,
  /// and puts all of them through the scheme again as a run does, apart from the search for the change: parameters,
  /// population, exclusions, rules and scores by the run's SQL, clusters by the nearest centre or, where sizes are
  /// bounded, by the whole bounded assignment with this customer changed, shapes from the changed readings.
  /// Errors: Database, Cancelled.
  Result<ExplainCheck> check(std::int64_t customers, std::uint64_t seed);

 private:
  explicit Explainer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fenqun::segment
