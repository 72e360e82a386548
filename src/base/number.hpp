// base/number.hpp - text to number and back: the whole text or nothing, independent of the locale. Level 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenqun {

std::optional<double> parse_number(std::string_view text) noexcept;  // finite only
std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;
/// 1234567 -> "1,234,567".
std::string with_thousands(std::int64_t value);
/// Shortest text that reads back as the same double.
std::string shortest(double value);

}  // namespace fenqun
