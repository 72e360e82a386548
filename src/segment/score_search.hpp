// segment/score_search.hpp - a score worked out for one customer as the run's SQL does it, and the search for changes
// that lead into another band. Level 3, inside the room.
#pragma once

#include "segment/method_explainer.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace fenqun::segment {

/// A number of points in hundredths, rounded as the stored score is.
std::int64_t hundredths_of(double points);

struct Scored {
  std::vector<std::optional<double>> parts;  // 0..1 each; absent: unknown
  double known = 0;                          // weight of those known
  double points = 0;                         // not rounded
  std::optional<std::int64_t> hundredths;    // absent: too little is known
};

/// The model with what its conditions and percentiles know of the population.
class ScoreWorks {
 public:
  /// Errors: Database.
  static Result<ScoreWorks> create(const ExplainContext& context);

  [[nodiscard]] Scored score(const CustomerValues& values) const;
  /// Whether group `place` takes a customer with this score, were none before it to.
  [[nodiscard]] bool is_in(std::size_t place, std::int64_t hundredths, const CustomerValues& values) const;
  [[nodiscard]] double weight() const { return weight_; }
  /// Features that parts and groups look at, and the values of each at which something turns.
  [[nodiscard]] const std::map<std::string, std::set<double>>& turning_points() const { return numbers_; }
  [[nodiscard]] const std::map<std::string, std::set<std::string>>& texts() const { return texts_; }

 private:
  explicit ScoreWorks(const Scheme& scheme) : scheme_(&scheme) {}
  Result<void> read_percentiles(const ExplainContext& context, std::size_t part);
  void collect(const features::FeatureCatalogue& catalogue);
  void collect(const Expression& expression, const std::vector<FeatureValue>& aggregates);
  [[nodiscard]] std::optional<double> value_of_part(std::size_t part, const CustomerValues& values) const;
  [[nodiscard]] double rank_of(std::size_t part, double value, const CustomerValues& values) const;

  struct Ranks {
    std::vector<double> sorted;
    std::map<std::string, double, std::less<>> own;  // by customer
  };
  const Scheme* scheme_;
  double weight_ = 0;
  std::vector<std::vector<FeatureValue>> part_aggregates_;
  std::vector<std::vector<FeatureValue>> group_aggregates_;
  std::map<std::size_t, Ranks> ranks_;  // by part
  std::map<std::string, std::set<double>> numbers_;
  std::map<std::string, std::set<std::string>> texts_;
};

/// Ways out of the band of one customer. Exact for one feature: between the values at which something turns the score
/// is a straight line. Of several features the fewest, and of their least change one that cannot be taken back any
/// further.
class ScoreSearch {
 public:
  /// All must outlive it.
  ScoreSearch(const ExplainContext& context, const ScoreWorks& works, const CustomerValues& values,
              const Place& everything, const std::string& own);

  /// Each way by one feature alone, least change first.
  Result<std::vector<Move>> by_one();
  Result<std::optional<Move>> by_several();

 private:
  // Other values of a feature: a list for each side of the own number, nearest first; one list for what is no number.
  using Sides = std::vector<std::vector<FeatureValue>>;
  struct Option {
    std::string feature;
    FeatureValue best;
    double gain = 0;
  };
  [[nodiscard]] Sides sides_of(const std::string& feature) const;
  Result<std::string> leads_to(const CustomerValues& changed) const;
  Result<void> take_back(CustomerValues& changed, const std::string& feature) const;
  [[nodiscard]] std::vector<Option> options(double direction) const;
  Result<std::optional<Move>> several(std::vector<Option> options) const;
  [[nodiscard]] double distance_of(const std::string& feature, const FeatureValue& to) const;
  Result<Move> told(const CustomerValues& changed) const;

  const ExplainContext& context_;
  const ScoreWorks& works_;
  const CustomerValues& values_;
  const Place& everything_;
  const std::string& own_;
};

}  // namespace fenqun::segment
