// suggest/column_profile.hpp - what the values of one column are like, from a sample. Level 3.
#pragma once

#include "suggest/header_name.hpp"
#include "suggest/value_form.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::suggest {

/// A cell of the sample: nothing where it is blank.
using Cell = std::optional<std::string>;

/// Shares are of the filled cells, 0..1.
struct ColumnProfile {
  HeaderName name;
  std::size_t index = 0;
  std::size_t rows = 0;
  std::size_t filled = 0;
  std::size_t distinct = 0;
  std::vector<std::string> values;    // the different ones, most frequent first, where they are at most kListedValues
  std::vector<std::string> examples;  // the first three different ones

  double number_share = 0;
  double whole_share = 0;  // numbers without a fraction
  double yes_no_share = 0;
  double time_share = 0;  // of the kind below, or more exact
  double least = 0;       // of the numbers
  double middle = 0;      // their median
  double greatest = 0;
  std::string unit;  // what stands behind at least nine of ten numbers

  TimeKind time_kind = TimeKind::Day;  // the least exact that nine of ten have
  bool is_bare_time = false;           // digits alone
  std::string time_format;             // for strptime, where the year does not stand first
  bool unclear_order = false;          // nothing tells day from month
  bool has_time_of_day = false;        // some time is not midnight
  bool has_end_of_day = false;         // some time is 24:00: times name the ends of intervals
  double clock_share = 0;              // times of day alone
  bool only_first_days = false;        // every day is the first of its month
  int first_day = 0;                   // as day_number() says it; 0: there is none
  int last_day = 0;

  std::size_t least_length = 0;  // characters
  std::size_t greatest_length = 0;
  bool leading_zero = false;  // some number begins with 0: 0012

  [[nodiscard]] bool is_empty() const noexcept { return filled == 0; }
  [[nodiscard]] bool is_unique() const noexcept { return filled == rows && rows > 0 && distinct == filled; }
};

inline constexpr std::size_t kListedValues = 64;

/// Cost: the cells.
ColumnProfile profile_column(std::string_view header, std::size_t index, std::span<const Cell> cells);

}  // namespace fenqun::suggest
