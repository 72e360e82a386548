// report/data_part.cpp - concentration, what the results rest on, and what they cost.
#include "report/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::report {
namespace {

constexpr std::size_t kOpenRows = 12;  // longer tables are folded
constexpr int kCurveHeightPx = 340;

std::string or_absent(const Page& page, const std::string& text) {
  return text.empty() ? page.words.number(std::nullopt) : text;
}

/// Folded behind `summary` when it is long.
void write_foldable(Page& page, const Table& table, const std::string& summary) {
  if (table.rows.size() <= kOpenRows) {
    write_table(page, table);
    return;
  }
  const auto more = page.html.in("details");
  page.html.line("summary", summary);
  write_table(page, table);
}

void write_entities(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  page.html.line("h3", words("report.entities"));
  Table table{words("report.entities"),
              {{words("report.entity"), Align::Text}, {words("report.rows")}, {words("report.months"), Align::Text}},
              {}};
  for (const auto& entity : model.entities) {
    const std::string months =
        entity.first_month.empty()
            ? words("report.master_data")
            : words("report.month_range", {{"first", entity.first_month}, {"last", entity.last_month}});
    table.rows.push_back({{words.in(entity.title).empty() ? entity.entity : words.in(entity.title), entity.entity},
                          words.count(entity.rows),
                          months});
  }
  write_table(page, table);
}

std::int64_t accounted(const BatchLine& batch) {
  return batch.loaded + batch.duplicate + batch.superseded + batch.rejected;
}

Row batch_row(const Page& page, const BatchLine& batch, const std::string& name) {
  const auto& words = page.words;
  const std::int64_t lost = batch.rows_in - accounted(batch);
  return {{name, batch.mapping.empty() || batch.mapping == "canonical"
                     ? ""
                     : words("report.by_mapping", {{"mapping", batch.mapping}})},
          words.count(batch.rows_in),
          words.count(batch.loaded),
          words.count(batch.duplicate),
          words.count(batch.superseded),
          {words.count(batch.rejected), "", batch.rejected > 0 ? "attention" : ""},
          {lost == 0 ? words("report.adds_up") : words("report.does_not_add_up", {{"rows", words.count(lost)}}), "",
           lost == 0 ? "fine" : "attention"}};
}

void write_batches(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  if (model.batches.empty()) return;
  page.html.line("h3", words("report.batches"));
  page.html.line("p", words("report.batches_note"), {{"class", "note"}});
  const std::vector<Column> columns{{words("report.source_file"), Align::Text},
                                    {words("report.rows_in")},
                                    {words("report.loaded")},
                                    {words("report.duplicate")},
                                    {words("report.superseded")},
                                    {words("report.rejected")},
                                    {words("report.check")}};
  BatchLine sum;
  Table table{words("report.batches"), columns, {}, true};
  for (const auto& batch : model.batches) {
    sum.rows_in += batch.rows_in;
    sum.loaded += batch.loaded;
    sum.duplicate += batch.duplicate;
    sum.superseded += batch.superseded;
    sum.rejected += batch.rejected;
    table.rows.push_back(batch_row(page, batch, batch.source));
  }
  const std::string files = words("report.all_files", {{"files", words.count(std::ssize(model.batches))}});
  if (table.rows.size() > kOpenRows) write_table(page, {files, columns, {batch_row(page, sum, files)}, true});
  table.rows.push_back(batch_row(page, sum, files));
  write_foldable(page, table, words("report.each_file"));
}

void write_rejections(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  if (model.rejections.empty()) return;
  std::int64_t total = 0;
  for (const auto& batch : model.batches) total += batch.rejected;
  const auto shown = std::ssize(model.rejections);
  page.html.line("h3", words("report.rejections"));
  page.html.line("p",
                 words("report.rejections_note",
                       {{"shown", words.count(shown)}, {"total", words.count(std::max<std::int64_t>(total, shown))}}),
                 {{"class", "note"}});
  Table table{words("report.rejections"),
              {{words("report.place"), Align::Text},
               {words("report.column"), Align::Text},
               {words("report.reason"), Align::Text},
               {words("report.value"), Align::Text}},
              {}};
  for (const auto& line : model.rejections) {
    table.rows.push_back({fmt::format("{}:{}", line.source, line.line), or_absent(page, line.column),
                          words.either("code.rejection." + line.reason, line.reason),
                          line.is_personal ? Cell(words("report.value_withheld"), "", "quiet")
                                           : Cell(or_absent(page, line.value), "", "raw")});
  }
  write_foldable(page, table, words("report.rejections_open", {{"shown", words.count(shown)}}));
}

void write_coverage(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  if (model.coverage.empty()) return;
  page.html.line("h3", words("report.coverage"));
  page.html.line("p", words("report.coverage_note"), {{"class", "note"}});
  Table table{words("report.coverage"),
              {{words("report.attribute"), Align::Text},
               {words("report.present")},
               {words("report.missing")},
               {words("report.present_share")},
               {words("report.why_missing"), Align::Text}},
              {}};
  std::int64_t incomplete = 0;
  for (const auto& line : model.coverage) {
    if (line.missing > 0) ++incomplete;
    const auto total = line.present + line.missing;
    const auto share =
        total > 0 ? std::optional(static_cast<double>(line.present) / static_cast<double>(total)) : std::nullopt;
    const auto* feature = words.feature(line.feature);
    const bool explained = line.missing > 0 && feature != nullptr;
    table.rows.push_back({{words.title(line.feature), line.feature},
                          words.count(line.present),
                          {words.count(line.missing), "", line.missing > 0 ? "" : "quiet"},
                          words.percent(share),
                          explained ? words.in(feature->missing) : ""});
  }
  write_foldable(page, table,
                 words("report.coverage_open",
                       {{"features", words.count(std::ssize(model.coverage))}, {"missing", words.count(incomplete)}}));
}

}  // namespace

