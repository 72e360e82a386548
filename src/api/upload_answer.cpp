// api/upload_answer.cpp
#include "api/upload_answer.hpp"

#include "api/routes.hpp"
#include "base/number.hpp"
#include "ingest/counts_json.hpp"
#include "suggest/mapping_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::api {
namespace {

using access::Sight;

Json sentences(const std::vector<suggest::Reason>& reasons, const Texts& texts) {
  Json out = Json::array();
  for (const auto& reason : reasons) out.push_back(texts(reason.key, reason.args));
  return out;
}

// The field of each column that says most of it: the one that is covered most.
class ColumnSights {
 public:
  ColumnSights(const app::SuggestOutcome& outcome, const access::VisibleData& visible)
      : visible_(visible), fields_(outcome.headers.size()) {
    for (const auto& entry : outcome.proposal.entries) {
      for (const auto& field : entry.fields) {
        for (const auto column : field.columns) note(column, *entry.contract, entry.contract->find(field.field));
      }
      if (!entry.wide || entry.wide->value_to.empty()) continue;
      const auto* const cell = entry.contract->find(entry.wide->value_to);
      for (std::size_t column = 0; column < fields_.size(); ++column) {
        if (is_cell(*entry.wide, column)) note(column, *entry.contract, cell);
      }
    }
  }

  [[nodiscard]] bool is_clear(std::size_t column) const {
    const auto& [contract, field] = fields_[column];
    return field == nullptr ? sees_all() : visible_.sight_of(*contract, *field) == Sight::Clear;
  }

  [[nodiscard]] Json shown(std::size_t column, const std::optional<std::string>& value) const {
    if (!value) return nullptr;
    if (is_clear(column)) return *value;
    const auto& [contract, field] = fields_[column];
    const auto text = field == nullptr ? std::string() : visible_.shown(*contract, *field, *value);
    return text.empty() ? Json(nullptr) : Json(text);
  }

 private:
  struct Known {
    const warehouse::Contract* contract = nullptr;
    const warehouse::Field* field = nullptr;
  };

  static bool is_cell(const suggest::ProposedWide& wide, std::size_t column) {
    const auto holds = [column](const std::vector<std::size_t>& some) {
      return std::find(some.begin(), some.end(), column) != some.end();
    };
    if (wide.listed.empty()) return !holds(wide.keep) && !holds(wide.except);
    return std::any_of(wide.listed.begin(), wide.listed.end(), [&](const auto& one) { return one.first == column; });
  }

  void note(std::size_t column, const warehouse::Contract& contract, const warehouse::Field* field) {
    auto& known = fields_[column];
    if (field == nullptr) return;
    const bool is_stricter = known.field == nullptr ||
                             visible_.sight_of(contract, *field) > visible_.sight_of(*known.contract, *known.field);
    if (is_stricter) known = {&contract, field};
  }

  [[nodiscard]] bool sees_all() const {
    const auto& role = *visible_.viewer().role;
    return role.personal == Sight::Clear && role.sensitive == Sight::Clear && role.staff == Sight::Clear;
  }

