// delivery/style.cpp
#include "delivery/style.hpp"

#include "base/number.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace fenqun::delivery {
namespace {

using warehouse::Field;
using warehouse::FieldType;

constexpr std::array<const char*, 11> kDateStyles = {"iso",     "short",    "slash", "dots",       "compact", "chinese",
                                                     "weekday", "midnight", "excel", "end_of_day", "native"};
constexpr std::array<const char*, 9> kNumberStyles = {"plain", "thousands", "full_width", "wan",   "unit",
                                                      "yen",   "blanks",    "scientific", "native"};
constexpr std::array<const char*, 5> kBooleanStyles = {"word", "chinese", "digit", "letter", "native"};
constexpr std::array<const char*, 3> kCodeStyles = {"code", "chinese", "synonym"};
constexpr std::array<const char*, 4> kTextStyles = {"plain", "blanks", "full_width", "apostrophe"};

struct Day {
  int year, month, day;
};

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  return static_cast<int>(parse_integer(text.substr(at, length)).value_or(0));
}

Day parts_of(std::string_view iso) { return {number_at(iso, 0, 4), number_at(iso, 5, 2), number_at(iso, 8, 2)}; }

std::chrono::sys_days days_of(const Day& day) {
  return std::chrono::sys_days(std::chrono::year(day.year) / day.month / day.day);
}

std::int64_t excel_day(const Day& day) { return days_of(day).time_since_epoch().count() + 25'569; }

std::string day_before(const Day& day) {
  const std::chrono::year_month_day before{days_of(day) - std::chrono::days(1)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(before.year()), static_cast<unsigned>(before.month()),
                     static_cast<unsigned>(before.day()));
}

std::string without_zeros(std::string_view plain) {
  std::string out(plain);
  if (out.find('.') == std::string::npos) return out;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string in_thousands(std::string_view plain, std::string_view between) {
  std::string out(plain);
  const std::size_t from = out.front() == '-' ? 1 : 0;
  for (auto at = std::min(out.find('.'), out.size()); at > from + 3;) {
    at -= 3;
    out.insert(at, between);
  }
  return out;
}

/// 12345.6 -> 1.23456E+04: digits stay.
std::string scientific(std::string_view plain) {
  const bool is_negative = plain.front() == '-';
  std::string digits;
  int exponent = -1;
  bool after_point = false;
  for (const char c : plain.substr(is_negative ? 1 : 0)) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    if (!after_point) ++exponent;
    digits += c;
  }
  while (digits.size() > 1 && digits.front() == '0') {
    digits.erase(0, 1);
    --exponent;
  }
  if (digits == "0") return "0";
  return fmt::format("{}{}.{}E{}{:02}", is_negative ? "-" : "", digits.substr(0, 1),
                     digits.size() > 1 ? digits.substr(1) : "0", exponent < 0 ? '-' : '+', std::abs(exponent));
}

std::string_view chinese_unit(std::string_view unit) {
  if (unit == "CNY") return "元";
  if (unit == "kWh") return "千瓦时";
  if (unit == "kW") return "千瓦";
  if (unit == "kVA") return "千伏安";
  return unit;
}

const std::string& one_of(const std::vector<std::string>& styles, Random& random) {
  return styles[styles.size() == 1 ? 0 : random.below(styles.size())];
}

OutCell number_cell(const Field& field, const std::string& value, const Styles& styles, Random& random) {
  auto plain = without_zeros(value);
  const auto& style = one_of(styles.numbers, random);
  const auto unit = styles.units.find(field.name);
  if (unit != styles.units.end()) plain = shift_point(plain, unit->second.shift);
  if (style == "native") return {OutCell::Kind::Number, plain};
  // A whole number is a count: it has neither unit nor 万. A column that states its unit has none at its values.
  const bool is_count = field.type == FieldType::Integer || field.unit.empty() || unit != styles.units.end();
  if (is_count && (style == "wan" || style == "unit" || style == "yen")) return {OutCell::Kind::Text, plain};
  if (style == "yen" && field.unit != "CNY") return {OutCell::Kind::Text, in_thousands(plain, ",")};
  return {OutCell::Kind::Text, number_in(style, plain, chinese_unit(field.unit))};
}

OutCell time_cell(const Field& field, const std::string& value, const Styles& styles, Random& random) {
  const auto& style = one_of(styles.dates, random);
  const bool is_time = field.type == FieldType::Timestamp;
  if (style == "native") return {is_time ? OutCell::Kind::Time : OutCell::Kind::Date, value};
  if (is_time) return {OutCell::Kind::Text, time_in(style, value) + styles.zone};
  return {OutCell::Kind::Text, field.type == FieldType::Month ? month_in(style, value) : date_in(style, value)};
}

OutCell boolean_cell(const std::string& value, const Styles& styles, Random& random) {
  const auto& style = one_of(styles.booleans, random);
  const bool yes = value == "true";
  if (style == "native") return {OutCell::Kind::Yes, value};
  if (style == "chinese") return {OutCell::Kind::Text, yes ? "是" : "否"};
  if (style == "digit") return {OutCell::Kind::Text, yes ? "1" : "0"};
  if (style == "letter") return {OutCell::Kind::Text, yes ? "Y" : "N"};
  return {OutCell::Kind::Text, value};
}

OutCell code_cell(const Field& field, const std::string& value, const Styles& styles, Random& random) {
  const auto& style = one_of(styles.codes, random);
  const auto* code = field.find_code(value);
  if (code == nullptr || style == "code") return {OutCell::Kind::Text, value};
  if (style == "synonym" && !code->synonyms.empty()) {
    return {OutCell::Kind::Text, code->synonyms[random.below(code->synonyms.size())]};
  }
  return {OutCell::Kind::Text, code->title.zh};
}

OutCell text_cell(const Field& field, const std::string& value, const Styles& styles, Random& random) {
  const auto& style = one_of(styles.texts, random);
  const bool is_id = field.type == FieldType::Id;
  if (style == "blanks") return {OutCell::Kind::Text, (random.chance(0.5) ? " " : "\u3000") + value + " "};
  if (style == "full_width" && is_id) return {OutCell::Kind::Text, full_width(value)};
  if (style == "apostrophe" && is_id) return {OutCell::Kind::Text, "'" + value};
  return {OutCell::Kind::Text, value};
}

template <std::size_t Count>
Result<void> read_list(const Settings& from, const char* key, const std::array<const char*, Count>& known,
                       std::vector<std::string>& out) {
  if (!from.has(key)) return {};
  FENQUN_TRY(out, from.texts(key));
  for (const auto& style : out) {
    if (std::find(known.begin(), known.end(), style) != known.end()) continue;
    return from.refuse("base.setting_wrong",
                       {{"key", key}, {"value", style}, {"expected", fmt::format("{}", fmt::join(known, ", "))}});
  }
  if (out.empty()) return from.refuse("base.setting_missing", {{"key", key}});
  return {};
}

}  // namespace

