// datagen/parameters_kinds.cpp - config/datagen/kinds.yaml and usage.yaml.
#include "datagen/parameter_reading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

Result<void> read_place_in_usage(const Settings& from, const Usage& usage, Kind& kind) {
  FENQUN_TRY(const auto tariffs, from.texts("tariff"));
  if (tariffs.size() != kind.tariff.size()) {
    return from.refuse("datagen.wrong_length",
                       {{"key", "tariff"}, {"value", std::to_string(tariffs.size())}, {"expected", "3"}});
  }
  for (std::size_t i = 0; i < tariffs.size(); ++i) {
    FENQUN_TRY(kind.tariff[i], index_of(from, "tariff", tariffs[i], usage.tariffs));
  }
  FENQUN_TRY(const auto season, from.text("season"));
  FENQUN_TRY(kind.season, index_of(from, "season", season, usage.seasons));
  FENQUN_TRY(const auto day, from.text("day"));
  FENQUN_TRY(kind.day, index_of(from, "day", day, usage.days));
  return {};
}

Result<void> check_sums_to_one(const Settings& from, std::string_view key, const std::array<double, 3>& shares) {
  if (std::abs(shares[0] + shares[1] + shares[2] - 1) < 1e-9) return {};
  return from.refuse("datagen.shares_not_one", {{"key", std::string(key)}});
}

Result<void> read_kind_shapes(const Settings& from, const Shapes& shapes, Kind& kind) {
  FENQUN_TRY(const auto node, from.child("shapes"));
  if (node.is_map()) {
    FENQUN_TRY(const auto weights, weights_of(from, "shapes"));
    for (const auto& [name, share] : weights) {
      FENQUN_TRY(const auto shape, index_of(node, "shapes", name, shapes.shapes));
      kind.shapes.emplace_back(shape, share);
    }
    if (!kind.shapes.empty()) return {};
    return from.refuse("base.setting_missing", {{"key", "shapes"}});
  }
  kind.shape_by_suffix = true;
  FENQUN_TRY(const auto names, from.texts("shapes"));
  for (const auto& name : names) {
    FENQUN_TRY(const auto shape, index_of(node, "shapes", name, shapes.shapes));
    kind.shapes.emplace_back(shape, 1);
  }
  if (!names.empty() && names.size() == kind.suffixes.size()) return {};
  return from.refuse(
      "datagen.wrong_length",
      {{"key", "shapes"}, {"value", std::to_string(names.size())}, {"expected", std::to_string(kind.suffixes.size())}});
}

Result<Kind> read_kind(const Settings& from, const Usage& usage, const Shapes& shapes) {
  FENQUN_CHECK(from.allow_only({"name",
                                "share",
                                "rest",
                                "category",
                                "user_kind",
                                "industry",
                                "tariff",
                                "voltage_kv",
                                "influence",
                                "location",
                                "revenue",
                                "season",
                                "day",
                                "shapes",
                                "load_factor",
                                "importance",
                                "is_key_attention",
                                "county_organisation",
                                "constant_share",
                                "suffixes"}));
  Kind kind;
  FENQUN_TRY(kind.name, from.text("name"));
  FENQUN_TRY(kind.is_rest, from.boolean("rest", false));
  FENQUN_TRY(kind.share, share_of(from, "share", 0));
  FENQUN_TRY(kind.category, from.text("category"));
  FENQUN_TRY(kind.user_kind, from.text("user_kind"));
  FENQUN_TRY(kind.industry, from.text("industry"));
  FENQUN_CHECK(read_place_in_usage(from, usage, kind));
  FENQUN_TRY(kind.voltage_kv, array_within<3>(from, "voltage_kv", 0.1, 1000));
  FENQUN_TRY(const int influence, count_within(from, "influence", 1, 3));
  kind.influence = static_cast<std::uint8_t>(influence);
  FENQUN_TRY(kind.location, array_within<3>(from, "location", 0, 1));
  FENQUN_CHECK(check_sums_to_one(from, "location", kind.location));
  FENQUN_TRY(kind.revenue, array_within<3>(from, "revenue", 0, 1));
  FENQUN_CHECK(check_sums_to_one(from, "revenue", kind.revenue));
  FENQUN_TRY(kind.load_factor, number_within(from, "load_factor", 0.01, 1));
  if (from.has("importance")) {
    FENQUN_TRY(kind.importance, weights_of(from, "importance"));
  }
  FENQUN_TRY(kind.is_key_attention, from.boolean("is_key_attention", false));
  FENQUN_TRY(kind.is_county_organisation, from.boolean("county_organisation", false));
  FENQUN_TRY(kind.constant_share, share_of(from, "constant_share", 0));
  FENQUN_TRY(kind.suffixes, from.texts("suffixes"));
  FENQUN_CHECK(read_kind_shapes(from, shapes, kind));
  return kind;
}

