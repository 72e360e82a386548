// report/method_part.cpp - what the method of a scheme decided: the parts of a score and its bands, the dictionary of
// daily shapes, what bounds on the sizes of groups cost, the strata.
#include "base/number.hpp"
#include "report/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fenqun::report {
namespace {

using nlohmann::json;

constexpr int kStackHeightPx = 34;
constexpr int kHistogramHeightPx = 300;
constexpr int kShapeHeightPx = 92;
constexpr int kCurveHeightPx = 300;
constexpr std::size_t kHours = 24;
constexpr double kUneven = 50;  // from here on small columns vanish beside large ones: logarithmic

/// What a part looks at; conditions are told by their reason.
std::string part_title(const Wording& words, const segment::ScorePartResult& part) {
  return part.feature.empty() ? words.in(part.sentence) : words.title(part.feature);
}

std::string band_name(const Wording& words, const segment::RunResult& run, std::size_t at) {
  const auto& band = run.score->bands[at];
  const auto& title = words.in(run.groups[at].title);
  return band.from ? words("report.score_band", {{"group", title}, {"from", shortest(*band.from)}}) : title;
}

void write_points_chart(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  json parts = json::array();
  json values = json::array();
  json labels = json::array();
  json groups = json::array();
  std::string spoken = words("report.score_points");
  for (const auto& group : run.groups) groups.push_back(words.in(group.title));
  for (std::size_t p = 0; p < run.score->parts.size(); ++p) {
    parts.push_back(part_title(words, run.score->parts[p]));
    json own_values = json::array();
    json own_labels = json::array();
    for (const auto& band : run.score->bands) {
      own_values.push_back(band.mean_points[p].value_or(0));
      own_labels.push_back(words.fixed(band.mean_points[p], 1));
    }
    values.push_back(std::move(own_values));
    labels.push_back(std::move(own_labels));
  }
  for (const auto& group : run.groups) {
    spoken +=
        words("report.value_spoken", {{"name", words.in(group.title)}, {"value", words.fixed(group.order_score, 1)}});
  }
  const int lines = static_cast<int>(run.score->parts.size()) / 4 + 1;
  write_chart(page,
              {{"kind", "stacks"},
               {"groups", std::move(groups)},
               {"parts", std::move(parts)},
               {"values", std::move(values)},
               {"labels", std::move(labels)},
               {"x", words("report.score_points")}},
              spoken, 52 + lines * 26 + static_cast<int>(run.groups.size()) * kStackHeightPx);
}

void write_parts(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto& score = *run.score;
  Table table{words("report.score_parts"),
              {{words("report.score_part"), Align::Text},
               {words("report.weight")},
               {words("report.present")},
               {words("report.population")}},
              {}};
  const bool by_group = score.bands.size() == run.groups.size();
  if (by_group) {
    for (const auto& group : run.groups) table.columns.push_back({words.in(group.title)});
  }
  for (std::size_t p = 0; p < score.parts.size(); ++p) {
    const auto& part = score.parts[p];
    const std::string kind = words.either("report.score_map_" + part.map, part.map);
    Row row{Cell(part_title(words, part), kind), Cell(shortest(part.weight)), Cell(words.count(part.known)),
            Cell(words.fixed(part.mean_contribution, 1))};
    if (by_group) {
      for (const auto& band : score.bands) row.emplace_back(words.fixed(band.mean_points[p], 1));
    }
    table.rows.push_back(std::move(row));
  }
  Row sum{Cell(words("report.score_mean")), Cell(""), Cell(""), Cell(words.fixed(score.mean, 1))};
  if (by_group) {
    for (const auto& group : run.groups)
      sum.emplace_back(words.fixed(group.customers > 0 ? std::optional(group.order_score) : std::nullopt, 1));
  }
  table.rows.push_back(std::move(sum));
  table.last_is_total = true;
  write_table(page, table);
}

Table histogram_table(const Wording& words, const segment::RunResult& run) {
  Table table{words("report.score_histogram"), {{words("report.score_step"), Align::Text}}, {}};
  for (std::size_t g = 0; g < run.groups.size(); ++g) table.columns.push_back({band_name(words, run, g)});
  const auto& bands = run.score->bands;
  for (std::size_t step = 0; step < bands.front().counts.size(); ++step) {
    const auto from = static_cast<int>(step) * segment::kScoreStep;
    Row row{words("report.score_range",
                  {{"from", fmt::format("{}", from)}, {"to", fmt::format("{}", from + segment::kScoreStep)}})};
    for (const auto& band : bands)
      row.emplace_back(words.count(band.counts[step]), "", band.counts[step] > 0 ? "" : "quiet");
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_histogram(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto& bands = run.score->bands;
  json names = json::array();
  json tones = json::array();
  json values = json::array();
  std::set<double> marks;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::string spoken = words("report.score_histogram");
  for (std::size_t g = 0; g < bands.size(); ++g) {
    names.push_back(band_name(words, run, g));
    tones.push_back(tone_of(g, bands.size(), is_ordered(run)));
    values.push_back(bands[g].counts);
    if (bands[g].from) marks.insert(*bands[g].from);
    for (const auto customers : bands[g].counts) {
      if (customers > 0 && (least == 0 || customers < least)) least = customers;
      most = std::max(most, customers);
    }
    spoken += words("report.value_spoken",
                    {{"name", band_name(words, run, g)}, {"value", words.count(run.groups[g].customers)}});
  }
  const bool is_log = static_cast<double>(most) > kUneven * static_cast<double>(least);
  page.html.line("h3", words("report.score_histogram"));
  page.html.line("p", words("report.score_histogram_note"), {{"class", "note"}});
  write_chart(page,
              {{"kind", "histogram"},
               {"groups", std::move(names)},
               {"tones", std::move(tones)},
               {"values", std::move(values)},
               {"marks", marks},
               {"step", segment::kScoreStep},
               {"log", is_log},
               {"x", words("report.score")},
               {"y", words(is_log ? "report.customers_log" : "report.customers")}},
              spoken, kHistogramHeightPx);
  const auto more = page.html.in("details", {{"class", "whole"}});
  page.html.line("summary", words("report.score_histogram_table"));
  write_table(page, histogram_table(words, run));
}

void write_score(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto& score = *run.score;
  page.html.line("h3", words("report.score_parts"));
  page.html.line("p",
                 words("report.score_note", {{"source", words("segment.score_source_" + score.source)},
                                             {"least", words.quantile(score.least_known)}}),
                 {{"class", "note"}});
  const bool has_bands = score.bands.size() == run.groups.size() && !score.bands.empty();
  if (has_bands) write_points_chart(page, run);
  write_parts(page, run);
  if (has_bands) write_histogram(page, run);
}

json hour_names() {
  json out = json::array();
  for (std::size_t hour = 0; hour < kHours; ++hour) out.push_back(fmt::format("{:02}:00", hour));
  return out;
}

void write_shape(Page& page, const segment::ShapeResult& shape, std::size_t at) {
  const auto& words = page.words;
  std::string title = words.in(shape.title);
  if (title.empty()) title = words("report.shape", {{"place", fmt::format("{}", at + 1)}});
  const auto small = shape.share ? words("report.shape_share",
                                         {{"share", words.percent(shape.share)}, {"days", words.count(shape.days)}})
                                 : words("report.shape_days", {{"days", words.count(shape.days)}});
  const auto panel = page.html.in("figure");
  {
    const auto caption = page.html.in("figcaption");
    page.html.text(title);
    page.html.line("small", small);
  }
  json labels = json::array();
  for (const double share : shape.hours) labels.push_back(words.percent(share));
  write_chart(page, {{"kind", "day"}, {"xs", hour_names()}, {"values", shape.hours}, {"labels", std::move(labels)}},
              title + words("report.value_spoken", {{"name", words("report.shape_days_share")}, {"value", small}}),
              kShapeHeightPx);
}

/// Mean curves of the groups on one kind of day: `from` 0 working days, 24 rest days.
void write_curves(Page& page, const segment::RunResult& run, std::size_t from, const std::string& title) {
  const auto& words = page.words;
  json names = json::array();
  json tones = json::array();
  json values = json::array();
  json labels = json::array();
  std::string spoken = words("report.group_curves");
  for (std::size_t g = 0; g < run.shapes->group_curves.size() && g < run.groups.size(); ++g) {
    const auto& hours = run.shapes->group_curves[g].hours;
    if (hours.size() < from + kHours) continue;
    names.push_back(words.in(run.groups[g].title));
    spoken += words("report.value_spoken", {{"name", title}, {"value", words.in(run.groups[g].title)}});
    tones.push_back(tone_of(g, run.groups.size(), is_ordered(run)));
    json own_values = json::array();
    json own_labels = json::array();
    for (std::size_t hour = from; hour < from + kHours; ++hour) {
      own_values.push_back(hours[hour]);
      own_labels.push_back(words.percent(hours[hour]));
    }
    values.push_back(std::move(own_values));
    labels.push_back(std::move(own_labels));
  }
  const auto panel = page.html.in("figure");
  page.html.line("figcaption", title);
  write_chart(page,
              {{"kind", "lines"},
               {"groups", std::move(names)},
               {"tones", std::move(tones)},
               {"values", std::move(values)},
               {"labels", std::move(labels)},
               {"xs", hour_names()},
               {"y", words("report.shape_hour_share")},
               {"share", true}},
              spoken, kCurveHeightPx);
}

Table shape_table(const Wording& words, const segment::LoadShapeResult& shapes) {
  Table table{words("report.shapes"),
              {{words("report.shape_name"), Align::Text},
               {words("report.shape_day_count")},
               {words("report.shape_days_share")}},
              {}};
  for (const auto* season : {"spring", "summer", "autumn", "winter"}) {
    const auto name = words("report.season_" + std::string(season));
    table.columns.push_back({words("report.working_days_of", {{"season", name}})});
    table.columns.push_back({words("report.rest_days_of", {{"season", name}})});
  }
  for (std::size_t s = 0; s < shapes.dictionary.size(); ++s) {
    const auto& shape = shapes.dictionary[s];
    const auto& title = words.in(shape.title);
    Row row{title.empty() ? words("report.shape", {{"place", fmt::format("{}", s + 1)}}) : title,
            words.count(shape.days), words.percent(shape.share)};
    for (const auto days : shape.days_by_cell) row.emplace_back(words.count(days), "", days > 0 ? "" : "quiet");
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_shapes(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto& shapes = *run.shapes;
  if (shapes.dictionary.empty()) return;
  page.html.line("h3", words("report.group_curves"));
  {
    const auto pair = page.html.in("div", {{"class", "pair"}});
    write_curves(page, run, 0, words("report.working_days"));
    write_curves(page, run, kHours, words("report.rest_days"));
  }
  page.html.line("h3", words("report.shapes"));
  page.html.line("p", words("report.shapes_text", {{"months", fmt::format("{}", shapes.months)},
                                                   {"customers", words.count(shapes.customers)},
                                                   {"days", words.count(shapes.days)},
                                                   {"shaped", words.count(shapes.shaped_days)},
                                                   {"found", words.count(shapes.found_shapes)},
                                                   {"kept", words.count(std::ssize(shapes.dictionary))},
                                                   {"far", words.percent(shapes.violation_share)}}));
  page.html.line("p", words("report.shapes_note"), {{"class", "note"}});
  {
    const auto grid = page.html.in("div", {{"class", "shapes"}});
    for (std::size_t s = 0; s < shapes.dictionary.size(); ++s) write_shape(page, shapes.dictionary[s], s);
  }
  const auto more = page.html.in("details", {{"class", "whole"}});
  page.html.line("summary", words("report.shapes_table"));
  write_table(page, shape_table(words, shapes));
}

void write_balance(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto& balance = *run.balance;
  page.html.line("h3", words("report.balance"));
  const auto price = words.percent(balance.price);
  page.html.line("p", words(balance.moved > 0 ? "report.balance_text" : "report.balance_none",
                            {{"least", words.quantile(balance.least_share)},
                             {"most", words.quantile(balance.most_share)},
                             {"price", balance.price > 0 ? "+" + price : price},
                             {"moved", words.count(balance.moved)}}));
  page.html.line("p", words("report.balance_note"), {{"class", "note"}});
  if (!balance.inertia || !balance.free_inertia) return;
  write_table(page, {words("report.balance"),
                     {{words("report.balance_sizes"), Align::Text}, {words("report.inertia")}},
                     {{words("report.balance_free"), words.number(balance.free_inertia)},
                      {words("report.balance_bound"), words.number(balance.inertia)}}});
}

void write_strata(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  page.html.line("h3", words("report.strata"));
  page.html.line("p", words("report.strata_note"), {{"class", "note"}});
  Table table{words("report.strata"),
              {{words("report.stratum"), Align::Text},
               {words("report.customers")},
               {words("report.mark_recommended")},
               {words("report.mark_published")},
               {words("report.strata_groups"), Align::Text}},
              {}};
  for (const auto& stratum : run.strata) {
    std::string groups;
    for (const auto& group : stratum.groups) {
      groups +=
          (groups.empty() ? "" : words("report.between_groups")) +
          words("report.group_count", {{"group", words.in(group.title)}, {"customers", words.count(group.customers)}});
    }
    const auto k = [&](std::uint32_t value) {
      return value > 0 ? fmt::format("{}", value) : words.index(std::nullopt);
    };
    table.rows.push_back({words.in(stratum.title), words.count(stratum.customers), k(stratum.recommended_k),
                          k(stratum.published_k), groups});
  }
  write_table(page, table);
}

}  // namespace

bool is_ordered(const segment::RunResult& run) {
  return run.method == "tiers" || run.method == "bands" || run.method == "score";
}

void write_method(Page& page, const segment::RunResult& run) {
  if (run.score) write_score(page, run);
  if (run.shapes) write_shapes(page, run);
  if (run.balance) write_balance(page, run);
  if (!run.strata.empty()) write_strata(page, run);
}

}  // namespace fenqun::report
