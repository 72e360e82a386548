// delivery/style.hpp - a value as an office writes it: dates, numbers, codes, yes and no, nothing. Level 4.
#pragma once

#include "base/random.hpp"
#include "base/settings.hpp"
#include "warehouse/contract.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::delivery {

/// A value in the canonical form of the contracts: 2026-07-01, 2026-07-01 08:30:00, 12.340, true; nothing: no value.
using Canonical = std::optional<std::string>;

/// A cell on its way into a file. Number, Date, Time and Yes carry a canonical text, for files that know such types.
struct OutCell {
  enum class Kind : std::uint8_t { Empty, Text, Number, Date, Time, Yes };
  Kind kind = Kind::Empty;
  std::string text;
  bool operator==(const OutCell&) const = default;
};

/// How many decimal places a column's unit is to the left of the contract's: 万千瓦时 for kWh is 4.
struct ColumnUnit {
  std::string unit;
  int shift = 0;
};

/// The ways of one delivery; of each list every cell takes one by lot. Names as in config/datagen/deliveries.yaml.
struct Styles {
  std::vector<std::string> dates = {"iso"};
  std::vector<std::string> numbers = {"plain"};
  std::vector<std::string> booleans = {"word"};
  std::vector<std::string> codes = {"code"};
  std::vector<std::string> texts = {"plain"};
  std::vector<std::string> nothing = {""};  // texts that mean no value
  std::map<std::string, ColumnUnit> units;  // by field
  std::string zone;                         // appended to points in time: "+08:00", " UTC" ...; empty: none
};

/// Reads the styles of a delivery. Errors: BadData (a style that does not exist).
Result<Styles> read_styles(const Settings& from);

/// The same value in every style: what it becomes reads back as exactly `value`.
OutCell styled(const warehouse::Field& field, const Canonical& value, const Styles& styles, Random& random);

// The single forms, for tests.
std::string date_in(std::string_view style, std::string_view iso);
std::string month_in(std::string_view style, std::string_view iso_first_day);
std::string time_in(std::string_view style, std::string_view iso);
std::string number_in(std::string_view style, std::string_view plain, std::string_view unit);
/// "123.4" by 3 -> "0.1234"; exact.
std::string shift_point(std::string_view plain, int places);
/// Digits, letters and punctuation of ASCII in full width.
std::string full_width(std::string_view text);

}  // namespace fenqun::delivery
