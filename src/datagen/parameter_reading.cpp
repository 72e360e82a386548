// datagen/parameter_reading.cpp
#include "datagen/parameter_reading.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

#include <chrono>

namespace fenqun::datagen {
namespace {

tl::unexpected<Error> outside(const Settings& from, std::string_view key, double value, double low, double high) {
  return from.refuse("base.setting_wrong", {{"key", std::string(key)},
                                            {"value", shortest(value)},
                                            {"expected", fmt::format("{}..{}", shortest(low), shortest(high))}});
}

}  // namespace

Result<double> number_within(const Settings& from, std::string_view key, double low, double high) {
  FENQUN_TRY(const double value, from.number(key));
  if (value < low || value > high) return outside(from, key, value, low, high);
  return value;
}

Result<double> share_of(const Settings& from, std::string_view key) { return number_within(from, key, 0, 1); }
Result<double> share_of(const Settings& from, std::string_view key, double fallback) {
  return from.has(key) ? share_of(from, key) : Result<double>(fallback);
}

Result<int> count_within(const Settings& from, std::string_view key, int low, int high) {
  FENQUN_TRY(const auto value, from.integer(key));
  if (value < low || value > high) return outside(from, key, static_cast<double>(value), low, high);
  return static_cast<int>(value);
}

Result<std::vector<double>> numbers_within(const Settings& from, std::string_view key, double low, double high) {
  FENQUN_TRY(const auto list, from.child(key));
  FENQUN_TRY(const auto items, list.items());
  std::vector<double> out;
  for (const auto& item : items) {
    FENQUN_TRY(const auto text, item.text());
    const auto value = parse_number(text);
    if (!value) {
      return item.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", text}, {"expected", "number"}});
    }
    if (*value < low || *value > high) return outside(item, key, *value, low, high);
    out.push_back(*value);
  }
  return out;
}

Result<Range> range_within(const Settings& from, std::string_view key, double low, double high) {
  FENQUN_TRY(const auto pair, array_within<2>(from, key, low, high));
  if (pair[0] > pair[1]) return outside(from, key, pair[0], low, pair[1]);
  return Range{pair[0], pair[1]};
}

Result<std::vector<std::pair<std::string, double>>> weights_of(const Settings& from, std::string_view key) {
  std::vector<std::pair<std::string, double>> out;
  FENQUN_TRY(const auto map, from.child(key));
  FENQUN_TRY(const auto entries, map.entries());
  for (const auto& [name, value] : entries) {
    FENQUN_TRY(const double weight, number_within(map, name, 0, 1e9));
    out.emplace_back(name, weight);
  }
  if (out.empty()) return from.refuse("base.setting_missing", {{"key", std::string(key)}});
  return out;
}

Result<std::array<bool, 12>> months_of(const Settings& from, std::string_view key) {
  FENQUN_TRY(const auto months, numbers_within(from, key, 1, 12));
  std::array<bool, 12> out{};
  for (const double month : months) out[static_cast<std::size_t>(month) - 1] = true;
  return out;
}

Result<std::int32_t> day_of(const Settings& from, std::string_view text) {
  const auto year = text.size() == 10 ? parse_integer(text.substr(0, 4)) : std::nullopt;
  const auto month = text.size() == 10 ? parse_integer(text.substr(5, 2)) : std::nullopt;
  const auto day = text.size() == 10 ? parse_integer(text.substr(8, 2)) : std::nullopt;
  if (year && month && day && text[4] == '-' && text[7] == '-') {
    const auto date = std::chrono::year(static_cast<int>(*year)) / static_cast<int>(*month) / static_cast<int>(*day);
    if (date.ok()) return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
  }
  return from.refuse("base.setting_wrong", {{"key", "date"}, {"value", std::string(text)}, {"expected", "2026-02-17"}});
}

}  // namespace fenqun::datagen
