// base/month.cpp
#include "base/month.hpp"

#include "base/short_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace fenqun {
namespace {

std::chrono::sys_days day_one(const Month& month) {
  return std::chrono::sys_days(std::chrono::year(month.year()) /
                               std::chrono::month(static_cast<unsigned>(month.month_of_year())) / 1);
}

std::optional<int> digits_in(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int out = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace

Result<Month> Month::parse(std::string_view text) {
  const auto year = digits_in(text, 0, 4);
  const auto month = digits_in(text, 5, 2);
  const auto day = text.size() == 10 && text[7] == '-' ? digits_in(text, 8, 2) : std::optional(1);
  if ((text.size() != 7 && text.size() != 10) || text[4] != '-' || !year || !month || !day) {
    return fail(ErrorCode::InvalidArgument, "base.not_a_month", {{"value", short_text(text)}});
  }
  if (*year >= 1900 && *year <= 2200 && *month >= 1 && *month <= 12) {
    const Month out(*year, *month);
    if (*day >= 1 && *day <= out.days()) return out;
  }
  return fail(ErrorCode::InvalidArgument, "base.no_such_date", {{"value", std::string(text)}});
}

int Month::days() const { return plus(1).first_day() - first_day(); }
std::int32_t Month::first_day() const { return static_cast<std::int32_t>(day_one(*this).time_since_epoch().count()); }
std::string Month::text() const { return fmt::format("{:04}-{:02}", year(), month_of_year()); }
std::string Month::first_date() const { return text() + "-01"; }

}  // namespace fenqun
