// suggest/value_form.hpp - what a single value looks like: a number with its unit, a day, a month, a point in time.
// Only for guessing; how values are read when they are loaded is ingest's. Level 3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenqun::suggest {

struct NumberForm {
  double value = 0;
  bool is_whole = true;
  std::string unit;  // what stands behind it: "℃", "元"; as it stands
};

/// "1,234.50", "５", "-4℃", "12.5万元", "¥30". Nothing where it is no number with at most a short word behind it.
std::optional<NumberForm> read_number(std::string_view text);

enum class TimeKind : std::uint8_t { Month, Day, Time };

struct TimeForm {
  TimeKind kind = TimeKind::Day;
  int year = 0;
  int month = 0;
  int day = 1;
  int minute = 0;        // of the day
  bool is_bare = false;  // nothing but digits: 20180301, 201803; might be a number as well
  /// The day or the month stands first: what strptime needs. Empty: the year stands first, ingest reads it by itself.
  std::string format;
  bool either_order = false;  // day and month could be either way round
};

/// 2018-3-1, 2018/03/01, 2018.3.1, 20180301, 2018年3月1日, 2018-03, 201803, 2018年3月, with a day of the week behind it
/// or a time of day; 01/03/2018. Years 1900..2199.
std::optional<TimeForm> read_time(std::string_view text);

/// Minutes from midnight of a time of day alone: 8:30, 08:30:15, 24:00, 8时30分.
std::optional<int> read_clock(std::string_view text);

/// Month, day and year as one number, for comparing: 20180301.
inline int day_number(const TimeForm& form) noexcept { return (form.year * 100 + form.month) * 100 + form.day; }

/// 是, 否, true, f, 1 ...: what ingest takes for yes or no.
bool is_yes_or_no(std::string_view text);

}  // namespace fenqun::suggest