  const access::VisibleData& visible_;
  std::vector<Known> fields_;
};

Json entry_json(const suggest::ProposedEntry& entry, const app::SuggestOutcome& outcome, const Texts& texts) {
  Json fields = Json::array();
  for (const auto& field : entry.fields) {
    Json columns = Json::array();
    for (const auto column : field.columns) columns.push_back(outcome.headers[column]);
    const auto* const known = entry.contract->find(field.field);
    fields.push_back({{"field", field.field},
                      {"title", known == nullptr ? Json(nullptr) : json_of(known->title)},
                      {"columns", std::move(columns)},
                      {"source", field.source},
                      {"open", field.is_open},
                      {"confidence", field.confidence},
                      {"reasons", sentences(field.reasons, texts)}});
  }
  return {{"entity", entry.contract->entity}, {"title", json_of(entry.contract->title)},
          {"confidence", entry.confidence},   {"reasons", sentences(entry.reasons, texts)},
          {"distinct", entry.distinct},       {"complete", entry.is_complete()},
          {"key", entry.contract->key},       {"fields", std::move(fields)}};
}

Json trial_json(const app::SuggestOutcome& outcome, const Texts& texts) {
  if (!outcome.trial) return nullptr;
  const auto& trial = *outcome.trial;
  Json faults = Json::array();
  for (const auto& fault : trial.faults) {
    faults.push_back({{"entity", fault.entity},
                      {"column", fault.column},
                      {"reason", fault.reason},
                      {"reason_text", app::fault_text(fault, texts)},
                      {"rows", fault.rows},
                      {"first_line", fault.first_line}});
  }
  Json out = {{"whole_file", trial.whole_file},
              {"refused", trial.refused ? Json(render_error(*trial.refused, texts)) : Json(nullptr)}};
  out.update(json_of(trial.total));
  out["faults"] = std::move(faults);
  return out;
}

// What stands in the way comes first.
Json problems_json(const app::SuggestOutcome& outcome, const Texts& texts) {
  Json out = Json::array();
  const auto add = [&](const char* severity, const std::string& message) {
    out.push_back({{"severity", severity}, {"message", message}});
  };
  if (outcome.proposal.entries.empty()) add("error", texts("suggest.no_entity"));
  for (const auto& entry : outcome.proposal.entries) {
    for (const auto& field : entry.fields) {
      if (!field.is_open) continue;
      const auto* const known = entry.contract->find(field.field);
      add("error", texts("api.upload_open_field",
                         {{"entity", entry.contract->title.in(texts.language())},
                          {"name", known == nullptr ? field.field : known->title.in(texts.language())}}));
    }
  }
  if (outcome.trial && outcome.trial->refused) {
    add("error", texts("suggest.head_refused", {{"message", render_error(*outcome.trial->refused, texts)}}));
  }
  if (outcome.trial) {
    for (const auto& fault : outcome.trial->faults) add("warning", app::fault_text(fault, texts));
  }
  if (!outcome.source.unread_sheets.empty()) {
    add("warning",
        texts("suggest.head_sheets", {{"sheets", fmt::format("{}", fmt::join(outcome.source.unread_sheets, ", "))}}));
  }
  return out;
}

}  // namespace

Json upload_head(const Upload& upload, const UploadLimits& limits) {
  return {{"upload", upload.id},
          {"name", upload.name},
          {"bytes", upload.bytes},
          {"content_hash", upload.content_hash},
          {"user", upload.user},
          {"uploaded_at", local_text(upload.at)},
          {"expires_at", local_text(upload.at + limits.kept)},
          {"job", upload.job ? Json(std::to_string(*upload.job)) : Json(nullptr)}};
}

Json upload_answer(const Upload& upload, const UploadLimits& limits, const app::SuggestOutcome& outcome,
                   const access::VisibleData& visible, const Texts& texts) {
  const ColumnSights sights(outcome, visible);
  Json out = upload_head(upload, limits);
  out["format"] = reader::name_of(outcome.source.format);
  out["encoding"] = outcome.source.encoding ? reader::name_of(*outcome.source.encoding) : std::string_view();
  out["sheets"] = outcome.source.sheets;
  out["records"] = outcome.records;
  out["sample_rows"] = outcome.sample_rows;
  out["complete"] = outcome.proposal.is_complete();
  out["headers"] = outcome.headers;
  out["rows"] = Json::array();
  for (const auto& row : outcome.rows) {
    Json shown = Json::array();
    for (std::size_t column = 0; column < row.size(); ++column) shown.push_back(sights.shown(column, row[column]));
    out["rows"].push_back(std::move(shown));
  }
  out["masked"] = Json::array();
  for (std::size_t column = 0; column < outcome.headers.size(); ++column) {
    if (!sights.is_clear(column)) out["masked"].push_back(outcome.headers[column]);
  }
  out["mapping"] = outcome.mapping;
  out["max_rejected_share"] = outcome.max_rejected_share ? Json(*outcome.max_rejected_share) : Json(nullptr);
  out["entities"] = Json::array();
  for (const auto& entry : outcome.proposal.entries) out["entities"].push_back(entry_json(entry, outcome, texts));
  out["left"] = Json::array();
  for (const auto& left : outcome.proposal.left) {
    out["left"].push_back(
        {{"column", outcome.headers[left.column]}, {"reason", texts(left.reason.key, left.reason.args)}});
  }
  out["remarks"] = sentences(outcome.proposal.remarks, texts);
  out["trial"] = trial_json(outcome, texts);
  out["problems"] = problems_json(outcome, texts);
  return out;
}

}  // namespace fenqun::api
