// cli/output_suggestion.cpp - a proposed mapping for people and for programs.
#include "cli/output.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"
#include "suggest/mapping_text.hpp"

#include <fmt/format.h>

namespace fenqun::cli {
namespace {

std::string text_of(const suggest::Reason& reason, const Texts& texts) { return texts(reason.key, reason.args); }

void show_entry(const suggest::ProposedEntry& entry, const Texts& texts, std::string& out) {
  out += "\n■ " + entry.contract->title.in(texts.language()) + "  " + entry.contract->entity + "  " +
         suggest::confidence_text(entry.confidence) + "\n  " + suggest::reasons_text(entry.reasons, texts) + "\n";
  TextTable table({{texts("cli.col_field"), Align::Left},
                   {texts("cli.col_from"), Align::Left},
                   {texts("cli.col_confidence"), Align::Right},
                   {texts("cli.col_reason"), Align::Left}});
  if (entry.wide) {
    std::string names = entry.wide->name_to;
    if (!entry.wide->value_to.empty()) names += (names.empty() ? "" : ", ") + entry.wide->value_to;
    table.add({names, texts("cli.suggest_cells"), suggest::confidence_text(entry.wide->confidence),
               suggest::reasons_text(entry.wide->reasons, texts)});
  }
  for (const auto& field : entry.fields) {
    const auto* known = entry.contract->find(field.field);
    table.add({known->title.in(texts.language()) + " " + field.field, field.is_open ? "?" : field.source,
               suggest::confidence_text(field.confidence), suggest::reasons_text(field.reasons, texts)});
  }
  out += table.text();
}

std::string show_trial(const app::Trial& trial, const Texts& texts) {
  if (trial.refused) return texts("suggest.head_refused", {{"message", render_error(*trial.refused, texts)}}) + "\n";
  std::string out = texts(trial.whole_file ? "suggest.head_trial" : "suggest.head_trial_sample",
                          {{"in", with_thousands(trial.total.rows_in)},
                           {"loaded", with_thousands(trial.total.rows_loaded)},
                           {"rejected", with_thousands(trial.total.rows_rejected)}}) +
                    "\n";
  for (const auto& fault : trial.faults) out += "  " + app::fault_text(fault, texts) + "\n";
  return out;
}

Json json_of(const std::vector<suggest::Reason>& reasons, const Texts& texts) {
  Json out = Json::array();
  for (const auto& reason : reasons) out.push_back({{"code", reason.key}, {"text", text_of(reason, texts)}});
  return out;
}

Json json_of(const suggest::ProposedEntry& entry, const app::SuggestOutcome& outcome, const Texts& texts) {
  const auto names = [&](const std::vector<std::size_t>& columns) {
    std::vector<std::string> out;
    out.reserve(columns.size());
    for (const auto column : columns) out.push_back(outcome.headers[column]);
    return out;
  };
  Json out{{"entity", entry.contract->entity},         {"confidence", entry.confidence},
           {"reasons", json_of(entry.reasons, texts)}, {"distinct", entry.distinct},
           {"complete", entry.is_complete()},          {"fields", Json::array()}};
  for (const auto& field : entry.fields) {
    out["fields"].push_back({{"field", field.field},
                             {"columns", names(field.columns)},
                             {"source", field.source},
                             {"open", field.is_open},
                             {"confidence", field.confidence},
                             {"reasons", json_of(field.reasons, texts)}});
  }
  if (!entry.wide) return out;
  Json wide{{"keep", names(entry.wide->keep)},
            {"except", names(entry.wide->except)},
            {"series", entry.wide->series},
            {"name_to", entry.wide->name_to},
            {"value_to", entry.wide->value_to},
            {"confidence", entry.wide->confidence},
            {"reasons", json_of(entry.wide->reasons, texts)}};
  for (const auto& [column, name] : entry.wide->listed) wide["columns"][outcome.headers[column]] = name;
  out["wide"] = std::move(wide);
  return out;
}

}  // namespace

std::string show_suggestion(const app::SuggestOutcome& outcome, const Texts& texts) {
  std::string out = texts("suggest.head_sample", {{"rows", with_thousands(outcome.sample_rows)},
                                                  {"records", with_thousands(outcome.records)}}) +
                    "\n";
  out += show_source(outcome.source, outcome.file.filename().string(), texts);
  if (outcome.proposal.entries.empty()) out += texts("suggest.no_entity") + "\n";
  for (const auto& entry : outcome.proposal.entries) show_entry(entry, texts, out);
  out += "\n";
  for (const auto& remark : outcome.proposal.remarks) out += text_of(remark, texts) + "\n";
  if (!outcome.proposal.left.empty()) {
    out += texts("suggest.left_title", {{"count", std::to_string(outcome.proposal.left.size())}}) + "\n";
    for (const auto& left : outcome.proposal.left) {
      out += "  " + suggest::yaml_scalar(outcome.headers[left.column]) + ": " + text_of(left.reason, texts) + "\n";
    }
  }
  if (outcome.trial) out += show_trial(*outcome.trial, texts);
  if (!outcome.proposal.entries.empty() && !outcome.proposal.is_complete()) out += texts("suggest.head_open") + "\n";
  return out;
}

Json json_of(const app::SuggestOutcome& outcome, const Texts& texts) {
  Json out{{"file", outcome.file.string()},
           {"records", outcome.records},
           {"sample_rows", outcome.sample_rows},
           {"source", json_of(outcome.source)},
           {"complete", outcome.proposal.is_complete()},
           {"entities", Json::array()},
           {"left", Json::array()},
           {"remarks", json_of(outcome.proposal.remarks, texts)}};
  for (const auto& entry : outcome.proposal.entries) out["entities"].push_back(json_of(entry, outcome, texts));
  for (const auto& left : outcome.proposal.left) {
    out["left"].push_back(
        {{"column", outcome.headers[left.column]}, {"code", left.reason.key}, {"text", text_of(left.reason, texts)}});
  }
  if (outcome.trial && !outcome.trial->refused) {
    const auto& trial = *outcome.trial;
    out["trial"] = {{"whole_file", trial.whole_file},
                    {"rows_in", trial.total.rows_in},
                    {"rows_loaded", trial.total.rows_loaded},
                    {"rows_rejected", trial.total.rows_rejected}};
  } else if (outcome.trial) {
    out["trial"] = {{"refused", json_of(*outcome.trial->refused, texts)}};
  }
  if (outcome.max_rejected_share) out["max_rejected_share"] = *outcome.max_rejected_share;
  out["mapping"] = outcome.mapping;
  return out;
}

}  // namespace fenqun::cli
