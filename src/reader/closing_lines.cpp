// reader/closing_lines.cpp
#include "reader/closing_lines.hpp"

#include "base/number.hpp"
#include "base/settings.hpp"
#include "reader/utf8.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

constexpr std::size_t kLongestSign = 120;  // bytes; a longer cell is none

// Lower case, without any blank: 合　计 is 合计, "Grand Total" is grandtotal.
std::string folded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto blank = blank_at(text);
    if (blank == 0) {
      const char c = text.front();
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    text.remove_prefix(std::max<std::size_t>(1, blank));
  }
  return out;
}

void remove_any_of(std::string_view& text, std::initializer_list<std::string_view> ends) {
  for (const auto end : ends) {
    if (text.ends_with(end)) text.remove_suffix(end.size());
  }
}

std::string_view after_colon(std::string_view text) {
  if (text.starts_with(':')) return text.substr(1);
  if (text.starts_with("：")) return text.substr(std::string_view("：").size());
  return text;
}

// 1234.5 or ¥1,234.50元
bool is_amount(std::string_view text) {
  if (text.starts_with("¥")) text.remove_prefix(std::string_view("¥").size());
  if (text.starts_with("￥")) text.remove_prefix(std::string_view("￥").size());
  remove_any_of(text, {"元", "度", "kwh"});
  return !text.empty() && text.find_first_not_of("0123456789.,-+") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// 123 or 1,234
std::optional<std::int64_t> count_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ',') digits += c;
  }
  if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return parse_integer(digits);
}

}  // namespace

ClosingWords::ClosingWords(const std::vector<std::string>& totals, const std::vector<std::string>& before_count,
                           const std::vector<std::string>& after_count) {
  add(totals_, totals, true);
  add(before_count_, before_count, true);
  add(after_count_, after_count, false);
  begins_['('] = !after_count_.empty();  // (12 rows)
}

void ClosingWords::add(std::vector<std::string>& words, const std::vector<std::string>& from, bool begins_a_line) {
  for (const auto& word : from) {
    words.push_back(folded(word));
    if (!begins_a_line || words.back().empty()) continue;
    const char first = words.back().front();
    begins_[static_cast<unsigned char>(first)] = true;
    if (first >= 'a' && first <= 'z') begins_[static_cast<unsigned char>(first - 32)] = true;
  }
  std::erase(words, "");
  std::sort(words.begin(), words.end(),
            [](const std::string& a, const std::string& b) { return std::pair(b.size(), a) < std::pair(a.size(), b); });
}

Result<ClosingWords> ClosingWords::create(const AssetStore& assets) {
  FENQUN_TRY(const auto asset, assets.read("config/readers/closing_lines.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"totals", "before_count", "after_count"}));
  FENQUN_TRY(const auto totals, root.texts("totals"));
  FENQUN_TRY(const auto before_count, root.texts("before_count"));
  FENQUN_TRY(const auto after_count, root.texts("after_count"));
  return ClosingWords(totals, before_count, after_count);
}

std::optional<ClosingSign> ClosingWords::judge_count(std::string_view text, bool is_alone) const {
  remove_any_of(text, {".", "。", ")", "）"});
  bool has_unit = false;
  for (const auto& unit : after_count_) {
    if (!text.ends_with(unit)) continue;
    text.remove_suffix(unit.size());
    has_unit = true;
    break;
  }
  const auto stated = [](std::string_view number) -> std::optional<ClosingSign> {
    const auto count = count_of(number);
    if (!count) return std::nullopt;
    return ClosingSign{ClosingSign::Kind::Count, count};
  };
  for (const auto& word : before_count_) {
    if (!text.starts_with(word)) continue;
    const bool is_total = std::find(totals_.begin(), totals_.end(), word) != totals_.end();
    if (is_total && !has_unit) continue;
    if (const auto sign = stated(after_colon(text.substr(word.size())))) return sign;
  }
  // Without a word before it, only a unit and brackets tell a count from a value: (12 rows).
  if (is_alone && has_unit && text.starts_with('(')) return stated(text.substr(1));
  return std::nullopt;
}

std::optional<ClosingSign> ClosingWords::judge(std::string_view cell, std::string_view rest) const {
  if (cell.size() > kLongestSign) return std::nullopt;
  const auto text = folded(cell);
  if (text.empty() || !may_begin(text.front())) return std::nullopt;
  if (const auto sign = judge_count(text, rest.empty())) return sign;
  if (!rest.empty() && rest.size() <= kLongestSign) {
    if (const auto sign = judge_count(text + folded(rest), false)) return sign;
  }
  for (const auto& word : totals_) {
    if (!text.starts_with(word)) continue;
    const auto after = after_colon(std::string_view(text).substr(word.size()));
    if (after.empty() || is_amount(after)) return ClosingSign{};
  }
  return std::nullopt;
}

bool ClosingWords::ends_so(std::string_view cell) const {
  if (cell.size() > kLongestSign) return false;
  const auto text = folded(cell);
  const auto end = std::string_view(text).substr(0, text.find_last_not_of(':') + 1);
  for (auto word : totals_) {
    auto whole = end;
    remove_any_of(whole, {"："});
    if (whole.size() <= word.size() || !whole.ends_with(word)) continue;
    const char before = whole[whole.size() - word.size() - 1];
    const bool is_digit = before >= '0' && before <= '9';
    // The blank before the word is gone from the folded text: it is the one that makes the cell end with the word.
    if (is_digit && static_cast<unsigned char>(word.front()) >= 0x80) return true;
    for (std::size_t at = 0; at < cell.size(); ++at) {
      if (blank_at(cell.substr(at)) > 0 && judge(without_blanks(cell.substr(at)), "")) return true;
    }
  }
  return false;
}

}  // namespace fenqun::reader
