// cli/output_json.cpp
#include "cli/output.hpp"

#include "base/error_table.hpp"
#include "ingest/counts_json.hpp"
#include "segment/run_json.hpp"

namespace fenqun::cli {

Json json_of(const datagen::DatagenOutcome& outcome) {
  Json planted = Json::array();
  for (const auto& line : outcome.planted) {
    planted.push_back(
        {{"dimension", line.dimension}, {"class", line.name}, {"customers", line.customers}, {"share", line.share}});
  }
  Json files = Json::array();
  for (const auto& file : outcome.files)
    files.push_back({{"entity", file.entity}, {"path", file.path}, {"rows", file.rows}});
  return {{"already_there", outcome.already_there},
          {"out", outcome.out.string()},
          {"profile", outcome.profile},
          {"seed", outcome.seed},
          {"customers", outcome.customers},
          {"first_month", outcome.first_month.text()},
          {"end_month", outcome.end_month.text()},
          {"rows", outcome.rows},
          {"bytes", outcome.bytes},
          {"planted", planted},
          {"files", files}};
}

Json json_of(const ingest::IngestOutcome& outcome) {
  Json line = {{"file", outcome.file.string()},
               {"batch_id", outcome.batch_id},
               {"mapping", outcome.mapping},
               {"already_loaded", outcome.already_loaded},
               {"bytes", outcome.bytes},
               {"records", outcome.records},
               {"unread_columns", outcome.unread_columns},
               {"total", json_of(outcome.total)}};
  line["entities"] = Json::object();
  for (const auto& entity : outcome.entities) line["entities"][entity.entity] = json_of(entity);
  line["source"] = outcome.source ? json_of(*outcome.source) : Json();
  return line;
}

Json json_of(const ingest::FolderOutcome& outcomes) {
  Json out = Json::array();
  for (const auto& outcome : outcomes.files) out.push_back(json_of(outcome));
  for (const auto& file : outcomes.foreign) out.push_back({{"file", file.string()}, {"foreign", true}});
  return out;
}

Json json_of(const std::vector<app::QuarantineLine>& lines) {
  Json out = Json::array();
  for (const auto& line : lines) {
    out.push_back({{"entity", line.entity},
                   {"source", line.source},
                   {"line", line.line},
                   {"column", line.column},
                   {"reason", line.reason},
                   {"value", line.value},
                   {"raw", line.raw}});
  }
  return out;
}

Json json_of(const app::SegmentOutcome& outcome) {
  Json out = {{"as_of", outcome.as_of.text()}, {"runs", Json::array()}, {"not_comparable", Json::array()}};
  for (const auto& run : outcome.runs) out["runs"].push_back(segment::to_json(run));
  for (const auto& one : outcome.not_comparable) {
    out["not_comparable"].push_back({{"code", one.code},
                                     {"reason", {{"zh", one.reason.zh}, {"en", one.reason.en}}},
                                     {"customers", one.customers},
                                     {"examples", one.examples}});
  }
  return out;
}

Json json_of(const std::vector<app::PortraitOutcome>& outcomes) {
  Json out = Json::array();
  for (const auto& outcome : outcomes) {
    out.push_back({{"run", segment::to_json(outcome.run)}, {"portrait", segment::to_json(outcome.portrait)}});
  }
  return out;
}

Json json_of(const app::ReportOutcome& outcome) {
  return {{"as_of", outcome.as_of.text()},
          {"html", outcome.html.string()},
          {"groups_csv", outcome.groups_csv.string()},
          {"portrait_csv", outcome.portrait_csv.string()},
          {"customers_csv", outcome.customers_csv.string()}};
}

Json json_of(const std::vector<StageCost>& stages) {
  Json out = Json::array();
  for (const auto& stage : stages) {
    out.push_back({{"stage", stage.name}, {"elapsed_ms", stage.elapsed_ms}, {"peak_bytes", stage.peak_bytes}});
  }
  return out;
}

Json json_of(const Error& error, const Texts& texts) {
  Json args = Json::object();
  for (const auto& arg : error.line.args) args[arg.name] = arg.value;
  return {{"code", traits_of(error.code).name},
          {"key", error.line.key},
          {"message", render_error(error, texts)},
          {"args", args}};
}

}  // namespace fenqun::cli
