// segment/shape_names.cpp
#include "segment/shape_names.hpp"

#include "segment/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fenqun::segment {
namespace {

constexpr std::size_t kHours = 24;
constexpr std::size_t kWindow = 4;
constexpr double kFlatShare = 0.2;  // even hours have a sixth in any four

struct Window {
  std::size_t from = 0;
  double share = 0;
};

// Of equal windows the earliest.
Window busiest(std::span<const float> day) {
  Window out;
  for (std::size_t from = 0; from < kHours; ++from) {
    double share = 0;
    for (std::size_t i = 0; i < kWindow; ++i) share += static_cast<double>(day[(from + i) % kHours]);
    if (share > out.share) out = {from, share};
  }
  return out;
}

bool is_flat(const Window& window) { return window.share < kFlatShare; }

TextArgs title_args(const Window& window, std::size_t place) {
  return {{"place", std::to_string(place)},
          {"from", std::to_string(window.from)},
          {"to", std::to_string((window.from + kWindow) % kHours)}};
}

std::string percent(double share) { return fmt::format("{:.0f}", 100 * share); }

}  // namespace

Result<void> name_days(const AssetStore& assets, std::span<ShapeResult> shapes) {
  FENQUN_TRY(const auto chinese, Texts::create(assets, Language::Chinese));
  FENQUN_TRY(const auto english, Texts::create(assets, Language::English));
  for (std::size_t s = 0; s < shapes.size(); ++s) {
    const std::vector<float> hours(shapes[s].hours.begin(), shapes[s].hours.end());
    const auto window = busiest(hours);
    const TextArgs args = title_args(window, s + 1);
    shapes[s].title = is_flat(window)
                          ? BilingualText{chinese("segment.shape_flat", args), english("segment.shape_flat", args)}
                          : BilingualText{chinese("segment.shape_peak", args), english("segment.shape_peak", args)};
  }
  return {};
}

Result<void> name_shape(const AssetStore& assets, std::span<const float> curve, std::size_t place, GroupResult& group) {
  const auto work = busiest(curve.subspan(0, kHours));
  const auto rest = busiest(curve.subspan(kHours, kHours));
  auto args = title_args(work, place);
  args.push_back({"percent", percent(work.share)});
  args.push_back({"rest_from", std::to_string(rest.from)});
  args.push_back({"rest_to", std::to_string((rest.from + kWindow) % kHours)});
  args.push_back({"rest_percent", percent(rest.share)});
  if (is_flat(work)) {
    FENQUN_TRY(group.title, in_both_languages(assets, "segment.shape_flat", args));
  } else {
    FENQUN_TRY(group.title, in_both_languages(assets, "segment.shape_peak", args));
  }
  FENQUN_TRY(group.description, in_both_languages(assets, "segment.shape_hours", args));
  return {};
}

}  // namespace fenqun::segment
