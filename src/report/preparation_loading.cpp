// report/preparation_loading.cpp - the part of preparation_tables.hpp about what was selected and cleaned.
#include "report/preparation_tables.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace fenqun::report {
namespace {

using features::StepRecord;

PreparationTable entities(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.entities"),
                        {{words("preparation.entity"), Align::Text},
                         {words("preparation.rows_up_to")},
                         {words("preparation.fields_taken")},
                         {words("preparation.fields_left_out")}},
                        {}},
                       "",
                       true};
  std::string not_loaded;
  for (const auto& item : step.items) {
    if (item.kind != "entity") continue;
    if (item.reason == "not_loaded") {
      not_loaded += (not_loaded.empty() ? "" : words("preparation.comma")) + titles.entity_title(item.subject);
      continue;
    }
    std::int64_t taken = 0;
    std::int64_t left_out = 0;
    for (const auto& field : step.items) {
      if (field.kind != "field" || field.subject != item.subject) continue;
      (field.state == "left_out" ? left_out : taken) += 1;
    }
    out.table.rows.push_back(
        {titles.entity_title(item.subject), words.count(item.rows_in), words.count(taken), words.count(left_out)});
  }
  if (!not_loaded.empty()) out.note = words("preparation.not_loaded", {{"entities", not_loaded}});
  return out;
}

PreparationTable left_out_fields(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.why_left_out"),
                        {{words("preparation.reason"), Align::Text},
                         {words("preparation.field_count")},
                         {words("preparation.examples"), Align::Text}},
                        {}},
                       words("preparation.fields_note")};
  constexpr std::size_t kExamples = 4;
  for (const auto* reason : {"not_loaded", "empty", "not_needed", "sensitive", "mostly_empty", "constant"}) {
    std::int64_t fields = 0;
    std::string examples;
    for (const auto& item : step.items) {
      if (item.kind != "field" || item.reason != reason) continue;
      if (static_cast<std::size_t>(fields) < kExamples) {
        examples += (fields > 0 ? words("preparation.comma") : "") + titles.entity_title(item.subject) +
                    words("preparation.of") + titles.field_title(item.subject, item.name);
      }
      ++fields;
    }
    if (fields == 0) continue;
    if (static_cast<std::size_t>(fields) > kExamples) examples += words("preparation.and_more");
    out.table.rows.push_back(
        {words.either("preparation.reason_" + std::string(reason), reason), words.count(fields), examples});
  }
  return out;
}

PreparationTable fields(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.all_fields"),
                        {{words("preparation.field"), Align::Text},
                         {words("preparation.with_value")},
                         {words("preparation.share")},
                         {words("preparation.state"), Align::Text}},
                        {}},
                       "",
                       true};
  std::string last;
  for (const auto& item : step.items) {
    if (item.kind != "field" || item.reason == "not_loaded") continue;
    if (item.subject != last) out.table.rows.push_back({titles.entity_title(item.subject)});
    last = item.subject;
    out.table.rows.push_back({{titles.field_title(item.subject, item.name), item.subject + "." + item.name},
                              words.count(item.rows_out),
                              titles.share_of(item.rows_out, item.rows_in),
                              titles.state_of(item)});
  }
  return out;
}

PreparationTable loading(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  constexpr std::array<std::string_view, 3> kOutcomes = {"superseded", "duplicate", "rejected"};
  PreparationTable out{{words("preparation.loading"),
                        {{words("preparation.entity"), Align::Text},
                         {words("preparation.delivered")},
                         {words("preparation.loaded")},
                         {words("preparation.superseded")},
                         {words("preparation.duplicate")},
                         {words("preparation.rejected")}},
                        {}},
                       words("preparation.loading_note")};
  std::array<std::int64_t, kOutcomes.size()> totals{};
  for (const auto& item : step.items) {
    if (item.kind != "loading") continue;
    Row row = {titles.entity_title(item.subject), words.count(item.rows_in), words.count(item.rows_out)};
    for (std::size_t o = 0; o < kOutcomes.size(); ++o) {
      const auto outcome = kOutcomes[o];
      std::int64_t rows = 0;
      for (const auto& other : step.items) {
        if (other.kind == "outcome" && other.subject == item.subject && other.state == outcome) rows = other.rows_in;
      }
      totals[o] += rows;
      row.push_back({words.count(rows), "", rows == 0 ? "quiet" : outcome == "rejected" ? "attention" : ""});
    }
    out.table.rows.push_back(std::move(row));
  }
  if (out.table.rows.size() < 2) return out;
  Row total = {words("preparation.total"), words.count(step.rows_in), words.count(step.rows_out)};
  for (const auto rows : totals) total.emplace_back(words.count(rows));
  out.table.rows.push_back(std::move(total));
  out.table.last_is_total = true;
  return out;
}