std::string shift_point(std::string_view plain, int places) {
  const bool is_negative = plain.front() == '-';
  std::string digits(plain.substr(is_negative ? 1 : 0));
  auto point = digits.find('.');
  if (point == std::string::npos) {
    point = digits.size();
  } else {
    digits.erase(point, 1);
  }
  while (point <= static_cast<std::size_t>(places)) {
    digits.insert(0, 1, '0');
    ++point;
  }
  digits.insert(point - static_cast<std::size_t>(places), 1, '.');
  return (is_negative ? "-" : "") + without_zeros(digits);
}

std::string full_width(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c < '!' || c > '~') {
      out += c;
      continue;
    }
    // U+FF01..U+FF5E stand in the order of ASCII.
    const auto code = 0xFF01U + static_cast<unsigned>(c - '!');
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
  return out;
}

std::string date_in(std::string_view style, std::string_view iso) {
  const auto day = parts_of(iso);
  if (style == "short") return fmt::format("{}-{}-{}", day.year, day.month, day.day);
  if (style == "slash") return fmt::format("{}/{:02}/{:02}", day.year, day.month, day.day);
  if (style == "dots") return fmt::format("{}.{}.{}", day.year, day.month, day.day);
  if (style == "compact") return fmt::format("{:04}{:02}{:02}", day.year, day.month, day.day);
  if (style == "chinese") return fmt::format("{}年{}月{}日", day.year, day.month, day.day);
  if (style == "midnight") return fmt::format("{} 00:00:00", iso);
  if (style == "excel") return std::to_string(excel_day(day));
  if (style == "weekday") {
    constexpr std::array<const char*, 7> kNames = {"日", "一", "二", "三", "四", "五", "六"};
    const std::chrono::weekday weekday(days_of(day));
    return fmt::format("{} 星期{}", iso, kNames[weekday.c_encoding()]);
  }
  return std::string(iso);
}

