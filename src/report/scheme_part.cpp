// report/scheme_part.cpp
#include "report/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::report {
namespace {

constexpr int kBarHeightPx = 30;

const segment::GroupPortrait* portrait_of(const SchemeSection& section, const std::string& code) {
  const auto& groups = section.portrait.groups;
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.code == code; });
  return found == groups.end() ? nullptr : &*found;
}

std::optional<double> known(bool is_known, const segment::GroupPortrait* portrait,
                            double segment::GroupPortrait::*value) {
  if (!is_known || portrait == nullptr) return std::nullopt;
  return portrait->*value;
}

void write_head(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  page.html.line("h2", words.in(run.scheme_title));
  {
    const auto facts = page.html.in("p", {{"class", "facts"}});
    page.html.line(
        "span", words("report.scheme_method", {{"method", words.either("report.method_" + run.method, run.method)}}));
    page.html.line("span", words("report.scheme_population", {{"population", words.count(run.population)},
                                                              {"classified", words.count(run.classified)}}));
    page.html.line("span", words("report.scheme_version", {{"version", fmt::format("{}", run.scheme_version)}}));
  }
  if (!words.in(run.scheme_source).empty()) {
    page.html.line("p", words("report.scheme_source", {{"source", words.in(run.scheme_source)}}),
                   {{"class", "source"}});
  }
  for (const auto& warning : run.warnings) page.html.line("p", words(warning), {{"class", "warning"}});
}

void write_card(Page& page, const SchemeSection& section, std::size_t at) {
  const auto& words = page.words;
  const auto& group = section.run.groups[at];
  const auto* portrait = portrait_of(section, group.code);
  const auto tone = tone_of(at, section.run.groups.size(), is_ordered(section.run));
  const auto card = page.html.in("article", {{"class", "card"}, {"style", fmt::format("--tone:var(--{})", tone)}});
  page.html.line("h4", words.in(group.title));
  if (!words.in(group.description).empty()) page.html.line("p", words.in(group.description));
  const auto facts = page.html.in("dl");
  const auto fact = [&](const std::string& title, const std::string& value) {
    const auto pair = page.html.in("div");
    page.html.line("dt", title);
    page.html.line("dd", value);
  };
  fact(words("report.customers"), words.count(group.customers));
  fact(words("report.customer_share"), words.percent(group.share));
  if (section.portrait.has_revenue) {
    fact(words("report.revenue_share"), words.percent(known(true, portrait, &segment::GroupPortrait::revenue_share)));
    fact(words("report.average_bill"), words.money(portrait == nullptr ? std::nullopt : portrait->average_bill_cny));
  }
}

nlohmann::json group_names(const Page& page, const segment::RunResult& run) {
  auto names = nlohmann::json::array();
  for (const auto& group : run.groups) names.push_back(page.words.in(group.title));
  return names;
}

nlohmann::json group_tones(const segment::RunResult& run) {
  auto tones = nlohmann::json::array();
  for (std::size_t i = 0; i < run.groups.size(); ++i) tones.push_back(tone_of(i, run.groups.size(), is_ordered(run)));
  return tones;
}

/// One kind of share of all groups, as a series of the chart.
nlohmann::json share_series(const Page& page, const SchemeSection& section, const std::string& name,
                            double segment::GroupPortrait::*share) {
  nlohmann::json series = {{"name", name}, {"values", nlohmann::json::array()}, {"labels", nlohmann::json::array()}};
  for (const auto& group : section.run.groups) {
    const auto* portrait = portrait_of(section, group.code);
    const auto value = portrait == nullptr ? group.share : portrait->*share;
    series["values"].push_back(value);
    series["labels"].push_back(page.words.percent(value));
  }
  return series;
}

void write_shares(Page& page, const SchemeSection& section) {
  const auto& words = page.words;
  if (section.run.groups.empty()) return;
  page.html.line("h3", words("report.shares"));
  auto series = nlohmann::json::array();
  series.push_back(
      share_series(page, section, words("report.customer_share"), &segment::GroupPortrait::customer_share));
  if (section.portrait.has_revenue) {
    series.push_back(
        share_series(page, section, words("report.revenue_share"), &segment::GroupPortrait::revenue_share));
  }
  if (section.portrait.has_energy) {
    series.push_back(share_series(page, section, words("report.energy_share"), &segment::GroupPortrait::energy_share));
  }
  std::string label = words("report.shares");
  for (const auto& group : section.run.groups) {
    const auto* portrait = portrait_of(section, group.code);
    label +=
        words("report.shares_spoken",
              {{"group", words.in(group.title)},
               {"share", words.percent(group.share)},
               {"revenue_share",
                words.percent(known(section.portrait.has_revenue, portrait, &segment::GroupPortrait::revenue_share))}});
  }
  const int bars = static_cast<int>(section.run.groups.size() * series.size());
  const int gaps = static_cast<int>(section.run.groups.size());
  write_chart(page, {{"kind", "shares"}, {"groups", group_names(page, section.run)}, {"series", std::move(series)}},
              label, 50 + bars * 22 + gaps * 18);
}

