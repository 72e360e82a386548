// segment/persona_names.cpp
#include "segment/persona_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace fenqun::segment {
namespace {

constexpr double kLeastDeviations = 0.5;
constexpr std::size_t kInTitle = 2;
constexpr std::size_t kInDescription = 5;

/// Means of the groups and of all, per feature.
struct Means {
  Matrix<double> scaled;          // (groups + 1) x features, the last row of all
  Matrix<double> own;             // the same in the features' own units
  std::vector<double> deviation;  // of the scaled values over all
};

Means measure(RowView<const double> values, RowView<const float> scaled, const cluster::KMeansFit& fit) {
  const auto groups = fit.centroids.rows();
  const auto columns = values.cols();
  Means out{Matrix<double>(groups + 1, columns), Matrix<double>(groups + 1, columns), std::vector<double>(columns)};
  const auto count = static_cast<double>(values.rows());
  for (std::size_t r = 0; r < values.rows(); ++r) {
    const auto group = fit.labels[r];
    const auto size = static_cast<double>(fit.sizes[group]);
    for (std::size_t c = 0; c < columns; ++c) {
      const auto x = static_cast<double>(scaled(r, c));
      out.scaled(group, c) += x / size;
      out.scaled(groups, c) += x / count;
      out.own(group, c) += values(r, c) / size;
      out.own(groups, c) += values(r, c) / count;
    }
  }
  for (std::size_t r = 0; r < values.rows(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const double gap = static_cast<double>(scaled(r, c)) - out.scaled(groups, c);
      out.deviation[c] += gap * gap / count;
    }
  }
  for (auto& value : out.deviation) value = std::sqrt(value);
  return out;
}

struct Trait {
  std::size_t column = 0;
  double deviations = 0;  // signed
};

// Farthest from the mean of all first, of equals the earlier feature; those near the mean are left out.
std::vector<Trait> traits_of(const Means& means, std::size_t group) {
  const auto all = means.scaled.rows() - 1;
  std::vector<Trait> out;
  for (std::size_t c = 0; c < means.deviation.size(); ++c) {
    if (!(means.deviation[c] > 0)) continue;
    const double gap = (means.scaled(group, c) - means.scaled(all, c)) / means.deviation[c];
    if (std::abs(gap) >= kLeastDeviations) out.push_back({c, gap});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Trait& a, const Trait& b) { return std::abs(a.deviations) > std::abs(b.deviations); });
  return out;
}

class Words {
 public:
  Words(const MethodInput& input, Texts texts) : input_(input), texts_(std::move(texts)) {}

  [[nodiscard]] std::string title(const std::vector<Trait>& traits) const {
    std::string out;
    std::set<std::string> families;
    for (const auto& trait : traits) {
      const auto& feature = feature_of(trait);
      if (families.size() == kInTitle || !families.insert(feature.family).second) continue;
      const auto text = texts_(trait.deviations > 0 ? "segment.persona_high" : "segment.persona_low",
                               {{"feature", feature.title.in(texts_.language())}});
      out += (out.empty() ? "" : comma()) + text;
    }
    return out.empty() ? texts_("segment.persona_plain") : out;
  }

  [[nodiscard]] std::string description(const std::vector<Trait>& traits, const Means& means, std::size_t group) const {
    const auto all = means.own.rows() - 1;
    std::string out;
    std::size_t named = 0;
    for (const auto& trait : traits) {
      const double mean = means.own(all, trait.column);
      // A ratio says something only of amounts above zero.
      if (!(mean > 0) || means.own(group, trait.column) < 0 || named == kInDescription) continue;
      out += (out.empty() ? "" : comma()) +
             texts_("segment.persona_times", {{"feature", feature_of(trait).title.in(texts_.language())},
                                              {"ratio", fmt::format("{:.2f}", means.own(group, trait.column) / mean)}});
      ++named;
    }
    return out.empty() ? texts_("segment.persona_none") : out;
  }

  [[nodiscard]] std::string numbered(const std::string& name, std::size_t place) const {
    return texts_("segment.persona_twin", {{"name", name}, {"place", std::to_string(place)}});
  }

 private:
  [[nodiscard]] const features::Feature& feature_of(const Trait& trait) const {
    return *input_.catalogue.find(input_.scheme.features[trait.column].name);
  }
  [[nodiscard]] std::string comma() const { return texts_.language() == Language::Chinese ? "、" : ", "; }

  const MethodInput& input_;
  Texts texts_;
};

void tell_twins_apart(const Words& words, RunResult& result, std::string BilingualText::*language) {
  std::vector<std::string> names;
  for (const auto& group : result.groups) names.push_back(group.title.*language);
  for (std::size_t g = 0; g < names.size(); ++g) {
    if (std::count(names.begin(), names.end(), names[g]) > 1) {
      result.groups[g].title.*language = words.numbered(names[g], g + 1);
    }
  }
}

}  // namespace

Result<void> propose_names(const MethodInput& input, RowView<const double> values, RowView<const float> scaled,
                           const cluster::KMeansFit& fit, const std::vector<std::string>& code_of_cluster,
                           RunResult& result) {
  FENQUN_TRY(auto chinese, Texts::create(input.workspace.assets(), Language::Chinese));
  FENQUN_TRY(auto english, Texts::create(input.workspace.assets(), Language::English));
  const Words zh(input, std::move(chinese));
  const Words en(input, std::move(english));
  const auto means = measure(values, scaled, fit);
  for (std::size_t cluster = 0; cluster < code_of_cluster.size(); ++cluster) {
    const auto traits = traits_of(means, cluster);
    for (auto& group : result.groups) {
      if (group.code != code_of_cluster[cluster]) continue;
      group.title = {zh.title(traits), en.title(traits)};
      group.description = {zh.description(traits, means, cluster), en.description(traits, means, cluster)};
    }
  }
  tell_twins_apart(zh, result, &BilingualText::zh);
  tell_twins_apart(en, result, &BilingualText::en);
  return {};
}

}  // namespace fenqun::segment
