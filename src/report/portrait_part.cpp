// report/portrait_part.cpp - every attribute of every group against the population.
#include "report/parts.hpp"

#include <algorithm>

namespace fenqun::report {
namespace {

constexpr std::size_t kFoldFrom = 40;  // rows; what is longer opens on demand

const segment::NumberIndex* number_of(const segment::GroupPortrait& group, const std::string& feature) {
  for (const auto& number : group.numbers) {
    if (number.feature == feature) return &number;
  }
  return nullptr;
}

const segment::CategoryIndex* category_of(const segment::GroupPortrait& group, const segment::CategoryIndex& like) {
  for (const auto& category : group.categories) {
    if (category.feature == like.feature && category.value == like.value) return &category;
  }
  return nullptr;
}

/// Each number feature once, as the first group that has it tells it.
std::vector<const segment::NumberIndex*> number_features(const segment::Portrait& portrait) {
  std::vector<const segment::NumberIndex*> out;
  for (const auto& group : portrait.groups) {
    for (const auto& number : group.numbers) {
      if (std::none_of(out.begin(), out.end(), [&](const auto* seen) { return seen->feature == number.feature; })) {
        out.push_back(&number);
      }
    }
  }
  return out;
}

/// Each value of each category feature once; a feature's values together.
std::vector<std::vector<const segment::CategoryIndex*>> category_features(const segment::Portrait& portrait) {
  std::vector<std::vector<const segment::CategoryIndex*>> out;
  for (const auto& group : portrait.groups) {
    for (const auto& category : group.categories) {
      auto own = std::find_if(out.begin(), out.end(),
                              [&](const auto& values) { return values.front()->feature == category.feature; });
      if (own == out.end()) {
        out.push_back({&category});
      } else if (std::none_of(own->begin(), own->end(),
                              [&](const auto* seen) { return seen->value == category.value; })) {
        own->push_back(&category);
      }
    }
  }
  return out;
}

std::vector<Column> group_columns(const Page& page, const SchemeSection& section, const std::string& first) {
  std::vector<Column> columns{{first, Align::Text}, {page.words("report.population")}};
  for (const auto& group : section.portrait.groups) {
    const auto& named = section.run.groups;
    const auto found =
        std::find_if(named.begin(), named.end(), [&](const auto& own) { return own.code == group.code; });
    columns.push_back({found == named.end() ? group.code : page.words.in(found->title)});
  }
  return columns;
}

Row number_row(const Wording& words, const segment::Portrait& portrait, const segment::NumberIndex& feature) {
  const auto* known = words.feature(feature.feature);
  Row row{words.title(feature.feature), words.quantity_of(feature.feature, feature.population_mean)};
  if (known != nullptr && known->type == features::FeatureType::Flag) row.front().note = words("report.share_of_yes");
  for (const auto& group : portrait.groups) {
    const auto* own = number_of(group, feature.feature);
    if (own == nullptr) {
      row.emplace_back(words.index(std::nullopt));
      continue;
    }
    row.emplace_back(words.index(own->index), words.quantity_of(own->feature, own->mean),
                     heat_of(own->index, own->population_mean.value_or(0)));
  }
  return row;
}

/// Rows of one kind of attribute under a heading; nothing when there is none.
void add_numbers(const Page& page, const segment::Portrait& portrait, const std::string& heading, Table& table,
                 bool (*wanted)(const features::Feature*)) {
  bool first = true;
  for (const auto* feature : number_features(portrait)) {
    if (!wanted(page.words.feature(feature->feature))) continue;
    if (first) table.rows.push_back({heading});
    first = false;
    table.rows.push_back(number_row(page.words, portrait, *feature));
  }
}

bool is_social(const features::Feature* feature) {
  return feature != nullptr && feature->tag == features::FeatureTag::Social;
}
bool is_economic(const features::Feature* feature) {
  return feature != nullptr && feature->tag == features::FeatureTag::Economic;
}
bool is_behaviour(const features::Feature* feature) {
  return feature != nullptr && feature->tag == features::FeatureTag::Behaviour;
}
bool is_unknown(const features::Feature* feature) { return feature == nullptr; }

void write_heat_legend(Page& page) {
  const auto& words = page.words;
  const auto legend = page.html.in("p", {{"class", "heat-legend"}});
  page.html.line("span", words("report.heat_low"));
  for (const auto* style : {"heat-low-4", "heat-low-3", "heat-low-2", "heat-low-1", "heat-even", "heat-high-1",
                            "heat-high-2", "heat-high-3", "heat-high-4"}) {
    page.html.line("i", "", {{"class", style}});
  }
  page.html.line("span", words("report.heat_high"));
  page.html.line("small", words("report.heat_steps"));
}

void write_category(Page& page, const SchemeSection& section,
                    const std::vector<const segment::CategoryIndex*>& values) {
  const auto& words = page.words;
  const std::string title = words.title(values.front()->feature);
  const auto more = page.html.in("details", {{"class", "whole"}});
  page.html.line("summary",
                 words("report.category", {{"attribute", title}, {"values", words.count(std::ssize(values))}}));
  Table table{title, group_columns(page, section, title), {}};
  for (const auto* value : values) {
    Row row{words.value_name(value->feature, value->value), words.percent(value->population_share)};
    for (const auto& group : section.portrait.groups) {
      const auto* own = category_of(group, *value);
      if (own == nullptr) {
        row.emplace_back(words.index(std::nullopt));
        continue;
      }
      row.emplace_back(words.index(own->index), words.percent(own->share), heat_of(own->index, own->population_share));
    }
    table.rows.push_back(std::move(row));
  }
  write_table(page, table);
}

}  // namespace

void write_portrait(Page& page, const SchemeSection& section) {
  const auto& words = page.words;
  const auto categories = category_features(section.portrait);
  Table table{words("report.portrait"), group_columns(page, section, words("report.attribute")), {}};
  add_numbers(page, section.portrait, words("report.tag_social"), table, is_social);
  add_numbers(page, section.portrait, words("report.tag_economic"), table, is_economic);
  add_numbers(page, section.portrait, words("report.tag_behaviour"), table, is_behaviour);
  add_numbers(page, section.portrait, words("report.tag_other"), table, is_unknown);
  if (table.rows.empty() && categories.empty()) return;
  const auto attributes = std::ranges::count_if(table.rows, [](const Row& row) { return row.size() > 1; });

  page.html.line("h3", words("report.portrait"));
  page.html.line("p", words("report.portrait_note"), {{"class", "note"}});
  const auto frame = page.html.in("div", {{"class", "heat"}});
  write_heat_legend(page);
  if (table.rows.size() > kFoldFrom) {
    const auto more = page.html.in("details");
    page.html.line("summary", words("report.portrait_open", {{"attributes", words.count(attributes)}}));
    write_table(page, table);
  } else if (!table.rows.empty()) {
    write_table(page, table);
  }
  if (categories.empty()) return;
  const auto all = page.html.in("div", {{"class", "categories"}});
  page.html.line("h4", words("report.categories"));
  for (const auto& values : categories) write_category(page, section, values);
}

}  // namespace fenqun::report
