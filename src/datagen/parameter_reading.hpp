// datagen/parameter_reading.hpp - what the readers of config/datagen share; for parameters_*.cpp alone. Level 3.
#pragma once

#include "base/settings.hpp"
#include "datagen/parameters.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::datagen {

/// A number within low..high. Errors: BadData.
Result<double> number_within(const Settings& from, std::string_view key, double low, double high);
Result<double> share_of(const Settings& from, std::string_view key);
Result<double> share_of(const Settings& from, std::string_view key, double fallback);
Result<int> count_within(const Settings& from, std::string_view key, int low, int high);
/// Numbers of a list, each within low..high. Errors: BadData.
Result<std::vector<double>> numbers_within(const Settings& from, std::string_view key, double low, double high);
/// [from, to] with from <= to. Errors: BadData.
Result<Range> range_within(const Settings& from, std::string_view key, double low, double high);
/// A number for each location, for each grade, within 0..high. Errors: BadData.
Result<ByLocation> by_location(const Settings& from, std::string_view key, double high);
Result<ByGrade> by_grade(const Settings& from, std::string_view key, double high);
/// A map from name to weight >= 0, in the order of the file.
Result<std::vector<std::pair<std::string, double>>> weights_of(const Settings& from, std::string_view key);
/// Index of a name in a list of named things. Errors: BadData.
template <class Named>
Result<std::size_t> index_of(const Settings& from, std::string_view key, const std::string& name,
                             const std::vector<Named>& known);
/// Days since 1970 of 2024-02-10. Errors: BadData.
Result<std::int32_t> day_of(const Settings& from, std::string_view text);

template <std::size_t Count>
Result<std::array<double, Count>> array_within(const Settings& from, std::string_view key, double low, double high) {
  FENQUN_TRY(const auto numbers, numbers_within(from, key, low, high));
  if (numbers.size() != Count) {
    return from.refuse(
        "datagen.wrong_length",
        {{"key", std::string(key)}, {"value", std::to_string(numbers.size())}, {"expected", std::to_string(Count)}});
  }
  std::array<double, Count> out{};
  for (std::size_t i = 0; i < Count; ++i) out[i] = numbers[i];
  return out;
}

template <class Named>
Result<std::size_t> index_of(const Settings& from, std::string_view key, const std::string& name,
                             const std::vector<Named>& known) {
  std::string names;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i].name == name) return i;
    names += (i > 0 ? ", " : "") + known[i].name;
  }
  return from.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", name}, {"expected", names}});
}

Result<Profile> read_profile(const Settings& from);
Result<std::vector<Kind>> read_kinds(const Settings& from, const Usage& usage, const Shapes& shapes);
Result<Shapes> read_shapes(const Settings& from);
/// Months of the year, 1..12, as flags. Errors: BadData.
Result<std::array<bool, 12>> months_of(const Settings& from, std::string_view key);
Result<Usage> read_usage(const Settings& from);
Result<Classes> read_classes(const Settings& from);
Result<People> read_people(const Settings& from);
Result<Records> read_records(const Settings& from, const Classes& classes);
Result<Amounts> read_amounts(const Settings& from);
Result<Names> read_names(const Settings& from);
Result<std::vector<HolidayYear>> read_holidays(const Settings& from);

}  // namespace fenqun::datagen
