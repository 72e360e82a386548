// cli/output_schemes.cpp - many schemes on one page.
#include "cli/output.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"

namespace fenqun::cli {

std::string show_summary(const app::SegmentOutcome& outcome, const Texts& texts) {
  const auto language = texts.language();
  TextTable table({{texts("cli.col_scheme")},
                   {texts("cli.col_scheme_title")},
                   {texts("cli.col_customers"), Align::Right},
                   {texts("cli.col_groups"), Align::Right},
                   {texts("cli.col_in_groups"), Align::Right},
                   {texts("cli.col_without_group"), Align::Right}});
  std::string reasons;
  for (const auto& run : outcome.runs) {
    table.add({run.scheme, run.scheme_title.in(language), with_thousands(run.population),
               std::to_string(run.groups.size()), with_thousands(run.classified),
               with_thousands(run.population - run.classified)});
    for (const auto& line : run.unclassified) {
      reasons += "  " +
                 texts("cli.summary_reason", {{"scheme", run.scheme},
                                              {"customers", with_thousands(line.customers)},
                                              {"reason", line.reason.in(language)}}) +
                 "\n";
    }
  }
  std::string skipped;
  for (const auto& one : outcome.skipped) {
    skipped +=
        "  " + texts("cli.summary_skipped", {{"scheme", one.scheme}, {"reason", render_error(one.why, texts)}}) + "\n";
  }
  std::string out =
      "■ " +
      texts("cli.summary_head", {{"month", outcome.as_of.text()}, {"schemes", std::to_string(outcome.runs.size())}}) +
      "\n" + table.text();
  if (!reasons.empty()) out += "\n" + texts("cli.summary_reasons") + "\n" + reasons;
  return out + skipped;
}

}  // namespace fenqun::cli