std::string month_in(std::string_view style, std::string_view iso_first_day) {
  const auto day = parts_of(iso_first_day);
  if (style == "short" || style == "slash") return fmt::format("{}/{}", day.year, day.month);
  if (style == "dots") return fmt::format("{}.{:02}", day.year, day.month);
  if (style == "compact") return fmt::format("{:04}{:02}", day.year, day.month);
  if (style == "chinese") return fmt::format("{}年{}月", day.year, day.month);
  if (style == "midnight" || style == "weekday") return std::string(iso_first_day);
  return std::string(iso_first_day.substr(0, 7));
}

std::string time_in(std::string_view style, std::string_view iso) {
  const auto day = parts_of(iso);
  const int hour = number_at(iso, 11, 2), minute = number_at(iso, 14, 2), second = number_at(iso, 17, 2);
  const auto clock = iso.substr(11, 8);
  if (style == "end_of_day" && hour + minute + second == 0) return day_before(day) + " 24:00";
  if (style == "short")
    return fmt::format("{}-{}-{} {}:{:02}:{:02}", day.year, day.month, day.day, hour, minute, second);
  if (style == "slash") return fmt::format("{}/{:02}/{:02} {}", day.year, day.month, day.day, clock);
  if (style == "dots") return fmt::format("{}.{}.{} {}", day.year, day.month, day.day, clock);
  if (style == "compact") {
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", day.year, day.month, day.day, hour, minute, second);
  }
  if (style == "chinese") {
    return fmt::format("{}年{}月{}日 {}时{:02}分{:02}秒", day.year, day.month, day.day, hour, minute, second);
  }
  if (style == "weekday") {
    const int twelve = hour % 12 == 0 ? 12 : hour % 12;
    return fmt::format("{} {} {}:{:02}:{:02}", iso.substr(0, 10), hour < 12 ? "上午" : "下午", twelve, minute, second);
  }
  if (style == "midnight") return fmt::format("{}T{}", iso.substr(0, 10), clock);
  return std::string(iso.substr(0, 19));
}

std::string number_in(std::string_view style, std::string_view plain, std::string_view unit) {
  if (style == "thousands") return in_thousands(plain, ",");
  if (style == "blanks") return in_thousands(plain, " ");
  if (style == "full_width") return full_width(plain);
  if (style == "scientific") return scientific(plain);
  if (style == "wan") return shift_point(plain, 4) + "万";
  if (style == "yen") return "¥" + in_thousands(plain, ",");
  if (style == "unit") return fmt::format("{}{}", plain, unit);
  return std::string(plain);
}

OutCell styled(const Field& field, const Canonical& value, const Styles& styles, Random& random) {
  if (!value) {
    const auto& nothing = one_of(styles.nothing, random);
    return nothing.empty() ? OutCell{} : OutCell{OutCell::Kind::Text, nothing};
  }
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Decimal:
      return number_cell(field, *value, styles, random);
    case FieldType::Date:
    case FieldType::Month:
    case FieldType::Timestamp:
      return time_cell(field, *value, styles, random);
    case FieldType::Boolean:
      return boolean_cell(*value, styles, random);
    case FieldType::Code:
      return code_cell(field, *value, styles, random);
    case FieldType::Id:
    case FieldType::Text:
      break;
  }
  return text_cell(field, *value, styles, random);
}

Result<Styles> read_styles(const Settings& from) {
  Styles out;
  FENQUN_CHECK(read_list(from, "dates", kDateStyles, out.dates));
  FENQUN_CHECK(read_list(from, "numbers", kNumberStyles, out.numbers));
  FENQUN_CHECK(read_list(from, "booleans", kBooleanStyles, out.booleans));
  FENQUN_CHECK(read_list(from, "codes", kCodeStyles, out.codes));
  FENQUN_CHECK(read_list(from, "texts", kTextStyles, out.texts));
  if (from.has("nothing")) {
    FENQUN_TRY(out.nothing, from.texts("nothing"));
  }
  FENQUN_TRY(out.zone, from.text("zone", ""));
  const auto units = from.find("units");
  if (!units) return out;
  FENQUN_TRY(const auto entries, units->entries());
  for (const auto& [field, node] : entries) {
    FENQUN_CHECK(node.allow_only({"unit", "shift"}));
    ColumnUnit unit;
    FENQUN_TRY(unit.unit, node.text("unit"));
    FENQUN_TRY(const auto shift, node.integer("shift"));
    if (shift < 0 || shift > 6)
      return node.refuse("base.setting_wrong",
                         {{"key", "shift"}, {"value", std::to_string(shift)}, {"expected", "0..6"}});
    unit.shift = static_cast<int>(shift);
    out.units.emplace(field, std::move(unit));
  }
  return out;
}

}  // namespace fenqun::delivery
