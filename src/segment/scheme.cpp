// segment/scheme.cpp
#include "segment/scheme.hpp"

#include "base/file.hpp"
#include "base/number.hpp"
#include "base/settings.hpp"
#include "segment/scheme_parts.hpp"

#include <algorithm>
#include <array>
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

constexpr std::array<std::pair<std::string_view, Method>, 4> kMethods = {
    {{"rules", Method::Rules}, {"tiers", Method::Tiers}, {"bands", Method::Bands}, {"score", Method::Score}}};
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

Result<SchemeFeature> read_feature(const Settings& node, const features::FeatureCatalogue& catalogue) {
  FENQUN_CHECK(node.allow_only({"name", "log", "winsor", "scale", "weight", "order"}));
  SchemeFeature out;
  FENQUN_TRY(out.name, node.text("name"));
  FENQUN_CHECK(need_feature(node, catalogue, out.name));
  if (catalogue.find(out.name)->type != features::FeatureType::Number) {
    return node.refuse("segment.not_a_number", {{"feature", out.name}});
  }
  FENQUN_TRY(const bool log, node.boolean("log", false));
  out.transform = log ? Transform::Log : Transform::None;
  FENQUN_CHECK(read_winsor(node, out));
  FENQUN_TRY(out.scale, read_word(node, "scale", kScales, "none"));
  FENQUN_TRY(out.weight, node.number("weight", 1));
  FENQUN_TRY(out.order, node.number("order", 1));
  if (!(out.weight > 0)) {
    return node.refuse("base.setting_wrong",
                       {{"key", "weight"}, {"value", std::to_string(out.weight)}, {"expected", "> 0"}});
  }
  return out;
}

Result<SchemeGroup> read_group(const Settings& node, Method method, const NameLookup& names) {
  FENQUN_CHECK(node.allow_only({"code", "title", "description", "standard", "when", "top_share", "from"}));
  SchemeGroup out;
  FENQUN_TRY(out.code, node.text("code"));
  FENQUN_TRY(out.title, read_bilingual(node, "title", true));
  FENQUN_TRY(out.description, read_bilingual(node, "description", false));
  FENQUN_TRY(out.standard, node.text("standard", ""));
  if (method == Method::Rules || (method == Method::Score && node.has("when"))) {
    FENQUN_TRY(out.when, read_condition(node, "when", names));
  }
  if (method == Method::Score && node.has("from")) {
    FENQUN_TRY(out.from, node.number("from"));
  }
  if (method == Method::Bands) {
    if (node.has("top_share") == node.has("from")) return node.refuse("segment.band_edge", {{"code", out.code}});
    if (node.has("from")) {
      FENQUN_TRY(out.from, node.number("from"));
    } else {
      FENQUN_TRY(out.top_share, node.number("top_share"));
    }
  }
  return out;
}

Result<KPolicy> read_k(const Settings& root) {
  KPolicy out;
  const auto node = root.find("k");
  if (!node) return out;
  FENQUN_CHECK(node->allow_only(
      {"min", "max", "publish", "seed", "restarts", "silhouette_rows", "gap_references", "resamples"}));
  const auto read = [&](std::string_view key, std::int64_t fallback, std::int64_t low,
                        std::int64_t high) -> Result<std::int64_t> {
    FENQUN_TRY(const auto value, node->integer(key, fallback));
    if (value < low || value > high) {
      return node->refuse("base.setting_wrong", {{"key", std::string(key)},
                                                 {"value", std::to_string(value)},
                                                 {"expected", std::to_string(low) + ".." + std::to_string(high)}});
    }
    return value;
  };
  FENQUN_TRY(const auto min, read("min", out.min, 2, 50));
  FENQUN_TRY(const auto max, read("max", out.max, min, 50));
  FENQUN_TRY(const auto seed, read("seed", 1, 0, INT64_MAX));
  FENQUN_TRY(const auto restarts, read("restarts", out.restarts, 1, 1000));
  FENQUN_TRY(const auto silhouette_rows, read("silhouette_rows", 0, 0, 100'000));
  FENQUN_TRY(const auto gap_references, read("gap_references", 0, 0, 1000));
  FENQUN_TRY(const auto resamples, read("resamples", 0, 0, 1000));
  out.silhouette_rows = static_cast<std::uint32_t>(silhouette_rows);
  out.gap_references = static_cast<std::uint32_t>(gap_references);
  out.resamples = static_cast<std::uint32_t>(resamples);
  out.min = static_cast<std::uint32_t>(min);
  out.max = static_cast<std::uint32_t>(max);
  out.seed = static_cast<std::uint64_t>(seed);
  out.restarts = static_cast<std::uint32_t>(restarts);
  if (node->has("publish")) {
    // At most seven groups are published (003: 客户群数量不能过多(最多7个)).
    FENQUN_TRY(const auto publish, read("publish", 2, 2, 7));
    out.publish = static_cast<std::uint32_t>(publish);
  }
  return out;
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
      return root.refuse("segment.score_band", {{"code", group.code}});
    }
    if (group.from && !group.when) last = *group.from;
  }
  return {};
}

