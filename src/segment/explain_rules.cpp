// segment/explain_rules.cpp - decision tables: the row that fired, and the nearest one that did not.
#include "segment/method_explainer.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <set>

namespace fenqun::segment {
namespace {

using warehouse::sql_text;

/// A row's condition, with what its aggregates came to.
struct Test {
  const Expression* when = nullptr;
  std::vector<FeatureValue> aggregates;
};

/// How much a change asks for: how many features, then how far, in spreads.
struct Cost {
  std::size_t features = 0;
  double distance = 0;
  auto operator<=>(const Cost&) const = default;  // NOLINT: compares with a literal 0
};

struct Step {
  Cost cost;
  std::size_t number = 0;  // of equals the one found first
  CustomerValues values;
};
struct Dearer {
  bool operator()(const Step& a, const Step& b) const {
    return a.cost != b.cost ? a.cost > b.cost : a.number > b.number;
  }
};

class RulesExplainer final : public MethodExplainer {
 public:
  RulesExplainer(const ExplainContext& context, std::vector<Test> rows) : context_(context), rows_(std::move(rows)) {
    collect_texts();
  }

  Result<Placement> place(const CustomerValues& values) override {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (holds(rows_[i].when->evaluate(value_of(values), rows_[i].aggregates)))
        return Placement{context_.scheme.groups[i].code, ""};
    }
    return Placement{"", kNoRule};
  }

  Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) override {
    if (!out.own.group.empty()) out.fired = row_state(row_of(out.own.group), values);
    FENQUN_TRY(const auto found, cheapest(values, everything, out.own.group));
    if (!found) return {};
    FENQUN_TRY(const auto into, everything(*found));
    Move move;
    move.into = into.group;
    for (const auto& [feature, value] : *found) {
      if (value_of(values)(feature) != value) move.changes.push_back(change_of(context_, feature, values, value));
    }
    out.nearest = row_state(row_of(into.group), values);
    out.move = std::move(move);
    return {};
  }