void write_concentration(Page& page, const ReportModel& model) {
  const auto* typical = typical_concentration(model);
  if (typical == nullptr) return;
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", "concentration"}});
  page.html.line("h2", words("report.concentration"));
  const std::string sentence =
      words("report.concentration_sentence", {{"customer_share", words.quantile(typical->customer_share)},
                                              {"customers", words.count(typical->customers)},
                                              {"energy_share", words.percent(typical->energy_share)}});
  page.html.line("p", sentence, {{"class", "lead"}});
  auto points = nlohmann::json::array();
  auto labels = nlohmann::json::array();
  Table table{
      words("report.concentration"),
      {{words("report.largest_customers"), Align::Text}, {words("report.customers")}, {words("report.energy_share")}},
      {}};
  for (const auto& point : model.concentration) {
    points.push_back({point.customer_share, point.energy_share});
    labels.push_back(words("report.curve_point", {{"customer_share", words.quantile(point.customer_share)},
                                                  {"energy_share", words.percent(point.energy_share)}}));
    table.rows.push_back(
        {words.quantile(point.customer_share), words.count(point.customers), words.percent(point.energy_share)});
  }
  const auto columns = page.html.in("div", {{"class", "curve-columns"}});
  write_chart(page,
              {{"kind", "curve"},
               {"points", std::move(points)},
               {"labels", std::move(labels)},
               {"x", words("report.curve_x")},
               {"y", words("report.curve_y")},
               {"typical", {typical->customer_share, typical->energy_share}}},
              sentence, kCurveHeightPx);
  write_table(page, table);
}

void write_data(Page& page, const ReportModel& model) {
  const auto part = page.html.in("section", {{"id", "data"}});
  page.html.line("h2", page.words("report.data"));
  if (model.entities.empty()) {
    page.html.line("p", page.words("report.no_data"), {{"class", "warning"}});
  } else {
    write_entities(page, model);
  }
  write_batches(page, model);
  write_rejections(page, model);
  write_coverage(page, model);
}

void write_costs(Page& page, const ReportModel& model) {
  if (model.stages.empty()) return;
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", "costs"}});
  page.html.line("h2", words("report.costs"));
  Table table{words("report.costs"),
              {{words("report.stage"), Align::Text}, {words("report.elapsed")}, {words("report.peak_memory")}},
              {},
              true};
  double elapsed_ms = 0;
  std::uint64_t peak_bytes = 0;
  for (const auto& stage : model.stages) {
    elapsed_ms += stage.elapsed_ms;
    peak_bytes = std::max(peak_bytes, stage.peak_bytes);
    table.rows.push_back({words.either("report.stage_" + stage.name, stage.name), words.duration(stage.elapsed_ms),
                          words.memory(stage.peak_bytes)});
  }
  table.rows.push_back({words("report.all_stages"), words.duration(elapsed_ms), words.memory(peak_bytes)});
  write_table(page, table);
}

}  // namespace fenqun::report
