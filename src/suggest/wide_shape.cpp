// suggest/wide_shape.cpp
#include "suggest/wide_shape.hpp"

#include "ingest/cell_series.hpp"
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace fenqun::suggest {
namespace {

constexpr double kMostNumbers = 0.9;

bool holds_numbers(const ColumnProfile& profile) { return profile.is_empty() || profile.number_share >= kMostNumbers; }

bool is_total_name(const ColumnProfile& profile) {
  constexpr std::array<std::u32string_view, 12> kNames = {U"total",  U"sum",      U"合计",   U"总计",
                                                          U"小计",   U"总和",     U"总电量", U"汇总",
                                                          U"合计值", U"总用电量", U"月合计", U"all"};
  return std::find(kNames.begin(), kNames.end(), profile.name.letters) != kNames.end();
}

std::optional<double> number_at(const Columns& columns, std::size_t column, std::size_t row) {
  const auto& cell = columns[column][row];
  if (!cell) return std::nullopt;
  const auto number = read_number(*cell);
  return number ? std::optional(number->value) : std::nullopt;
}

/// In how many of the rows the column is the sum of the cells; nothing when no row tells.
std::optional<double> share_of_sums(const Columns& columns, std::size_t total, const std::vector<std::size_t>& cells) {
  std::size_t seen = 0;
  std::size_t same = 0;
  for (std::size_t row = 0; row < columns[total].size(); ++row) {
    const auto said = number_at(columns, total, row);
    if (!said) continue;
    double sum = 0;
    for (const auto column : cells) sum += number_at(columns, column, row).value_or(0);
    ++seen;
    same += std::abs(sum - *said) <= 0.001 * std::max(std::abs(sum), 1.0) ? 1U : 0U;
  }
  if (seen == 0) return std::nullopt;
  return static_cast<double>(same) / static_cast<double>(seen);
}

/// 1 to 1454, C001, MT_017: digits stand for digits, letters for themselves. Names of one pattern are of one kind.
std::u32string pattern_of(const ColumnProfile& profile) {
  std::u32string out;
  for (const auto c : profile.name.whole) {
    const bool digit = c >= U'0' && c <= U'9';
    if (digit && !out.empty() && out.back() == U'#') continue;
    out += digit ? U'#' : c;
  }
  return out.find(U'#') == std::u32string::npos ? std::u32string() : out;
}

struct KnownSeries {
  ingest::SeriesKind series;
  WideKind kind;
  const char* reason;
};
constexpr std::array kSeries = {
    KnownSeries{ingest::SeriesKind::QuarterHours, WideKind::QuarterHours, "suggest.wide_quarter_hours"},
    KnownSeries{ingest::SeriesKind::Hours, WideKind::Hours, "suggest.wide_hours"},
    KnownSeries{ingest::SeriesKind::Days, WideKind::DaysOfMonth, "suggest.wide_days_of_month"},
    KnownSeries{ingest::SeriesKind::Months, WideKind::MonthsOfYear, "suggest.wide_months_of_year"}};

class ShapeFinder {
 public:
  ShapeFinder(std::span<const ColumnProfile> profiles, const Columns& columns)
      : profiles_(profiles), columns_(columns) {}

  std::vector<WideShape> find() {
    std::vector<WideShape> shapes;
    const auto add = [&](std::optional<WideShape> shape) {
      if (shape) shapes.push_back(finish(std::move(*shape)));
    };
    add(find_times(TimeKind::Day, WideKind::Days));
    add(find_times(TimeKind::Month, WideKind::Months));
    for (const auto& known : kSeries) add(find_series(known));
    add(find_customers());
    return shapes;
  }

 private:
  std::optional<WideShape> find_times(TimeKind kind, WideKind wide) {
    constexpr std::size_t kFewest = 2;
    WideShape shape;
    shape.kind = wide;
    for (const auto& profile : profiles_) {
      const auto time = read_time(profile.name.text);
      if (!time || time->kind != kind || !holds_numbers(profile)) continue;
      shape.cells.push_back(profile.index);
      shape.name_format = time->format;
    }
    if (shape.cells.size() < kFewest) return std::nullopt;
    const auto& first = profiles_[shape.cells.front()].name.text;
    const auto& last = profiles_[shape.cells.back()].name.text;
    shape.reasons.push_back({wide == WideKind::Days ? "suggest.wide_days" : "suggest.wide_months",
                             {{"count", std::to_string(shape.cells.size())}, {"first", first}, {"last", last}}});
    shape.confidence = 0.95;
    return shape;
  }

  // Names that ingest understands as parts of a day, a month or a year.
  std::optional<WideShape> find_series(const KnownSeries& known) {
    std::vector<std::string> names;
    std::set<std::size_t> apart;
    for (const auto& profile : profiles_) {
      names.push_back(profile.name.text);
      if (!holds_numbers(profile)) apart.insert(profile.index);
    }
    const auto found = ingest::find_series(names, apart, {known.series, ""}, ingest::Stamp::Unsaid, {});
    if (!found || found->has_year || found->cells.empty()) return std::nullopt;
    WideShape shape;
    shape.kind = known.kind;
    shape.series = name_of(known.series);
    for (const auto& cell : found->cells) shape.cells.push_back(cell.column);
    shape.reasons.push_back({known.reason,
                             {{"count", std::to_string(shape.cells.size())},
                              {"first", found->cells.front().name},
                              {"last", found->cells.back().name}}});
    shape.confidence = 0.9;
    return shape;
  }

  std::optional<WideShape> find_customers() {
    constexpr std::size_t kFewest = 5;
    std::map<std::u32string, std::vector<std::size_t>> families;
    std::size_t times = 0;
    for (const auto& profile : profiles_) {
      times += profile.time_share >= kMostNumbers && !read_time(profile.name.text) ? 1U : 0U;
      const auto pattern = pattern_of(profile);
      if (!pattern.empty() && holds_numbers(profile)) families[pattern].push_back(profile.index);
    }
    const auto largest = std::max_element(families.begin(), families.end(), [](const auto& a, const auto& b) {
      return a.second.size() < b.second.size();
    });
    if (times != 1 || largest == families.end() || largest->second.size() < kFewest) return std::nullopt;
    if (largest->second.size() * 2 < profiles_.size() || is_hours(largest->second)) return std::nullopt;
    WideShape shape;
    shape.cells = largest->second;
    shape.reasons.push_back({"suggest.wide_customers",
                             {{"count", std::to_string(shape.cells.size())},
                              {"first", profiles_[shape.cells.front()].name.text},
                              {"last", profiles_[shape.cells.back()].name.text}}});
    shape.confidence = shape.cells.size() >= 50 ? 0.9 : 0.7;
    return shape;
  }

  /// 24, 48 or 96 columns counted from 0 or 1 are parts of a day.
  [[nodiscard]] bool is_hours(const std::vector<std::size_t>& cells) const {
    return cells.size() == 24 || cells.size() == 25 || cells.size() == 48 || cells.size() == 96;
  }

  WideShape finish(WideShape shape) {
    std::vector<bool> is_cell(profiles_.size(), false);
    for (const auto cell : shape.cells) is_cell[cell] = true;
    for (const auto& profile : profiles_) {
      if (is_cell[profile.index]) continue;
      if (holds_numbers(profile) && is_total(profile, shape)) {
        shape.totals.push_back(profile.index);
      } else {
        shape.others.push_back(profile.index);
      }
    }
    std::vector<double> middles;
    for (const auto cell : shape.cells) middles.push_back(profiles_[cell].middle);
    const auto half = middles.begin() + static_cast<std::ptrdiff_t>(middles.size() / 2);
    std::nth_element(middles.begin(), half, middles.end());
    shape.middle = *half;
    return shape;
  }

  bool is_total(const ColumnProfile& profile, WideShape& shape) const {
    constexpr double kClear = 0.95;
    const auto share = share_of_sums(columns_, profile.index, shape.cells);
    const bool sums = share && *share >= kClear;
    if (!sums && !is_total_name(profile)) return false;
    shape.reasons.push_back(
        {sums ? "suggest.wide_total_sums" : "suggest.wide_total_name", {{"column", profile.name.text}}});
    return true;
  }

  std::span<const ColumnProfile> profiles_;
  const Columns& columns_;
};

}  // namespace

std::vector<WideShape> find_wide_shapes(std::span<const ColumnProfile> profiles, const Columns& columns) {
  return ShapeFinder(profiles, columns).find();
}

}  // namespace fenqun::suggest
