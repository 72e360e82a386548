// base/month.hpp - a calendar month, the unit of business time (as_of). Level 0.
#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace fenqun {

/// Proleptic Gregorian month; years 1900..2200. Value type, ordered by time.
class Month {
 public:
  constexpr Month() = default;
  constexpr Month(int year, int month_of_year) : index_(year * 12 + month_of_year - 1) {}  // month 1..12

  /// "2026-07" or "2026-07-01" (any day). Errors: InvalidArgument.
  static Result<Month> parse(std::string_view text);

  [[nodiscard]] constexpr int year() const { return index_ / 12; }
  [[nodiscard]] constexpr int month_of_year() const { return index_ % 12 + 1; }
  [[nodiscard]] constexpr Month plus(int months) const {
    Month out;
    out.index_ = index_ + months;
    return out;
  }
  /// Whole months from `other` to this; negative when this is earlier.
  [[nodiscard]] constexpr int minus(Month other) const { return index_ - other.index_; }
  [[nodiscard]] int days() const;                // 28..31
  [[nodiscard]] std::int32_t first_day() const;  // days since 1970-01-01
  [[nodiscard]] std::string text() const;        // "2026-07"
  [[nodiscard]] std::string first_date() const;  // "2026-07-01"
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the rewritten comparison
  auto operator<=>(const Month&) const = default;

 private:
  int index_ = 1970 * 12;
};

}  // namespace fenqun
