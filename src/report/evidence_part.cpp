// report/evidence_part.cpp - who has no group and why, agreement with the truth, how to make the run again.
#include "report/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::report {
namespace {

void write_unclassified(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  if (run.unclassified.empty()) return;
  page.html.line("h3", words("report.unclassified"));
  page.html.line("p", words("report.unclassified_note"), {{"class", "note"}});
  Table table{words("report.unclassified"),
              {{words("report.reason"), Align::Text}, {words("report.customers")}, {words("report.population_share")}},
              {}};
  for (const auto& reason : run.unclassified) {
    const auto share = run.population > 0
                           ? std::optional(static_cast<double>(reason.customers) / static_cast<double>(run.population))
                           : std::nullopt;
    table.rows.push_back({{words.in(reason.reason), reason.code}, words.count(reason.customers), words.percent(share)});
  }
  write_table(page, table);
  for (const auto& reason : run.unclassified) {
    if (reason.examples.empty()) continue;
    const auto more = page.html.in("details");
    page.html.line("summary", words("report.examples", {{"reason", words.in(reason.reason)},
                                                        {"shown", words.count(std::ssize(reason.examples))},
                                                        {"customers", words.count(reason.customers)}}));
    const auto list = page.html.in("ul", {{"class", "ids"}});
    for (const auto& customer : reason.examples) page.html.line("li", customer);
  }
}

void write_truth(Page& page, const segment::RunResult& run) {
  if (!run.truth) return;
  const auto& words = page.words;
  page.html.line("h3", words("report.truth"));
  page.html.line("p",
                 words("report.truth_value", {{"index", words.fixed(run.truth->adjusted_rand_index, 3)},
                                              {"compared", words.count(run.truth->compared)},
                                              {"column", run.truth->column}}),
                 {{"class", "truth"}});
  page.html.line("p", words("report.truth_note"), {{"class", "note"}});
}

/// "log1p + robust" in words.
std::string transform_name(const Wording& words, std::string_view transform) {
  std::string out;
  while (!transform.empty()) {
    const auto plus = std::min(transform.find(" + "), transform.size());
    const std::string step(transform.substr(0, plus));
    std::string key = "report.transform_" + step;
    std::replace(key.begin(), key.end(), '-', '_');
    out += (out.empty() ? "" : " + ") + words.either(key, step);
    transform.remove_prefix(std::min(transform.size(), plus + 3));
  }
  return out;
}

void write_provenance(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto more = page.html.in("details", {{"class", "provenance"}});
  page.html.line("summary", words("report.provenance"));
  {
    const auto list = page.html.in("dl");
    const auto fact = [&](const std::string& title, const std::string& value) {
      page.html.line("dt", title);
      page.html.line("dd", value.empty() ? words.number(std::nullopt) : value);
    };
    fact(words("report.run_id"), run.run_id);
    fact(words("report.scheme_code"), run.scheme);
    fact(words("report.as_of"), run.as_of.text());
    fact(words("report.seed"), fmt::format("{}", run.seed));
    fact(words("report.data_fingerprint"), run.data_fingerprint);
    fact(words("report.assignment_hash"), run.assignment_hash);
    fact(words("report.build"), run.build);
  }
  if (run.scaling.empty()) return;
  Table table{
      words("report.scaling"),
      {{words("report.attribute"), Align::Text}, {words("report.transform"), Align::Text}, {words("report.weight")}},
      {}};
  for (const auto& scaling : run.scaling) {
    table.rows.push_back(
        {words.title(scaling.feature),
         {transform_name(words, scaling.transform), scaling.fell_back ? words("report.fell_back") : ""},
         words.number(scaling.weight)});
  }
  write_table(page, table);
}

}  // namespace

void write_evidence(Page& page, const segment::RunResult& run) {
  write_unclassified(page, run);
  write_truth(page, run);
  write_provenance(page, run);
}

}  // namespace fenqun::report
