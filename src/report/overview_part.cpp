// report/overview_part.cpp
#include "report/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::report {
namespace {

std::int64_t unclassified_of(const segment::RunResult& run) { return run.population - run.classified; }

/// The scheme whose classified customers hold the most of what `known` asks for; null when no scheme knows it.
const SchemeSection* widest(const ReportModel& model, bool segment::Portrait::*known) {
  const SchemeSection* best = nullptr;
  for (const auto& section : model.schemes) {
    if (!(section.portrait.*known)) continue;
    if (best == nullptr || section.run.classified > best->run.classified) best = &section;
  }
  return best;
}

double sum_of(const SchemeSection& section, double segment::GroupPortrait::*value) {
  double sum = 0;
  for (const auto& group : section.portrait.groups) sum += group.*value;
  return sum;
}

const segment::GroupPortrait* portrait_of(const SchemeSection& section, const std::string& code) {
  const auto& groups = section.portrait.groups;
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.code == code; });
  return found == groups.end() ? nullptr : &*found;
}

void write_figure(Page& page, const std::string& title, const std::string& value, const std::string& note) {
  const auto figure = page.html.in("div", {{"class", "figure"}});
  page.html.line("dt", title);
  const auto body = page.html.in("dd");
  page.html.line("strong", value);
  page.html.line("small", note);
}

/// "96.2%" or, where schemes differ, "94.1% – 100.0%".
std::string classified_range(const Wording& words, const ReportModel& model) {
  double lowest = 2;
  double highest = -1;
  for (const auto& section : model.schemes) {
    if (section.run.population <= 0) continue;
    const double share = static_cast<double>(section.run.classified) / static_cast<double>(section.run.population);
    lowest = std::min(lowest, share);
    highest = std::max(highest, share);
  }
  if (highest < 0) return words.percent(std::nullopt);
  const auto low = words.percent(lowest);
  const auto high = words.percent(highest);
  return low == high ? low : low + " – " + high;
}

void write_figures(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  const auto list = page.html.in("dl", {{"class", "figures"}});
  write_figure(page, words("report.figure_customers"), words.count(model.customers),
               words("report.figure_customers_note", {{"month", words.month(model.as_of)}}));
  write_figure(page, words("report.figure_classified"), classified_range(words, model),
               words("report.figure_classified_note", {{"schemes", words.count(std::ssize(model.schemes))}}));
  const auto* revenue = widest(model, &segment::Portrait::has_revenue);
  write_figure(page, words("report.figure_revenue"),
               revenue == nullptr ? words.money(std::nullopt)
                                  : words.money(sum_of(*revenue, &segment::GroupPortrait::revenue_12m_cny)),
               revenue == nullptr ? words("report.figure_unknown_note")
                                  : words("report.figure_sum_note", {{"scheme", words.in(revenue->run.scheme_title)}}));
  const auto* energy = widest(model, &segment::Portrait::has_energy);
  write_figure(page, words("report.figure_energy"),
               energy == nullptr ? words.energy(std::nullopt)
                                 : words.energy(sum_of(*energy, &segment::GroupPortrait::energy_12m_kwh)),
               energy == nullptr ? words("report.figure_unknown_note")
                                 : words("report.figure_sum_note", {{"scheme", words.in(energy->run.scheme_title)}}));
}

void write_first_group_sentence(Page& page, const SchemeSection& section) {
  if (section.run.groups.empty() || section.run.classified == 0) return;
  const auto& words = page.words;
  const auto& group = section.run.groups.front();
  const auto* portrait = portrait_of(section, group.code);
  const std::string scheme = words.in(section.run.scheme_title);
  const std::string title = words.in(group.title);
  if (section.portrait.has_revenue && portrait != nullptr) {
    page.html.line("li",
                   words("report.summary_group_revenue", {{"scheme", scheme},
                                                          {"group", title},
                                                          {"customers", words.count(group.customers)},
                                                          {"share", words.percent(group.share)},
                                                          {"revenue_share", words.percent(portrait->revenue_share)}}));
    return;
  }
  page.html.line("li", words("report.summary_group", {{"scheme", scheme},
                                                      {"group", title},
                                                      {"customers", words.count(group.customers)},
                                                      {"share", words.percent(group.share)}}));
}

