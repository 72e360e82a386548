// segment/expression.hpp - conditions over features that an analyst writes: checked when loaded, compiled to SQL.
// Level 3.
#pragma once

#include "base/result.hpp"
#include "features/catalogue.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fenqun::segment {

enum class ValueType : std::uint8_t { Number, Text, Flag };

/// What a name in an expression means.
struct NameLookup {
  std::function<std::optional<ValueType>(std::string_view name)> type_of;  // absent: no such name
  std::vector<std::string> known;  // all names, to tell which one may have been meant
};
/// The features; `catalogue` must outlive it.
NameLookup lookup_in(const features::FeatureCatalogue& catalogue);
std::vector<std::string> names_in(const features::FeatureCatalogue& catalogue);

/// What a customer has in one feature; nothing: missing.
using FeatureValue = std::variant<std::monostate, bool, double, std::string>;
using ValueOf = std::function<FeatureValue(std::string_view feature)>;

/// A part of an expression that holds or not by itself: `a >= 315`, `b in ('x', 'y')`, `c is missing`, the flag `d`.
struct Condition {
  std::string text;                   // as it was written
  std::vector<std::string> features;  // it looks at, each once
  std::vector<double> numbers;        // written in it
  std::vector<std::string> texts;
  std::vector<std::size_t> aggregates;  // places among the expression's
};

inline constexpr std::string_view kGroupOf = "group_of";
/// The column in which group_of('scheme') finds its value: "group_of:scheme"; and the scheme of such a column.
std::string group_column(std::string_view scheme);
std::optional<std::string> scheme_of_column(std::string_view column);

/// A checked expression. Grammar, loosest first:
///   a or b | a and b | not a | a = b, != < <= > >= | a in ('x', 'y') | a is missing | a is not missing
///   a + b, a - b | a * b, a / b | -a | 12.5, 'text', true, false | feature | (a)
///   group_of('scheme')   the code of the group that the customer has in another scheme; missing: none
///   mean(a), median(a), quantile(a, 0.9)   over the whole population of the scheme, missing left out
/// A missing value makes a comparison unknown; an unknown condition does not hold (three-valued, as in SQL).
/// Immutable: safe from several threads.
class Expression {
 public:
  /// Errors: BadData naming the expression, the position (1-based) and what was expected there: wrong syntax, a
  /// name that is no feature (with near names), types that do not fit ('text' > 3).
  static Result<Expression> parse(std::string_view text, const NameLookup& names);

  [[nodiscard]] ValueType type() const noexcept { return type_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// SQL over a row of `population` (a table or view name, quoted by the caller), which aggregates look at as a whole.
  [[nodiscard]] std::string sql(const std::string& population) const;
  /// Scalar SQL of each aggregate in it, in order of appearance; what evaluate() wants of them.
  [[nodiscard]] std::vector<std::string> aggregates_sql(const std::string& population) const;
  /// The same as the SQL for one customer, with the aggregates as they were found: nothing is unknown (or missing).
  [[nodiscard]] FeatureValue evaluate(const ValueOf& values, std::span<const FeatureValue> aggregates) const;
  /// The conditions in it, from left to right; evaluated by their place.
  [[nodiscard]] const std::vector<Condition>& conditions() const noexcept { return conditions_; }
  [[nodiscard]] FeatureValue evaluate_condition(std::size_t place, const ValueOf& values,
                                                std::span<const FeatureValue> aggregates) const;
  /// The columns that it looks at, each once, in order of appearance: features, parameters, and group_column() of
  /// schemes.
  [[nodiscard]] const std::vector<std::string>& features() const noexcept { return features_; }

  // Inside the room, see expression_node.hpp: the tree, and the SQL of a part of it.
  struct Node;
  [[nodiscard]] const Node& root() const noexcept { return *root_; }
  static void write(const Node& node, const std::string& population, std::string& out);

 private:
  friend class ExpressionParser;
  static void collect_aggregates(const Node& node, const std::string& population, std::vector<std::string>& out);
  static FeatureValue value_of(const Node& node, const ValueOf& values, std::span<const FeatureValue> aggregates);

  std::string text_;
  ValueType type_ = ValueType::Flag;
  std::vector<std::string> features_;
  std::vector<Condition> conditions_;
  std::vector<std::shared_ptr<const Node>> condition_nodes_;
  std::shared_ptr<const Node> root_;  // shared: expressions are copied with their scheme
};

}  // namespace fenqun::segment