  Result<std::vector<std::string>> assign_all(const std::string& table) override {
    std::string group = "CASE";
    for (const auto& rule : context_.scheme.groups)
      group += " WHEN " + rule.when->sql(context_.population.classifiable) + " THEN " + sql_text(rule.code);
    FENQUN_TRY(const auto rows, context_.workspace.connection().query("SELECT coalesce(" + group + " END, '') FROM " +
                                                                      table + " ORDER BY customer_id"));
    std::vector<std::string> out;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) out.push_back(rows.text(r, 0));
    return out;
  }

 private:
  [[nodiscard]] std::size_t row_of(const std::string& group) const {
    for (std::size_t i = 0; i < context_.scheme.groups.size(); ++i) {
      if (context_.scheme.groups[i].code == group) return i;
    }
    return 0;
  }

  [[nodiscard]] RuleState row_state(std::size_t row, const CustomerValues& values) const {
    const auto& rule = context_.scheme.groups[row];
    RuleState out{rule.code, rule.when->text(), rule.standard, {}};
    for (std::size_t i = 0; i < rule.when->conditions().size(); ++i) {
      const auto& condition = rule.when->conditions()[i];
      ConditionState state{condition.text, std::nullopt, {}};
      const auto value = rule.when->evaluate_condition(i, value_of(values), rows_[row].aggregates);
      if (const auto* known = std::get_if<bool>(&value)) state.holds = *known;
      for (const auto& feature : condition.features) state.values.emplace_back(feature, value_of(values)(feature));
      out.conditions.push_back(std::move(state));
    }
    return out;
  }

  void collect_texts() {
    for (const auto& test : rows_) {
      for (const auto& condition : test.when->conditions()) {
        for (const auto& feature : condition.features)
          texts_[feature].insert(condition.texts.begin(), condition.texts.end());
      }
    }
    for (auto& [name, texts] : texts_) {
      const auto* feature = context_.features.find(name);
      if (feature == nullptr) continue;
      for (const auto& [code, title] : feature->value_names) texts.insert(code);
    }
  }

  [[nodiscard]] Cost cost_of(const CustomerValues& from, const CustomerValues& to) const {
    Cost out;
    for (const auto& [feature, value] : to) {
      const auto own = value_of(from)(feature);
      if (own == value) continue;
      ++out.features;
      const auto* a = std::get_if<double>(&own);
      const auto* b = std::get_if<double>(&value);
      const auto grid = context_.grids.find(feature);
      out.distance +=
          a != nullptr && b != nullptr && grid != context_.grids.end() ? std::abs(*b - *a) / grid->second.spread : 1;
    }
    return out;
  }

  /// Cheapest first over all single changes that turn a condition somewhere in the table. What comes up first in
  /// another group is the nearest: costs only grow.
  Result<std::optional<CustomerValues>> cheapest(const CustomerValues& values, const Place& everything,
                                                 const std::string& own) const {
    constexpr std::size_t kMostSteps = 4'000;
    constexpr std::size_t kMostFeatures = 4;
    std::priority_queue<Step, std::vector<Step>, Dearer> open;
    std::set<CustomerValues> seen;
    std::size_t number = 0;
    open.push({{}, number++, values});
    for (std::size_t taken = 0; taken < kMostSteps && !open.empty(); ++taken) {
      const auto step = open.top();
      open.pop();
      if (!seen.insert(step.values).second) continue;
      FENQUN_TRY(const auto placed, everything(step.values));
      if (!placed.group.empty() && placed.group != own) return std::optional(step.values);
      if (step.cost.features >= kMostFeatures) continue;
      for (auto& next : neighbours(step.values)) {
        const auto cost = cost_of(values, next);
        if (cost > step.cost) open.push({cost, number++, std::move(next)});
      }
    }
    return std::optional<CustomerValues>();
  }

  [[nodiscard]] std::vector<CustomerValues> neighbours(const CustomerValues& values) const {
    std::vector<CustomerValues> out;
    for (const auto& test : rows_) {
      for (std::size_t i = 0; i < test.when->conditions().size(); ++i) turn(test, i, values, out);
    }
    return out;
  }

  /// Every change of one feature that gives the condition another truth.
  void turn(const Test& test, std::size_t place, const CustomerValues& values, std::vector<CustomerValues>& out) const {
    const auto& condition = test.when->conditions()[place];
    const auto truth = test.when->evaluate_condition(place, value_of(values), test.aggregates);
    for (const auto& feature : condition.features) {
      for (auto& value : candidates(test, condition, place, feature, values)) {
        auto changed = values;
        changed[feature] = std::move(value);
        if (test.when->evaluate_condition(place, value_of(changed), test.aggregates) != truth)
          out.push_back(std::move(changed));
      }
    }
  }

  [[nodiscard]] std::vector<FeatureValue> candidates(const Test& test, const Condition& condition, std::size_t place,
                                                     const std::string& name, const CustomerValues& values) const {
    const auto* feature = context_.features.find(name);
    std::vector<FeatureValue> out;
    if (feature == nullptr) return out;
    switch (feature->type) {
      case features::FeatureType::Flag:
        out = {true, false};
        if (asks_missing(condition)) out.emplace_back(std::monostate());
        return out;
      case features::FeatureType::Category:
        if (const auto texts = texts_.find(name); texts != texts_.end())
          out.assign(texts->second.begin(), texts->second.end());
        if (asks_missing(condition)) out.emplace_back(std::monostate());
        return out;
      case features::FeatureType::Number:
        break;
    }
    const auto grid = context_.grids.find(name);
    if (grid == context_.grids.end()) return out;
    const auto around = [&](double number) {
      for (const double value : {number, number + grid->second.step, number - grid->second.step})
        out.emplace_back(value);
    };
    for (const double number : condition.numbers) around(number);
    // An aggregate need not lie on the grid: the nearest numbers on it, to both sides.
    for (const auto at : condition.aggregates) {
      const auto* number = at < test.aggregates.size() ? std::get_if<double>(&test.aggregates[at]) : nullptr;
      if (number == nullptr) continue;
      const auto& g = grid->second;
      for (const double from : {g.least, g.greatest}) around(g.beyond(*number, from));
    }
    if (const auto turning = turning_point(test, place, name, values, grid->second)) around(*turning);
    if (asks_missing(condition)) {
      out.emplace_back(std::monostate());
      out.emplace_back(grid->second.least);
    }
    return out;
  }

  // Only then is losing a value a change worth telling.
  static bool asks_missing(const Condition& condition) {
    return condition.text.ends_with(" missing") && condition.numbers.empty() && condition.texts.empty();
  }

  /// Where a condition over arithmetic turns when one feature moves, found by halving between the own value and the
  /// ends of what occurs.
  [[nodiscard]] std::optional<double> turning_point(const Test& test, std::size_t place, const std::string& name,
                                                    const CustomerValues& values, const FeatureGrid& grid) const {
    const auto own = number_in(values, name);
    if (!own) return std::nullopt;
    auto changed = values;
    const auto truth_at = [&](double value) {
      changed[name] = value;
      return test.when->evaluate_condition(place, value_of(changed), test.aggregates);
    };
    const auto truth = truth_at(*own);
    for (const double end : {grid.greatest, grid.least}) {
      if (truth_at(end) == truth) continue;
      double near = *own;
      double far = end;
      while (std::abs(far - near) > 1.5 * grid.step) {
        const double middle = grid.beyond((near + far) / 2, near);
        if (middle == near || middle == far) break;
        (truth_at(middle) == truth ? near : far) = middle;
      }
      return far;
    }
    return std::nullopt;
  }

  ExplainContext context_;
  std::vector<Test> rows_;
  std::map<std::string, std::set<std::string>, std::less<>> texts_;
};

}  // namespace

Result<std::unique_ptr<MethodExplainer>> make_rules_explainer(const ExplainContext& context) {
  std::vector<Test> rows;
  for (const auto& group : context.scheme.groups) {
    FENQUN_TRY(auto aggregates, aggregates_of(context.workspace, *group.when, context.population.classifiable));
    rows.push_back({&*group.when, std::move(aggregates)});
  }
  return std::make_unique<RulesExplainer>(context, std::move(rows));
}

}  // namespace fenqun::segment
