// segment/score_search.cpp
#include "segment/score_search.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::segment {

ScoreSearch::ScoreSearch(const ExplainContext& context, const ScoreWorks& works, const CustomerValues& values,
                         const Place& everything, const std::string& own)
    : context_(context), works_(works), values_(values), everything_(everything), own_(own) {}

// The group that the change leads into; empty: none, or the own.
Result<std::string> ScoreSearch::leads_to(const CustomerValues& changed) const {
  FENQUN_TRY(auto placed, everything_(changed));
  return placed.group == own_ ? std::string() : std::move(placed.group);
}

double ScoreSearch::distance_of(const std::string& feature, const FeatureValue& to) const {
  const auto from = value_of(values_)(feature);
  if (from == to) return 0;
  const auto* a = std::get_if<double>(&from);
  const auto* b = std::get_if<double>(&to);
  const auto grid = context_.grids.find(feature);
  return a != nullptr && b != nullptr && grid != context_.grids.end() ? std::abs(*b - *a) / grid->second.spread : 1;
}

ScoreSearch::Sides ScoreSearch::sides_of(const std::string& feature) const {
  const auto own = value_of(values_)(feature);
  // What is not known is no way out: to know it is no change of the customer.
  if (std::holds_alternative<std::monostate>(own)) return {};
  if (const auto* flag = std::get_if<bool>(&own)) return {{!*flag}};
  if (const auto* text = std::get_if<std::string>(&own)) {
    std::vector<FeatureValue> out;
    for (const auto& other : works_.texts().at(feature)) {
      if (other != *text) out.emplace_back(other);
    }
    return {out};
  }
  const double from = std::get<double>(own);
  const auto grid = context_.grids.find(feature);
  if (grid == context_.grids.end()) return {};
  std::set<double> below, above;
  const auto add = [&](double at) {
    const double value = grid->second.beyond(at, from);
    if (value < from) below.insert(value);
    if (value > from) above.insert(value);
  };
  for (const double at : works_.turning_points().at(feature)) {
    add(at);
    add(at - grid->second.step);
    add(at + grid->second.step);
  }
  add(grid->second.least);
  add(grid->second.greatest);
  return {{below.rbegin(), below.rend()}, {above.begin(), above.end()}};
}

// As little of the change of a number as still leads elsewhere.
Result<void> ScoreSearch::take_back(CustomerValues& changed, const std::string& feature) const {
  const auto own = number_in(values_, feature);
  const auto there = number_in(changed, feature);
  if (!own || !there) return {};
  const auto& grid = context_.grids.at(feature);
  double near = *own;
  double far = *there;
  auto tried = changed;
  tried[feature] = near;
  FENQUN_TRY(const auto without, leads_to(tried));
  if (!without.empty()) far = near;
  while (std::abs(far - near) > 1.5 * grid.step) {
    const double middle = grid.beyond((near + far) / 2, near);
    if (middle == near || middle == far) break;
    tried[feature] = middle;
    FENQUN_TRY(const auto group, leads_to(tried));
    (group.empty() ? near : far) = middle;
  }
  changed[feature] = far;
  return {};
}

Result<Move> ScoreSearch::told(const CustomerValues& changed) const {
  Move out;
  FENQUN_TRY(out.into, leads_to(changed));
  for (const auto& [feature, points] : works_.turning_points()) {
    const auto to = value_of(changed)(feature);
    if (value_of(values_)(feature) == to) continue;
    out.distance += distance_of(feature, to);
    out.changes.push_back(change_of(context_, feature, values_, to));
  }
  std::ranges::stable_sort(out.changes, std::greater<>(),
                           [&](const ValueChange& c) { return distance_of(c.feature, c.to); });
  return out;
}

Result<std::vector<Move>> ScoreSearch::by_one() {
  std::vector<Move> out;
  for (const auto& [feature, points] : works_.turning_points()) {
    for (const auto& side : sides_of(feature)) {
      for (const auto& value : side) {
        auto changed = values_;
        changed[feature] = value;
        FENQUN_TRY(const auto group, leads_to(changed));
        if (group.empty()) continue;
        FENQUN_CHECK(take_back(changed, feature));
        FENQUN_TRY(auto move, told(changed));
        out.push_back(std::move(move));
        // Farther on the same side there is no smaller change; of codes each may lead elsewhere.
        if (std::holds_alternative<double>(value)) break;
      }
    }
  }
  std::ranges::stable_sort(out, {}, &Move::distance);
  return out;
}

// The value of each feature that raises (1) or lowers (-1) the score most, those that do most first.
std::vector<ScoreSearch::Option> ScoreSearch::options(double direction) const {
  const double now = works_.score(values_).points;
  std::vector<Option> out;
  for (const auto& [feature, points] : works_.turning_points()) {
    Option best{feature, {}, 0};
    for (const auto& side : sides_of(feature)) {
      for (const auto& value : side) {
        auto changed = values_;
        changed[feature] = value;
        const double gain = direction * (works_.score(changed).points - now);
        if (gain > best.gain) best = {feature, value, gain};
      }
    }
    if (best.gain > 0) out.push_back(std::move(best));
  }
  std::ranges::stable_sort(out, std::greater<>(), &Option::gain);
  return out;
}

// The first `count` that lead elsewhere, and of all as many the least change, where they are not too many to try.
Result<std::optional<Move>> ScoreSearch::several(std::vector<Option> options) const {
  std::size_t count = 0;
  auto all = values_;
  for (bool is_there = false; !is_there && count < options.size(); ++count) {
    all[options[count].feature] = options[count].best;
    FENQUN_TRY(const auto group, leads_to(all));
    is_there = !group.empty();
  }
  std::optional<Move> best;
  std::vector<bool> chosen(options.size());
  std::fill_n(chosen.begin(), count, true);
  constexpr int kMostSets = 300;
  for (int tried = 0; tried < kMostSets; ++tried) {
    auto changed = values_;
    for (std::size_t i = 0; i < options.size(); ++i) {
      if (chosen[i]) changed[options[i].feature] = options[i].best;
    }
    FENQUN_TRY(const auto group, leads_to(changed));
    if (!group.empty()) {
      for (std::size_t i = options.size(); i-- > 0;) {
        if (chosen[i]) FENQUN_CHECK(take_back(changed, options[i].feature));
      }
      FENQUN_TRY(auto move, told(changed));
      if (!best || move.distance < best->distance) best = std::move(move);
    }
    if (!std::prev_permutation(chosen.begin(), chosen.end())) break;
  }
  return best;
}

Result<std::optional<Move>> ScoreSearch::by_several() {
  FENQUN_TRY(auto up, several(options(1)));
  FENQUN_TRY(auto down, several(options(-1)));
  if (!up) return down;
  if (!down) return up;
  const auto cost = [](const Move& move) { return std::pair(move.changes.size(), move.distance); };
  return cost(*down) < cost(*up) ? std::move(down) : std::move(up);
}

}  // namespace fenqun::segment