Result<void> check_groups(const Settings& root, const Scheme& scheme) {
  std::set<std::string> codes;
  for (const auto& group : scheme.groups) {
    if (!codes.insert(group.code).second) return root.refuse("segment.group_twice", {{"code", group.code}});
  }
  if (scheme.method != Method::Tiers && scheme.groups.empty())
    return root.refuse("base.setting_missing", {{"key", "groups"}});
  if (scheme.method != Method::Rules && scheme.method != Method::Score && scheme.features.empty())
    return root.refuse("base.setting_missing", {{"key", "features"}});
  if (scheme.method == Method::Tiers && !scheme.groups.empty() && scheme.k.publish != scheme.groups.size()) {
    return root.refuse("segment.group_count", {{"groups", std::to_string(scheme.groups.size())}});
  }
  if (scheme.method == Method::Score) FENQUN_CHECK(check_score_bands(root, scheme.groups));
  double last = 0;
  for (const auto& group : scheme.groups) {
    if (!group.top_share) continue;
    if (*group.top_share <= last || *group.top_share > 1)
      return root.refuse("segment.band_edge", {{"code", group.code}});
    last = *group.top_share;
  }
  return {};
}

Result<void> read_exclusions(const Settings& root, const NameLookup& names, Scheme& scheme) {
  const auto list = root.find("not_classifiable");
  if (!list) return {};
  FENQUN_TRY(const auto nodes, list->items());
  for (const auto& node : nodes) {
    FENQUN_CHECK(node.allow_only({"code", "reason", "when"}));
    FENQUN_TRY(auto code, node.text("code"));
    FENQUN_TRY(auto reason, read_bilingual(node, "reason", true));
    FENQUN_TRY(auto when, read_condition(node, "when", names));
    scheme.exclusions.push_back({std::move(code), std::move(reason), std::move(when)});
  }
  return {};
}

Result<void> read_columns(const Settings& root, const features::FeatureCatalogue& catalogue, Scheme& scheme) {
  if (const auto list = root.find("features")) {
    FENQUN_TRY(const auto nodes, list->items());
    for (const auto& node : nodes) {
      FENQUN_TRY(auto feature, read_feature(node, catalogue));
      scheme.features.push_back(std::move(feature));
    }
  }
  FENQUN_TRY(scheme.required, root.texts("required"));
  for (const auto& name : scheme.required) FENQUN_CHECK(need_feature(root, catalogue, name));
  for (const auto& feature : scheme.features) {
    if (std::find(scheme.required.begin(), scheme.required.end(), feature.name) == scheme.required.end()) {
      scheme.required.push_back(feature.name);
    }
  }
  return {};
}

}  // namespace

std::string_view name_of(Method method) noexcept {
  for (const auto& [name, value] : kMethods) {
    if (value == method) return name;
  }
  return "";
}

std::string_view name_of(RowNorm norm) noexcept {
  for (const auto& [name, value] : kRowNorms) {
    if (value == norm) return name;
  }
  return "";
}

Result<Scheme> load_scheme(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                           const std::string& name) {
  auto asset = assets.read("config/schemes/" + name + ".yaml");
  if (!asset) {
    std::string known;
    for (const auto& other : scheme_names(assets)) known += (known.empty() ? "" : ", ") + other;
    return fail(ErrorCode::NotFound, "segment.no_scheme", {{"name", name}, {"known", known}});
  }
  FENQUN_TRY(const auto root, Settings::parse(asset->text, asset->origin));
  FENQUN_CHECK(root.allow_only({"scheme", "version", "title", "source", "method", "population", "not_classifiable",
                                "required", "features", "row_norm", "k", "score", "groups", "truth"}));
  Scheme scheme;
  FENQUN_TRY(scheme.name, root.text("scheme"));
  if (scheme.name != name) {
    return root.refuse("base.setting_wrong", {{"key", "scheme"}, {"value", scheme.name}, {"expected", name}});
  }
  FENQUN_TRY(const auto version, root.integer("version"));
  scheme.version = static_cast<int>(version);
  FENQUN_TRY(scheme.title, read_bilingual(root, "title", true));
  FENQUN_TRY(scheme.source, read_bilingual(root, "source", false));
  FENQUN_TRY(scheme.method, read_word(root, "method", kMethods, ""));
  const auto names = lookup_in(catalogue);
  if (root.has("population")) {
    FENQUN_TRY(scheme.population, read_condition(root, "population", names));
  }
  FENQUN_CHECK(read_exclusions(root, names, scheme));
  FENQUN_CHECK(read_columns(root, catalogue, scheme));
  FENQUN_TRY(scheme.row_norm, read_word(root, "row_norm", kRowNorms, "none"));
  FENQUN_TRY(scheme.k, read_k(root));
  if (scheme.method == Method::Score) {
    FENQUN_TRY(scheme.score, read_score_model(root, catalogue));
  }
  if (const auto list = root.find("groups")) {
    FENQUN_TRY(const auto nodes, list->items());
    for (const auto& node : nodes) {
      FENQUN_TRY(auto group, read_group(node, scheme.method, names));
      scheme.groups.push_back(std::move(group));
    }
  }
  FENQUN_CHECK(check_groups(root, scheme));
  FENQUN_TRY(scheme.truth, root.text("truth", ""));
  scheme.fingerprint = hash_text(asset->text).substr(0, 16);
  return scheme;
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
