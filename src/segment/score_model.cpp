// segment/score_model.cpp
#include "segment/score_model.hpp"

#include "base/number.hpp"
#include "segment/scheme_parts.hpp"
#include "warehouse/database.hpp"

#include <array>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

constexpr std::array<std::pair<std::string_view, PartMap>, 6> kMaps = {{{"share", PartMap::Share},
                                                                        {"linear", PartMap::Linear},
                                                                        {"steps", PartMap::Steps},
                                                                        {"percentile", PartMap::Percentile},
                                                                        {"values", PartMap::Values},
                                                                        {"condition", PartMap::Condition}}};

tl::unexpected<Error> wrong(const Settings& node, std::string key, std::string value, std::string expected) {
  return node.refuse("base.setting_wrong",
                     {{"key", std::move(key)}, {"value", std::move(value)}, {"expected", std::move(expected)}});
}

Result<PartMap> read_map(const Settings& node) {
  FENQUN_TRY(const auto word, node.text("map"));
  std::string expected;
  for (const auto& [name, map] : kMaps) {
    if (name == word) return map;
    expected += (expected.empty() ? "" : ", ") + std::string(name);
  }
  return wrong(node, "map", word, expected);
}

Result<double> share_of(const Settings& node, const std::string& text) {
  const auto value = parse_number(text);
  if (!value || *value < 0 || *value > 1) return wrong(node, "map", text, "0..1");
  return *value;
}

Result<void> read_steps(const Settings& node, ScorePart& part) {
  FENQUN_TRY(const auto list, node.child("steps"));
  FENQUN_TRY(const auto items, list.items());
  for (const auto& item : items) {
    FENQUN_TRY(const auto pair, item.items());
    if (pair.size() != 2) return wrong(item, "steps", std::to_string(pair.size()), "[AT, 0..1]");
    FENQUN_TRY(const auto at_text, pair[0].text());
    FENQUN_TRY(const auto value_text, pair[1].text());
    const auto at = parse_number(at_text);
    if (!at || (!part.steps.empty() && *at <= part.steps.back().first)) {
      return wrong(item, "steps", at_text, "a number above the step before");
    }
    FENQUN_TRY(const double value, share_of(item, value_text));
    part.steps.emplace_back(*at, value);
  }
  if (part.steps.empty()) return wrong(node, "steps", "[]", "[[AT, 0..1], ...]");
  return {};
}

Result<void> read_values(const Settings& node, ScorePart& part) {
  FENQUN_TRY(const auto map, node.child("values"));
  FENQUN_TRY(const auto entries, map.entries());
  for (const auto& [code, figure] : entries) {
    FENQUN_TRY(const auto text, figure.text());
    FENQUN_TRY(const double value, share_of(figure, text));
    part.values.emplace_back(code, value);
  }
  return {};
}

// Which kinds of feature a map takes.
bool fits(PartMap map, features::FeatureType type) {
  switch (map) {
    case PartMap::Share:
      return type != features::FeatureType::Category;
    case PartMap::Linear:
    case PartMap::Steps:
    case PartMap::Percentile:
      return type == features::FeatureType::Number;
    case PartMap::Values:
      return type == features::FeatureType::Category;
    case PartMap::Condition:
      return false;
  }
  return false;
}

Result<void> read_figures(const Settings& node, const features::FeatureCatalogue& catalogue, ScorePart& part) {
  if (part.map == PartMap::Condition) {
    FENQUN_TRY(part.when, read_condition(node, "when", lookup_in(catalogue)));
    return {};
  }
  FENQUN_TRY(part.feature, node.text("feature"));
  FENQUN_CHECK(need_feature(node, catalogue, part.feature));
  if (!fits(part.map, catalogue.find(part.feature)->type)) {
    return node.refuse("segment.score_map_type", {{"feature", part.feature}, {"map", std::string(name_of(part.map))}});
  }
  if (part.map == PartMap::Linear) {
    FENQUN_TRY(part.from, node.number("from"));
    FENQUN_TRY(part.to, node.number("to"));
    if (part.from == part.to) return wrong(node, "to", shortest(part.to), "another number than from");
  }
  if (part.map == PartMap::Steps) return read_steps(node, part);
  if (part.map == PartMap::Values) return read_values(node, part);
  return {};
}

Result<ScorePart> read_part(const Settings& node, const features::FeatureCatalogue& catalogue) {
  FENQUN_CHECK(node.allow_only({"feature", "map", "from", "to", "steps", "values", "when", "weight", "sentence"}));
  ScorePart part;
  FENQUN_TRY(part.map, read_map(node));
  FENQUN_CHECK(read_figures(node, catalogue, part));
  FENQUN_TRY(part.weight, node.number("weight"));
  if (!(part.weight > 0)) return wrong(node, "weight", shortest(part.weight), "> 0");
  FENQUN_TRY(part.sentence, read_bilingual(node, "sentence", true));
  const auto* feature = catalogue.find(part.feature);
  const bool has_value = feature != nullptr && feature->type != features::FeatureType::Flag;
  for (const auto* text : {&part.sentence.zh, &part.sentence.en}) {
    if (!has_value && text->find("{value}") != std::string::npos) return node.refuse("segment.score_no_value", {});
  }
  return part;
}

