// ingest/cell_series.cpp
#include "ingest/cell_series.hpp"

#include "base/near_names.hpp"
#include "base/number.hpp"
#include "ingest/letter_forms.hpp"
#include "reader/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace fenqun::ingest {
namespace {

constexpr std::int32_t kDayMinutes = 1440;

struct KindName {
  SeriesKind kind;
  std::string_view name;
  std::int32_t minutes;
};

constexpr std::array kKinds = {KindName{SeriesKind::Hours, "hours", 60},
                               KindName{SeriesKind::HalfHours, "half_hours", 30},
                               KindName{SeriesKind::QuarterHours, "quarter_hours", 15},
                               KindName{SeriesKind::Days, "days", 0}, KindName{SeriesKind::Months, "months", 0}};

enum class Form : std::uint8_t { Number, Clock, Range, YearMonth, FullDate };

// A column's name taken apart around its number.
struct Label {
  std::string before;
  std::string after;
  Form form = Form::Number;
  std::int32_t value = 0;  // number; minutes of a clock; yyyymmdd, of a month with day 0
  std::size_t digits = 0;  // of a number
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class LabelReader {
 public:
  explicit LabelReader(std::string text) : text_(std::move(text)) {}

  std::optional<Label> read() {
    Label label;
    while (at_ < text_.size() && !is_digit(text_[at_])) ++at_;
    if (at_ == text_.size()) return std::nullopt;
    label.before = reader::without_blanks(text_.substr(0, at_));
    const auto first = number();
    if (!first) return std::nullopt;
    label.digits = digits_;
    label.value = *first;
    if (!(digits_ <= 2 && read_clock(label)) && !(digits_ >= 4 && read_date(label))) label.form = Form::Number;
    label.after = reader::without_blanks(text_.substr(at_));
    if (std::any_of(label.after.begin(), label.after.end(), is_digit)) return std::nullopt;
    return label;
  }

 private:
  std::optional<std::int32_t> number() {
    const auto start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    digits_ = at_ - start;
    if (digits_ == 0 || digits_ > 8) return std::nullopt;
    const auto value = parse_integer(text_.substr(start, digits_));
    return value ? std::optional(static_cast<std::int32_t>(*value)) : std::nullopt;
  }

  bool take(std::string_view word) {
    if (!std::string_view(text_).substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool take_any(std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [this](std::string_view word) { return take(word); });
  }

  // The minutes after an hour: ":15", ":15:00".
  std::optional<std::int32_t> minutes_after(std::int32_t hour) {
    if (!take(":")) return std::nullopt;
    const auto minute = number();
    if (!minute || digits_ != 2 || *minute > 59 || hour * 60 + *minute > kDayMinutes) return std::nullopt;
    take(":00");
    return hour * 60 + *minute;
  }

  bool read_clock(Label& label) {
    const auto start = at_;
    const auto from = minutes_after(label.value);
    if (!from) {
      at_ = start;
      return false;
    }
    label.form = Form::Clock;
    label.value = *from;
    const auto after_clock = at_;
    if (take_any({"-", "~", "—", "–", "至", "到"})) {
      const auto hour = number();
      if (hour && minutes_after(*hour)) {
        label.form = Form::Range;
        return true;
      }
    }
    at_ = after_clock;
    return true;
  }

  bool read_date(Label& label) {
    const auto start = at_;
    auto year = label.value;
    std::optional<std::int32_t> month;
    std::optional<std::int32_t> day;
    if (digits_ == 4 && take_any({"-", "/", ".", "年"})) {
      month = number();
      if (month && take_any({"-", "/", ".", "月"})) {
        const auto before_day = at_;
        day = number();
        if (!day) at_ = before_day;
        take_any({"日", "号"});
      }
    } else if (digits_ == 6 || digits_ == 8) {
      if (digits_ == 8) day = year % 100;
      if (digits_ == 8) year /= 100;
      month = year % 100;
      year /= 100;
    }
    const bool fits = month && *month >= 1 && *month <= 12 && year >= 1900 && year <= 2200 && day.value_or(1) >= 1 &&
                      day.value_or(1) <= 31;
    if (!fits) {
      at_ = start;
      return false;
    }
    label.form = day ? Form::FullDate : Form::YearMonth;
    label.value = (year * 100 + *month) * 100 + day.value_or(0);
    return true;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::size_t digits_ = 0;
};

struct Group {
  Form form = Form::Number;
  std::vector<std::pair<std::size_t, Label>> columns;  // in the order of the file
};

std::vector<Group> group_labels(const std::vector<std::string>& names, const std::set<std::size_t>& apart,
                                const std::string& begins_with) {
  std::vector<Group> groups;
  std::map<std::tuple<std::string, std::string, Form>, std::size_t> known;
  const auto beginning = lower_ascii(half_width(begins_with));
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (apart.contains(at)) continue;
    const auto name = lower_ascii(half_width(reader::without_blanks(names[at])));
    if (!name.starts_with(beginning)) continue;
    const auto label = LabelReader(name.substr(beginning.size())).read();
    if (!label) continue;
    const auto [found, is_new] = known.try_emplace({label->before, label->after, label->form}, groups.size());
    if (is_new) groups.push_back({label->form, {}});
    groups[found->second].columns.emplace_back(at, *label);
  }
  return groups;
}

// Minutes from midnight that the labels name; nothing when they are no complete day.
std::optional<std::vector<std::int32_t>> day_minutes(const Group& group, std::int32_t step) {
  const bool four_digits = std::all_of(group.columns.begin(), group.columns.end(),
                                       [](const auto& column) { return column.second.digits == 4; });
  std::vector<std::int32_t> minutes;
  for (const auto& [column, label] : group.columns) {
    if (group.form != Form::Number)
      minutes.push_back(label.value);
    else
      minutes.push_back(four_digits ? label.value / 100 * 60 + label.value % 100 : label.value * step);
  }
  // 23:45, 00:00: the midnight behind the last interval.
  if (minutes.size() > 1 && minutes.back() == 0) minutes.back() = kDayMinutes;
  auto sorted = minutes;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.size() != static_cast<std::size_t>(kDayMinutes / step) || sorted.front() > step) return std::nullopt;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] - sorted[i - 1] != step) return std::nullopt;
  }
  return sorted.front() == 0 || sorted.front() == step ? std::optional(minutes) : std::nullopt;
}