Result<std::array<std::int64_t, 2>> read_tier_ends(const Settings& from, const char* key) {
  FENQUN_TRY(const auto ends, range_within(from, key, 0, 1e6));
  return std::array{std::int64_t{std::llround(ends.low * 1000)}, std::int64_t{std::llround(ends.high * 1000)}};
}

Result<Tiers> read_tiers(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"summer_months", "summer_kwh", "other_kwh", "add"}));
  Tiers out;
  FENQUN_TRY(out.is_summer, months_of(from, "summer_months"));
  FENQUN_TRY(out.summer_milli_kwh, read_tier_ends(from, "summer_kwh"));
  FENQUN_TRY(out.other_milli_kwh, read_tier_ends(from, "other_kwh"));
  FENQUN_TRY(const auto added, range_within(from, "add", 0, 10));
  out.added_micro_cny = {std::llround(added.low * 1e6), std::llround(added.high * 1e6)};
  return out;
}

Result<void> read_fallback(const Settings& from, const std::vector<std::string>& names, Tariff& out) {
  FENQUN_TRY(out.min_kva, number_within(from, "min_kva", 0, 1e6));
  FENQUN_TRY(const auto name, from.text("below_min"));
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end() || name == out.name) {
    return from.refuse(
        "base.setting_wrong",
        {{"key", "below_min"}, {"value", name}, {"expected", fmt::format("{}", fmt::join(names, ", "))}});
  }
  out.below_min = static_cast<std::size_t>(at - names.begin());
  return {};
}

Result<std::vector<Tariff>> read_tariffs(const Settings& from) {
  std::vector<Tariff> out;
  FENQUN_TRY(const auto entries, from.entries());
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.first);
  for (const auto& [name, entry] : entries) {
    FENQUN_CHECK(entry.allow_only({"peak", "flat", "valley", "capacity_cny_per_kva", "min_kva", "below_min", "tiers"}));
    Tariff tariff;
    tariff.name = name;
    for (std::size_t i = 0; i < 3; ++i) {
      constexpr std::array<const char*, 3> kBands = {"peak", "flat", "valley"};
      FENQUN_TRY(const double price, number_within(entry, kBands[i], 0, 100));
      tariff.price_micro_cny[i] = std::llround(price * 1e6);
    }
    if (entry.has("capacity_cny_per_kva")) {
      FENQUN_TRY(const double charge, number_within(entry, "capacity_cny_per_kva", 0, 1000));
      tariff.capacity_fen_per_kva = std::llround(charge * 100);
    }
    if (entry.has("min_kva")) FENQUN_CHECK(read_fallback(entry, names, tariff));
    if (const auto tiers = entry.find("tiers")) {
      FENQUN_TRY(tariff.tiers, read_tiers(*tiers));
    }
    out.push_back(std::move(tariff));
  }
  return out;
}