// The rows in quarantine by reason; with which data and column, in `rejections_by_column`.
PreparationTable rejections(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  struct Sum {
    std::int64_t rows = 0;
    std::vector<std::string> entities;
  };
  std::map<std::string, Sum> sums;
  for (const auto& item : step.items) {
    if (item.kind != "rejection") continue;
    auto& sum = sums[item.reason];
    sum.rows += item.rows_in;
    if (std::find(sum.entities.begin(), sum.entities.end(), item.subject) == sum.entities.end())
      sum.entities.push_back(item.subject);
  }
  std::vector<std::pair<std::string, Sum>> order(sums.begin(), sums.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& x, const auto& y) { return x.second.rows > y.second.rows; });
  PreparationTable out{{words("preparation.rejections"),
                        {{words("preparation.reason"), Align::Text},
                         {words("preparation.rows")},
                         {words("preparation.concerned"), Align::Text}},
                        {}},
                       words("preparation.rejections_note")};
  constexpr std::size_t kShown = 4;
  for (const auto& [reason, sum] : order) {
    std::string concerned;
    for (std::size_t e = 0; e < std::min(kShown, sum.entities.size()); ++e)
      concerned += (e > 0 ? words("preparation.comma") : "") + titles.entity_title(sum.entities[e]);
    if (sum.entities.size() > kShown) concerned += words("preparation.and_more");
    out.table.rows.push_back({titles.rejection(reason), words.count(sum.rows), concerned});
  }
  return out;
}

PreparationTable rejections_by_column(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.rejections_by_column"),
                        {{words("preparation.column"), Align::Text},
                         {words("preparation.reason"), Align::Text},
                         {words("preparation.rows")}},
                        {}},
                       words("preparation.rejections_by_column_note"),
                       true};
  std::string last;
  for (const auto& item : step.items) {
    if (item.kind != "rejection") continue;
    if (item.subject != last) out.table.rows.push_back({titles.entity_title(item.subject)});
    last = item.subject;
    out.table.rows.push_back(
        {item.name.empty() ? words("preparation.whole_row") : titles.columns_title(item.subject, item.name),
         titles.rejection(item.reason), words.count(item.rows_in)});
  }
  return out;
}

PreparationTable conversions(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{
      {words("preparation.conversions"),
       {{words("preparation.mapping"), Align::Text}, {words("preparation.files")}, {words("preparation.rows")}},
       {}},
      "",
      true};
  for (const auto& item : step.items) {
    if (item.kind != "conversion") continue;
    out.table.rows.push_back({item.subject, words.count(item.rows_in), words.count(item.rows_out)});
  }
  return out;
}

PreparationTable imputed(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.imputed"),
                        {{words("preparation.rule"), Align::Text},
                         {words("preparation.field"), Align::Text},
                         {words("preparation.lacking")},
                         {words("preparation.filled")}},
                        {}},
                       words("preparation.imputed_note")};
  for (const auto& item : step.items) {
    if (item.kind != "imputed") continue;
    std::string title = item.state;
    for (const auto& rule : titles.model().catalogue->rules().imputation) {
      if (rule.name == item.state) title = words.in(rule.title);
    }
    out.table.rows.push_back(
        {title,
         titles.entity_title(item.subject) + words("preparation.of") + titles.field_title(item.subject, item.name),
         words.count(item.rows_in),
         {words.count(item.rows_out), "", item.rows_out > 0 ? "attention" : "quiet"}});
  }
  return out;
}

PreparationTable outliers(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  PreparationTable out{{words("preparation.outliers"),
                        {{words("preparation.rule"), Align::Text},
                         {words("preparation.customer_months")},
                         {words("preparation.customers")}},
                        {}},
                       words("preparation.outliers_note")};
  for (const auto& item : step.items) {
    if (item.kind != "outlier") continue;
    std::string title = item.subject;
    for (const auto& rule : titles.model().catalogue->rules().outliers) {
      if (rule.name == item.subject) title = words.in(rule.title);
    }
    const std::string style = item.rows_in > 0 ? "attention" : "quiet";
    out.table.rows.push_back({title, {words.count(item.rows_in), "", style}, {words.count(item.rows_out), "", style}});
  }
  return out;
}

}  // namespace

std::vector<PreparationTable> tables_of_selecting(const PreparationTitles& titles, const StepRecord& step) {
  return {left_out_fields(titles, step), entities(titles, step), fields(titles, step)};
}

std::vector<PreparationTable> tables_of_cleaning(const PreparationTitles& titles, const StepRecord& step) {
  return {loading(titles, step), rejections(titles, step), rejections_by_column(titles, step),
          imputed(titles, step), outliers(titles, step),   conversions(titles, step)};
}

}  // namespace fenqun::report
