// reader/xlsx_value.hpp - what a cell of a workbook says, as text: numbers in full, serials as ISO dates. Level 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenqun::reader {

/// Which day serial 1 of a workbook is. 1900 has the 29 February that never was: serial 60.
enum class DateSystem : std::uint8_t { From1900, From1904 };

/// What cells of a number format show a number as.
enum class Shown : std::uint8_t {
  Number,
  Date,     // a day, or a day and a time
  Time,     // a time of day alone
  Elapsed,  // a length of time that counts on beyond 24 hours: [h]:mm
};

/// `code` is the format's text, empty for a built-in.
Shown shown_by(int format_id, std::string_view code);

/// "2018-03-01", "2018-03-01 10:30:00"; "10:30:00" for a serial below one that is shown as a time, or that has no day
/// (1900); hours without end for Elapsed: "36:00:00". Nothing beyond 0..2958465 (year 9999).
std::optional<std::string> date_text(double serial, DateSystem system, Shown shown);

/// The number as written, but never with an exponent as long as it is whole and below 2^53.
std::string number_text(std::string_view written);

/// "BC7" -> 54 (0-based). Nothing when it is no cell's name.
std::optional<std::int64_t> column_of(std::string_view reference);

}  // namespace fenqun::reader
