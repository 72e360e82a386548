// segment/method_explainer.hpp - what each method of grouping must be able to say of one customer. Level 3, inside the
// room. A new method: derive from MethodExplainer, name it in make_method_explainer().
#pragma once

#include "segment/explain.hpp"
#include "segment/population.hpp"

#include <functional>
#include <span>

namespace fenqun::segment {

/// What explainers share. `population` lies in the scratch database.
struct ExplainContext {
  warehouse::Workspace& workspace;
  const features::FeatureCatalogue& features;
  const Scheme& scheme;
  const RunResult& run;
  const std::string& scratch_catalogue;  // bare name
  const Population& population;
  const std::map<std::string, FeatureGrid, std::less<>>& grids;  // of numeric features
  WorkerPool& pool;
};

/// Whether a customer with these values is looked at at all: population, exclusions, required features, and the group
/// that the method then gives. Handed to the search for a move, which must not leave the scheme by it.
using Place = std::function<Result<Placement>(const CustomerValues&)>;

class MethodExplainer {
 public:
  MethodExplainer() = default;
  MethodExplainer(const MethodExplainer&) = delete;
  MethodExplainer& operator=(const MethodExplainer&) = delete;
  virtual ~MethodExplainer() = default;

  /// The group that the method gives a classifiable customer; `group` empty: reason kNoRule.
  virtual Result<Placement> place(const CustomerValues& values) = 0;
  /// Fills the method's part of `out`, whose `own` is known. `everything` is the whole way from values to a group.
  virtual Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) = 0;
  /// Columns that the method looks at beside the wide table's, all numbers.
  [[nodiscard]] virtual std::vector<std::string> own_columns() const { return {}; }
  /// Adds their values, and what place() needs besides, to customers in the order of their ids.
  virtual Result<void> read_own(std::vector<std::pair<std::string, CustomerValues>>& /*customers*/) { return {}; }
  /// The groups of all rows of `table` (customer_id, the scheme's features and own_columns(); all classifiable), in the
  /// order of customer_id; "" for none. As the method's run assigns them, each as if it alone had changed.
  virtual Result<std::vector<std::string>> assign_all(const std::string& table) = 0;
};

/// Of the scheme's method, over `context.population` as a whole.
Result<std::unique_ptr<MethodExplainer>> make_method_explainer(const ExplainContext& context);

Result<std::unique_ptr<MethodExplainer>> make_rules_explainer(const ExplainContext& context);
Result<std::unique_ptr<MethodExplainer>> make_tiers_explainer(const ExplainContext& context);
Result<std::unique_ptr<MethodExplainer>> make_bands_explainer(const ExplainContext& context);
Result<std::unique_ptr<MethodExplainer>> make_score_explainer(const ExplainContext& context);
Result<std::unique_ptr<MethodExplainer>> make_load_shape_explainer(const ExplainContext& context);
/// The scheme's method within each of its strata.
Result<std::unique_ptr<MethodExplainer>> make_strata_explainer(const ExplainContext& context);

// Shared by explainers.
/// Among a customer's values stands its id, for orders that it settles.
inline constexpr const char* kCustomerId = "customer_id";
inline std::optional<double> number_in(const CustomerValues& values, std::string_view feature) {
  const auto found = values.find(feature);
  if (found == values.end()) return std::nullopt;
  const auto* number = std::get_if<double>(&found->second);
  return number == nullptr ? std::nullopt : std::optional(*number);
}
inline ValueOf value_of(const CustomerValues& values) {
  return [&values](std::string_view feature) {
    const auto found = values.find(feature);
    return found == values.end() ? FeatureValue() : found->second;
  };
}
inline bool holds(const FeatureValue& value) { return value == FeatureValue(true); }

/// Values of the aggregates of an expression over `population`.
Result<std::vector<FeatureValue>> aggregates_of(warehouse::Workspace& workspace, const Expression& expression,
                                                const std::string& population);

/// A change of `values` at one feature, with the grid's step.
ValueChange change_of(const ExplainContext& context, const std::string& feature, const CustomerValues& values,
                      FeatureValue to);

}  // namespace fenqun::segment
