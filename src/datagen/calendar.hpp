// datagen/calendar.hpp - the days of the data: months, working days, rest days, the Spring Festival. Level 3.
#pragma once

#include "datagen/parameters.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::datagen {

inline constexpr std::int64_t kHourSeconds = 3600;
inline constexpr std::int64_t kDaySeconds = 24 * kHourSeconds;

/// The months of the data, counted from 0. Bills exist for 0..months-1, daily readings for the last ones.
struct Timeline {
  Month first;
  Month end;
  int months = 0;
  int reading_months = 0;

  Timeline() = default;
  Timeline(Month end_month, int month_count, int reading_month_count)
      : first(end_month.plus(1 - month_count)),
        end(end_month),
        months(month_count),
        reading_months(reading_month_count) {}
  [[nodiscard]] Month month(int t) const { return first.plus(t); }
  [[nodiscard]] int first_reading() const { return months - reading_months; }
  [[nodiscard]] std::int32_t first_day() const { return first.first_day(); }
  [[nodiscard]] std::int32_t last_day() const { return end.plus(1).first_day() - 1; }
};

/// The month a day lies in, days since 1970.
Month month_of_day(std::int32_t day) noexcept;
/// Saturday or Sunday.
bool is_weekend(std::int32_t day) noexcept;

struct CalendarDay {
  bool is_rest = false;  // weekend not worked, or public holiday
  bool is_public_holiday = false;
  bool is_festival = false;  // usage.yaml's window around the Spring Festival
};

/// The days from the first to the last of a span of months. Immutable.
class Calendar {
 public:
  /// Errors: InvalidArgument (a year that calendar.yaml does not cover: names the years it does).
  static Result<Calendar> create(const Parameters& parameters, Month first, Month last);

  [[nodiscard]] const CalendarDay& operator[](std::int32_t day) const {
    return days_[static_cast<std::size_t>(day - first_day_)];
  }
  [[nodiscard]] std::int32_t first_day() const noexcept { return first_day_; }
  [[nodiscard]] std::int32_t last_day() const noexcept {
    return first_day_ + static_cast<std::int32_t>(days_.size()) - 1;
  }
  /// The first day of the Spring Festival of a covered year, in days since 1970.
  [[nodiscard]] std::int32_t spring_festival(int year) const;

 private:
  std::int32_t first_day_ = 0;
  std::vector<CalendarDay> days_;
  std::vector<std::pair<int, std::int32_t>> festivals_;
};

}  // namespace fenqun::datagen
