// suggest/value_form.cpp
#include "suggest/value_form.hpp"

#include "base/number.hpp"
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::suggest {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
constexpr std::size_t kLongestUnit = 6;  // characters

bool is_digit(char32_t c) noexcept { return c >= U'0' && c <= U'9'; }

int days_in(int year, int month) noexcept {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool is_day(int year, int month, int day) noexcept {
  return year >= kFirstYear && year <= kLastYear && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in(year, month);
}

/// Walks over digits and separators.
class Cursor {
 public:
  explicit Cursor(std::u32string_view text) : text_(text) {}

  std::optional<int> number(std::size_t least, std::size_t most) {
    std::size_t length = 0;
    while (length < most && at_ + length < text_.size() && is_digit(text_[at_ + length])) ++length;
    if (length < least) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < length; ++i) value = value * 10 + static_cast<int>(text_[at_ + i] - U'0');
    at_ += length;
    return value;
  }
  bool take(std::u32string_view one_of) {
    if (at_ >= text_.size() || one_of.find(text_[at_]) == std::u32string_view::npos) return false;
    ++at_;
    return true;
  }
  bool take_word(std::u32string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  [[nodiscard]] char32_t peek() const { return at_ < text_.size() ? text_[at_] : U'\0'; }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] std::u32string_view rest() const { return text_.substr(at_); }

 private:
  std::u32string_view text_;
  std::size_t at_ = 0;
};

/// Behind a date: nothing, a day of the week, or a time of day.
bool read_tail(Cursor& cursor, TimeForm& form, std::string& tail_format) {
  while (cursor.take(U" ")) {
  }
  if (cursor.take_word(U"星期") || cursor.take_word(U"周")) {
    if (!cursor.take(U"一二三四五六日天末")) return false;
    while (cursor.take(U" ")) {
    }
  }
  static_cast<void>(cursor.take(U"t"));
  if (cursor.at_end()) return true;
  const auto hour = cursor.number(1, 2);
  if (!hour || *hour > 24 || !cursor.take(U":时点")) return false;
  const auto minute = cursor.number(1, 2).value_or(0);
  tail_format = " %H:%M";
  if (cursor.take(U":分")) {
    if (cursor.number(1, 2)) tail_format = " %H:%M:%S";
    if (cursor.take(U".")) static_cast<void>(cursor.number(1, 9));
  }
  form.kind = TimeKind::Time;
  form.minute = *hour * 60 + minute;
  // A zone may follow: +08:00, z.
  const auto rest = cursor.rest();
  return minute < 60 && (rest.empty() || rest.front() == U'+' || rest.front() == U'z' || rest.front() == U'秒');
}

std::optional<TimeForm> read_bare(std::u32string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  Cursor cursor(text);
  TimeForm form;
  form.is_bare = true;
  form.year = *cursor.number(4, 4);
  form.month = *cursor.number(2, 2);
  if (text.size() == 6) {
    form.kind = TimeKind::Month;
  } else {
    form.day = *cursor.number(2, 2);
    if (text.size() == 14) {
      form.kind = TimeKind::Time;
      form.minute = *cursor.number(2, 2) * 60 + *cursor.number(2, 2);
    }
  }
  if (!is_day(form.year, form.month, form.day)) return std::nullopt;
  return form;
}

std::optional<TimeForm> read_year_first(std::u32string_view text) {
  Cursor cursor(text);
  TimeForm form;
  const auto year = cursor.number(4, 4);
  const auto separator = cursor.peek();
  if (!year || !cursor.take(U"-/.年")) return std::nullopt;
  const auto month = cursor.number(1, 2);
  if (!month) return std::nullopt;
  form.year = *year;
  form.month = *month;
  const bool chinese = separator == U'年';
  const bool ended = chinese ? cursor.take(U"月") && cursor.at_end() : cursor.at_end();
  if (ended) {
    form.kind = TimeKind::Month;
    return is_day(*year, *month, 1) ? std::optional(form) : std::nullopt;
  }
  if (!chinese && !cursor.take(std::u32string_view(&separator, 1))) return std::nullopt;
  const auto day = cursor.number(1, 2);
  if (!day || !is_day(*year, *month, *day)) return std::nullopt;
  form.day = *day;
  if (chinese) static_cast<void>(cursor.take(U"日"));
  std::string unused;
  return read_tail(cursor, form, unused) ? std::optional(form) : std::nullopt;
}

std::optional<TimeForm> read_year_last(std::u32string_view text) {
  Cursor cursor(text);
  const auto first = cursor.number(1, 2);
  const auto separator = cursor.peek();
  if (!first || !cursor.take(U"-/.")) return std::nullopt;
  const auto second = cursor.number(1, 2);
  if (!second || !cursor.take(std::u32string_view(&separator, 1))) return std::nullopt;
  const auto year = cursor.number(4, 4);
  if (!year) return std::nullopt;
  TimeForm form;
  form.year = *year;
  const bool day_first = is_day(*year, *second, *first);
  const bool month_first = is_day(*year, *first, *second);
  if (!day_first && !month_first) return std::nullopt;
  form.either_order = day_first && month_first && *first != *second;
  form.month = day_first ? *second : *first;
  form.day = day_first ? *first : *second;
  std::string tail;
  if (!read_tail(cursor, form, tail)) return std::nullopt;
  const auto mark = to_utf8(std::u32string(1, separator));
  form.format = (day_first ? "%d" + mark + "%m" : "%m" + mark + "%d") + mark + "%Y" + tail;
  return form;
}

}  // namespace

