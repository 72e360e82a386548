// reader/xlsx_value.cpp
#include "reader/xlsx_value.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace fenqun::reader {

Shown shown_by(int format_id, std::string_view code) {
  if (code.empty()) {
    // Built-in formats of ECMA-376 18.8.30, with those of Chinese and Japanese workbooks (27..36, 50..58).
    if (format_id == 46) return Shown::Elapsed;
    if ((format_id >= 18 && format_id <= 21) || (format_id >= 32 && format_id <= 35) || format_id == 45 ||
        format_id == 47)
      return Shown::Time;
    const bool is_date = (format_id >= 14 && format_id <= 22) || (format_id >= 27 && format_id <= 36) ||
                         (format_id >= 50 && format_id <= 58);
    return is_date ? Shown::Date : Shown::Number;
  }
  bool quoted = false;
  bool has_month_or_minute = false;
  bool has_day = false;
  bool has_time = false;
  for (std::size_t at = 0; at < code.size() && code[at] != ';'; ++at) {
    const char c = code[at];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '[') {
      // [h] counts hours; [Red], [$-804] and [>100] show nothing.
      const auto close = code.find(']', at);
      const auto inner = code.substr(at + 1, close == std::string_view::npos ? close : close - at - 1);
      if (!inner.empty() && inner.find_first_not_of("hHmMsS") == std::string_view::npos) return Shown::Elapsed;
      if (close == std::string_view::npos) break;
      at = close;
    } else if (c == 'm' || c == 'M') {
      has_month_or_minute = true;
    } else if (std::string_view("yYdD").find(c) != std::string_view::npos) {
      has_day = true;
    } else if (std::string_view("hHsS").find(c) != std::string_view::npos) {
      has_time = true;
    }
  }
  if (has_day || (has_month_or_minute && !has_time)) return Shown::Date;
  return has_time ? Shown::Time : Shown::Number;
}

std::optional<std::string> date_text(double serial, DateSystem system, Shown shown) {
  constexpr double kLastDay = 2958465;
  constexpr std::int64_t kSecondsOfDay = 86400;
  if (!(serial >= 0) || serial > kLastDay + 1) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(std::llround(serial * static_cast<double>(kSecondsOfDay)));
  const auto day = seconds / kSecondsOfDay;
  const auto of_day = seconds % kSecondsOfDay;
  const auto time = fmt::format("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
  if (shown == Shown::Elapsed) return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (day == 0 && (system == DateSystem::From1900 || shown == Shown::Time)) return time;
  using std::chrono::days;
  using std::chrono::sys_days;
  auto start = sys_days(std::chrono::year(1904) / 1 / 1);
  if (system == DateSystem::From1900) {
    // From serial 61 on, one day too many was counted.
    if (day == 60) return std::nullopt;
    start = sys_days(std::chrono::year(1899) / 12 / (day < 60 ? 31 : 30));
  }
  const std::chrono::year_month_day date(start + days(day));
  const auto text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                static_cast<unsigned>(date.day()));
  return of_day == 0 ? text : text + " " + time;
}

std::string number_text(std::string_view written) {
  if (written.find_first_of("eE") == std::string_view::npos) return std::string(written);
  const auto value = parse_number(written);
  if (!value) return std::string(written);
  constexpr double kExact = 9007199254740992.0;
  if (std::floor(*value) == *value && std::fabs(*value) < kExact) {
    return std::to_string(static_cast<std::int64_t>(*value));
  }
  return shortest(*value);
}

std::optional<std::int64_t> column_of(std::string_view reference) {
  std::int64_t column = 0;
  std::size_t at = 0;
  for (; at < reference.size() && reference[at] >= 'A' && reference[at] <= 'Z'; ++at) {
    column = column * 26 + (reference[at] - 'A' + 1);
    if (column > 1'000'000) return std::nullopt;
  }
  if (at == 0 || at == reference.size()) return std::nullopt;
  if (!parse_integer(reference.substr(at))) return std::nullopt;
  return column - 1;
}

}  // namespace fenqun::reader
