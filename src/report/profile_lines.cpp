// report/profile_lines.cpp - what the index table of a group says, line by line.
#include "report/profile_page.hpp"

#include <algorithm>

namespace fenqun::report {
namespace {

constexpr double kLeastShare = 0.05;

const segment::NumberIndex* number_of(const segment::GroupPortrait& group, const std::string& feature) {
  const auto found = std::ranges::find(group.numbers, feature, &segment::NumberIndex::feature);
  return found == group.numbers.end() ? nullptr : &*found;
}

// A code that hardly anybody has in any group says nothing; the same lines for all groups, so that they stand abreast.
bool is_shown(double population_share, const auto& share_in_group, std::size_t groups) {
  if (population_share >= kLeastShare) return true;
  for (std::size_t g = 0; g < groups; ++g) {
    if (share_in_group(g) >= kLeastShare) return true;
  }
  return false;
}

double fact_share(const segment::GroupProfile& group, std::size_t fact, const std::string& value) {
  for (const auto& line : group.facts) {
    if (line.fact == fact && line.value == value) return line.share;
  }
  return 0;
}

double category_share(const segment::GroupPortrait& group, const segment::CategoryIndex& like) {
  for (const auto& line : group.categories) {
    if (line.feature == like.feature && line.value == like.value) return line.share;
  }
  return 0;
}

std::string fact_item(const segment::FactField& fact) { return fact.entity + "." + fact.field; }

}  // namespace

std::vector<ProfileLine> lines_of(const ProfileSection& section, std::size_t group, const Wording& words) {
  std::vector<ProfileLine> out;
  const auto& portrait = section.portrait.groups[group];
  const auto& profile = section.profile.groups[group];
  const auto count = section.portrait.groups.size();
  std::size_t fact = 0;
  for (const auto& block : section.profile.blocks) {
    for (std::size_t own = 0; own < block.facts.size(); ++own, ++fact) {
      for (const auto& line : profile.facts) {
        if (line.fact != fact) continue;
        const auto share = [&](std::size_t g) { return fact_share(section.profile.groups[g], fact, line.value); };
        if (!is_shown(line.population_share, share, count)) continue;
        out.push_back({block.code, fact_item(block.facts[own]), words.in(block.facts[own].title),
                       words.in(line.value_title), words.percent(line.share), words.percent(line.population_share),
                       line.share, line.population_share, line.index, line.is_significant});
      }
    }
    for (const auto& feature : block.features) {
      if (const auto* line = number_of(portrait, feature)) {
        out.push_back({block.code, feature, words.title(feature), "", words.quantity_of(feature, line->mean),
                       words.quantity_of(feature, line->population_mean), line->mean, line->population_mean,
                       line->index, line->is_significant});
      }
      for (const auto& line : portrait.categories) {
        if (line.feature != feature || line.value.empty()) continue;
        const auto share = [&](std::size_t g) { return category_share(section.portrait.groups[g], line); };
        if (!is_shown(line.population_share, share, count)) continue;
        out.push_back({block.code, feature, words.title(feature), words.value_name(feature, line.value),
                       words.percent(line.share), words.percent(line.population_share), line.share,
                       line.population_share, line.index, line.is_significant});
      }
    }
  }
  return out;
}

std::vector<std::string> without_data(const ProfileSection& section, const segment::PortraitBlock& block,
                                      const Wording& words) {
  std::vector<std::string> out;
  for (std::size_t f = 0; f < section.profile.facts.size(); ++f) {
    const auto& fact = section.profile.facts[f];
    const bool is_of_block =
        std::ranges::any_of(block.facts, [&](const auto& own) { return fact_item(own) == fact_item(fact); });
    if (is_of_block && !section.profile.has_fact[f]) out.push_back(words.in(fact.title));
  }
  for (const auto& feature : block.features) {
    const bool known = std::ranges::any_of(section.portrait.groups, [&](const auto& group) {
      return number_of(group, feature) != nullptr ||
             std::ranges::find(group.categories, feature, &segment::CategoryIndex::feature) != group.categories.end();
    });
    if (!known) out.push_back(words.title(feature));
  }
  return out;
}

std::optional<double> average_revenue_cny(const segment::GroupPortrait& group) {
  if (group.customers == 0) return std::nullopt;
  return group.revenue_12m_cny / static_cast<double>(group.customers);
}

}  // namespace fenqun::report
