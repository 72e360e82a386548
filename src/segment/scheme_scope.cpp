// segment/scheme_scope.cpp
#include "segment/scheme_scope.hpp"

#include "base/near_names.hpp"
#include "base/number.hpp"
#include "segment/scheme_parts.hpp"

#include <algorithm>
#include <set>

namespace fenqun::segment {
namespace {

const Parameter* find_parameter(const std::vector<Parameter>& parameters, std::string_view name) {
  const auto at = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == name; });
  return at == parameters.end() ? nullptr : &*at;
}

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits) && (text.front() < '0' || text.front() > '9');
}

// Numbers by name below `key`.
Result<std::vector<Parameter>> read_numbers(const Settings& node, std::string_view key) {
  std::vector<Parameter> out;
  FENQUN_TRY(const auto map, node.child(key));
  FENQUN_TRY(const auto entries, map.entries());
  for (const auto& [name, value] : entries) {
    FENQUN_TRY(const auto number, map.number(name));
    out.push_back({name, number});
  }
  return out;
}

Result<Override> read_override(const Settings& node, const NameLookup& features, const Scheme& scheme) {
  FENQUN_CHECK(node.allow_only({"where", "set", "reason"}));
  FENQUN_TRY(auto where, read_condition(node, "where", features));
  FENQUN_TRY(auto set, read_numbers(node, "set"));
  for (const auto& parameter : set) {
    if (find_parameter(scheme.parameters, parameter.name) != nullptr) continue;
    std::vector<std::string> known;
    for (const auto& one : scheme.parameters) known.push_back(one.name);
    return node.refuse("segment.unknown_parameter",
                       {{"parameter", parameter.name}, {"near", near_names(parameter.name, known)}});
  }
  return Override{std::move(where), std::move(set)};
}

Result<Stratum> read_stratum(const Settings& node, const NameLookup& names) {
  FENQUN_CHECK(node.allow_only({"code", "title", "when", "publish"}));
  FENQUN_TRY(auto code, node.text("code"));
  if (!is_name(code)) {
    return node.refuse("base.setting_wrong", {{"key", "code"}, {"value", code}, {"expected", "a-z, 0-9, _"}});
  }
  FENQUN_TRY(auto title, read_bilingual(node, "title", true));
  FENQUN_TRY(auto when, read_condition(node, "when", names));
  Stratum out{std::move(code), std::move(title), std::move(when), {}};
  if (node.has("publish")) {
    FENQUN_TRY(const auto publish, node.integer("publish"));
    if (publish < 2 || publish > kMostPublished) {
      return node.refuse("base.setting_wrong",
                         {{"key", "publish"}, {"value", std::to_string(publish)}, {"expected", "2..7"}});
    }
    out.publish = static_cast<std::uint32_t>(publish);
  }
  return out;
}

Result<Expression> read_split(const Settings& node, const NameLookup& names) {
  FENQUN_TRY(const auto text, node.text());
  auto parsed = Expression::parse(text, names);
  if (!parsed) {
    return fail(std::move(parsed).error().with_context(
        "segment.in_scheme", {{"file", node.origin()}, {"line", std::to_string(node.line())}}));
  }
  // A number has too many values; its bands are a list of conditions.
  if (parsed->type() == ValueType::Number) return node.refuse("segment.strata_of_number", {{"expression", text}});
  return parsed;
}

Result<Strata> read_list(const Settings& node, const Settings& by, const NameLookup& names) {
  Strata out;
  FENQUN_TRY(const auto nodes, by.items());
  std::set<std::string> codes;
  for (const auto& one : nodes) {
    FENQUN_TRY(auto stratum, read_stratum(one, names));
    if (!codes.insert(stratum.code).second) return one.refuse("segment.group_twice", {{"code", stratum.code}});
    out.list.push_back(std::move(stratum));
  }
  if (out.list.empty() || out.list.size() > kMostStrata) {
    return node.refuse(
        "base.setting_wrong",
        {{"key", "by"}, {"value", std::to_string(out.list.size())}, {"expected", "1.." + std::to_string(kMostStrata)}});
  }
  return out;
}

Result<Strata> read_strata_node(const Settings& node, const NameLookup& names) {
  FENQUN_CHECK(node.allow_only({"by", "groups"}));
  FENQUN_TRY(const auto by, node.child("by"));
  Strata out;
  if (by.is_list()) {
    FENQUN_TRY(out, read_list(node, by, names));
  } else {
    FENQUN_TRY(out.by, read_split(by, names));
  }
  FENQUN_TRY(const auto groups, node.text("groups", "own"));
  if (groups != "own" && groups != "shared") {
    return node.refuse("base.setting_wrong", {{"key", "groups"}, {"value", groups}, {"expected", "own, shared"}});
  }
  out.groups = groups == "own" ? StratumGroups::Own : StratumGroups::Shared;
  const bool differ =
      std::any_of(out.list.begin(), out.list.end(), [](const auto& s) { return s.publish.has_value(); });
  if (differ && out.groups == StratumGroups::Shared) return node.refuse("segment.shared_groups_differ", {});
  return out;
}

}  // namespace

