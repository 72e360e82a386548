// report/explanation.cpp
#include "report/explanation.hpp"

#include "base/number.hpp"
#include "report/clean_text.hpp"
#include "report/explanation_parts.hpp"

#include <cmath>

namespace fenqun::report {
namespace {

using Json = nlohmann::ordered_json;
using segment::Explanation;
using segment::FeatureValue;

// As many decimals as a number of this step has.
int decimals_of(double step) {
  return step >= 1 || step <= 0 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
}

std::string step_text(const segment::ValueChange& change, const Wording& words) {
  return exact_value(change.feature, change.step, change.step, words);
}

// As the sentence of a part wants it: without a unit, for the sentence has one.
std::string bare_value(const std::string& feature, const FeatureValue& value, const Wording& words) {
  if (const auto* text = std::get_if<std::string>(&value)) return words.value_name(feature, *text);
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return words("report.value_missing");
  const auto* known = words.feature(feature);
  if (known != nullptr && known->unit == "share") return words.fixed(*number * 100, 1) + "%";
  return words.fixed(*number, *number == std::round(*number) ? 0 : 2);
}

// What a part says of the customer; of one that gives nothing, or of which nothing is known, what it looks at.
std::string part_text(const segment::PartPoints& told, const segment::ScorePartResult& part, const Wording& words) {
  auto sentence = words.in(part.sentence);
  const std::string mark = "{value}";
  const auto at = sentence.find(mark);
  if (told.points.value_or(0) > 0) {
    if (at != std::string::npos) sentence.replace(at, mark.size(), bare_value(part.feature, told.value, words));
    return sentence;
  }
  if (part.feature.empty()) return words("explain.part_not_so", {{"sentence", sentence}});
  return words("explain.has_value",
               {{"feature", words.title(part.feature)}, {"value", exact_value(part.feature, told.value, 0.01, words)}});
}

void say_band(const Explanation& told, const Wording& words, std::vector<std::string>& out) {
  const auto score = words.fixed(told.score, 2);
  if (!told.band_from) return;
  const auto from = words.number(told.band_from);
  const auto above = words.fixed(*told.score - *told.band_from, 2);
  if (!told.band_below || *told.band_below <= *told.score) {
    out.push_back(words("explain.score_top", {{"score", score}, {"from", from}, {"above", above}}));
    return;
  }
  out.push_back(words("explain.score_band", {{"score", score},
                                             {"from", from},
                                             {"below", words.number(told.band_below)},
                                             {"above", above},
                                             {"short", words.fixed(*told.band_below - *told.score, 2)}}));
}

void say_score(const Explanation& told, const segment::RunResult& run, const Wording& words,
               std::vector<std::string>& out) {
  if (told.score) say_band(told, words, out);
  if (told.known_share && *told.known_share < 1 - 1e-9)
    out.push_back(words("explain.known_share", {{"share", words.percent(told.known_share)}}));
  for (const auto& one : told.points) {
    const auto& part = run.score->parts[one.part];
    const auto text = part_text(one, part, words);
    const bool known =
        one.points || (part.feature.empty() ? false : !std::holds_alternative<std::monostate>(one.value));
    if (!known)
      out.push_back(words("explain.part_unknown", {{"part", text}}));
    else if (told.score)
      out.push_back(
          words("explain.part_points",
                {{"part", text}, {"points", words.fixed(one.points, 2)}, {"most", words.fixed(one.most, 2)}}));
  }
}

void say_clusters(const Explanation& told, const segment::RunResult& run, const Wording& words,
                  std::vector<std::string>& out) {
  const auto next = group_title(run, told.next_group, words);
  out.push_back(words(
      "explain.distances",
      {{"own", words.fixed(told.own_distance, 3)}, {"group", next}, {"next", words.fixed(told.next_distance, 3)}}));
  if (!told.nearest_group.empty() && run.balance) {
    out.push_back(words("explain.bounds", {{"group", group_title(run, told.nearest_group, words)},
                                           {"least", words.percent(run.balance->least_share)},
                                           {"most", words.percent(run.balance->most_share)}}));
  }
  for (const auto& one : told.contributions) {
    const bool for_own = one.contribution >= 0;
    out.push_back(words(for_own ? "explain.speaks_for" : "explain.speaks_for_next",
                        {{"feature", words.title(one.feature)},
                         {"value", words.quantity_of(one.feature, one.value)},
                         {"own", words.quantity_of(one.feature, one.own_centre)},
                         {"group", next},
                         {"next", words.quantity_of(one.feature, one.next_centre)},
                         {"contribution", words.fixed(std::abs(one.contribution), 3)}}));
  }
}

std::string condition_text(const segment::ConditionState& condition, const Wording& words) {
  std::vector<std::string> values;
  for (const auto& [feature, value] : condition.values) {
    values.push_back(words("explain.has_value",
                           {{"feature", words.title(feature)}, {"value", exact_value(feature, value, 0.01, words)}}));
  }
  const auto* key = !condition.holds   ? "explain.condition_unknown"
                    : *condition.holds ? "explain.condition_holds"
                                       : "explain.condition_fails";
  return words(key, {{"condition", condition.text}, {"values", joined(values, words("explain.comma"))}});
}

void say_rules(const Explanation& told, const segment::RunResult& run, const Wording& words,
               std::vector<std::string>& out) {
  if (told.fired && told.fired->conditions.empty()) {
    // `when: true`: whom the rules before it left.
    out.push_back(words("explain.fired_rest"));
  } else if (told.fired) {
    out.push_back(words(told.fired->standard.empty() ? "explain.fired" : "explain.fired_standard",
                        {{"when", told.fired->when}, {"standard", told.fired->standard}}));
    for (const auto& condition : told.fired->conditions) out.push_back(condition_text(condition, words));
  }
  if (told.nearest) {
    out.push_back(words(told.nearest->conditions.empty() ? "explain.nearest_rest" : "explain.nearest_row",
                        {{"group", group_title(run, told.nearest->group, words)}, {"when", told.nearest->when}}));
    for (const auto& condition : told.nearest->conditions) out.push_back(condition_text(condition, words));
  }
}

std::string changes_text(const segment::Move& move, const Wording& words) {
  std::vector<std::string> parts;
  for (const auto& change : move.changes) {
    auto text =
        close_up(words("explain.change", {{"feature", words.title(change.feature)},
                                          {"from", exact_value(change.feature, change.from, change.step, words)},
                                          {"to", exact_value(change.feature, change.to, change.step, words)}}));
    if (change.step > 0) text += words("explain.step", {{"step", step_text(change, words)}});
    parts.push_back(std::move(text));
  }
  return joined(parts, words("explain.and"));
}

void say_moves(const Explanation& told, const segment::RunResult& run, const Wording& words,
               std::vector<std::string>& out) {
  const auto* key = told.move->is_of_member ? "explain.move_member" : "explain.move";
  out.push_back(
      words(key, {{"changes", changes_text(*told.move, words)}, {"group", group_title(run, told.move->into, words)}}));
  for (const auto& move : told.single_moves) {
    if (move.changes.empty() ||
        (told.move->changes.size() == 1 && move.changes.front().to == told.move->changes.front().to))
      continue;
    out.push_back(words("explain.single",
                        {{"changes", changes_text(move, words)}, {"group", group_title(run, move.into, words)}}));
  }
}

Json json_of(const FeatureValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  return nullptr;
}

Json json_of(const segment::Move& move) {
  Json changes = Json::array();
  for (const auto& change : move.changes) {
    changes.push_back({{"feature", change.feature},
                       {"from", json_of(change.from)},
                       {"to", json_of(change.to)},
                       {"step", change.step},
                       {"scaled_change", change.scaled}});
  }
  return {{"into", move.into},
          {"distance", move.distance},
          {"of_member", move.is_of_member},
          {"changes", std::move(changes)}};
}

Json json_of(const std::optional<segment::RuleState>& rule) {
  if (!rule) return nullptr;
  Json conditions = Json::array();
  for (const auto& condition : rule->conditions) {
    Json values = Json::object();
    for (const auto& [feature, value] : condition.values) values[feature] = json_of(value);
    conditions.push_back({{"condition", condition.text},
                          {"holds", condition.holds ? Json(*condition.holds) : Json(nullptr)},
                          {"values", std::move(values)}});
  }
  return {{"group", rule->group},
          {"when", rule->when},
          {"standard", rule->standard},
          {"conditions", std::move(conditions)}};
}

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string exact_value(const std::string& feature, const FeatureValue& value, double step, const Wording& words) {
  if (std::holds_alternative<std::monostate>(value)) return words("report.value_missing");
  if (const auto* flag = std::get_if<bool>(&value)) return words(*flag ? "explain.yes" : "explain.no");
  if (const auto* text = std::get_if<std::string>(&value)) return words.value_name(feature, *text);
  const double number = std::get<double>(value);
  const auto* known = words.feature(feature);
  const std::string unit = known == nullptr ? "" : known->unit;
  // A value that is whole needs no decimals, whatever the step.
  const int decimals = number == std::round(number) ? 0 : decimals_of(step > 0 ? step : 0.001);
  if (unit == "share") return words.fixed(number * 100, std::max(0, decimals_of(step) - 2)) + "%";
  auto text = words.fixed(number, decimals);
  if (unit.empty() || unit == "ratio") return text;
  return words("report.quantity", {{"value", text}, {"unit", words.unit_name(unit)}});
}

std::vector<std::string> explain_in_words(const Explanation& told, const segment::RunResult& run,
                                          const Wording& words) {
  std::vector<std::string> out;
  const TextArgs head = {{"customer", told.customer_id},
                         {"scheme", words.in(run.scheme_title)},
                         {"month", words.month(told.as_of.text())},
                         {"group", words.in(told.own_title)}};
  out.push_back(words(told.own.group.empty() ? "explain.no_group" : "explain.group", head));
  if (!told.is_as_stored) out.push_back(words("explain.not_as_stored"));
  if (told.stratum) out.push_back(words("explain.stratum", {{"stratum", words.in(*told.stratum)}}));
  if (!told.points.empty() && run.score) say_score(told, run, words, out);
  if (told.days) {
    say_shapes(told, run, words, out);
    return out;
  }
  if (told.own_distance) say_clusters(told, run, words, out);
  if (told.fired || told.nearest) say_rules(told, run, words, out);
  if (told.score && told.place) {
    out.push_back(words("explain.place", {{"score", words.number(told.score)},
                                          {"place", words.count(*told.place)},
                                          {"places", words.count(told.places)}}));
  }
  if (told.has_no_move) out.push_back(words("explain.no_move"));
  if (told.move) say_moves(told, run, words, out);
  return out;
}

nlohmann::ordered_json explanation_json(const Explanation& told, const std::vector<std::string>& chinese,
                                        const std::vector<std::string>& english) {
  Json contributions = Json::array();
  for (const auto& one : told.contributions) {
    contributions.push_back({{"feature", one.feature},
                             {"value", one.value},
                             {"own_centre", one.own_centre},
                             {"next_centre", one.next_centre},
                             {"contribution", one.contribution}});
  }
  Json single = Json::array();
  for (const auto& move : told.single_moves) single.push_back(json_of(move));
  Json out = {{"customer_id", told.customer_id},
              {"scheme", told.scheme},
              {"run_id", told.run_id},
              {"month", told.as_of.text()},
              {"method", told.method},
              {"group", told.own.group.empty() ? Json(nullptr) : Json(told.own.group)},
              {"reason", told.own.reason.empty() ? Json(nullptr) : Json(told.own.reason)},
              {"title", {{"zh", told.own_title.zh}, {"en", told.own_title.en}}},
              {"as_stored", told.is_as_stored}};
  out["own_distance"] = or_null(told.own_distance);
  out["next_distance"] = or_null(told.next_distance);
  out["next_group"] = told.next_group.empty() ? Json(nullptr) : Json(told.next_group);
  out["contributions"] = std::move(contributions);
  out["nearest_group"] = told.nearest_group.empty() ? Json(nullptr) : Json(told.nearest_group);
  out["stratum"] = told.stratum ? Json{{"zh", told.stratum->zh}, {"en", told.stratum->en}} : Json(nullptr);
  Json points = Json::array();
  for (const auto& one : told.points)
    points.push_back(
        {{"part", one.part}, {"points", or_null(one.points)}, {"most", one.most}, {"value", json_of(one.value)}});
  out["points"] = std::move(points);
  out["known_share"] = or_null(told.known_share);
  out["band_from"] = or_null(told.band_from);
  out["band_below"] = or_null(told.band_below);
  out["fired"] = json_of(told.fired);
  out["nearest"] = json_of(told.nearest);
  out["score"] = or_null(told.score);
  out["place"] = or_null(told.place);
  out["smallest_change"] = told.move ? json_of(*told.move) : Json(nullptr);
  out["single_changes"] = std::move(single);
  out["sentences"] = {{"zh", chinese}, {"en", english}};
  return out;
}

}  // namespace fenqun::report
