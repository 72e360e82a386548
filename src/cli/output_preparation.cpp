// cli/output_preparation.cpp - what a preparation did, for people and for programs.
#include "cli/output.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"

namespace fenqun::cli {
namespace {

std::string month_line(const features::PrepareOutcome& outcome, const features::FeatureCatalogue& catalogue,
                       const Texts& texts) {
  std::int64_t with_data = 0;
  for (const auto& line : outcome.coverage) with_data += line.present > 0 ? 1 : 0;
  return "  " +
         texts(outcome.unchanged ? "cli.prepare_unchanged" : "cli.prepare_done",
               {{"month", outcome.as_of.text()},
                {"customers", with_thousands(outcome.customers)},
                {"closed", with_thousands(outcome.closed_or_not_yet_open)},
                {"features", std::to_string(with_data)},
                {"all", std::to_string(catalogue.features().size())}}) +
         "\n";
}

// Of the tables kept by month: how much was there and how much had to be made.
std::string monthly_line(const features::PrepareOutcome& outcome, const Texts& texts) {
  std::int64_t kept = 0;
  std::int64_t made = 0;
  for (const auto& table : outcome.monthly) {
    made += table.months_made;
    kept += table.months - table.months_made;
  }
  if (made + kept == 0) return "";
  return "  " + texts("cli.prepare_monthly", {{"made", with_thousands(made)}, {"kept", with_thousands(kept)}}) + "\n";
}

Json json_of_month(const features::PrepareOutcome& outcome) {
  Json coverage = Json::object();
  for (const auto& line : outcome.coverage)
    coverage[line.feature] = {{"present", line.present}, {"missing", line.missing}};
  Json monthly = Json::array();
  for (const auto& table : outcome.monthly) {
    monthly.push_back({{"table", table.table},
                       {"months", table.months},
                       {"months_made", table.months_made},
                       {"months_gone", table.months_gone},
                       {"source_rows", table.source_rows},
                       {"rows", table.rows}});
  }
  return {{"as_of", outcome.as_of.text()},
          {"customers", outcome.customers},
          {"closed_or_not_yet_open", outcome.closed_or_not_yet_open},
          {"unchanged", outcome.unchanged},
          {"fingerprint", outcome.fingerprint},
          {"monthly", monthly},
          {"coverage", coverage}};
}

// A row of one cell is a heading across the table: it stands before the names of the rows below it.
std::string table_text(const report::Table& table) {
  std::vector<TextTable::Column> columns;
  for (const auto& column : table.columns) {
    columns.push_back({column.title, column.align == report::Align::Number ? Align::Right : Align::Left});
  }
  TextTable out(columns);
  std::string heading;
  for (const auto& row : table.rows) {
    if (row.size() == 1 && table.columns.size() > 1) {
      heading = row.front().text;
      continue;
    }
    std::vector<std::string> cells;
    cells.reserve(row.size());
    for (const auto& cell : row) cells.push_back(cell.text);
    if (!heading.empty()) cells.front() = heading + " / " + cells.front();
    out.add(std::move(cells));
  }
  return out.text();
}

}  // namespace

std::string show_steps(const app::StepsOutcome& outcome, const features::FeatureCatalogue& catalogue,
                       const Texts& texts, std::optional<features::Step> step) {
  const report::Wording words(texts, catalogue.features());
  std::string out;
  if (step) {
    out += texts(outcome.is_stored ? "cli.preparation_stored" : "cli.preparation_tried",
                 {{"month", outcome.model.record.as_of.text()}}) +
           "\n";
  }
  for (const auto& section : report::describe_preparation(outcome.model, words)) {
    // The last step has two sections more: what it says of customers.
    const bool is_wanted =
        !step || section.anchor == name_of(*step) ||
        (*step == features::Step::Format && (section.anchor == "sufficiency" || section.anchor == "comparable"));
    if (!is_wanted) continue;
    out += "\n■ " + section.title + "\n  " + section.lead + "\n";
    for (const auto& [table, note, is_detail] : section.tables) {
      if (is_detail && !step) continue;
      out += "\n";
      if (table.name != section.title) out += "  " + table.name + "\n";
      out += table_text(table);
      if (!note.empty()) out += "  " + note + "\n";
    }
  }
  return out;
}

Json json_of(const app::StepsOutcome& outcome) {
  const auto& record = outcome.model.record;
  Json out = {{"as_of", record.as_of.text()},
              {"fingerprint", record.fingerprint},
              {"stored", outcome.is_stored},
              {"steps", Json::array()}};
  for (const auto& step : record.steps) {
    Json items = Json::array();
    for (const auto& item : step.items) {
      items.push_back({{"kind", item.kind},
                       {"subject", item.subject},
                       {"name", item.name},
                       {"state", item.state},
                       {"reason", item.reason},
                       {"rows_in", item.rows_in},
                       {"rows_out", item.rows_out}});
    }
    out["steps"].push_back(
        {{"step", name_of(step.step)}, {"rows_in", step.rows_in}, {"rows_out", step.rows_out}, {"items", items}});
  }
  return out;
}

std::string show_prepare(const app::PreparedMonths& outcome, const features::FeatureCatalogue& catalogue,
                         const Texts& texts) {
  std::string out = month_line(outcome.month, catalogue, texts) + monthly_line(outcome.month, texts);
  if (!outcome.refreshed.empty()) out += "  " + texts("cli.prepare_refreshed") + "\n";
  for (const auto& other : outcome.refreshed) out += month_line(other, catalogue, texts);
  return out;
}

Json json_of(const app::PreparedMonths& outcome) {
  auto json = json_of_month(outcome.month);
  json["refreshed"] = Json::array();
  for (const auto& other : outcome.refreshed) json["refreshed"].push_back(json_of_month(other));
  return json;
}

}  // namespace fenqun::cli
