// cli/output_text.cpp
#include "cli/output.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"
#include "cli/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::cli {
namespace {

std::string percent(double share) { return fmt::format("{:.1f}%", 100 * share); }

std::string mebibytes(std::uint64_t bytes) { return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / 1048576.0); }

// Large sums as people read them: 1,234.5 万 in Chinese, 12.3 M in English.
std::string short_number(double value, Language language) {
  const double size = std::abs(value);
  if (language == Language::Chinese) {
    if (size >= 1e8) return fmt::format("{:.2f} 亿", value / 1e8);
    if (size >= 1e5) return fmt::format("{:.1f} 万", value / 1e4);
  } else {
    if (size >= 1e9) return fmt::format("{:.2f} bn", value / 1e9);
    if (size >= 1e6) return fmt::format("{:.2f} m", value / 1e6);
  }
  return size < 10 ? fmt::format("{:.3g}", value) : with_thousands(std::llround(value));
}

constexpr std::size_t kBar = 12;

void show_one_run(const app::PortraitOutcome& outcome, const Texts& texts, std::string& out) {
  const auto& run = outcome.run;
  const auto language = texts.language();
  out += "\n■ " + run.scheme_title.in(language) + "  " +
         texts("cli.run_line", {{"scheme", run.scheme}, {"month", run.as_of.text()}, {"run", run.run_id}}) + "\n";
  const bool money = outcome.portrait.has_revenue;
  const bool energy = !money && outcome.portrait.has_energy;
  std::vector<TextTable::Column> columns = {{texts("cli.col_group"), Align::Left},
                                            {texts("cli.col_customers"), Align::Right},
                                            {texts("cli.col_customer_share"), Align::Right},
                                            {"", Align::Left}};
  if (money) {
    columns.push_back({texts("cli.col_revenue_share"), Align::Right});
    columns.push_back({"", Align::Left});
    columns.push_back({texts("cli.col_average_bill"), Align::Right});
  }
  if (energy) {
    columns.push_back({texts("cli.col_energy_share"), Align::Right});
    columns.push_back({"", Align::Left});
  }
  TextTable table(columns);
  for (std::size_t g = 0; g < run.groups.size(); ++g) {
    const auto& group = run.groups[g];
    const auto& portrait = outcome.portrait.groups[g];
    std::vector<std::string> cells = {group.title.in(language), with_thousands(group.customers), percent(group.share),
                                      share_bar(group.share, kBar)};
    if (money) {
      cells.push_back(percent(portrait.revenue_share));
      cells.push_back(share_bar(portrait.revenue_share, kBar));
      cells.push_back(portrait.average_bill_cny ? short_number(*portrait.average_bill_cny, language) : "—");
    }
    if (energy) {
      cells.push_back(percent(portrait.energy_share));
      cells.push_back(share_bar(portrait.energy_share, kBar));
    }
    table.add(std::move(cells));
  }
  if (run.classified > 0) out += table.text();
  if (run.published_k > 0) {
    out += "  " +
           texts("cli.k_line", {{"published", std::to_string(run.published_k)},
                                {"recommended", std::to_string(run.recommended_k)},
                                {"reason", texts(run.recommended_reason)}}) +
           "\n";
  }
  for (const auto& line : run.unclassified) {
    out += "  " +
           texts("cli.unclassified_line",
                 {{"customers", with_thousands(line.customers)}, {"reason", line.reason.in(language)}}) +
           "\n";
  }
  if (run.truth) {
    out += "  " +
           texts("cli.truth_line", {{"index", fmt::format("{:.3f}", run.truth->adjusted_rand_index)},
                                    {"customers", with_thousands(run.truth->compared)}}) +
           "\n";
  }
}

}  // namespace

std::string show_datagen(const datagen::DatagenOutcome& outcome, const Texts& texts) {
  const TextArgs args = {{"customers", with_thousands(outcome.customers)},
                         {"rows", with_thousands(outcome.rows)},
                         {"files", std::to_string(outcome.files.size())},
                         {"size", mebibytes(static_cast<std::uint64_t>(outcome.bytes))},
                         {"out", outcome.out.string()},
                         {"first", outcome.first_month.text()},
                         {"last", outcome.end_month.text()}};
  return texts(outcome.already_there ? "cli.datagen_there" : "cli.datagen_done", args) + "\n";
}

