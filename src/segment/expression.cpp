// segment/expression.cpp - a recursive-descent parser that checks names and types as it goes.
#include "segment/expression.hpp"

#include "base/near_names.hpp"
#include "base/number.hpp"
#include "base/short_text.hpp"
#include "segment/expression_node.hpp"
#include "warehouse/database.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace fenqun::segment {

std::string group_column(std::string_view scheme) { return std::string(kGroupOf) + ":" + std::string(scheme); }

std::optional<std::string> scheme_of_column(std::string_view column) {
  const auto at = kGroupOf.size();
  if (!column.starts_with(kGroupOf) || column.size() <= at || column[at] != ':') return std::nullopt;
  return std::string(column.substr(at + 1));
}

std::vector<std::string> names_in(const features::FeatureCatalogue& catalogue) {
  std::vector<std::string> out;
  for (const auto& feature : catalogue.features()) out.push_back(feature.name);
  return out;
}

NameLookup lookup_in(const features::FeatureCatalogue& catalogue) {
  NameLookup out;
  out.known = names_in(catalogue);
  out.type_of = [&catalogue](std::string_view name) -> std::optional<ValueType> {
    const auto* feature = catalogue.find(name);
    if (feature == nullptr) return std::nullopt;
    switch (feature->type) {
      case features::FeatureType::Number:
        return ValueType::Number;
      case features::FeatureType::Category:
        return ValueType::Text;
      case features::FeatureType::Flag:
        return ValueType::Flag;
    }
    return std::nullopt;
  };
  return out;
}

namespace {

struct Token {
  enum class Kind : std::uint8_t { Name, Number, Text, Sign, End } kind = Kind::End;
  std::string text;
  std::size_t at = 0;  // 0-based byte
};

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string_view word_of(ValueType type) {
  switch (type) {
    case ValueType::Number:
      return "number";
    case ValueType::Text:
      return "text";
    case ValueType::Flag:
      return "true / false";
  }
  return "";
}

}  // namespace

/// Parses one expression; lives for one call.
class ExpressionParser {
 public:
  using Node = Expression::Node;
  using Op = Node::Op;
  struct Typed {
    std::shared_ptr<const Node> node;
    ValueType type;
  };

  ExpressionParser(std::string_view text, const NameLookup& names) : text_(text), names_(names) {}

  Result<Expression> run() {
    FENQUN_CHECK(read_tokens());
    FENQUN_TRY(auto root, parse_or());
    if (now().kind != Token::Kind::End) return wrong(now(), "and, or, = ...");
    Expression out;
    out.text_ = std::string(text_);
    out.type_ = root.type;
    out.features_ = std::move(features_);
    out.conditions_ = std::move(conditions_);
    out.condition_nodes_ = std::move(condition_nodes_);
    out.root_ = std::move(root.node);
    return out;
  }

 private:
  static constexpr int kDeepest = 200;
  static constexpr std::size_t kMostTokens = 1000;