void read_parameters(const Settings& root, const features::FeatureCatalogue& catalogue, Scheme& scheme,
                     Problems& problems) {
  if (const auto map = root.find("parameters")) {
    problems.into(scheme.parameters, read_numbers(root, "parameters"));
    for (const auto& parameter : scheme.parameters) {
      if (is_name(parameter.name) && catalogue.find(parameter.name) == nullptr) continue;
      problems.note(map->refuse("segment.parameter_name", {{"parameter", parameter.name}}));
    }
  }
  const auto list = root.find("overrides");
  if (!list) return;
  const auto features = lookup_in(catalogue);
  const auto nodes = problems.take(list->items());
  if (!nodes) return;
  for (const auto& node : *nodes) {
    if (auto override = problems.take(read_override(node, features, scheme))) {
      scheme.overrides.push_back(std::move(*override));
    }
  }
}

NameLookup with_parameters(NameLookup names, const std::vector<Parameter>& parameters) {
  if (parameters.empty()) return names;
  NameLookup out;
  out.known = std::move(names.known);
  std::set<std::string, std::less<>> numbers;
  for (const auto& parameter : parameters) {
    numbers.insert(parameter.name);
    out.known.push_back(parameter.name);
  }
  out.type_of = [type_of = std::move(names.type_of), numbers](std::string_view name) -> std::optional<ValueType> {
    return numbers.contains(name) ? std::optional(ValueType::Number) : type_of(name);
  };
  return out;
}

void read_within(const Settings& root, Scheme& scheme, Problems& problems) {
  const auto node = root.find("within");
  if (!node) return;
  problems.note(node->allow_only({"scheme", "group"}));
  const auto outer = problems.take(node->text("scheme"));
  const auto group = problems.take(node->text("group"));
  if (!outer || !group) return;
  NameLookup none;
  const auto condition = problems.take(Expression::parse("group_of('" + *outer + "') = '" + *group + "'", none));
  if (!condition) return;
  scheme.within = Within{*outer, *group};
  scheme.within_condition = *condition;
}

void read_strata(const Settings& root, const NameLookup& names, Scheme& scheme, Problems& problems) {
  if (const auto node = root.find("strata")) problems.into(scheme.strata, read_strata_node(*node, names));
}

void read_refresh(const Settings& root, Scheme& scheme, Problems& problems) {
  const auto node = root.find("refresh");
  if (!node) return;
  problems.note(node->allow_only({"drift_psi", "moved_share"}));
  problems.into(scheme.refresh.drift_psi, node->number("drift_psi", scheme.refresh.drift_psi));
  problems.into(scheme.refresh.moved_share, node->number("moved_share", scheme.refresh.moved_share));
  if (!(scheme.refresh.drift_psi > 0)) {
    problems.note(
        node->refuse("base.setting_wrong",
                     {{"key", "drift_psi"}, {"value", shortest(scheme.refresh.drift_psi)}, {"expected", "> 0"}}));
  }
  if (!(scheme.refresh.moved_share >= 0 && scheme.refresh.moved_share <= 1)) {
    problems.note(
        node->refuse("base.setting_wrong",
                     {{"key", "moved_share"}, {"value", shortest(scheme.refresh.moved_share)}, {"expected", "0..1"}}));
  }
}

void collect_uses(const Settings& root, Scheme& scheme) {
  const auto add = [&](const Expression& expression, int line) {
    for (const auto& column : expression.features()) {
      const auto used = scheme_of_column(column);
      if (!used) continue;
      const auto same = [&](const SchemeUse& use) { return use.scheme == *used; };
      if (std::none_of(scheme.uses.begin(), scheme.uses.end(), same)) scheme.uses.push_back({*used, line});
    }
  };
  const auto line_of = [&](std::string_view key) { return root.find(key).value_or(root).line(); };
  if (scheme.within_condition) add(*scheme.within_condition, line_of("within"));
  if (scheme.population) add(*scheme.population, line_of("population"));
  for (const auto& override : scheme.overrides) add(override.where, line_of("overrides"));
  if (scheme.strata) {
    if (scheme.strata->by) add(*scheme.strata->by, line_of("strata"));
    for (const auto& stratum : scheme.strata->list) add(stratum.when, line_of("strata"));
  }
  for (const auto& exclusion : scheme.exclusions) add(exclusion.when, exclusion.line);
  for (const auto& group : scheme.groups) {
    if (group.when) add(*group.when, group.line);
  }
  if (!scheme.score) return;
  for (const auto& part : scheme.score->parts) {
    if (part.when) add(*part.when, line_of("score"));
  }
}

}  // namespace fenqun::segment
