// suggest/column_profile.cpp
#include "suggest/column_profile.hpp"

#include "suggest/plain_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace fenqun::suggest {
namespace {

constexpr double kMost = 0.9;

/// A column's cells gone through once.
class Profiler {
 public:
  explicit Profiler(ColumnProfile& profile) : profile_(profile) {}

  void see(const std::string& text) {
    ++profile_.filled;
    ++counts_[text];
    const auto length = characters(text).size();
    profile_.least_length = profile_.filled == 1 ? length : std::min(profile_.least_length, length);
    profile_.greatest_length = std::max(profile_.greatest_length, length);
    if (counts_[text] == 1 && profile_.examples.size() < 3) profile_.examples.push_back(text);
    yes_no_ += is_yes_or_no(text) ? 1U : 0U;
    clocks_ += read_clock(text) ? 1U : 0U;
    if (const auto number = read_number(text)) see_number(text, *number);
    if (const auto time = read_time(text)) see_time(*time);
  }

  void finish() {
    profile_.distinct = counts_.size();
    if (profile_.filled == 0) return;
    const auto filled = static_cast<double>(profile_.filled);
    profile_.yes_no_share = static_cast<double>(yes_no_) / filled;
    profile_.clock_share = static_cast<double>(clocks_) / filled;
    profile_.number_share = static_cast<double>(numbers_.size()) / filled;
    profile_.whole_share = static_cast<double>(whole_) / filled;
    list_values();
    finish_numbers();
    finish_times(filled);
  }

 private:
  void see_number(const std::string& text, const NumberForm& number) {
    numbers_.push_back(number.value);
    whole_ += number.is_whole ? 1U : 0U;
    if (!number.unit.empty()) ++units_[number.unit];
    if (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') profile_.leading_zero = true;
  }

  void see_time(const TimeForm& time) {
    ++kinds_[static_cast<std::size_t>(time.kind)];
    bare_ += time.is_bare ? 1U : 0U;
    if (!time.format.empty()) {
      ++year_last_;
      // Where both orders are possible the first found says nothing.
      if (!time.either_order) ++formats_[time.format];
      profile_.time_format = time.format;
    }
    profile_.has_time_of_day = profile_.has_time_of_day || time.minute != 0;
    profile_.has_end_of_day = profile_.has_end_of_day || time.minute == 1440;
    other_days_ += time.day != 1 ? 1U : 0U;
    const auto day = day_number(time);
    profile_.first_day = profile_.first_day == 0 ? day : std::min(profile_.first_day, day);
    profile_.last_day = std::max(profile_.last_day, day);
  }

  void list_values() {
    if (counts_.size() > kListedValues) return;
    std::vector<std::pair<std::string, std::size_t>> sorted(counts_.begin(), counts_.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (auto& [value, count] : sorted) profile_.values.push_back(std::move(value));
  }

  void finish_numbers() {
    if (numbers_.empty()) return;
    std::sort(numbers_.begin(), numbers_.end());
    profile_.least = numbers_.front();
    profile_.middle = numbers_[numbers_.size() / 2];
    profile_.greatest = numbers_.back();
    for (const auto& [unit, count] : units_) {
      if (static_cast<double>(count) >= kMost * static_cast<double>(numbers_.size())) profile_.unit = unit;
    }
  }

  void finish_times(double filled) {
    const auto seen = kinds_[0] + kinds_[1] + kinds_[2];
    if (seen == 0) return;
    profile_.only_first_days = other_days_ == 0;
    profile_.time_share = static_cast<double>(seen) / filled;
    const auto most = kMost * static_cast<double>(seen);
    const auto times = static_cast<double>(kinds_[static_cast<std::size_t>(TimeKind::Time)]);
    const auto months = static_cast<double>(kinds_[static_cast<std::size_t>(TimeKind::Month)]);
    profile_.time_kind = times >= most ? TimeKind::Time : months >= most ? TimeKind::Month : TimeKind::Day;
    profile_.is_bare_time = static_cast<double>(bare_) >= most;
    if (year_last_ == 0) return;
    profile_.unclear_order = formats_.empty();
    const auto best = std::max_element(formats_.begin(), formats_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best != formats_.end()) profile_.time_format = best->first;
  }

  ColumnProfile& profile_;
  std::map<std::string, std::size_t> counts_;
  std::vector<double> numbers_;
  std::size_t whole_ = 0;
  std::size_t yes_no_ = 0;
  std::size_t bare_ = 0;
  std::size_t clocks_ = 0;
  std::size_t year_last_ = 0;
  std::size_t other_days_ = 0;
  std::size_t kinds_[3] = {0, 0, 0};
  std::map<std::string, std::size_t> units_;
  std::map<std::string, std::size_t> formats_;
};

}  // namespace

ColumnProfile profile_column(std::string_view header, std::size_t index, std::span<const Cell> cells) {
  ColumnProfile profile;
  profile.name = read_header(header);
  profile.index = index;
  profile.rows = cells.size();
  Profiler profiler(profile);
  for (const auto& cell : cells) {
    if (cell && !plain(*cell).empty()) profiler.see(*cell);
  }
  profiler.finish();
  return profile;
}

}  // namespace fenqun::suggest