Result<std::vector<Season>> read_seasons(const Settings& from) {
  std::vector<Season> out;
  FENQUN_TRY(const auto entries, from.entries());
  for (const auto& [name, entry] : entries) {
    FENQUN_CHECK(entry.allow_only({"months", "festival"}));
    Season season{name, {}, 0};
    FENQUN_TRY(season.months, array_within<12>(entry, "months", 0.01, 10));
    FENQUN_TRY(season.festival, number_within(entry, "festival", -0.95, 10));
    out.push_back(std::move(season));
  }
  return out;
}

Result<std::vector<DayPattern>> read_days(const Settings& from) {
  std::vector<DayPattern> out;
  FENQUN_TRY(const auto entries, from.entries());
  for (const auto& [name, entry] : entries) {
    FENQUN_CHECK(entry.allow_only({"weekend", "holiday", "log_sd"}));
    DayPattern day{name, 1, 1, 0};
    FENQUN_TRY(day.weekend, number_within(entry, "weekend", 0.01, 10));
    FENQUN_TRY(day.holiday, number_within(entry, "holiday", 0.01, 10));
    FENQUN_TRY(day.log_sd, number_within(entry, "log_sd", 0, 0.3));
    out.push_back(std::move(day));
  }
  return out;
}

Result<void> read_homes(const Settings& from, Usage& out) {
  FENQUN_TRY(const auto festival, from.child("festival_days"));
  FENQUN_TRY(out.festival_before, count_within(festival, "before", 0, 30));
  FENQUN_TRY(out.festival_after, count_within(festival, "after", 0, 30));
  FENQUN_TRY(const auto vacant, from.child("vacant"));
  FENQUN_TRY(out.vacant_share, share_of(vacant, "share_of_homes"));
  FENQUN_TRY(out.vacant_cny, range_within(vacant, "annual_cny", 1, 1e6));
  FENQUN_TRY(const auto migrant, from.child("migrant"));
  FENQUN_TRY(out.migrant_share, share_of(migrant, "share_of_rural_homes"));
  FENQUN_TRY(out.constant_share, share_of(from, "constant_share_of_homes"));
  FENQUN_TRY(out.opened_share, share_of(from, "opened_in_window_share"));
  FENQUN_TRY(out.closed_share, share_of(from, "closed_in_window_share"));
  return {};
}

}  // namespace

Result<std::vector<Kind>> read_kinds(const Settings& from, const Usage& usage, const Shapes& shapes) {
  std::vector<Kind> kinds;
  FENQUN_TRY(const auto list, from.child("kinds"));
  FENQUN_TRY(const auto items, list.items());
  double sum = 0;
  int rests = 0;
  for (const auto& item : items) {
    FENQUN_TRY(auto kind, read_kind(item, usage, shapes));
    sum += kind.share;
    rests += kind.is_rest ? 1 : 0;
    kinds.push_back(std::move(kind));
  }
  if (rests != 1 || sum >= 1 || kinds.size() > 200) return list.refuse("datagen.kinds_without_rest", {});
  for (auto& kind : kinds) {
    if (kind.is_rest) kind.share = 1 - sum;
  }
  return kinds;
}

Result<Usage> read_usage(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"tariffs", "seasons", "weather_log_sd", "days", "festival_days", "vacant", "migrant",
                                "constant_share_of_homes", "opened_in_window_share", "closed_in_window_share"}));
  Usage out;
  FENQUN_TRY(const auto tariffs, from.child("tariffs"));
  FENQUN_TRY(out.tariffs, read_tariffs(tariffs));
  FENQUN_TRY(const auto seasons, from.child("seasons"));
  FENQUN_TRY(out.seasons, read_seasons(seasons));
  FENQUN_TRY(const auto days, from.child("days"));
  FENQUN_TRY(out.days, read_days(days));
  FENQUN_TRY(out.weather_log_sd, number_within(from, "weather_log_sd", 0, 0.5));
  FENQUN_TRY(out.migrant_season, index_of(seasons, "seasons", "migrant", out.seasons));
  FENQUN_CHECK(read_homes(from, out));
  return out;
}

}  // namespace fenqun::datagen
