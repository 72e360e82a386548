// report/profile_charts.cpp - radar, curves and map of a scheme's groups, as the page's script draws them.
#include "report/profile_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::report {
namespace {

using nlohmann::json;

constexpr std::size_t kMostAxes = 8;

json names_of(const Page& page, const ProfileSection& section) {
  auto out = json::array();
  for (const auto& group : section.run.groups) out.push_back(page.words.in(group.title));
  return out;
}

json tones_of(const ProfileSection& section) {
  auto out = json::array();
  const auto count = section.run.groups.size();
  // Curves need to be told apart more than to be in order.
  for (std::size_t g = 0; g < count; ++g) out.push_back(tone_of(g, count, false));
  return out;
}

const segment::NumberIndex* number_in(const segment::GroupPortrait& group, const std::string& feature) {
  const auto found = std::ranges::find(group.numbers, feature, &segment::NumberIndex::feature);
  return found == group.numbers.end() ? nullptr : &*found;
}

/// How far apart the groups are in a feature: spread of the logarithms of their indices. 0: says nothing.
double spread_of(const ProfileSection& section, const std::string& feature) {
  double low = 0;
  double high = 0;
  for (const auto& group : section.portrait.groups) {
    const auto* line = number_in(group, feature);
    if (line == nullptr || !line->index || *line->index < 0 || line->population_mean.value_or(0) <= 0) return 0;
    if (!line->is_significant) continue;
    const double log = std::log(std::clamp(*line->index, 0.25, 4.0));
    low = std::min(low, log);
    high = std::max(high, log);
  }
  return high - low;
}

/// Of each block the feature in which the groups differ most.
std::vector<std::string> radar_axes(const ProfileSection& section) {
  std::vector<std::pair<double, std::string>> best;
  for (const auto& block : section.profile.blocks) {
    std::pair<double, std::string> own{0, ""};
    for (const auto& feature : block.features) {
      const double spread = spread_of(section, feature);
      if (spread > own.first) own = {spread, feature};
    }
    if (own.first > 0) best.push_back(own);
  }
  if (best.size() > kMostAxes) {
    auto ranked = best;
    std::ranges::stable_sort(ranked, std::greater<>(), &std::pair<double, std::string>::first);
    const double least = ranked[kMostAxes - 1].first;
    std::erase_if(best, [&](const auto& one) { return one.first < least; });
    best.resize(std::min(best.size(), kMostAxes));
  }
  std::vector<std::string> out;
  out.reserve(best.size());
  for (auto& [spread, feature] : best) out.push_back(std::move(feature));
  return out;
}

void write_radar(Page& page, const ProfileSection& section) {
  const auto& words = page.words;
  const auto axes = radar_axes(section);
  if (axes.size() < 3) return;
  const auto panel = page.html.in("figure");
  {
    const auto caption = page.html.in("figcaption");
    page.html.text(words("profile.radar"));
    page.html.line("small", words("profile.radar_note"));
  }
  auto titles = json::array();
  for (const auto& feature : axes) titles.push_back(words.title(feature));
  auto values = json::array();
  auto labels = json::array();
  std::string spoken = words("profile.radar");
  for (std::size_t g = 0; g < section.portrait.groups.size(); ++g) {
    auto own = json::array();
    auto own_labels = json::array();
    for (const auto& feature : axes) {
      const auto* line = number_in(section.portrait.groups[g], feature);
      const auto index = line == nullptr ? std::nullopt : line->index;
      own.push_back(index ? json(*index) : json());
      own_labels.push_back(words.index(index));
      spoken +=
          words("report.value_spoken", {{"name", words.in(section.run.groups[g].title) + " " + words.title(feature)},
                                        {"value", words.index(index)}});
    }
    values.push_back(std::move(own));
    labels.push_back(std::move(own_labels));
  }
  write_chart(page,
              {{"kind", "radar"},
               {"groups", names_of(page, section)},
               {"tones", tones_of(section)},
               {"axes", std::move(titles)},
               {"values", std::move(values)},
               {"labels", std::move(labels)}},
              spoken, 400);
}

json pair_of(segment::MapPoint point) {
  const auto rounded = [](double v) { return std::round(v * 1e4) / 1e4; };
  return json::array({rounded(point.x), rounded(point.y)});
}

json points_of(const std::vector<segment::MapPoint>& points) {
  auto out = json::array();
  for (const auto point : points) out.push_back(pair_of(point));
  return out;
}

/// "年电费收入、年服务成本": the columns that weigh most in an axis.
std::string axis_name(const Page& page, const ProfileSection& section, const std::vector<double>& axis) {
  constexpr std::size_t kMost = 2;
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < axis.size(); ++c) order.push_back(c);
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t c) { return std::abs(axis[c]); });
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, order.size()); ++i) {
    if (std::abs(axis[order[i]]) < 0.2) break;
    out += (out.empty() ? "" : page.words("profile.listed")) + page.words.title(section.profile.map_features[order[i]]);
    out += axis[order[i]] > 0 ? " +" : " −";
  }
  return out;
}