void write_not_comparable(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  std::int64_t customers = 0;
  std::string reasons;
  for (const auto& one : model.not_comparable) {
    customers += one.customers;
    reasons +=
        (reasons.empty() ? "" : words("report.between_reasons")) +
        words("report.reason_count", {{"reason", words.in(one.reason)}, {"customers", words.count(one.customers)}});
  }
  if (customers > 0) {
    page.html.line(
        "li", words("report.summary_not_comparable", {{"customers", words.count(customers)}, {"reasons", reasons}}));
  }
  if (model.customers_csv.empty()) return;
  const auto item = page.html.in("li");
  page.html.line("a", words("report.customers_csv", {{"file", model.customers_csv}}), {{"href", model.customers_csv}});
}

void write_summary(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  page.html.line("h3", words("report.summary"));
  const auto list = page.html.in("ul", {{"class", "summary"}});
  page.html.line("li", words("report.summary_population", {{"month", words.month(model.as_of)},
                                                           {"customers", words.count(model.customers)},
                                                           {"schemes", words.count(std::ssize(model.schemes))}}));
  for (const auto& section : model.schemes) write_first_group_sentence(page, section);
  if (const auto* point = typical_concentration(model); point != nullptr) {
    page.html.line("li",
                   words("report.concentration_sentence", {{"customer_share", words.quantile(point->customer_share)},
                                                           {"customers", words.count(point->customers)},
                                                           {"energy_share", words.percent(point->energy_share)}}));
  }
  const auto most = std::max_element(model.schemes.begin(), model.schemes.end(), [](const auto& a, const auto& b) {
    return unclassified_of(a.run) < unclassified_of(b.run);
  });
  if (most != model.schemes.end() && unclassified_of(most->run) > 0) {
    page.html.line("li",
                   words("report.summary_unclassified", {{"scheme", words.in(most->run.scheme_title)},
                                                         {"customers", words.count(unclassified_of(most->run))}}));
  }
  write_not_comparable(page, model);
  std::int64_t rejected = 0;
  for (const auto& batch : model.batches) rejected += batch.rejected;
  if (rejected > 0) page.html.line("li", words("report.summary_rejected", {{"rows", words.count(rejected)}}));
}

void write_strip(Page& page, const SchemeSection& section, std::size_t position) {
  const auto& words = page.words;
  const auto& groups = section.run.groups;
  const auto row = page.html.in("div", {{"class", "strip-row"}});
  page.html.line("a", words.in(section.run.scheme_title), {{"href", "#" + scheme_anchor(position)}});
  const auto body = page.html.in("div");
  if (section.run.classified == 0) {
    page.html.line("p", words("report.strip_nobody", {{"customers", words.count(section.run.population)}}),
                   {{"class", "note"}});
    return;
  }
  {
    const auto strip = page.html.in("div", {{"class", "strip"}, {"aria-hidden", "true"}});
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!(groups[i].share > 0)) continue;
      const auto tone = tone_of(i, groups.size(), is_ordered(section.run));
      page.html.line("span", "", {{"style", fmt::format("flex-grow:{:.6f};--tone:var(--{})", groups[i].share, tone)}});
    }
  }
  const auto legend = page.html.in("ul", {{"class", "legend"}});
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto item = page.html.in("li");
    const auto tone = tone_of(i, groups.size(), is_ordered(section.run));
    page.html.line("i", "", {{"style", fmt::format("--tone:var(--{})", tone)}});
    page.html.text(words.in(groups[i].title) + " ");
    page.html.line("b", words.percent(groups[i].share));
  }
}

}  // namespace

const ConcentrationPoint* typical_concentration(const ReportModel& model) {
  const auto nearest = std::min_element(
      model.concentration.begin(), model.concentration.end(),
      [](const auto& a, const auto& b) { return std::abs(a.customer_share - 0.1) < std::abs(b.customer_share - 0.1); });
  return nearest == model.concentration.end() ? nullptr : &*nearest;
}

void write_overview(Page& page, const ReportModel& model) {
  const auto& words = page.words;
  const auto part = page.html.in("section", {{"id", "overview"}});
  page.html.line("h2", words("report.overview"));
  write_figures(page, model);
  const auto columns = page.html.in("div", {{"class", "overview-columns"}});
  {
    const auto left = page.html.in("div", {{"class", "panel"}});
    write_summary(page, model);
  }
  if (model.schemes.empty()) return;
  const auto right = page.html.in("div", {{"class", "panel"}});
  page.html.line("h3", words("report.strips"));
  for (std::size_t i = 0; i < model.schemes.size(); ++i) write_strip(page, model.schemes[i], i);
}

}  // namespace fenqun::report
