// base/month.cpp
#include "base/month.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

#include <chrono>

namespace fenqun {
namespace {

std::chrono::sys_days day_one(const Month& month) {
  return std::chrono::sys_days(std::chrono::year(month.year()) /
                               std::chrono::month(static_cast<unsigned>(month.month_of_year())) / 1);
}

}  // namespace

Result<Month> Month::parse(std::string_view text) {
  const auto whole = text;
  if (text.size() == 10 && text[7] == '-' && parse_integer(text.substr(8))) text = text.substr(0, 7);
  if (text.size() == 7 && text[4] == '-') {
    const auto year = parse_integer(text.substr(0, 4));
    const auto month = parse_integer(text.substr(5));
    if (year && month && *year >= 1900 && *year <= 2200 && *month >= 1 && *month <= 12) {
      return Month(static_cast<int>(*year), static_cast<int>(*month));
    }
  }
  return fail(ErrorCode::InvalidArgument, "base.not_a_month", {{"value", std::string(whole)}});
}

int Month::days() const { return plus(1).first_day() - first_day(); }
std::int32_t Month::first_day() const { return static_cast<std::int32_t>(day_one(*this).time_since_epoch().count()); }
std::string Month::text() const { return fmt::format("{:04}-{:02}", year(), month_of_year()); }
std::string Month::first_date() const { return text() + "-01"; }

}  // namespace fenqun
