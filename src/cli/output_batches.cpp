// cli/output_batches.cpp - batches on standard output.
#include "cli/output.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"
#include "ingest/counts_json.hpp"

#include <array>

namespace fenqun::cli {
namespace {

constexpr std::size_t kShownId = 8;  // digits of a batch's id that people type

}  // namespace

std::string title_of(const warehouse::ContractSet& contracts, const std::string& entity, const Texts& texts) {
  if (warehouse::is_derived(entity)) return texts("cli.entity_derived", {{"entity", entity}});
  const auto counted = warehouse::counted_as(entity);
  const auto* contract = contracts.find(counted);
  const auto title = contract != nullptr ? contract->title.in(texts.language()) : counted;
  return counted == entity ? title : texts("cli.entity_kept", {{"entity", title}});
}

std::string show_batches(const std::vector<ingest::Batch>& batches, const warehouse::ContractSet& contracts,
                         const Texts& texts) {
  if (batches.empty()) return texts("cli.batches_none") + "\n";
  TextTable table({{texts("cli.col_batch"), Align::Left},
                   {texts("cli.col_loaded_at"), Align::Left},
                   {texts("cli.col_file"), Align::Left},
                   {texts("cli.col_entity"), Align::Left},
                   {texts("cli.col_rows_in"), Align::Right},
                   {texts("cli.col_loaded"), Align::Right},
                   {texts("cli.col_superseded"), Align::Right},
                   {texts("cli.col_duplicate"), Align::Right},
                   {texts("cli.col_rejected"), Align::Right}});
  for (const auto& batch : batches) {
    std::string entities;
    for (const auto& entity : batch.entities) {
      entities += (entities.empty() ? "" : texts("cli.list_comma")) + title_of(contracts, entity.entity, texts);
    }
    const auto& total = batch.total;
    table.add({batch.batch_id.substr(0, kShownId), batch.loaded_at, batch.source, entities,
               with_thousands(total.rows_in), with_thousands(total.rows_loaded), with_thousands(total.rows_superseded),
               with_thousands(total.rows_duplicate), with_thousands(total.rows_rejected)});
  }
  return table.text();
}

std::string show_undo(const ingest::UndoOutcome& outcome, const warehouse::ContractSet& contracts, const Texts& texts) {
  std::string out = texts("cli.undone", {{"batch", outcome.batch_id}, {"source", outcome.source}}) + "\n";
  for (const auto& entity : outcome.entities) {
    const TextArgs args = {{"entity", title_of(contracts, entity.entity, texts)},
                           {"removed", with_thousands(entity.rows_removed)},
                           {"restored", with_thousands(entity.rows_restored)}};
    out += "  " + texts("cli.undone_entity", args) + "\n";
    if (entity.rows_expired == 0) continue;
    out += "  " + texts("cli.undone_expired", {{"rows", with_thousands(entity.rows_expired)}}) + "\n";
  }
  return out;
}

std::string show_arrival(const app::Arrival& arrival, const Texts& texts) {
  const auto& total = arrival.outcome.total;
  const TextArgs args = {{"file", arrival.file.filename().string()},
                         {"to", arrival.moved_to.string()},
                         {"batch", arrival.outcome.batch_id.substr(0, kShownId)},
                         {"rows", with_thousands(total.rows_in)},
                         {"loaded", with_thousands(total.rows_loaded)},
                         {"superseded", with_thousands(total.rows_superseded)},
                         {"duplicate", with_thousands(total.rows_duplicate)},
                         {"rejected", with_thousands(total.rows_rejected)}};
  switch (arrival.fate) {
    case app::Arrival::Fate::Loaded:
      return texts("cli.arrival_loaded", args) + "\n";
    case app::Arrival::Fate::Known:
      return texts("cli.arrival_known", args) + "\n";
    case app::Arrival::Fate::Refused:
      break;
  }
  return texts("cli.arrival_refused", args) + "\n  " + render_error(arrival.why, texts) + "\n";
}

Json json_of(const std::vector<ingest::Batch>& batches) {
  Json out = Json::array();
  for (const auto& batch : batches) {
    Json line = {{"batch_id", batch.batch_id},   {"source", batch.source},       {"path", batch.path},
                 {"mapping", batch.mapping},     {"loaded_at", batch.loaded_at}, {"rests_on", batch.rests_on},
                 {"total", json_of(batch.total)}};
    line["entities"] = Json::object();
    for (const auto& entity : batch.entities) line["entities"][entity.entity] = json_of(entity);
    out.push_back(std::move(line));
  }
  return out;
}

Json json_of(const app::Arrival& arrival, const Texts& texts) {
  constexpr std::array kFates = {"loaded", "known", "refused"};
  Json out = {{"file", arrival.file.string()},
              {"fate", kFates.at(static_cast<std::size_t>(arrival.fate))},
              {"moved_to", arrival.moved_to.string()}};
  if (arrival.fate == app::Arrival::Fate::Refused)
    out["error"] = json_of(arrival.why, texts);
  else
    out["outcome"] = json_of(arrival.outcome);
  return out;
}

Json json_of(const ingest::UndoOutcome& outcome) {
  Json out = {{"batch_id", outcome.batch_id}, {"source", outcome.source}, {"entities", Json::object()}};
  for (const auto& entity : outcome.entities) {
    out["entities"][entity.entity] = {{"rows_removed", entity.rows_removed},
                                      {"rows_restored", entity.rows_restored},
                                      {"rows_expired", entity.rows_expired}};
  }
  return out;
}

}  // namespace fenqun::cli