void write_group_table(Page& page, const SchemeSection& section) {
  const auto& words = page.words;
  const auto& portrait = section.portrait;
  Table table{words("report.groups"),
              {{words("report.group"), Align::Text}, {words("report.customers")}, {words("report.customer_share")}},
              {}};
  if (portrait.has_revenue) {
    table.columns.insert(table.columns.end(),
                         {{words("report.revenue")}, {words("report.revenue_share")}, {words("report.average_bill")}});
  }
  if (portrait.has_energy) {
    table.columns.insert(table.columns.end(), {{words("report.energy")}, {words("report.energy_share")}});
  }
  for (const auto& group : section.run.groups) {
    const auto* own = portrait_of(section, group.code);
    Row row{words.in(group.title), words.count(group.customers), words.percent(group.share)};
    if (portrait.has_revenue) {
      row.emplace_back(words.money(known(true, own, &segment::GroupPortrait::revenue_12m_cny)));
      row.emplace_back(words.percent(known(true, own, &segment::GroupPortrait::revenue_share)));
      row.emplace_back(words.money(own == nullptr ? std::nullopt : own->average_bill_cny));
    }
    if (portrait.has_energy) {
      row.emplace_back(words.energy(known(true, own, &segment::GroupPortrait::energy_12m_kwh)));
      row.emplace_back(words.percent(known(true, own, &segment::GroupPortrait::energy_share)));
    }
    table.rows.push_back(std::move(row));
  }
  write_table(page, table);
}

std::optional<double> centre_of(const segment::GroupResult& group, const std::string& feature) {
  for (const auto& value : group.centre) {
    if (value.feature == feature) return value.value;
  }
  return std::nullopt;
}

/// Features of the centres in the order of the first group that has one.
std::vector<std::string> centre_features(const segment::RunResult& run) {
  std::vector<std::string> names;
  for (const auto& group : run.groups) {
    for (const auto& value : group.centre) {
      if (std::find(names.begin(), names.end(), value.feature) == names.end()) names.push_back(value.feature);
    }
  }
  return names;
}

void write_centre_chart(Page& page, const segment::RunResult& run, const std::string& feature) {
  const auto& words = page.words;
  const auto panel = page.html.in("figure");
  page.html.line("figcaption", words.title(feature));
  auto values = nlohmann::json::array();
  auto labels = nlohmann::json::array();
  std::string spoken = words.title(feature);
  for (const auto& group : run.groups) {
    const auto value = centre_of(group, feature);
    values.push_back(value ? nlohmann::json(*value) : nlohmann::json());
    labels.push_back(words.quantity_of(feature, value));
    spoken +=
        words("report.value_spoken", {{"name", words.in(group.title)}, {"value", words.quantity_of(feature, value)}});
  }
  write_chart(page,
              {{"kind", "bars"},
               {"groups", group_names(page, run)},
               {"tones", group_tones(run)},
               {"values", std::move(values)},
               {"labels", std::move(labels)}},
              spoken, 8 + static_cast<int>(run.groups.size()) * kBarHeightPx);
}

void write_centres(Page& page, const segment::RunResult& run) {
  const auto& words = page.words;
  const auto names = centre_features(run);
  if (names.empty()) return;
  page.html.line("h3", words("report.centres"));
  page.html.line("p", words("report.centres_note"), {{"class", "note"}});
  {
    const auto grid = page.html.in("div", {{"class", "multiples"}});
    for (const auto& name : names) write_centre_chart(page, run, name);
  }
  Table table{words("report.centres"), {{words("report.attribute"), Align::Text}}, {}};
  for (const auto& group : run.groups) table.columns.push_back({words.in(group.title)});
  for (const auto& name : names) {
    Row row{words.title(name)};
    for (const auto& group : run.groups) row.emplace_back(words.quantity_of(name, centre_of(group, name)));
    table.rows.push_back(std::move(row));
  }
  write_table(page, table);
}

}  // namespace

void write_scheme(Page& page, const SchemeSection& section, std::size_t position) {
  const auto part = page.html.in("section", {{"id", scheme_anchor(position)}, {"class", "scheme"}});
  write_head(page, section.run);
  if (section.run.classified == 0) {
    page.html.line("p", page.words("report.no_groups"), {{"class", "warning"}});
    return write_evidence(page, section.run);
  }
  {
    const auto cards = page.html.in("div", {{"class", "cards"}});
    for (std::size_t i = 0; i < section.run.groups.size(); ++i) write_card(page, section, i);
  }
  write_shares(page, section);
  if (!section.run.groups.empty()) write_group_table(page, section);
  write_centres(page, section.run);
  write_method(page, section.run);
  write_trials(page, section.run);
  write_portrait(page, section);
  write_evidence(page, section.run);
}

}  // namespace fenqun::report