void write_map(Page& page, const ProfileSection& section) {
  if (!section.profile.map) return;
  const auto& words = page.words;
  const auto& map = *section.profile.map;
  const auto panel = page.html.in("figure");
  {
    const auto caption = page.html.in("figcaption");
    page.html.text(words("profile.map"));
    page.html.line("small",
                   words(map.centre_share > 0.9995 ? "profile.map_note" : "profile.map_note_share",
                         {{"rows", words.count(std::ssize(map.rows))}, {"share", words.percent(map.centre_share)}}));
  }
  auto points = json::array();
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    auto point = pair_of(map.rows[r]);
    point.push_back(map.row_groups[r]);
    points.push_back(std::move(point));
  }
  auto regions = json::array();
  for (const auto& region : map.regions) regions.push_back(points_of(region));
  auto start_regions = json::array();
  for (const auto& region : map.start_regions) start_regions.push_back(points_of(region));
  write_chart(page,
              {{"kind", "map"},
               {"groups", names_of(page, section)},
               {"tones", tones_of(section)},
               {"points", std::move(points)},
               {"centres", points_of(map.centres)},
               {"starts", points_of(map.starts)},
               {"regions", std::move(regions)},
               {"start_regions", std::move(start_regions)},
               {"box", {map.least_x, map.greatest_x, map.least_y, map.greatest_y}},
               {"words",
                {{"start", words("profile.map_start")},
                 {"centre", words("profile.map_centre")},
                 {"x", axis_name(page, section, map.x_axis)},
                 {"y", axis_name(page, section, map.y_axis)}}}},
              words("profile.map_spoken", {{"groups", words.count(std::ssize(map.centres))}}), 400);
}

struct Curves {
  std::string title;
  std::string note;
  std::string y;
  json xs = json::array();
  json values = json::array();
  json labels = json::array();
  bool share = false;
  bool log = false;
};

void write_curves(Page& page, const ProfileSection& section, Curves curves) {
  const auto panel = page.html.in("figure");
  {
    const auto caption = page.html.in("figcaption");
    page.html.text(curves.title);
    page.html.line("small", curves.note);
  }
  write_chart(page,
              {{"kind", "lines"},
               {"groups", names_of(page, section)},
               {"tones", tones_of(section)},
               {"xs", std::move(curves.xs)},
               {"values", std::move(curves.values)},
               {"labels", std::move(curves.labels)},
               {"share", curves.share},
               {"log", curves.log},
               {"y", curves.y}},
              curves.title + " " + curves.note, 330);
}

void write_months(Page& page, const ProfileSection& section) {
  const auto& words = page.words;
  Curves curves{words("profile.months"), words("profile.months_note"), words("profile.months_y")};
  for (const auto& month : section.profile.months) curves.xs.push_back(month);
  double least = 1e300;
  double greatest = 0;
  for (const auto& group : section.profile.groups) {
    auto own = json::array();
    auto labels = json::array();
    for (const auto& value : group.month_kwh) {
      own.push_back(value && *value > 0 ? json(std::round(*value * 10) / 10) : json());
      labels.push_back(words.energy(value));
      if (value && *value > 0) {
        least = std::min(least, *value);
        greatest = std::max(greatest, *value);
      }
    }
    curves.values.push_back(std::move(own));
    curves.labels.push_back(std::move(labels));
  }
  if (!(greatest > 0)) return;
  curves.log = greatest > 20 * least;  // else the small groups lie on the floor
  if (curves.log) curves.note += words("profile.log_note");
  write_curves(page, section, std::move(curves));
}

void write_hours(Page& page, const ProfileSection& section) {
  const auto& words = page.words;
  const bool known = std::ranges::any_of(section.profile.groups, [](const auto& g) { return !g.hour_shares.empty(); });
  if (!known) {
    const auto panel = page.html.in("figure");
    page.html.line("figcaption", words("profile.hours"));
    page.html.line("p", words("profile.hours_missing"), {{"class", "note"}});
    return;
  }
  Curves curves{words("profile.hours"), words("profile.hours_note"), words("profile.hours_y")};
  curves.share = true;
  for (int hour = 0; hour < 24; ++hour) curves.xs.push_back(fmt::format("{}", hour));
  for (const auto& group : section.profile.groups) {
    auto own = json::array();
    auto labels = json::array();
    for (std::size_t hour = 0; hour < 24; ++hour) {
      const bool has = hour < group.hour_shares.size();
      own.push_back(has ? json(std::round(group.hour_shares[hour] * 1e5) / 1e5) : json());
      labels.push_back(words.percent(has ? std::optional(group.hour_shares[hour]) : std::nullopt));
    }
    curves.values.push_back(std::move(own));
    curves.labels.push_back(std::move(labels));
  }
  write_curves(page, section, std::move(curves));
}

}  // namespace

void write_profile_charts(Page& page, const ProfileSection& section) {
  {
    const auto pair = page.html.in("div", {{"class", "pair"}});
    write_radar(page, section);
    write_map(page, section);
  }
  const auto pair = page.html.in("div", {{"class", "pair"}});
  write_months(page, section);
  write_hours(page, section);
}

}  // namespace fenqun::report
