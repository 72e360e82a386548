// report/trials_part.cpp - how the number of groups was found.
#include "report/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace fenqun::report {
namespace {

constexpr int kPanelHeightPx = 210;

/// One search for k: that of the run, or that of a stratum.
struct Search {
  std::span<const segment::TrialResult> trials;
  std::uint32_t recommended_k = 0;
  std::string recommended_reason;
  std::uint32_t published_k = 0;
};

std::optional<double> silhouette_of(const segment::TrialResult& trial) { return trial.centroid_silhouette; }
std::optional<double> calinski_of(const segment::TrialResult& trial) { return trial.calinski_harabasz; }
std::optional<double> davies_of(const segment::TrialResult& trial) { return trial.davies_bouldin; }
std::optional<double> sampled_of(const segment::TrialResult& trial) { return trial.silhouette; }
std::optional<double> gap_of(const segment::TrialResult& trial) { return trial.gap; }
std::optional<double> stability_of(const segment::TrialResult& trial) { return trial.stability; }

struct Measure {
  std::string title;
  bool higher_is_better = true;
  int decimals = 2;
  std::optional<double> (*value)(const segment::TrialResult&) = nullptr;
};

/// The three indices over all rows, and what else the scheme asked for.
std::vector<Measure> measures(const Wording& words, const Search& search) {
  std::vector<Measure> out = {{words("report.silhouette"), true, 3, silhouette_of},
                              {words("report.calinski_harabasz"), true, 0, calinski_of},
                              {words("report.davies_bouldin"), false, 3, davies_of}};
  for (const auto& asked :
       {Measure{words("report.silhouette_sampled"), true, 3, sampled_of}, Measure{words("report.gap"), true, 3, gap_of},
        Measure{words("report.stability"), true, 3, stability_of}}) {
    if (std::ranges::any_of(search.trials, [&](const auto& trial) { return asked.value(trial).has_value(); }))
      out.push_back(asked);
  }
  return out;
}

/// How sure a sampled number is.
std::string error_of(const Wording& words, const Measure& measure, const segment::TrialResult& trial) {
  if (measure.value == sampled_of && trial.silhouette_low && trial.silhouette_high) {
    return words("report.interval", {{"low", words.fixed(trial.silhouette_low, measure.decimals)},
                                     {"high", words.fixed(trial.silhouette_high, measure.decimals)}});
  }
  if (measure.value == gap_of && trial.gap_error)
    return words("report.standard_error", {{"value", words.fixed(trial.gap_error, measure.decimals)}});
  if (measure.value == stability_of && trial.stability_least)
    return words("report.least", {{"value", words.fixed(trial.stability_least, measure.decimals)}});
  return "";
}

void write_panel(Page& page, const Search& search, const Measure& measure) {
  const auto& words = page.words;
  const auto panel = page.html.in("figure");
  {
    const auto caption = page.html.in("figcaption");
    page.html.text(measure.title);
    page.html.line("small", measure.higher_is_better ? words("report.higher_better") : words("report.lower_better"));
  }
  auto ks = nlohmann::json::array();
  auto values = nlohmann::json::array();
  auto labels = nlohmann::json::array();
  std::string spoken = measure.title;
  for (const auto& trial : search.trials) {
    const auto value = measure.value(trial);
    ks.push_back(trial.k);
    values.push_back(value ? nlohmann::json(*value) : nlohmann::json());
    labels.push_back(words.fixed(value, measure.decimals));
    spoken += words("report.value_spoken",
                    {{"name", fmt::format("k={}", trial.k)}, {"value", words.fixed(value, measure.decimals)}});
  }
  write_chart(page,
              {{"kind", "trial"},
               {"ks", std::move(ks)},
               {"values", std::move(values)},
               {"labels", std::move(labels)},
               {"axis", words("report.k")},
               {"better", measure.higher_is_better ? "higher" : "lower"},
               {"recommended", search.recommended_k},
               {"published", search.published_k}},
              spoken, kPanelHeightPx);
}

std::string mark_of(const Wording& words, const Search& search, std::uint32_t k) {
  if (k == search.recommended_k && k == search.published_k) return words("report.mark_both");
  if (k == search.recommended_k) return words("report.mark_recommended");
  return k == search.published_k ? words("report.mark_published") : "";
}

Table trial_table(const Wording& words, const Search& search) {
  Table table{words("report.trials"), {{words("report.k"), Align::Text}}, {}};
  const auto shown = measures(words, search);
  for (const auto& measure : shown) table.columns.push_back({measure.title});
  for (const auto* key : {"report.inertia", "report.smallest_share", "report.rounds", "report.converged"}) {
    table.columns.push_back({words(key)});
  }
  for (const auto& trial : search.trials) {
    Row row{{fmt::format("{}", trial.k), mark_of(words, search, trial.k),
             trial.k == search.published_k ? "published" : ""}};
    for (const auto& measure : shown)
      row.emplace_back(words.fixed(measure.value(trial), measure.decimals), error_of(words, measure, trial));
    row.emplace_back(words.number(trial.inertia));
    row.emplace_back(words.percent(trial.smallest_share));
    row.emplace_back(words.count(trial.rounds));
    row.emplace_back(trial.converged ? words("report.yes") : words("report.no"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_search(Page& page, const Search& search) {
  const auto& words = page.words;
  page.html.line("p", words("report.trials_text", {{"first", fmt::format("{}", search.trials.front().k)},
                                                   {"last", fmt::format("{}", search.trials.back().k)},
                                                   {"recommended", fmt::format("{}", search.recommended_k)},
                                                   {"published", fmt::format("{}", search.published_k)}}));
  if (!search.recommended_reason.empty()) {
    page.html.line("p", words("report.trials_reason", {{"reason", words(search.recommended_reason)}}),
                   {{"class", "note"}});
  }
  {
    const auto grid = page.html.in("div", {{"class", "trials"}});
    for (const auto& measure : measures(words, search)) write_panel(page, search, measure);
  }
  const auto more = page.html.in("details", {{"class", "print-open whole"}});
  page.html.line("summary", words("report.trials_table"));
  write_table(page, trial_table(words, search));
}

void write_marks(Page& page) {
  const auto legend = page.html.in("p", {{"class", "marks"}, {"aria-hidden", "true"}});
  page.html.line("span", page.words("report.mark_recommended"), {{"class", "mark-recommended"}});
  page.html.line("span", page.words("report.mark_published"), {{"class", "mark-published"}});
}

}  // namespace

void write_trials(Page& page, const segment::RunResult& run) {
  const bool in_strata = std::ranges::any_of(run.strata, [](const auto& stratum) { return !stratum.trials.empty(); });
  if (run.trials.empty() && !in_strata) return;
  const auto& words = page.words;
  page.html.line("h3", words("report.trials"));
  write_marks(page);
  if (!run.trials.empty()) write_search(page, {run.trials, run.recommended_k, run.recommended_reason, run.published_k});
  for (const auto& stratum : run.strata) {
    if (stratum.trials.empty()) continue;
    page.html.line("h4", words("report.stratum_customers",
                               {{"stratum", words.in(stratum.title)}, {"customers", words.count(stratum.customers)}}));
    write_search(page, {stratum.trials, stratum.recommended_k, stratum.recommended_reason, stratum.published_k});
  }
}

}  // namespace fenqun::report
