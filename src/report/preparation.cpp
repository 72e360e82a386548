// report/preparation.cpp - the sections. Their tables are preparation_loading.cpp and preparation_deriving.cpp, the
// page is preparation_html.cpp.
#include "report/preparation.hpp"

#include "report/preparation_tables.hpp"

#include <algorithm>
#include <set>

namespace fenqun::report {
namespace {

using features::Step;
using features::StepItem;
using features::StepRecord;

std::int64_t sum_out(const StepRecord& step, std::string_view kind) {
  std::int64_t sum = 0;
  for (const auto& item : step.items) sum += item.kind == kind ? item.rows_out : 0;
  return sum;
}

std::int64_t count(const StepRecord& step, std::string_view kind, const std::set<std::string>& states) {
  return std::count_if(step.items.begin(), step.items.end(),
                       [&](const StepItem& item) { return item.kind == kind && states.contains(item.state); });
}

std::string lead_of(const Wording& words, const StepRecord& step) {
  TextArgs args = {{"in", words.count(step.rows_in)}, {"out", words.count(step.rows_out)}};
  const auto add = [&](const char* name, std::int64_t value) { args.push_back({name, words.count(value)}); };
  if (step.step == Step::Select) {
    add("taken", count(step, "field", {"taken", "noted"}));
    add("left_out", count(step, "field", {"left_out"}));
  } else if (step.step == Step::Clean) {
    for (const auto* outcome : {"duplicate", "rejected"}) {
      std::int64_t rows = 0;
      for (const auto& item : step.items) rows += item.kind == "outcome" && item.state == outcome ? item.rows_in : 0;
      add(outcome, rows);
    }
    add("filled", sum_out(step, "imputed"));
    std::int64_t months = 0;
    for (const auto& item : step.items) months += item.kind == "outlier" ? item.rows_in : 0;
    add("doubtful", months);
  } else if (step.step == Step::Reconstruct) {
    add("features", sum_out(step, "family"));
  } else if (step.step == Step::Integrate) {
    add("left_out", step.rows_in - step.rows_out);
    add("unknown", sum_out(step, "unknown"));
  } else {
    add("usable", count(step, "feature", {"usable", "noted"}));
    add("left_out", count(step, "feature", {"left_out"}));
  }
  return words("preparation.lead_" + std::string(name_of(step.step)), args);
}

PreparationSection tell(const PreparationTitles& titles, const StepRecord& step) {
  const auto& words = titles.words();
  const std::string name(name_of(step.step));
  PreparationSection out;
  out.anchor = name;
  out.title = words("preparation.numbered", {{"number", std::to_string(static_cast<int>(step.step) + 1)},
                                             {"title", words("preparation.step_" + name)}});
  out.lead = lead_of(words, step);
  switch (step.step) {
    case Step::Select:
      out.tables = tables_of_selecting(titles, step);
      break;
    case Step::Clean:
      out.tables = tables_of_cleaning(titles, step);
      break;
    case Step::Reconstruct:
      out.tables = tables_of_reconstructing(titles, step);
      break;
    case Step::Integrate:
      out.tables = tables_of_integrating(titles, step);
      break;
    case Step::Format:
      out.tables = tables_of_formatting(titles, step);
      break;
  }
  std::erase_if(out.tables, [](const PreparationTable& one) { return one.table.rows.empty(); });
  return out;
}

}  // namespace

std::string PreparationTitles::entity_title(const std::string& entity) const {
  const auto* contract = model_->contracts->find(entity);
  return contract != nullptr ? words_->in(contract->title) : entity;
}

std::string PreparationTitles::field_title(const std::string& entity, const std::string& field) const {
  const auto* contract = model_->contracts->find(entity);
  const auto* found = contract != nullptr ? contract->find(field) : nullptr;
  return found != nullptr ? words_->in(found->title) : field;
}

std::string PreparationTitles::family_title(const std::string& name) const {
  for (const auto& family : model_->catalogue->families()) {
    if (family.name == name) return words_->in(family.title);
  }
  return name;
}

std::string PreparationTitles::reason_of(const std::string& code) const {
  for (const auto& rule : model_->catalogue->rules().not_comparable) {
    if (rule.code == code) return words_->in(rule.reason);
  }
  return words_->either("preparation.left_out_" + code, code);
}

Cell PreparationTitles::state_of(const StepItem& item) const {
  const auto state = words_->either("preparation.state_" + item.state, item.state);
  if (item.reason.empty()) return {state, "", "fine"};
  const auto reason = words_->either("preparation.reason_" + item.reason, item.reason);
  return {(*words_)("preparation.state_reason", {{"state", state}, {"reason", reason}}), "",
          item.state == "noted" ? "attention" : "quiet"};
}

std::string PreparationTitles::columns_title(const std::string& entity, const std::string& columns) const {
  constexpr std::string_view kBetween = " / ";
  std::string out;
  std::size_t from = 0;
  while (from <= columns.size()) {
    const auto to = std::min(columns.find(kBetween, from), columns.size());
    out += (from > 0 ? std::string(kBetween) : "") + field_title(entity, columns.substr(from, to - from));
    from = to + kBetween.size();
  }
  return out;
}

std::string PreparationTitles::rejection(const std::string& reason) const {
  return words_->either("code.rejection." + reason, reason);
}

std::string PreparationTitles::share_of(std::int64_t part, std::int64_t whole) const {
  return words_->percent(whole > 0 ? std::optional(static_cast<double>(part) / static_cast<double>(whole))
                                   : std::nullopt);
}

std::vector<PreparationSection> describe_preparation(const PreparationModel& model, const Wording& words) {
  const PreparationTitles titles(model, words);
  std::vector<PreparationSection> out;
  for (const auto& step : model.record.steps) out.push_back(tell(titles, step));
  if (const auto* format = model.record.find(Step::Format)) {
    out.push_back(sufficiency_of(titles, *format));
    out.push_back(comparability_of(titles, *format));
  }
  return out;
}

}  // namespace fenqun::report
