// segment/proposed_name.cpp - what to call a group, from what sets it apart.
#include "segment/profile.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace fenqun::segment {
namespace {

/// One thing that sets a group apart, with how far.
struct Trait {
  double strength = 0;
  std::string family;
  BilingualText words;
};

constexpr double kHigh = 1.25;
constexpr double kLow = 0.8;
constexpr double kMostOfGroup = 0.5;

bool is_distinctive(std::optional<double> index, bool significant) {
  return significant && index && (*index >= kHigh || (*index <= kLow && *index >= 0));
}

/// Both languages, read once: a text is looked up for every line.
struct Languages {
  Texts chinese;
  Texts english;
  static Result<Languages> create(const AssetStore& assets) {
    FENQUN_TRY(auto chinese, Texts::create(assets, Language::Chinese));
    FENQUN_TRY(auto english, Texts::create(assets, Language::English));
    return Languages{std::move(chinese), std::move(english)};
  }
  [[nodiscard]] BilingualText say(const char* key, const char* name, const BilingualText& value) const {
    return {chinese(key, {{name, value.zh}}), english(key, {{name, value.en}})};
  }
};

// What is high says more of a group than what is low.
double strength_of(double index) {
  constexpr double kLowCounts = 0.5;
  constexpr double kMost = 2.5;
  const double log = std::log(std::max(index, 0.01));
  return std::min(log > 0 ? log : -kLowCounts * log, kMost);
}

std::optional<Trait> trait_of(const NumberIndex& line, const features::Feature& feature, std::int64_t customers,
                              const Languages& say) {
  if (!is_distinctive(line.index, line.is_significant)) return std::nullopt;
  if (line.population_mean.value_or(0) <= 0 || 2 * line.present < customers) return std::nullopt;
  const bool is_flag = feature.type == features::FeatureType::Flag;
  if (is_flag && (*line.index <= 1 || line.mean.value_or(0) < kMostOfGroup)) return std::nullopt;
  const char* key = is_flag ? "segment.trait_is" : *line.index > 1 ? "segment.trait_high" : "segment.trait_low";
  return Trait{strength_of(*line.index), feature.family, say.say(key, "feature", feature.title)};
}

std::optional<Trait> trait_of(const CategoryIndex& line, const features::Feature& feature, const Languages& say) {
  if (line.value.empty() || !is_distinctive(line.index, line.is_significant)) return std::nullopt;
  if (*line.index < 1 || line.share < kMostOfGroup) return std::nullopt;
  const auto named = feature.value_names.find(line.value);
  const auto title = named == feature.value_names.end() ? BilingualText{line.value, line.value} : named->second;
  return Trait{strength_of(*line.index), feature.family, say.say("segment.trait_mostly", "value", title)};
}

std::vector<Trait> traits_of(const Languages& say, const features::FeatureCatalogue& catalogue,
                             const std::set<std::string>& telling, const GroupPortrait& group) {
  std::vector<Trait> out;
  for (const auto& line : group.numbers) {
    const auto* feature = catalogue.find(line.feature);
    if (feature == nullptr || !telling.contains(line.feature)) continue;
    if (auto trait = trait_of(line, *feature, group.customers, say)) out.push_back(std::move(*trait));
  }
  for (const auto& line : group.categories) {
    const auto* feature = catalogue.find(line.feature);
    if (feature == nullptr || !telling.contains(line.feature)) continue;
    if (auto trait = trait_of(line, *feature, say)) out.push_back(std::move(*trait));
  }
  std::ranges::stable_sort(out, std::greater<>(), &Trait::strength);
  return out;
}

}  // namespace

Result<BilingualText> propose_name(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                   const std::set<std::string>& telling, const GroupPortrait& group) {
  FENQUN_TRY(const auto say, Languages::create(assets));
  const auto traits = traits_of(say, catalogue, telling, group);
  std::vector<const Trait*> chosen;
  for (const auto& trait : traits) {
    const bool is_new = std::ranges::none_of(chosen, [&](const auto* one) { return one->family == trait.family; });
    if (is_new && chosen.size() < 2) chosen.push_back(&trait);
  }
  if (chosen.empty()) return BilingualText{};
  const char* key = chosen.size() == 2 ? "segment.name_of_two" : "segment.name_of_one";
  const auto& first = chosen.front()->words;
  const auto& second = chosen.back()->words;
  return BilingualText{say.chinese(key, {{"first", first.zh}, {"second", second.zh}}),
                       say.english(key, {{"first", first.en}, {"second", second.en}})};
}

}  // namespace fenqun::segment
