// cli/output_preparation.cpp - what a preparation did, for people and for programs.
#include "cli/output.hpp"

#include "base/number.hpp"

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

}  // namespace

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
