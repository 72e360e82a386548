// segment/scheme.cpp
#include "segment/scheme.hpp"

#include "base/file.hpp"
#include "base/near_names.hpp"
#include "base/number.hpp"
#include "base/problems.hpp"
#include "base/settings.hpp"
#include "base/short_text.hpp"
#include "segment/scheme_parts.hpp"
#include "segment/scheme_scope.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <set>
#include <utility>

namespace fenqun::segment {
namespace {

template <class Enum, std::size_t N>
Result<Enum> read_word(const Settings& node, std::string_view key,
                       const std::array<std::pair<std::string_view, Enum>, N>& words, std::string_view fallback) {
  FENQUN_TRY(const auto word, fallback.empty() ? node.text(key) : node.text(key, std::string(fallback)));
  std::string expected;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    expected += (expected.empty() ? "" : ", ") + std::string(name);
  }
  return node.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", word}, {"expected", expected}});
}

constexpr std::array<std::pair<std::string_view, Method>, 6> kMethods = {{{"rules", Method::Rules},
                                                                          {"tiers", Method::Tiers},
                                                                          {"bands", Method::Bands},
                                                                          {"score", Method::Score},
                                                                          {"load_shape", Method::LoadShape},
                                                                          {"personas", Method::Personas}}};
constexpr std::array<std::pair<std::string_view, Scale>, 5> kScales = {{{"none", Scale::None},
                                                                        {"zscore", Scale::ZScore},
                                                                        {"robust", Scale::Robust},
                                                                        {"minmax", Scale::MinMax},
                                                                        {"quantile", Scale::Quantile}}};
constexpr std::array<std::pair<std::string_view, RowNorm>, 3> kRowNorms = {
    {{"none", RowNorm::None}, {"unit", RowNorm::Unit}, {"unit_or_zero", RowNorm::UnitOrZero}}};

Result<void> read_winsor(const Settings& node, SchemeFeature& out) {
  const auto list = node.find("winsor");
  if (!list) return {};
  FENQUN_TRY(const auto texts, node.texts("winsor"));
  const auto low = texts.size() == 2 ? parse_number(texts[0]) : std::nullopt;
  const auto high = texts.size() == 2 ? parse_number(texts[1]) : std::nullopt;
  if (!low || !high || !(*low >= 0 && *low < *high && *high <= 1)) {
    std::string given;
    for (const auto& text : texts) given += (given.empty() ? "" : ", ") + text;
    return list->refuse("base.setting_wrong",
                        {{"key", "winsor"}, {"value", given}, {"expected", "[LOW, HIGH], 0 <= LOW < HIGH <= 1"}});
  }
  out.winsor_low = *low;
  out.winsor_high = *high;
  return {};
}

// Everything that is wrong with an entry; on any problem what it gives means nothing.
SchemeFeature read_feature(const Settings& node, const features::FeatureCatalogue& catalogue, Problems& problems) {
  problems.only(node, {"name", "log", "winsor", "scale", "weight", "order"});
  if (!node.is_map()) return {};
  SchemeFeature out;
  if (const auto name = problems.take(node.text("name"))) {
    out.name = *name;
    const auto* const feature = catalogue.find(out.name);
    if (feature == nullptr) {
      problems.note(need_feature(node, catalogue, out.name));
    } else if (feature->type != features::FeatureType::Number) {
      problems.note(node.refuse("segment.not_a_number", {{"feature", out.name}}));
    }
  }
  if (const auto log = problems.take(node.boolean("log", false)))
    out.transform = *log ? Transform::Log : Transform::None;
  problems.note(read_winsor(node, out));
  problems.into(out.scale, read_word(node, "scale", kScales, "none"));
  problems.into(out.weight, node.number("weight", 1));
  problems.into(out.order, node.number("order", 1));
  if (!(out.weight > 0)) {
    problems.note(
        node.refuse("base.setting_wrong", {{"key", "weight"}, {"value", shortest(out.weight)}, {"expected", "> 0"}}));
  }
  return out;
}

SchemeGroup read_group(const Settings& node, Method method, const NameLookup& names, Problems& problems) {
  problems.only(node, {"code", "title", "description", "standard", "when", "top_share", "from"});
  if (!node.is_map()) return {};
  SchemeGroup out;
  out.line = node.line();
  problems.into(out.code, node.text("code"));
  problems.into(out.title, read_bilingual(node, "title", true));
  problems.into(out.description, read_bilingual(node, "description", false));
  problems.into(out.standard, node.text("standard", ""));
  if (method == Method::Rules || (method == Method::Score && node.has("when"))) {
    problems.into(out.when, read_condition(node, "when", names));
  }
  if (method == Method::Bands && node.has("top_share") == node.has("from")) {
    problems.note(node.refuse("segment.band_edge", {{"code", out.code}}));
    return out;
  }
  if ((method == Method::Score || method == Method::Bands) && node.has("from")) {
    problems.into(out.from, node.number("from"));
  } else if (method == Method::Bands) {
    problems.into(out.top_share, node.number("top_share"));
  }
  return out;
}

KPolicy read_k(const Settings& root, Problems& problems) {
  KPolicy out;
  const auto node = root.find("k");
  if (!node) return out;
  problems.note(node->allow_only(
      {"min", "max", "publish", "override", "seed", "restarts", "silhouette_rows", "gap_references", "resamples"}));
  const auto read = [&](std::string_view key, auto& into, std::int64_t low, std::int64_t high) {
    const auto value = problems.take(node->integer(key, static_cast<std::int64_t>(into)));
    if (!value) return;
    if (*value >= low && *value <= high) {
      into = static_cast<std::remove_reference_t<decltype(into)>>(*value);
      return;
    }
    problems.note(node->find(key).value_or(*node).refuse(
        "base.setting_wrong", {{"key", std::string(key)},
                               {"value", std::to_string(*value)},
                               {"expected", std::to_string(low) + ".." + std::to_string(high)}}));
  };
  // k is searched in 2..8 (004) of which at most seven groups are published (003), X1.
  read("min", out.min, 2, kMostTried);
  read("max", out.max, out.min, kMostTried);
  read("seed", out.seed, 0, INT64_MAX);
  read("restarts", out.restarts, 1, 1000);
  read("silhouette_rows", out.silhouette_rows, 0, 100'000);
  read("gap_references", out.gap_references, 0, 1000);
  read("resamples", out.resamples, 0, 1000);
  if (node->has("publish")) {
    out.publish = 2;
    read("publish", *out.publish, 2, kMostTried);
  }
  if (const auto override = node->find("override")) {
    problems.note(override->allow_only({"reason"}));
    problems.into(out.override_reason, override->text("reason"));
  }
  if (out.publish && *out.publish > kMostPublished && out.override_reason.empty()) {
    problems.note(node->find("publish").value_or(*node).refuse(
        "segment.publish_needs_override",
        {{"value", std::to_string(*out.publish)}, {"most", std::to_string(kMostPublished)}}));
  }
  return out;
}

bool is_clustered(Method method) {
  return method == Method::Tiers || method == Method::Personas || method == Method::LoadShape;
}

Result<std::optional<ShapeRule>> read_shapes(const Settings& root, Method method) {
  if (method != Method::LoadShape) return std::optional<ShapeRule>();
  ShapeRule out;
  const auto node = root.find("shapes");
  if (!node) return std::optional<ShapeRule>(out);
  FENQUN_CHECK(node->allow_only({"months", "least_days", "theta", "dictionary", "sample"}));
  const auto read = [&](std::string_view key, std::int64_t fallback, std::int64_t high) -> Result<std::int64_t> {
    FENQUN_TRY(const auto value, node->integer(key, fallback));
    if (value >= 1 && value <= high) return value;
    return node->refuse(
        "base.setting_wrong",
        {{"key", std::string(key)}, {"value", std::to_string(value)}, {"expected", "1.." + std::to_string(high)}});
  };
  FENQUN_TRY(const auto months, read("months", out.months, 36));
  FENQUN_TRY(const auto least_days, read("least_days", out.least_days, 1000));
  FENQUN_TRY(const auto dictionary, read("dictionary", out.dictionary, 10'000));
  FENQUN_TRY(const auto sample, read("sample", static_cast<std::int64_t>(out.sample), 100'000'000));
  FENQUN_TRY(out.theta, node->number("theta", out.theta));
  if (!(out.theta > 0)) {
    return node->refuse("base.setting_wrong",
                        {{"key", "theta"}, {"value", std::to_string(out.theta)}, {"expected", "> 0"}});
  }
  out.months = static_cast<int>(months);
  out.least_days = static_cast<int>(least_days);
  out.dictionary = static_cast<std::uint32_t>(dictionary);
  out.sample = static_cast<std::uint64_t>(sample);
  return std::optional<ShapeRule>(out);
}

Result<std::optional<Balance>> read_balance(const Settings& root, Method method) {
  const auto node = root.find("balance");
  if (!node) return std::optional<Balance>();
  if (method != Method::Personas) return node->refuse("segment.balance_method", {});
  FENQUN_CHECK(node->allow_only({"least_share", "most_share"}));
  Balance out;
  FENQUN_TRY(out.least_share, node->number("least_share", 0));
  FENQUN_TRY(out.most_share, node->number("most_share", 1));
  // Two groups at least: none can hold more than the rest leaves, nor all of them too little.
  if (!(out.least_share >= 0 && out.least_share <= 0.5 && out.most_share > out.least_share && out.most_share <= 1)) {
    return node->refuse("base.setting_wrong",
                        {{"key", "balance"},
                         {"value", std::to_string(out.least_share) + ", " + std::to_string(out.most_share)},
                         {"expected", "0 <= least_share <= 0.5, least_share < most_share <= 1"}});
  }
  return std::optional<Balance>(out);
}

// Shares that no division into the groups asked for can have.
Result<void> check_balance(const Settings& root, const Balance& balance, const KPolicy& k) {
  const auto fewest = static_cast<double>(k.publish.value_or(k.min));
  const auto most = static_cast<double>(k.publish.value_or(k.max));
  // A hair above 1 is 1: three times a third.
  constexpr double kSlack = 1e-9;
  if (balance.least_share * fewest <= 1 + kSlack && balance.most_share * most >= 1 - kSlack) return {};
  return root.find("balance").value_or(root).refuse("segment.balance_impossible",
                                                    {{"least", shortest(balance.least_share)},
                                                     {"most", shortest(balance.most_share)},
                                                     {"fewest_groups", shortest(fewest)},
                                                     {"most_groups", shortest(most)}});
}

tl::unexpected<Error> refuse_group(const Settings& root, const SchemeGroup& group, std::string key) {
  return fail(ErrorCode::BadData, std::move(key),
              {{"file", root.origin()}, {"line", std::to_string(group.line)}, {"code", short_text(group.code)}});
}

// Thresholds fall from band to band, and the last band takes whoever is left.
Result<void> check_score_bands(const Settings& root, const std::vector<SchemeGroup>& groups) {
  double last = 100;
  for (const auto& group : groups) {
    const bool is_last = &group == &groups.back();
    const bool has_range = !group.from || (*group.from >= 0 && *group.from <= 100);
    const bool falls = !group.from || group.when || *group.from < last;
    const bool takes_rest = group.from == 0.0 && !group.when;
    if (!has_range || !falls || (!group.from && !group.when) || (is_last && !takes_rest)) {
      return refuse_group(root, group, "segment.score_band");
    }
    if (group.from && !group.when) last = *group.from;
  }
  return {};
}

// A list that must have elements; what is wrong with those that it has is told elsewhere.
Result<void> need_list(const Settings& root, std::string_view key) {
  FENQUN_TRY(const auto list, root.child(key));
  if (!list.is_list() || !list.items()->empty()) return {};
  return list.refuse("segment.list_empty", {{"key", std::string(key)}});
}

Result<void> check_groups(const Settings& root, const Scheme& scheme) {
  std::set<std::string> codes;
  for (const auto& group : scheme.groups) {
    if (!codes.insert(group.code).second) return refuse_group(root, group, "segment.group_twice");
  }
  if (!is_clustered(scheme.method)) FENQUN_CHECK(need_list(root, "groups"));
  if (scheme.method != Method::Rules && scheme.method != Method::Score && scheme.method != Method::LoadShape) {
    FENQUN_CHECK(need_list(root, "features"));
  }
  if (is_clustered(scheme.method) && !scheme.groups.empty() && scheme.k.publish != scheme.groups.size()) {
    return root.child("groups")->refuse("segment.group_count", {{"groups", std::to_string(scheme.groups.size())}});
  }
  if (scheme.method == Method::Score) FENQUN_CHECK(check_score_bands(root, scheme.groups));
  double last = 0;
  for (const auto& group : scheme.groups) {
    if (!group.top_share) continue;
    if (*group.top_share <= last || *group.top_share > 1) return refuse_group(root, group, "segment.band_edge");
    last = *group.top_share;
  }
  return {};
}

// Every group once, or nothing.
Result<std::vector<std::string>> read_ladder(const Settings& root, const std::vector<SchemeGroup>& groups) {
  FENQUN_TRY(auto ladder, root.texts("ladder"));
  if (ladder.empty()) return ladder;
  std::set<std::string> codes;
  for (const auto& group : groups) codes.insert(group.code);
  const std::set<std::string> named(ladder.begin(), ladder.end());
  if (named != codes || named.size() != ladder.size()) return root.child("ladder")->refuse("segment.ladder", {});
  return ladder;
}

Exclusion read_exclusion(const Settings& node, const NameLookup& names, Problems& problems) {
  problems.only(node, {"code", "reason", "when"});
  if (!node.is_map()) return {};
  Exclusion out;
  out.line = node.line();
  problems.into(out.code, node.text("code"));
  problems.into(out.reason, read_bilingual(node, "reason", true));
  problems.into(out.when, read_condition(node, "when", names));
  return out;
}

// Each element of a list by `read`, which notes all that is wrong with it; those with which nothing is.
template <class T, class Read>
void read_list(const Settings& root, std::string_view key, std::vector<T>& out, Problems& problems, Read&& read) {
  const auto list = root.find(key);
  if (!list) return;
  const auto nodes = problems.take(list->items());
  if (!nodes) return;
  for (const auto& node : *nodes) {
    const auto before = problems.count();
    T element = read(node);
    if (problems.count() == before) out.push_back(std::move(element));
  }
}

void read_columns(const Settings& root, const features::FeatureCatalogue& catalogue, Scheme& scheme,
                  Problems& problems) {
  read_list(root, "features", scheme.features, problems,
            [&](const Settings& node) { return read_feature(node, catalogue, problems); });
  problems.into(scheme.required, root.texts("required"));
  for (const auto& name : scheme.required) {
    problems.note(need_feature(root.find("required").value_or(root), catalogue, name));
  }
  for (const auto& feature : scheme.features) {
    if (std::find(scheme.required.begin(), scheme.required.end(), feature.name) == scheme.required.end()) {
      scheme.required.push_back(feature.name);
    }
  }
}

void read_head(const Settings& root, const std::optional<std::string>& name, Scheme& scheme, Problems& problems) {
  problems.into(scheme.name, root.text("scheme"));
  if (name && !scheme.name.empty() && scheme.name != *name) {
    problems.note(root.find("scheme").value_or(root).refuse(
        "base.setting_wrong", {{"key", "scheme"}, {"value", scheme.name}, {"expected", *name}}));
  }
  if (const auto version = problems.take(root.integer("version"))) {
    scheme.version = static_cast<int>(*version);
    if (*version != scheme.version || *version < 1) {
      problems.note(root.child("version")->refuse(
          "base.setting_out_of_range",
          {{"key", "version"}, {"value", std::to_string(*version)}, {"low", "1"}, {"high", std::to_string(INT_MAX)}}));
    }
  }
  problems.into(scheme.title, read_bilingual(root, "title", true));
  problems.into(scheme.source, read_bilingual(root, "source", false));
  problems.into(scheme.department, read_bilingual(root, "department", false));
  problems.into(scheme.use, read_bilingual(root, "use", false));
  if (const auto parent = root.find("derived_from")) {
    problems.note(parent->allow_only({"scheme", "version", "definition"}));
    problems.into(scheme.derived_from, parent->text("scheme"));
  }
}

void read_body(const Settings& root, const features::FeatureCatalogue& catalogue, Scheme& scheme, Problems& problems) {
  const auto method = problems.take(read_word(root, "method", kMethods, ""));
  if (method) scheme.method = *method;
  read_parameters(root, catalogue, scheme, problems);
  const auto names = with_parameters(lookup_in(catalogue), scheme.parameters);
  read_within(root, scheme, problems);
  read_strata(root, names, scheme, problems);
  read_refresh(root, scheme, problems);
  if (root.has("population")) problems.into(scheme.population, read_condition(root, "population", names));
  read_list(root, "not_classifiable", scheme.exclusions, problems,
            [&](const Settings& node) { return read_exclusion(node, names, problems); });
  read_columns(root, catalogue, scheme, problems);
  problems.into(scheme.row_norm, read_word(root, "row_norm", kRowNorms, "none"));
  scheme.k = read_k(root, problems);
  if (scheme.method == Method::Score && scheme.strata) {
    // Its figures of the whole population would have no meaning.
    problems.note(root.find("strata").value_or(root).refuse("segment.strata_of_score", {}));
  }
  if (scheme.method == Method::Score) problems.into(scheme.score, read_score_model(root, catalogue));
  if (scheme.method == Method::LoadShape && scheme.strata) {
    problems.note(root.find("strata").value_or(root).refuse("segment.strata_of_shapes", {}));
  }
  problems.into(scheme.shapes, read_shapes(root, scheme.method));
  problems.into(scheme.balance, read_balance(root, scheme.method));
  if (scheme.balance) problems.note(check_balance(root, *scheme.balance, scheme.k));
  if (scheme.balance && scheme.strata) {
    problems.note(root.find("balance").value_or(root).refuse("segment.strata_of_balance", {}));
  }
  // What groups may say depends on the method.
  if (!method) return;
  const auto before = problems.count();
  read_list(root, "groups", scheme.groups, problems,
            [&](const Settings& node) { return read_group(node, scheme.method, names, problems); });
  if (problems.count() == before) problems.note(check_groups(root, scheme));
  if (problems.count() == before) problems.into(scheme.ladder, read_ladder(root, scheme.groups));
  collect_uses(root, scheme);
  problems.into(scheme.truth, root.text("truth", ""));
}

void read_whole(const Settings& root, const features::FeatureCatalogue& catalogue,
                const std::optional<std::string>& name, Scheme& scheme, Problems& problems) {
  problems.only(root,
                {"scheme",           "version",    "title",    "source",     "department", "use",    "derived_from",
                 "method",           "population", "within",   "parameters", "overrides",  "strata", "refresh",
                 "not_classifiable", "required",   "features", "row_norm",   "k",          "score",  "balance",
                 "shapes",           "groups",     "ladder",   "truth"});
  if (!root.is_map()) return;
  read_head(root, name, scheme, problems);
  read_body(root, catalogue, scheme, problems);
}

}  // namespace

std::string_view name_of(Method method) noexcept {
  for (const auto& [name, value] : kMethods) {
    if (value == method) return name;
  }
  return "";
}

bool takes_k(Method method) noexcept { return method == Method::Tiers || method == Method::Personas; }

std::string_view name_of(RowNorm norm) noexcept {
  for (const auto& [name, value] : kRowNorms) {
    if (value == norm) return name;
  }
  return "";
}

std::string fingerprint_of(std::string_view text) { return hash_text(text).substr(0, 16); }

ParsedScheme parse_scheme(const std::string& text, const std::string& origin,
                          const features::FeatureCatalogue& catalogue, const std::optional<std::string>& name) {
  ParsedScheme out;
  Problems problems;
  auto& scheme = out.scheme;
  scheme.text = text;
  scheme.origin = origin;
  scheme.fingerprint = fingerprint_of(text);
  if (const auto root = problems.take(Settings::parse(text, origin))) {
    if (root->is_empty()) {
      problems.note(root->refuse("segment.scheme_empty", {}));
    } else {
      read_whole(*root, catalogue, name, scheme, problems);
    }
  }
  out.problems = std::move(problems.found());
  return out;
}

Result<Scheme> read_scheme(const std::string& text, const std::string& origin,
                           const features::FeatureCatalogue& catalogue, const std::optional<std::string>& name) {
  auto parsed = parse_scheme(text, origin, catalogue, name);
  if (!parsed.problems.empty()) return fail(std::move(parsed.problems.front()));
  return std::move(parsed.scheme);
}

Result<Asset> scheme_file(const AssetStore& assets, const std::string& name) {
  // A name is no path: "../x" names nothing.
  if (name.find('/') == std::string::npos) {
    if (auto asset = assets.read("config/schemes/" + name + ".yaml")) return asset;
  }
  return fail(ErrorCode::NotFound, "segment.no_scheme",
              {{"name", short_text(name)}, {"known", near_names(name, scheme_names(assets))}});
}

Result<Scheme> load_scheme(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                           const std::string& name) {
  FENQUN_TRY(const auto asset, scheme_file(assets, name));
  return read_scheme(asset.text, asset.origin, catalogue, name);
}

std::vector<std::string> scheme_names(const AssetStore& assets) {
  std::vector<std::string> out;
  for (const auto& path : assets.list("config/schemes", ".yaml")) {
    const auto start = path.rfind('/') + 1;
    out.push_back(path.substr(start, path.size() - start - std::string_view(".yaml").size()));
  }
  return out;
}

}  // namespace fenqun::segment