std::string kept_within(const std::string& value) { return "least(greatest(" + value + ", 0.0), 1.0)"; }

// A number as an SQL literal of type DOUBLE.
std::string sql_number(double value) { return "(" + shortest(value) + ")::DOUBLE"; }

// percent_rank() of a row of `changed` in the place of the customer's own row of the population.
std::string rank_among_others(const std::string& column, const std::string& population, const std::string& changed) {
  const auto others = [&](const std::string& which) {
    return "(SELECT count(*) FROM " + population + " o WHERE o.customer_id <> " + changed + ".customer_id AND o." +
           column + which + ")::DOUBLE";
  };
  return others("::DOUBLE < " + changed + "." + column + "::DOUBLE") + " / greatest(" + others(" IS NOT NULL") + ", 1)";
}

}  // namespace

std::string_view name_of(PartMap map) noexcept {
  for (const auto& [name, value] : kMaps) {
    if (value == map) return name;
  }
  return "";
}

Result<ScoreModel> read_score_model(const Settings& root, const features::FeatureCatalogue& catalogue) {
  FENQUN_TRY(const auto node, root.child("score"));
  FENQUN_CHECK(node.allow_only({"least_known", "top_reasons", "parts"}));
  ScoreModel out;
  FENQUN_TRY(out.least_known, node.number("least_known", out.least_known));
  if (!(out.least_known > 0 && out.least_known <= 1)) {
    return wrong(node, "least_known", shortest(out.least_known), "0..1, above 0");
  }
  FENQUN_TRY(const auto top, node.integer("top_reasons", out.top_reasons));
  if (top < 1 || top > 10) return wrong(node, "top_reasons", std::to_string(top), "1..10");
  out.top_reasons = static_cast<std::uint32_t>(top);
  FENQUN_TRY(const auto list, node.child("parts"));
  FENQUN_TRY(const auto items, list.items());
  for (const auto& item : items) {
    FENQUN_TRY(auto part, read_part(item, catalogue));
    out.parts.push_back(std::move(part));
  }
  if (out.parts.empty()) return wrong(node, "parts", "[]", "at least one part");
  return out;
}

std::string part_sql(const ScorePart& part, const features::FeatureCatalogue& catalogue, const std::string& population,
                     const std::string& changed) {
  if (part.when) {
    const std::string condition = part.when->sql(population);
    return "CASE WHEN " + condition + " THEN 1.0::DOUBLE WHEN NOT (" + condition + ") THEN 0.0::DOUBLE END";
  }
  const std::string column = sql_name(part.feature);
  const std::string missing = "CASE WHEN " + column + " IS NULL THEN NULL";
  const std::string number = column + "::DOUBLE";
  switch (part.map) {
    case PartMap::Share:
      if (catalogue.find(part.feature)->type == features::FeatureType::Flag) {
        return missing + " WHEN " + column + " THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END";
      }
      return missing + " ELSE " + kept_within(number) + " END";
    case PartMap::Linear:
      return missing + " ELSE " +
             kept_within("(" + number + " - " + sql_number(part.from) + ") / " + sql_number(part.to - part.from)) +
             " END";
    case PartMap::Steps: {
      // The highest step first: the first that is reached counts.
      std::string steps;
      for (const auto& [at, value] : part.steps) {
        steps = " WHEN " + number + " >= " + sql_number(at) + " THEN " + sql_number(value) + steps;
      }
      return missing + steps + " ELSE 0.0::DOUBLE END";
    }
    case PartMap::Percentile:
      if (!changed.empty()) return missing + " ELSE " + rank_among_others(column, population, changed) + " END";
      return missing + " ELSE percent_rank() OVER (PARTITION BY " + column + " IS NULL ORDER BY " + number + ") END";
    case PartMap::Values: {
      std::string out = missing;
      for (const auto& [code, value] : part.values) {
        out += " WHEN " + column + " = " + sql_text(code) + " THEN " + sql_number(value);
      }
      return out + " ELSE 0.0::DOUBLE END";
    }
    case PartMap::Condition:
      break;
  }
  return "NULL::DOUBLE";
}

std::vector<std::string> features_of(const ScoreModel& model) {
  std::vector<std::string> out;
  for (const auto& part : model.parts) {
    if (!part.feature.empty()) out.push_back(part.feature);
    if (part.when) out.insert(out.end(), part.when->features().begin(), part.when->features().end());
  }
  return out;
}

}  // namespace fenqun::segment
