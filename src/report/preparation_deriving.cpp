// report/preparation_deriving.cpp - the part of preparation_tables.hpp about what was derived, joined and judged.
#include "report/preparation_tables.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace fenqun::report {
namespace {

using features::StepItem;
using features::StepRecord;

constexpr std::array<std::string_view, 3> kBadges = {"full", "partial", "insufficient"};

PreparationTable tables(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{
      {words("preparation.tables"),
       {{words("preparation.table"), Align::Text}, {words("preparation.rows_in")}, {words("preparation.rows_out")}},
       {}},
      words("preparation.tables_note")};
  for (const auto& item : step.items) {
    if (item.kind != "monthly" && item.kind != "table") continue;
    std::string meaning = item.subject;
    for (const auto& table : titles.model().catalogue->intermediates()) {
      if (table.name == item.subject) meaning = words.in(table.meaning);
    }
    out.table.rows.push_back({{meaning, item.subject}, words.count(item.rows_in), words.count(item.rows_out)});
  }
  return out;
}

PreparationTable families(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.families"),
                        {{words("preparation.family"), Align::Text},
                         {words("preparation.source_entities"), Align::Text},
                         {words("preparation.feature_count")}},
                        {}},
                       "",
                       true};
  for (const auto& item : step.items) {
    if (item.kind != "family") continue;
    std::string sources;
    for (const auto& family : titles.model().catalogue->families()) {
      if (family.name != item.subject) continue;
      for (const auto& entity : family.entities) {
        sources += (sources.empty() ? "" : words("preparation.comma")) + titles.entity_title(entity);
      }
    }
    out.table.rows.push_back({titles.family_title(item.subject), sources, words.count(item.rows_out)});
  }
  return out;
}

PreparationTable left_out_customers(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.left_out_customers"),
                        {{words("preparation.reason"), Align::Text}, {words("preparation.customers")}},
                        {}},
                       ""};
  for (const auto& item : step.items) {
    if (item.kind == "left_out") out.table.rows.push_back({titles.reason_of(item.state), words.count(item.rows_in)});
  }
  return out;
}

PreparationTable joins(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{
      {words("preparation.joins"),
       {{words("preparation.family"), Align::Text}, {words("preparation.with_data")}, {words("preparation.share")}},
       {}},
      words("preparation.joins_note"),
      true};
  for (const auto& item : step.items) {
    if (item.kind != "join") continue;
    out.table.rows.push_back({titles.family_title(item.subject),
                              {words.count(item.rows_out), "", item.rows_out == 0 ? "attention" : ""},
                              titles.share_of(item.rows_out, item.rows_in)});
  }
  return out;
}

PreparationTable unknown(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{
      {words("preparation.unknown"),
       {{words("preparation.entity"), Align::Text}, {words("preparation.rows")}, {words("preparation.unknown_rows")}},
       {}},
      words("preparation.unknown_note")};
  for (const auto& item : step.items) {
    if (item.kind != "unknown") continue;
    out.table.rows.push_back(
        {titles.entity_title(item.subject), words.count(item.rows_in), {words.count(item.rows_out), "", "attention"}});
  }
  return out;
}

PreparationTable feature_states(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.feature_states"),
                        {{words("preparation.state"), Align::Text}, {words("preparation.feature_count")}},
                        {}},
                       words("preparation.feature_note")};
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  for (const auto& item : step.items) {
    if (item.kind == "feature") ++counts[{item.state, item.reason}];
  }
  for (const auto& [state, features] : counts) {
    out.table.rows.push_back({titles.state_of({"", "", "", state.first, state.second, 0, 0}), words.count(features)});
  }
  return out;
}

PreparationTable features(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.all_features"),
                        {{words("preparation.feature"), Align::Text},
                         {words("preparation.with_value")},
                         {words("preparation.share")},
                         {words("preparation.state"), Align::Text},
                         {words("preparation.why_missing"), Align::Text}},
                        {}},
                       "",
                       true};
  std::string last;
  for (const auto& item : step.items) {
    if (item.kind != "feature") continue;
    if (item.subject != last) out.table.rows.push_back({titles.family_title(item.subject)});
    last = item.subject;
    const auto* feature = words.feature(item.name);
    const bool explained = feature != nullptr && item.rows_out < item.rows_in;
    out.table.rows.push_back({{words.title(item.name), item.name},
                              words.count(item.rows_out),
                              titles.share_of(item.rows_out, item.rows_in),
                              titles.state_of(item),
                              explained ? words.in(feature->missing) : ""});
  }
  return out;
}

}  // namespace

std::vector<PreparationTable> tables_of_reconstructing(const PreparationTitles& titles, const StepRecord& step) {
  return {tables(titles, step), families(titles, step)};
}

std::vector<PreparationTable> tables_of_integrating(const PreparationTitles& titles, const StepRecord& step) {
  return {left_out_customers(titles, step), unknown(titles, step), joins(titles, step)};
}

std::vector<PreparationTable> tables_of_formatting(const PreparationTitles& titles, const StepRecord& step) {
  return {feature_states(titles, step), features(titles, step)};
}

PreparationSection sufficiency_of(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationSection out{"sufficiency", words("preparation.sufficiency"), words("preparation.sufficiency_lead"), {}};
  PreparationTable table{{words("preparation.sufficiency"),
                          {{words("preparation.family"), Align::Text},
                           {words("preparation.badge_full")},
                           {words("preparation.badge_partial")},
                           {words("preparation.badge_insufficient")},
                           {words("preparation.needs"), Align::Text}},
                          {}}};
  for (const auto& family : titles.model().catalogue->families()) {
    Row row = {words.in(family.title)};
    for (const auto badge : kBadges) {
      const auto found = std::find_if(step.items.begin(), step.items.end(), [&](const StepItem& item) {
        return item.kind == "sufficiency" && item.subject == family.name && item.state == badge;
      });
      if (found == step.items.end()) continue;
      row.push_back({words.count(found->rows_out), titles.share_of(found->rows_out, found->rows_in),
                     found->rows_out == 0      ? "quiet"
                     : badge == "insufficient" ? "attention"
                                               : ""});
    }
    row.push_back(words("preparation.needs_line", {{"what", words.in(family.needs.title)},
                                                   {"full", words.count(family.needs.full)},
                                                   {"partial", words.count(family.needs.partial)}}));
    if (row.size() == table.table.columns.size()) table.table.rows.push_back(std::move(row));
  }
  out.tables.push_back(std::move(table));
  return out;
}

PreparationSection comparability_of(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  std::int64_t excluded = 0;
  PreparationTable table{{words("preparation.comparable"),
                          {{words("preparation.reason"), Align::Text},
                           {words("preparation.customers")},
                           {words("preparation.examples"), Align::Text}},
                          {}}};
  for (const auto& item : step.items) {
    if (item.kind != "not_comparable") continue;
    excluded += item.rows_out;
    std::string examples;
    for (const auto& one : titles.model().excluded) {
      if (one.code != item.state) continue;
      for (const auto& id : one.examples) examples += (examples.empty() ? "" : "  ") + id;
    }
    table.table.rows.push_back({titles.reason_of(item.state), words.count(item.rows_out), {examples, "", "raw"}});
  }
  PreparationSection out{"comparable",
                         words("preparation.comparable"),
                         words("preparation.comparable_lead", {{"customers", words.count(excluded)}}),
                         {}};
  if (!table.table.rows.empty()) out.tables.push_back(std::move(table));
  return out;
}

}  // namespace fenqun::report
