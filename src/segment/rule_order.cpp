// segment/rule_order.cpp - each rule as alternatives of joint constraints; an alternative is out of reach when one of
// an earlier rule asks for nothing that it does not ask for itself. Sound in three-valued logic: what holds was known.
#include "segment/rule_order.hpp"

#include "segment/expression_node.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace fenqun::segment {
namespace {

using Node = Expression::Node;
using Op = Node::Op;
using Texts = std::set<std::string>;

constexpr std::size_t kMostTerms = 256;

/// What a term asks of one value: of a feature, or of any part that is written alike.
struct Constraint {
  bool missing = false;
  bool present = false;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;  // low itself does not belong
  bool high_open = false;
  std::optional<Texts> among;
  Texts not_among;

  [[nodiscard]] bool has_range() const { return low > -kInfinity || high < kInfinity; }
  [[nodiscard]] bool is_present() const { return present || has_range() || among || !not_among.empty(); }
  [[nodiscard]] bool is_possible() const {
    if (missing && is_present()) return false;
    if (low > high || (low == high && (low_open || high_open))) return false;
    return !among || !among->empty();
  }
  void narrow(const Constraint& by) {
    missing = missing || by.missing;
    present = present || by.present;
    if (by.low > low || (by.low == low && by.low_open)) {
      low = by.low;
      low_open = by.low_open;
    }
    if (by.high < high || (by.high == high && by.high_open)) {
      high = by.high;
      high_open = by.high_open;
    }
    not_among.insert(by.not_among.begin(), by.not_among.end());
    if (by.among) {
      Texts both;
      if (among)
        std::set_intersection(among->begin(), among->end(), by.among->begin(), by.among->end(),
                              std::inserter(both, both.end()));
      among = among ? both : *by.among;
    }
    if (!among) return;
    for (const auto& text : not_among) among->erase(text);
  }
  /// Does whatever fulfils this fulfil `other` too?
  [[nodiscard]] bool implies(const Constraint& other) const {
    if (other.missing && !missing) return false;
    if (other.present && !is_present()) return false;
    if (other.low > low || (other.low == low && other.low_open && !low_open)) return false;
    if (other.high < high || (other.high == high && other.high_open && !high_open)) return false;
    if (other.among &&
        !(among && std::includes(other.among->begin(), other.among->end(), among->begin(), among->end())))
      return false;
    return std::all_of(other.not_among.begin(), other.not_among.end(), [&](const std::string& text) {
      return not_among.contains(text) || (among && !among->contains(text));
    });
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
};

using Term = std::map<std::string, Constraint>;  // all of them together; none: always
using Terms = std::vector<Term>;                 // any of them; none: never
using MaybeTerms = std::optional<Terms>;         // absent: too many

Terms one(std::string subject, Constraint constraint) {
  Term term;
  term.emplace(std::move(subject), std::move(constraint));
  return {std::move(term)};
}

std::optional<Term> joined(const Term& left, const Term& right) {
  Term out = left;
  for (const auto& [subject, constraint] : right) {
    auto& into = out[subject];
    into.narrow(constraint);
    if (!into.is_possible()) return std::nullopt;
  }
  return out;
}

MaybeTerms both(const MaybeTerms& left, const MaybeTerms& right) {
  if (!left || !right || left->size() * right->size() > kMostTerms) return std::nullopt;
  Terms out;
  for (const auto& a : *left) {
    for (const auto& b : *right) {
      if (auto term = joined(a, b)) out.push_back(std::move(*term));
    }
  }
  return out;
}

MaybeTerms either(MaybeTerms left, MaybeTerms right) {
  if (!left || !right || left->size() + right->size() > kMostTerms) return std::nullopt;
  left->insert(left->end(), std::make_move_iterator(right->begin()), std::make_move_iterator(right->end()));
  return left;
}

std::string written(const Node& node) {
  std::string out;
  Expression::write(node, "population", out);
  return out;
}

FeatureValue constant_of(const Node& node) {
  if (node.op == Op::Constant) return node.value;
  if (node.op != Op::Negate) return {};
  const auto inner = constant_of(*node.children[0]);
  if (const auto* number = std::get_if<double>(&inner)) return -*number;
  return {};
}

Constraint holds(bool value) {
  Constraint out;
  out.among = Texts{value ? "true" : "false"};
  return out;
}

Op mirrored(Op op) {
  switch (op) {
    case Op::AtMost:
      return Op::AtLeast;
    case Op::AtLeast:
      return Op::AtMost;
    case Op::Less:
      return Op::Greater;
    case Op::Greater:
      return Op::Less;
    default:
      return op;
  }
}

Op opposite(Op op) {
  switch (op) {
    case Op::Equal:
      return Op::NotEqual;
    case Op::NotEqual:
      return Op::Equal;
    case Op::AtMost:
      return Op::Greater;
    case Op::AtLeast:
      return Op::Less;
    case Op::Less:
      return Op::AtLeast;
    case Op::Greater:
      return Op::AtMost;
    default:
      return op;
  }
}

Terms compared(const std::string& subject, Op op, double number) {
  Constraint below;
  below.high = number;
  below.high_open = op != Op::AtMost && op != Op::Equal;
  Constraint above;
  above.low = number;
  above.low_open = op != Op::AtLeast && op != Op::Equal;
  switch (op) {
    case Op::AtMost:
    case Op::Less:
      return one(subject, below);
    case Op::AtLeast:
    case Op::Greater:
      return one(subject, above);
    case Op::Equal:
      below.narrow(above);
      return one(subject, below);
    default: {
      auto out = one(subject, below);
      out.push_back(one(subject, above).front());
      return out;
    }
  }
}

std::optional<Terms> compared(const std::string& subject, Op op, const FeatureValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return compared(subject, op, *number);
  std::string text;
  if (const auto* flag = std::get_if<bool>(&value))
    text = *flag ? "true" : "false";
  else if (const auto* word = std::get_if<std::string>(&value))
    text = *word;
  else
    return std::nullopt;
  Constraint out;
  if (op == Op::Equal)
    out.among = Texts{text};
  else if (op == Op::NotEqual)
    out.not_among = Texts{text};
  else
    return std::nullopt;
  return one(subject, out);
}

MaybeTerms terms_of(const Node& node, bool wanted);

MaybeTerms of_comparison(const Node& node, bool wanted) {
  const auto& left = *node.children[0];
  const auto& right = *node.children[1];
  const bool is_mirrored = !std::holds_alternative<std::monostate>(constant_of(left));
  const auto value = constant_of(is_mirrored ? left : right);
  auto op = is_mirrored ? mirrored(node.op) : node.op;
  if (!wanted) op = opposite(op);
  if (auto terms = compared(written(is_mirrored ? right : left), op, value)) return terms;
  return one(written(node), holds(wanted));
}

MaybeTerms of_list(const Node& node, bool wanted) {
  const auto subject = written(*node.children[0]);
  MaybeTerms out = wanted ? Terms{} : Terms{Term{}};
  for (const auto& element : node.children[1]->children) {
    const auto terms = compared(subject, wanted ? Op::Equal : Op::NotEqual, constant_of(*element));
    if (!terms) return one(written(node), holds(wanted));
    out = wanted ? either(std::move(out), terms) : both(out, terms);
  }
  return out;
}

// The alternatives under which the node is true (wanted) or false.
MaybeTerms terms_of(const Node& node, bool wanted) {
  switch (node.op) {
    case Op::Not:
      return terms_of(*node.children[0], !wanted);
    case Op::And:
    case Op::Or: {
      auto left = terms_of(*node.children[0], wanted);
      auto right = terms_of(*node.children[1], wanted);
      return (node.op == Op::And) == wanted ? both(left, right) : either(std::move(left), std::move(right));
    }
    case Op::IsMissing:
    case Op::IsNotMissing: {
      Constraint out;
      ((node.op == Op::IsMissing) == wanted ? out.missing : out.present) = true;
      return one(written(*node.children[0]), out);
    }
    case Op::In:
      return of_list(node, wanted);
    case Op::Equal:
    case Op::NotEqual:
    case Op::AtMost:
    case Op::AtLeast:
    case Op::Less:
    case Op::Greater:
      return of_comparison(node, wanted);
    case Op::Constant:
      if (const auto* flag = std::get_if<bool>(&node.value)) return *flag == wanted ? Terms{Term{}} : Terms{};
      return std::nullopt;
    default:
      return one(written(node), holds(wanted));
  }
}

bool takes(const Term& earlier, const Term& later) {
  return std::all_of(earlier.begin(), earlier.end(), [&](const auto& asked) {
    const auto there = later.find(asked.first);
    return there != later.end() && there->second.implies(asked.second);
  });
}

}  // namespace

std::vector<Unreachable> unreachable_rules(const std::vector<const Expression*>& rules) {
  std::vector<MaybeTerms> all;
  all.reserve(rules.size());
  for (const auto* rule : rules) all.push_back(terms_of(rule->root(), true));
  std::vector<Unreachable> out;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    if (!all[r]) continue;
    std::set<std::size_t> because;
    const bool covered = std::all_of(all[r]->begin(), all[r]->end(), [&](const Term& term) {
      for (std::size_t earlier = 0; earlier < r; ++earlier) {
        if (!all[earlier]) continue;
        const auto& terms = *all[earlier];
        if (std::none_of(terms.begin(), terms.end(), [&](const Term& other) { return takes(other, term); })) continue;
        because.insert(earlier);
        return true;
      }
      return false;
    });
    if (covered) out.push_back({r, {because.begin(), because.end()}});
  }
  return out;
}

}  // namespace fenqun::segment
