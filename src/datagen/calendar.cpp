// datagen/calendar.cpp
#include "datagen/calendar.hpp"

#include <algorithm>
#include <chrono>

namespace fenqun::datagen {
bool is_weekend(std::int32_t day) noexcept {
  const auto weekday = (day % 7 + 11) % 7;  // 1970-01-01 was a Thursday; 0 = Sunday
  return weekday == 0 || weekday == 6;
}

Month month_of_day(std::int32_t day) noexcept {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month()))};
}

Result<Calendar> Calendar::create(const Parameters& parameters, Month first, Month last) {
  const auto& years = parameters.holidays;
  const bool covered = !years.empty() && first.year() >= years.front().year && last.year() <= years.back().year &&
                       years.back().year - years.front().year + 1 == static_cast<int>(years.size());
  if (!covered) {
    return fail(ErrorCode::InvalidArgument, "datagen.no_calendar",
                {{"first", first.text()},
                 {"last", last.text()},
                 {"known_first", years.empty() ? "-" : std::to_string(years.front().year)},
                 {"known_last", years.empty() ? "-" : std::to_string(years.back().year)}});
  }
  Calendar out;
  out.first_day_ = first.first_day();
  const auto end = last.plus(1).first_day();
  for (auto day = out.first_day_; day < end; ++day) {
    auto& entry = out.days_.emplace_back();
    entry.is_rest = is_weekend(day);
  }
  const auto at = [&](std::int32_t day) -> CalendarDay* {
    return day < out.first_day_ || day >= end ? nullptr : &out.days_[static_cast<std::size_t>(day - out.first_day_)];
  };
  for (const auto& year : years) {
    out.festivals_.emplace_back(year.year, year.spring_festival);
    for (const auto& [from, to] : year.rest) {
      for (auto day = from; day <= to; ++day) {
        if (auto* entry = at(day)) entry->is_rest = entry->is_public_holiday = true;
      }
    }
    for (const auto day : year.work) {
      if (auto* entry = at(day)) entry->is_rest = false;
    }
    const auto& usage = parameters.usage;
    for (auto day = year.spring_festival - usage.festival_before; day <= year.spring_festival + usage.festival_after;
         ++day) {
      if (auto* entry = at(day)) entry->is_festival = true;
    }
  }
  return out;
}

std::int32_t Calendar::spring_festival(int year) const {
  const auto at = std::find_if(festivals_.begin(), festivals_.end(), [&](const auto& f) { return f.first == year; });
  return at->second;
}

}  // namespace fenqun::datagen