  [[nodiscard]] const Token& now() const { return tokens_[next_]; }
  Token take() { return tokens_[next_ + 1 < tokens_.size() ? next_++ : next_]; }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return now().kind == Token::Kind::Name && now().text == word;
  }
  [[nodiscard]] bool is_sign(std::string_view sign) const {
    return now().kind == Token::Kind::Sign && now().text == sign;
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    take();
    return true;
  }
  bool take_sign(std::string_view sign) {
    if (!is_sign(sign)) return false;
    take();
    return true;
  }

  [[nodiscard]] tl::unexpected<Error> wrong(const Token& token, std::string_view expected) const {
    return fail(ErrorCode::BadData, "segment.expression_syntax",
                {{"expression", short_text_around(text_, token.at)},
                 {"position", std::to_string(token.at + 1)},
                 {"found", token.kind == Token::Kind::End ? "end" : short_text(token.text)},
                 {"expected", std::string(expected)}});
  }
  [[nodiscard]] tl::unexpected<Error> wrong_type(std::size_t at, ValueType found, ValueType expected) const {
    return fail(ErrorCode::BadData, "segment.expression_type",
                {{"expression", short_text_around(text_, at)},
                 {"position", std::to_string(at + 1)},
                 {"found", std::string(word_of(found))},
                 {"expected", std::string(word_of(expected))}});
  }

  Result<void> read_tokens() {
    for (std::size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        ++at;
        continue;
      }
      const std::size_t start = at;
      Token token{Token::Kind::Sign, std::string(1, c), start};
      if (is_name_start(c)) {
        while (at < text_.size() && is_name_part(text_[at])) ++at;
        token = {Token::Kind::Name, std::string(text_.substr(start, at - start)), start};
      } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        while (at < text_.size() && (is_name_part(text_[at]) || text_[at] == '.')) ++at;
        token = {Token::Kind::Number, std::string(text_.substr(start, at - start)), start};
      } else if (c == '\'') {
        const auto close = text_.find('\'', start + 1);
        if (close == std::string_view::npos) return wrong(token, "closing '");
        token = {Token::Kind::Text, std::string(text_.substr(start + 1, close - start - 1)), start};
        at = close + 1;
      } else {
        at += 1;
        if (at < text_.size() && text_[at] == '=' && (c == '<' || c == '>' || c == '!')) token.text += text_[at++];
      }
      tokens_.push_back(std::move(token));
    }
    tokens_.push_back({Token::Kind::End, "", text_.size()});
    // A long chain nests as deep as it is long, here and in the database's own parser.
    if (tokens_.size() > kMostTokens)
      return wrong(tokens_[kMostTokens], "at most " + std::to_string(kMostTokens) + " parts");
    return {};
  }

  static std::shared_ptr<const Node> plain(Op op, std::string before,
                                           std::vector<std::shared_ptr<const Node>> children = {},
                                           std::string between = "", std::string after = "", FeatureValue value = {}) {
    auto node = std::make_shared<Node>();
    node->op = op;
    node->value = std::move(value);
    node->before = std::move(before);
    node->between = std::move(between);
    node->after = std::move(after);
    node->children = std::move(children);
    return node;
  }

  Result<Typed> parse_joined(std::string_view word, Result<Typed> (ExpressionParser::*part)()) {
    const auto start = now().at;
    FENQUN_TRY(auto left, (this->*part)());
    while (is_word(word)) {
      take();
      if (left.type != ValueType::Flag) return wrong_type(start, left.type, ValueType::Flag);
      const auto at = now().at;
      FENQUN_TRY(auto right, (this->*part)());
      if (right.type != ValueType::Flag) return wrong_type(at, right.type, ValueType::Flag);
      left = word == "or" ? Typed{plain(Op::Or, "(", {left.node, right.node}, " OR ", ")"), ValueType::Flag}
                          : Typed{plain(Op::And, "(", {left.node, right.node}, " AND ", ")"), ValueType::Flag};
    }
    return left;
  }
  Result<Typed> parse_or() { return parse_joined("or", &ExpressionParser::parse_and); }
  Result<Typed> parse_and() { return parse_joined("and", &ExpressionParser::parse_not); }

  Result<Typed> parse_not() {
    if (!is_word("not")) return parse_comparison();
    take();
    if (++depth_ > kDeepest) return wrong(now(), "fewer levels");
    const auto at = now().at;
    FENQUN_TRY(auto inner, parse_not());
    --depth_;
    if (inner.type != ValueType::Flag) return wrong_type(at, inner.type, ValueType::Flag);
    return Typed{plain(Op::Not, "(NOT ", {inner.node}, "", ")"), ValueType::Flag};
  }

  // What holds or not by itself is noted with its text and all it looks at. A bracket is none: what stands in it is.
  Result<Typed> parse_comparison() {
    const auto start = next_;
    const auto noted = conditions_.size();
    FENQUN_TRY(auto whole, parse_compared());
    if (whole.type != ValueType::Flag || conditions_.size() > noted || whole.node->op == Op::Constant) return whole;
    Condition condition;
    const auto& last = tokens_[next_ - 1];
    condition.text = std::string(text_.substr(tokens_[start].at, last.at - tokens_[start].at)) + written(last);
    look_into(*whole.node, condition);
    conditions_.push_back(std::move(condition));
    condition_nodes_.push_back(whole.node);
    return whole;
  }

  static std::string written(const Token& token) {
    return token.kind == Token::Kind::Text ? "'" + token.text + "'" : token.text;
  }

  static void look_into(const Node& node, Condition& out) {
    switch (node.op) {
      case Op::Feature: {
        const auto& name = std::get<std::string>(node.value);
        if (std::find(out.features.begin(), out.features.end(), name) == out.features.end())
          out.features.push_back(name);
        return;
      }
      case Op::Aggregate:
        out.aggregates.push_back(node.place);
        return;
      case Op::Constant:
        if (const auto* number = std::get_if<double>(&node.value)) out.numbers.push_back(*number);
        if (const auto* text = std::get_if<std::string>(&node.value)) out.texts.push_back(*text);
        return;
      default:
        for (const auto& child : node.children) look_into(*child, out);
    }
  }

  Result<Typed> parse_compared() {
    FENQUN_TRY(auto left, parse_sum());
    if (take_word("is")) {
      const bool negated = take_word("not");
      if (!take_word("missing")) return wrong(now(), "missing");
      return Typed{plain(negated ? Op::IsNotMissing : Op::IsMissing, "(", {left.node}, "",
                         negated ? " IS NOT NULL)" : " IS NULL)"),
                   ValueType::Flag};
    }
    if (take_word("in")) return parse_in(left);
    constexpr std::array<std::pair<std::string_view, Op>, 6> kSigns = {{{"=", Op::Equal},
                                                                        {"!=", Op::NotEqual},
                                                                        {"<=", Op::AtMost},
                                                                        {">=", Op::AtLeast},
                                                                        {"<", Op::Less},
                                                                        {">", Op::Greater}}};
    for (const auto& [sign, op] : kSigns) {
      if (!is_sign(sign)) continue;
      take();
      const auto at = now().at;
      FENQUN_TRY(auto right, parse_sum());
      if (right.type != left.type) return wrong_type(at, right.type, left.type);
      return Typed{plain(op, "(", {left.node, right.node},
                         " " + std::string(op == Op::NotEqual ? std::string_view("<>") : sign) + " ", ")"),
                   ValueType::Flag};
    }
    return left;
  }

  Result<Typed> parse_in(const Typed& left) {
    if (!take_sign("(")) return wrong(now(), "(");
    std::vector<std::shared_ptr<const Node>> values;
    do {
      const auto at = now().at;
      FENQUN_TRY(auto value, parse_sum());
      if (value.type != left.type) return wrong_type(at, value.type, left.type);
      values.push_back(value.node);
    } while (take_sign(","));
    if (!take_sign(")")) return wrong(now(), ")");
    return Typed{plain(Op::In, "(", {left.node, plain(Op::List, "", std::move(values), ", ")}, " IN (", "))"),
                 ValueType::Flag};
  }

  Result<Typed> parse_arithmetic(std::array<std::string_view, 2> signs, Result<Typed> (ExpressionParser::*part)()) {
    const auto start = now().at;
    FENQUN_TRY(auto left, (this->*part)());
    while (is_sign(signs[0]) || is_sign(signs[1])) {
      const auto sign = take().text;
      if (left.type != ValueType::Number) return wrong_type(start, left.type, ValueType::Number);
      const auto at = now().at;
      FENQUN_TRY(auto right, (this->*part)());
      if (right.type != ValueType::Number) return wrong_type(at, right.type, ValueType::Number);
      // Division by zero gives missing, as a ratio without a base is.
      const auto op = sign == "+" ? Op::Add : sign == "-" ? Op::Subtract : sign == "*" ? Op::Multiply : Op::Divide;
      left = op == Op::Divide
                 ? Typed{plain(op, "(", {left.node, right.node}, " / nullif(", ", 0))"), ValueType::Number}
                 : Typed{plain(op, "(", {left.node, right.node}, " " + sign + " ", ")"), ValueType::Number};
    }
    return left;
  }
  Result<Typed> parse_sum() { return parse_arithmetic({"+", "-"}, &ExpressionParser::parse_product); }
  Result<Typed> parse_product() { return parse_arithmetic({"*", "/"}, &ExpressionParser::parse_unary); }

  Result<Typed> parse_unary() {
    if (!is_sign("-")) return parse_primary();
    take();
    if (++depth_ > kDeepest) return wrong(now(), "fewer levels");
    const auto at = now().at;
    FENQUN_TRY(auto inner, parse_unary());
    --depth_;
    if (inner.type != ValueType::Number) return wrong_type(at, inner.type, ValueType::Number);
    return Typed{plain(Op::Negate, "(- ", {inner.node}, "", ")"), ValueType::Number};
  }

  Result<Typed> parse_primary() {
    const Token token = take();
    switch (token.kind) {
      case Token::Kind::Number: {
        const auto number = parse_number(token.text);
        if (!number) return wrong(token, "number");
        return Typed{plain(Op::Constant, "CAST(" + token.text + " AS DOUBLE)", {}, "", "", *number), ValueType::Number};
      }
      case Token::Kind::Text:
        return Typed{plain(Op::Constant, warehouse::sql_text(token.text), {}, "", "", token.text), ValueType::Text};
      case Token::Kind::Name:
        return parse_name(token);
      case Token::Kind::Sign:
        if (token.text == "(") {
          if (++depth_ > kDeepest) return wrong(token, "fewer levels");
          FENQUN_TRY(auto inner, parse_or());
          --depth_;
          if (!take_sign(")")) return wrong(now(), ")");
          return inner;
        }
        break;
      case Token::Kind::End:
        break;
    }
    return wrong(token, "feature, number, 'text', (");
  }

  Result<Typed> parse_name(const Token& token) {
    if (token.text == "true" || token.text == "false")
      return Typed{plain(Op::Constant, token.text, {}, "", "", token.text == "true"), ValueType::Flag};
    if (is_sign("(")) return token.text == kGroupOf ? parse_group_of() : parse_aggregate(token);
    const auto type = names_.type_of(token.text);
    if (!type) {
      return fail(ErrorCode::BadData, "segment.expression_name",
                  {{"expression", short_text_around(text_, token.at)},
                   {"position", std::to_string(token.at + 1)},
                   {"name", short_text(token.text)},
                   {"near", near_names(token.text, names_.known)}});
    }
    return column(token.text, *type);
  }

  Result<Typed> parse_group_of() {
    take();
    const Token scheme = take();
    if (scheme.kind != Token::Kind::Text || scheme.text.empty()) return wrong(scheme, "'scheme'");
    if (!take_sign(")")) return wrong(now(), ")");
    return column(group_column(scheme.text), ValueType::Text);
  }

  Typed column(const std::string& name, ValueType type) {
    if (std::find(features_.begin(), features_.end(), name) == features_.end()) features_.push_back(name);
    return {plain(Op::Feature, warehouse::sql_name(name), {}, "", "", name), type};
  }

  Result<Typed> parse_aggregate(const Token& token) {
    if (token.text != "mean" && token.text != "median" && token.text != "quantile") {
      return wrong(token, "mean, median, quantile");
    }
    take();
    if (++depth_ > kDeepest) return wrong(token, "fewer levels");
    const auto at = now().at;
    FENQUN_TRY(auto inner, parse_sum());
    --depth_;
    if (inner.type != ValueType::Number) return wrong_type(at, inner.type, ValueType::Number);
    std::string order = "0.5";
    if (token.text == "quantile") {
      if (!take_sign(",")) return wrong(now(), ",");
      const Token share = take();
      const auto value = share.kind == Token::Kind::Number ? parse_number(share.text) : std::nullopt;
      if (!value || *value < 0 || *value > 1) return wrong(share, "0..1");
      order = share.text;
    }
    if (!take_sign(")")) return wrong(now(), ")");
    auto node = std::make_shared<Node>();
    node->op = Op::Aggregate;
    node->place = aggregates_++;
    // Exact decimals make the mean independent of the order in which threads add.
    node->before = token.text == "mean" ? "sum(CAST(" : "quantile_cont(";
    node->between = token.text == "mean" ? " AS DECIMAL(38, 6)))" : ", " + order + ")";
    node->after = token.text;
    node->children = {inner.node};
    return Typed{std::move(node), ValueType::Number};
  }

  std::string_view text_;
  const NameLookup& names_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  std::size_t aggregates_ = 0;
  std::vector<std::string> features_;
  std::vector<Condition> conditions_;
  std::vector<std::shared_ptr<const Node>> condition_nodes_;
};

Result<Expression> Expression::parse(std::string_view text, const NameLookup& names) {
  return ExpressionParser(text, names).run();
}

void Expression::write(const Node& node, const std::string& population, std::string& out) {
  if (node.op == Node::Op::Aggregate) {
    std::string inner;
    write(*node.children[0], population, inner);
    out += "(SELECT ";
    if (node.after == "mean") {
      out += "CAST(" + node.before + inner + node.between + " AS DOUBLE) / nullif(count(" + inner + "), 0)";
    } else {
      out += node.before + inner + node.between;
    }
    out += " FROM " + population + ")";
    return;
  }
  out += node.before;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += node.between;
    write(*node.children[i], population, out);
  }
  out += node.after;
}

std::string Expression::sql(const std::string& population) const {
  std::string out;
  write(*root_, population, out);
  return out;
}

}  // namespace fenqun::segment