std::optional<NumberForm> read_number(std::string_view text) {
  const auto all = plain(text);
  std::u32string_view rest = all;
  std::string digits;
  if (!rest.empty() && (rest.front() == U'-' || rest.front() == U'+')) {
    if (rest.front() == U'-') digits = "-";
    rest.remove_prefix(1);
  }
  while (!rest.empty() && std::u32string_view(U"¥￥$ ").find(rest.front()) != std::u32string_view::npos) {
    rest.remove_prefix(1);
  }
  NumberForm form;
  std::size_t at = 0;
  bool any = false;
  for (; at < rest.size(); ++at) {
    const auto c = rest[at];
    if (is_digit(c)) {
      any = true;
    } else if (c == U',' && any && at + 1 < rest.size() && is_digit(rest[at + 1])) {
      continue;
    } else if (c == U'.' && digits.find('.') == std::string::npos) {
      form.is_whole = false;
    } else if (c == U'e' && any && at + 1 < rest.size() &&
               (is_digit(rest[at + 1]) || rest[at + 1] == U'-' || rest[at + 1] == U'+')) {
      digits += 'e';
      if (!is_digit(rest[at + 1])) digits += static_cast<char>(rest[++at]);
      form.is_whole = false;
      continue;
    } else {
      break;
    }
    digits += static_cast<char>(c);
  }
  const auto value = any ? parse_number(digits) : std::nullopt;
  auto unit = rest.substr(at);
  while (!unit.empty() && unit.front() == U' ') unit.remove_prefix(1);
  const bool is_word = std::none_of(unit.begin(), unit.end(), is_digit);
  if (!value || unit.size() > kLongestUnit || !is_word) return std::nullopt;
  // A stroke, a point or a colon behind it makes it part of something else: a date, a time, a code.
  if (!unit.empty() && std::u32string_view(U"-/.:_#").find(unit.front()) != std::u32string_view::npos) {
    return std::nullopt;
  }
  form.value = *value;
  form.is_whole = form.is_whole || *value == std::floor(*value);
  form.unit = to_utf8(unit);
  return form;
}

std::optional<TimeForm> read_time(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() < 6 || text.size() > kLongest * 3) return std::nullopt;
  const auto all = plain(text);
  if (all.empty() || !is_digit(all.front())) return std::nullopt;
  if (all.size() == 6 || all.size() == 8 || all.size() == 14) {
    if (auto form = read_bare(all)) return form;
  }
  if (auto form = read_year_first(all)) return form;
  return read_year_last(all);
}

std::optional<int> read_clock(std::string_view text) {
  const auto all = plain(text);
  Cursor cursor(all);
  const auto hour = cursor.number(1, 2);
  if (!hour || *hour > 24 || !cursor.take(U":时点")) return std::nullopt;
  const auto minute = cursor.number(1, 2).value_or(0);
  if (minute > 59 || *hour * 60 + minute > 1440) return std::nullopt;
  if (cursor.take(U":分")) static_cast<void>(cursor.number(1, 2));
  static_cast<void>(cursor.take(U"秒"));
  return cursor.at_end() ? std::optional(*hour * 60 + minute) : std::nullopt;
}

bool is_yes_or_no(std::string_view text) {
  constexpr std::array<std::u32string_view, 14> kWords = {U"true", U"false", U"t", U"f",  U"1",  U"0",  U"yes",
                                                          U"no",   U"y",     U"n", U"是", U"否", U"有", U"无"};
  const auto word = plain(text);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace fenqun::suggest
