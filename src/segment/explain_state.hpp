// segment/explain_state.hpp - what an explainer of one run holds. Level 3, inside the room.
#pragma once

#include "segment/method_explainer.hpp"

#include <set>

namespace fenqun::segment {

struct Explainer::State {
  warehouse::Workspace& workspace;
  const features::FeatureCatalogue& catalogue;
  const Scheme& scheme;
  const RunResult& run;
  WorkerPool& pool;
  warehouse::Workspace::Scratch scratch;
  Population population;
  std::set<std::string> names;  // columns that the scheme names
  std::map<std::string, FeatureGrid, std::less<>> grids;
  std::vector<FeatureValue> population_aggregates;
  std::vector<std::vector<FeatureValue>> exclusion_aggregates;
  std::vector<std::vector<FeatureValue>> override_aggregates;
  std::map<std::string, BilingualText> reasons;  // in words, as far as they were asked for
  std::unique_ptr<MethodExplainer> method;       // null: the run classified nobody

  /// SQL of the customers of the month with every column that the scheme names.
  [[nodiscard]] std::string source() const { return source_sql(scheme, run.as_of, run.uses); }
  /// A reason, or nothing where the method is asked.
  [[nodiscard]] Placement refused(const CustomerValues& values) const;
  /// What the first override that holds and sets the parameter says of it; null: none does.
  [[nodiscard]] const Parameter* override_of(const std::string& name, const ValueOf& get) const;
  /// The parameters follow from the features.
  void set_parameters(CustomerValues& values) const;
  /// The whole way from features to a group or a reason.
  [[nodiscard]] Result<Placement> place(const CustomerValues& values) const;
  /// Values of some customers (SQL texts with commas between), in the order of their ids.
  Result<std::vector<std::pair<std::string, CustomerValues>>> read(const std::string& customers);
  Result<BilingualText> reason_title(const std::string& code);
  [[nodiscard]] BilingualText title_of(const std::string& group) const;
  /// What the run stored of a customer.
  [[nodiscard]] Result<Placement> stored(const std::string& customer) const;
  Result<Explanation> explain(const std::string& customer, const CustomerValues& values);
};

}  // namespace fenqun::segment
