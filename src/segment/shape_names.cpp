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

std::string percent(double share) { return fmt::format("{:.0f}", 100 * share); }

}  // namespace

Result<void> name_shape(const AssetStore& assets, std::span<const float> curve, std::size_t place, GroupResult& group) {
  const auto work = busiest(curve.subspan(0, kHours));
  const auto rest = busiest(curve.subspan(kHours, kHours));
  const TextArgs args = {{"place", std::to_string(place)},
                         {"from", std::to_string(work.from)},
                         {"to", std::to_string((work.from + kWindow) % kHours)},
                         {"percent", percent(work.share)},
                         {"rest_from", std::to_string(rest.from)},
                         {"rest_to", std::to_string((rest.from + kWindow) % kHours)},
                         {"rest_percent", percent(rest.share)}};
  if (work.share < kFlatShare) {
    FENQUN_TRY(group.title, in_both_languages(assets, "segment.shape_flat", args));
  } else {
    FENQUN_TRY(group.title, in_both_languages(assets, "segment.shape_peak", args));
  }
  FENQUN_TRY(group.description, in_both_languages(assets, "segment.shape_hours", args));
  return {};
}

}  // namespace fenqun::segment
