// datagen/rhythm.cpp
#include "datagen/rhythm.hpp"

#include "datagen/streams.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

constexpr double kMeanMonthDays = 365.25 / 12;

}  // namespace

Rhythms::Rhythms(const Parameters& parameters, const Calendar& calendar, const Timeline& timeline, std::uint64_t seed)
    : first_t_(std::min(0, timeline.months - 12)),
      last_t_(timeline.months - 1),
      first_day_(timeline.month(timeline.first_reading()).first_day()),
      month_count_(static_cast<std::size_t>(last_t_ - first_t_) + 1),
      day_count_(static_cast<std::size_t>(timeline.last_day() - first_day_ + std::int64_t{1})) {
  const auto& usage = parameters.usage;
  std::vector<std::size_t> patterns;
  for (const auto& kind : parameters.kinds) {
    seasons_.push_back(kind.season);
    patterns.push_back(kind.day);
  }
  seasons_.push_back(usage.migrant_season);
  patterns.push_back(parameters.kinds[parameters.rest_kind()].day);
  for (std::size_t r = 0; r < seasons_.size(); ++r) {
    const auto& season = usage.seasons[seasons_[r]];
    const auto& pattern = usage.days[patterns[r]];
    deviations_.push_back(pattern.log_sd);
    for (int t = first_t_; t <= last_t_; ++t) {
      const auto month = timeline.month(t);
      double days = 0;
      for (auto day = month.first_day(); day < month.plus(1).first_day(); ++day) {
        days += calendar[day].is_festival ? 1 + season.festival : 1;
      }
      // The stream hangs on the calendar month, so that another window of months sees the same weather.
      auto weather = random_for(seed, Purpose::Weather, seasons_[r], static_cast<std::uint64_t>(month.minus(Month())));
      months_.push_back(days / kMeanMonthDays * season.months[static_cast<std::size_t>(month.month_of_year() - 1)] *
                        weather.lognormal(0, usage.weather_log_sd));
    }
    for (auto day = first_day_; day <= timeline.last_day(); ++day) {
      const auto& entry = calendar[day];
      const double base = entry.is_public_holiday ? pattern.holiday : entry.is_rest ? pattern.weekend : 1;
      days_.push_back(entry.is_festival ? base * (1 + season.festival) : base);
    }
  }
}

std::array<double, 12> Rhythms::last_year(std::size_t rhythm, double growth_per_month) const {
  std::array<double, 12> out{};
  for (int back = 11; back >= 0; --back) {
    out[static_cast<std::size_t>(11 - back)] = month(rhythm, last_t_ - back) * std::exp(growth_per_month * -back);
  }
  return out;
}

}  // namespace fenqun::datagen