bool counts_from_one(const Group& group, std::size_t least, std::size_t most) {
  if (group.columns.size() < least || group.columns.size() > most) return false;
  std::set<std::int32_t> values;
  for (const auto& [column, label] : group.columns) values.insert(label.value);
  return values.size() == group.columns.size() && *values.begin() == 1 &&
         *values.rbegin() == static_cast<std::int32_t>(values.size());
}

std::optional<CellSeries> series_of(const Group& group, SeriesKind kind, Stamp stamp,
                                    const std::vector<std::string>& names) {
  CellSeries series;
  if (const auto step = minutes_of(kind); step > 0) {
    if (group.form == Form::YearMonth || group.form == Form::FullDate) return std::nullopt;
    const auto minutes = day_minutes(group, step);
    if (!minutes) return std::nullopt;
    const bool has_midnight_at_end = std::find(minutes->begin(), minutes->end(), kDayMinutes) != minutes->end();
    const bool ends = stamp == Stamp::End || (stamp == Stamp::Unsaid && has_midnight_at_end);
    for (std::size_t i = 0; i < minutes->size(); ++i) {
      const auto column = group.columns[i].first;
      series.cells.push_back({column, names[column], (*minutes)[i] - (ends ? step : 0)});
    }
    return series;
  }
  const auto dated = kind == SeriesKind::Days ? Form::FullDate : Form::YearMonth;
  series.has_year = group.form == dated;
  const bool is_counted = group.form == Form::Number &&
                          (kind == SeriesKind::Days ? counts_from_one(group, 28, 31) : counts_from_one(group, 2, 12));
  if (!series.has_year && !is_counted) return std::nullopt;
  for (const auto& [column, label] : group.columns) {
    auto name = names[column];
    if (series.has_year) {
      name = fmt::format("{:04}-{:02}", label.value / 10000, label.value / 100 % 100);
      if (kind == SeriesKind::Days) name += fmt::format("-{:02}", label.value % 100);
    }
    series.cells.push_back({column, std::move(name), series.has_year ? 0 : label.value});
  }
  return series;
}

}  // namespace

std::int32_t minutes_of(SeriesKind kind) noexcept {
  return std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& each) { return each.kind == kind; })->minutes;
}

std::optional<SeriesKind> parse_series_kind(std::string_view text) noexcept {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& each) { return each.name == text; });
  return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

std::string_view name_of(SeriesKind kind) noexcept {
  return std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& each) { return each.kind == kind; })->name;
}

Result<CellSeries> find_series(const std::vector<std::string>& names, const std::set<std::size_t>& apart,
                               const SeriesChoice& choice, Stamp stamp, const TextArgs& where) {
  std::vector<CellSeries> found;
  for (const auto& group : group_labels(names, apart, choice.begins_with)) {
    if (auto series = series_of(group, choice.kind, stamp, names)) found.push_back(*std::move(series));
  }
  if (found.size() == 1) return std::move(found.front());
  auto args = where;
  args.push_back({"series", std::string(name_of(choice.kind))});
  if (found.empty()) {
    std::vector<std::string> rest;
    for (std::size_t at = 0; at < names.size(); ++at) {
      if (!apart.contains(at)) rest.push_back(names[at]);
    }
    args.push_back({"columns", name_list(rest)});
    return fail(ErrorCode::BadData, "ingest.no_series", std::move(args));
  }
  std::vector<std::string> firsts;
  firsts.reserve(found.size());
  for (const auto& series : found) firsts.push_back(series.cells.front().name);
  args.push_back({"columns", name_list(firsts)});
  return fail(ErrorCode::BadData, "ingest.series_twice", std::move(args));
}

}  // namespace fenqun::ingest
