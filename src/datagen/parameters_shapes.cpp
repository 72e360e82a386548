// datagen/parameters_shapes.cpp - config/datagen/shapes.yaml.
#include "datagen/parameter_reading.hpp"

#include <algorithm>

namespace fenqun::datagen {
namespace {

Result<void> set_band(const Settings& from, const char* key, Band band, Shapes& out) {
  FENQUN_TRY(const auto hours, numbers_within(from, key, 0, 23));
  for (const double hour : hours) out.bands[static_cast<std::size_t>(hour)] = band;
  return {};
}

Result<Hours> factors_of(const Settings& from, const char* key, const Hours& fallback) {
  if (!from.has(key)) return fallback;
  return array_within<24>(from, key, 0.001, 1000);
}

Result<Shape> read_shape(const std::string& name, const Settings& from) {
  FENQUN_CHECK(from.allow_only({"work", "rest", "summer", "winter"}));
  Shape shape;
  shape.name = name;
  Hours ones{};
  ones.fill(1);
  FENQUN_TRY(shape.work, array_within<24>(from, "work", 0.001, 1000));
  FENQUN_TRY(shape.rest, factors_of(from, "rest", shape.work));
  FENQUN_TRY(shape.summer, factors_of(from, "summer", ones));
  FENQUN_TRY(shape.winter, factors_of(from, "winter", ones));
  return shape;
}

}  // namespace

Result<Shapes> read_shapes(const Settings& from) {
  FENQUN_CHECK(
      from.allow_only({"peak_hours", "valley_hours", "hour_jitter", "summer_months", "winter_months", "shapes"}));
  Shapes out;
  out.bands.fill(Band::Flat);
  FENQUN_CHECK(set_band(from, "peak_hours", Band::Peak, out));
  FENQUN_CHECK(set_band(from, "valley_hours", Band::Valley, out));
  for (const auto band : {Band::Peak, Band::Flat, Band::Valley}) {
    if (std::count(out.bands.begin(), out.bands.end(), band) == 0) {
      return from.refuse("base.setting_missing", {{"key", "peak_hours, valley_hours"}});
    }
  }
  FENQUN_TRY(out.hour_jitter, number_within(from, "hour_jitter", 0, 0.5));
  FENQUN_TRY(out.is_summer, months_of(from, "summer_months"));
  FENQUN_TRY(out.is_winter, months_of(from, "winter_months"));
  FENQUN_TRY(const auto map, from.child("shapes"));
  FENQUN_TRY(const auto entries, map.entries());
  for (const auto& [name, entry] : entries) {
    FENQUN_TRY(auto shape, read_shape(name, entry));
    out.shapes.push_back(std::move(shape));
  }
  if (out.shapes.empty() || out.shapes.size() > 200) return from.refuse("base.setting_missing", {{"key", "shapes"}});
  return out;
}

}  // namespace fenqun::datagen
