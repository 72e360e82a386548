// segment/expression.hpp - conditions over features that an analyst writes: checked when loaded, compiled to SQL.
// Level 3.
#pragma once

#include "base/result.hpp"
#include "features/catalogue.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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

/// A checked expression. Grammar, loosest first:
///   a or b | a and b | not a | a = b, != < <= > >= | a in ('x', 'y') | a is missing | a is not missing
///   a + b, a - b | a * b, a / b | -a | 12.5, 'text', true, false | feature | (a)
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
  /// The features that it looks at, each once, in order of appearance.
  [[nodiscard]] const std::vector<std::string>& features() const noexcept { return features_; }

 private:
  struct Node;
  friend class ExpressionParser;
  static void write(const Node& node, const std::string& population, std::string& out);

  std::string text_;
  ValueType type_ = ValueType::Flag;
  std::vector<std::string> features_;
  std::shared_ptr<const Node> root_;  // shared: expressions are copied with their scheme
};

}  // namespace fenqun::segment