std::string show_ingest(const ingest::FolderOutcome& outcomes, const warehouse::ContractSet& contracts,
                        const Texts& texts) {
  struct Sum {
    std::string entity;
    std::int64_t files = 0;
    ingest::EntityCounts counts;
  };
  std::vector<Sum> sums;
  std::int64_t known = 0;
  for (const auto& outcome : outcomes.files) {
    known += outcome.already_loaded ? 1 : 0;
    for (const auto& entity : outcome.entities) {
      auto at = std::find_if(sums.begin(), sums.end(), [&](const Sum& s) { return s.entity == entity.entity; });
      if (at == sums.end()) at = sums.insert(sums.end(), {entity.entity, 0, {}});
      ++at->files;
      at->counts.rows_in += entity.rows_in;
      at->counts.rows_loaded += entity.rows_loaded;
      at->counts.rows_duplicate += entity.rows_duplicate;
      at->counts.rows_superseded += entity.rows_superseded;
      at->counts.rows_rejected += entity.rows_rejected;
    }
  }
  std::string out;
  if (!sums.empty()) {
    TextTable table({{texts("cli.col_entity"), Align::Left},
                     {texts("cli.col_files"), Align::Right},
                     {texts("cli.col_rows_in"), Align::Right},
                     {texts("cli.col_loaded"), Align::Right},
                     {texts("cli.col_superseded"), Align::Right},
                     {texts("cli.col_duplicate"), Align::Right},
                     {texts("cli.col_rejected"), Align::Right}});
    for (const auto& sum : sums) {
      const auto* contract = contracts.find(sum.entity);
      table.add({contract != nullptr ? contract->title.in(texts.language()) : sum.entity, with_thousands(sum.files),
                 with_thousands(sum.counts.rows_in), with_thousands(sum.counts.rows_loaded),
                 with_thousands(sum.counts.rows_superseded), with_thousands(sum.counts.rows_duplicate),
                 with_thousands(sum.counts.rows_rejected)});
    }
    out += table.text();
  }
  for (const auto& outcome : outcomes.files) out += show_source(outcome, texts);
  for (const auto& outcome : outcomes.files) {
    if (outcome.unread_columns.empty()) continue;
    std::string columns;
    for (const auto& column : outcome.unread_columns)
      columns += (columns.empty() ? "" : ", ") + visible(column, LineEnds::Shown);
    out += "  " +
           texts("cli.unread_columns",
                 {{"file", visible(outcome.file.filename().string(), LineEnds::Shown)}, {"columns", columns}}) +
           "\n";
  }
  if (known > 0) out += "  " + texts("cli.already_loaded", {{"files", std::to_string(known)}}) + "\n";
  for (const auto& file : outcomes.foreign) out += "  " + texts("cli.foreign_file", {{"file", file.string()}}) + "\n";
  return out;
}

std::string show_quarantine(const std::vector<app::QuarantineLine>& lines, const Texts& texts) {
  if (lines.empty()) return texts("cli.quarantine_empty") + "\n";
  TextTable table({{texts("cli.col_place"), Align::Left},
                   {texts("cli.col_column"), Align::Left},
                   {texts("cli.col_value"), Align::Left},
                   {texts("cli.col_reason"), Align::Left}});
  for (const auto& line : lines) {
    table.add({line.source + ":" + std::to_string(line.line), line.column, line.value,
               texts("code.rejection." + line.reason)});
  }
  return table.text();
}

std::string show_runs(const std::vector<app::PortraitOutcome>& outcomes, const Texts& texts) {
  std::string out;
  for (const auto& outcome : outcomes) show_one_run(outcome, texts, out);
  return out;
}

std::string show_not_comparable(const app::SegmentOutcome& outcome, const Texts& texts) {
  if (outcome.not_comparable.empty()) return "";
  std::int64_t customers = 0;
  std::string lines;
  for (const auto& one : outcome.not_comparable) {
    customers += one.customers;
    lines += "  " +
             texts("cli.not_comparable_line",
                   {{"customers", with_thousands(one.customers)}, {"reason", one.reason.in(texts.language())}}) +
             "\n";
  }
  return "\n" + texts("cli.not_comparable", {{"customers", with_thousands(customers)}}) + "\n" + lines;
}

std::string show_portrait(const app::PortraitOutcome& outcome, const features::FeatureCatalogue& catalogue,
                          const Texts& texts) {
  const auto language = texts.language();
  std::string out;
  show_one_run(outcome, texts, out);
  std::vector<TextTable::Column> columns = {{texts("cli.col_attribute"), Align::Left},
                                            {texts("cli.col_population"), Align::Right}};
  for (const auto& group : outcome.run.groups) columns.push_back({group.title.in(language), Align::Right});
  TextTable table(columns);
  if (outcome.portrait.groups.empty()) return out;
  const auto& first = outcome.portrait.groups.front();
  for (std::size_t n = 0; n < first.numbers.size(); ++n) {
    const auto* feature = catalogue.find(first.numbers[n].feature);
    const auto& mean = first.numbers[n].population_mean;
    std::vector<std::string> cells = {feature != nullptr ? feature->title.in(language) : first.numbers[n].feature,
                                      mean ? short_number(*mean, language) : "—"};
    for (const auto& group : outcome.portrait.groups) {
      const auto* line = n < group.numbers.size() ? &group.numbers[n] : nullptr;
      cells.push_back(line != nullptr && line->index ? fmt::format("{:.2f}", *line->index) : "—");
    }
    table.add(std::move(cells));
  }
  return out + "\n  " + texts("cli.portrait_head") + "\n" + table.text();
}

std::string show_report(const app::ReportOutcome& outcome, const Texts& texts) {
  return "\n" + texts("cli.report_at", {{"path", outcome.html.string()}}) + "\n" +
         texts("cli.csv_at", {{"groups", outcome.groups_csv.string()}, {"portrait", outcome.portrait_csv.string()}}) +
         "\n" + texts("cli.preparation_customers_at", {{"path", outcome.customers_csv.string()}}) + "\n";
}

std::string show_stages(const std::vector<StageCost>& stages, const Texts& texts) {
  TextTable table({{texts("cli.col_stage"), Align::Left},
                   {texts("cli.col_seconds"), Align::Right},
                   {texts("cli.col_peak"), Align::Right}});
  for (const auto& stage : stages) {
    table.add({texts("cli.stage_" + stage.name), fmt::format("{:.2f}", stage.elapsed_ms / 1000),
               mebibytes(stage.peak_bytes)});
  }
  return table.text();
}

}  // namespace fenqun::cli
