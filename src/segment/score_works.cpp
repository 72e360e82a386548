// segment/score_works.cpp - the score of one customer, step by step as the SQL of score_method.cpp.
#include "segment/score_search.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::segment {

using warehouse::sql_name;

// round(x, 2)::DECIMAL(5,2)
std::int64_t hundredths_of(double points) { return std::llround(std::round(points * 100) / 100 * 100); }

Result<ScoreWorks> ScoreWorks::create(const ExplainContext& context) {
  ScoreWorks out(context.scheme);
  const auto& population = context.population.classifiable;
  const auto& parts = context.scheme.score->parts;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    out.weight_ += parts[p].weight;
    std::vector<FeatureValue> aggregates;
    if (parts[p].when) {
      FENQUN_TRY(aggregates, aggregates_of(context.workspace, *parts[p].when, population));
    }
    out.part_aggregates_.push_back(std::move(aggregates));
    if (parts[p].map == PartMap::Percentile) FENQUN_CHECK(out.read_percentiles(context, p));
  }
  for (const auto& group : context.scheme.groups) {
    std::vector<FeatureValue> aggregates;
    if (group.when) {
      FENQUN_TRY(aggregates, aggregates_of(context.workspace, *group.when, population));
    }
    out.group_aggregates_.push_back(std::move(aggregates));
  }
  out.collect(context.features);
  return out;
}

Result<void> ScoreWorks::read_percentiles(const ExplainContext& context, std::size_t part) {
  const auto column = sql_name(scheme_->score->parts[part].feature);
  auto& ranks = ranks_[part];
  FENQUN_CHECK(context.workspace.connection().stream("SELECT customer_id, " + column + "::DOUBLE FROM " +
                                                         context.population.classifiable + " WHERE " + column +
                                                         " IS NOT NULL",
                                                     [&](const warehouse::Chunk& chunk) -> Result<void> {
                                                       for (std::size_t r = 0; r < chunk.rows(); ++r) {
                                                         ranks.sorted.push_back(chunk.number(1, r));
                                                         ranks.own.emplace(chunk.text(0, r), chunk.number(1, r));
                                                       }
                                                       return {};
                                                     }));
  std::ranges::sort(ranks.sorted);
  return {};
}

void ScoreWorks::collect(const Expression& expression, const std::vector<FeatureValue>& aggregates) {
  for (const auto& condition : expression.conditions()) {
    for (const auto& feature : condition.features) {
      auto& numbers = numbers_[feature];
      numbers.insert(condition.numbers.begin(), condition.numbers.end());
      for (const auto at : condition.aggregates) {
        const auto* number = at < aggregates.size() ? std::get_if<double>(&aggregates[at]) : nullptr;
        if (number != nullptr) numbers.insert(*number);
      }
      texts_[feature].insert(condition.texts.begin(), condition.texts.end());
    }
  }
}

void ScoreWorks::collect(const features::FeatureCatalogue& catalogue) {
  const auto& parts = scheme_->score->parts;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto& part = parts[p];
    if (part.when) {
      collect(*part.when, part_aggregates_[p]);
      continue;
    }
    auto& numbers = numbers_[part.feature];
    if (part.map == PartMap::Share) numbers.insert({0, 1});
    if (part.map == PartMap::Linear) numbers.insert({part.from, part.to});
    for (const auto& [at, value] : part.steps) numbers.insert(at);
    for (const auto& [code, value] : part.values) texts_[part.feature].insert(code);
  }
  for (std::size_t g = 0; g < scheme_->groups.size(); ++g) {
    if (scheme_->groups[g].when) collect(*scheme_->groups[g].when, group_aggregates_[g]);
  }
  // Parameters and groups in other schemes are nobody's to change.
  std::erase_if(numbers_, [&](const auto& one) { return catalogue.find(one.first) == nullptr; });
  for (const auto& [name, numbers] : numbers_) {
    for (const auto& [code, title] : catalogue.find(name)->value_names) texts_[name].insert(code);
    texts_.try_emplace(name);
  }
}

double ScoreWorks::rank_of(std::size_t part, double value, const CustomerValues& values) const {
  const auto& ranks = ranks_.at(part);
  auto lower = static_cast<double>(std::ranges::lower_bound(ranks.sorted, value) - ranks.sorted.begin());
  auto others = static_cast<double>(ranks.sorted.size());
  const auto id = values.find(kCustomerId);
  const auto own = id == values.end() ? ranks.own.end() : ranks.own.find(std::get<std::string>(id->second));
  if (own != ranks.own.end()) {
    --others;
    if (own->second < value) --lower;
  }
  return lower / std::max(others, 1.0);
}

std::optional<double> ScoreWorks::value_of_part(std::size_t p, const CustomerValues& values) const {
  const auto& part = scheme_->score->parts[p];
  if (part.when) {
    const auto truth = part.when->evaluate(value_of(values), part_aggregates_[p]);
    const auto* known = std::get_if<bool>(&truth);
    return known == nullptr ? std::nullopt : std::optional(*known ? 1.0 : 0.0);
  }
  const auto value = value_of(values)(part.feature);
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1.0 : 0.0;
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto at = std::ranges::find(part.values, *text, &std::pair<std::string, double>::first);
    return at == part.values.end() ? 0.0 : at->second;
  }
  const double number = std::get<double>(value);
  if (part.map == PartMap::Linear) return std::clamp((number - part.from) / (part.to - part.from), 0.0, 1.0);
  if (part.map == PartMap::Percentile) return rank_of(p, number, values);
  if (part.map == PartMap::Share) return std::clamp(number, 0.0, 1.0);
  double reached = 0;
  for (const auto& [at, figure] : part.steps) {
    if (number >= at) reached = figure;
  }
  return reached;
}

Scored ScoreWorks::score(const CustomerValues& values) const {
  Scored out;
  const auto& model = *scheme_->score;
  double sum = 0;
  for (std::size_t p = 0; p < model.parts.size(); ++p) {
    out.parts.push_back(value_of_part(p, values));
    out.known += out.parts[p] ? model.parts[p].weight : 0.0;
    sum += out.parts[p].value_or(0.0) * model.parts[p].weight;
  }
  if (out.known > 0) out.points = 100 * sum / out.known;
  if (out.known > 0 && out.known >= model.least_known * weight_ * (1 - 1e-12))
    out.hundredths = hundredths_of(out.points);
  return out;
}

bool ScoreWorks::is_in(std::size_t place, std::int64_t hundredths, const CustomerValues& values) const {
  const auto& group = scheme_->groups[place];
  if (group.from && static_cast<double>(hundredths) / 100.0 < *group.from) return false;
  return !group.when || holds(group.when->evaluate(value_of(values), group_aggregates_[place]));
}

}  // namespace fenqun::segment
