// suggest/header_name.cpp
#include "suggest/header_name.hpp"

#include "suggest/plain_text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace fenqun::suggest {
namespace {

constexpr std::size_t kShortestChinese = 2;
constexpr std::size_t kShortestLatin = 4;

// Small letters -> as mappings write it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 55> kUnits = {{{"wh", "Wh"},
                                                                                   {"kwh", "kWh"},
                                                                                   {"mwh", "MWh"},
                                                                                   {"gwh", "GWh"},
                                                                                   {"度", "度"},
                                                                                   {"千瓦时", "千瓦时"},
                                                                                   {"兆瓦时", "兆瓦时"},
                                                                                   {"万kwh", "万kWh"},
                                                                                   {"万度", "万度"},
                                                                                   {"万千瓦时", "万千瓦时"},
                                                                                   {"元", "元"},
                                                                                   {"cny", "元"},
                                                                                   {"rmb", "元"},
                                                                                   {"yuan", "元"},
                                                                                   {"人民币元", "元"},
                                                                                   {"角", "角"},
                                                                                   {"分", "分"},
                                                                                   {"千元", "千元"},
                                                                                   {"万元", "万元"},
                                                                                   {"亿元", "亿元"},
                                                                                   {"va", "VA"},
                                                                                   {"kva", "kVA"},
                                                                                   {"mva", "MVA"},
                                                                                   {"千伏安", "千伏安"},
                                                                                   {"v", "V"},
                                                                                   {"kv", "kV"},
                                                                                   {"伏", "伏"},
                                                                                   {"千伏", "千伏"},
                                                                                   {"w", "W"},
                                                                                   {"kw", "kW"},
                                                                                   {"mw", "MW"},
                                                                                   {"千瓦", "千瓦"},
                                                                                   {"兆瓦", "兆瓦"},
                                                                                   {"a", "A"},
                                                                                   {"安", "安"},
                                                                                   {"℃", "°C"},
                                                                                   {"°c", "°C"},
                                                                                   {"摄氏度", "°C"},
                                                                                   {"%", "%"},
                                                                                   {"元/kwh", "元/kWh"},
                                                                                   {"元/度", "元/kWh"},
                                                                                   {"元/千瓦时", "元/kWh"},
                                                                                   {"分/kwh", "分/kWh"},
                                                                                   {"元/kw", "元/kW"},
                                                                                   {"元/千瓦", "元/kW"},
                                                                                   {"mm", "mm"},
                                                                                   {"毫米", "mm"},
                                                                                   {"km", "km"},
                                                                                   {"公里", "km"},
                                                                                   {"分钟", "min"},
                                                                                   {"秒", "s"},
                                                                                   {"cny/kwh", "元/kWh"},
                                                                                   {"cny_per_kwh", "CNY/kWh"},
                                                                                   {"cny_per_kw", "CNY/kW"},
                                                                                   {"cny_per_kva", "CNY/kVA"}}};

std::u32string without_blanks(std::u32string_view text) {
  std::u32string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char32_t c) { return c != U' '; });
  return out;
}

std::string unit_in(std::u32string_view text) { return known_unit(to_utf8(text)); }

/// Takes bracketed parts out of `text`; a unit among them goes to `unit`.
std::u32string outside_brackets(const std::u32string& text, std::string& unit) {
  std::u32string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto open = text.find_first_of(U"([{", at);
    const auto close = open == std::u32string::npos ? open : text.find_first_of(U")]}", open);
    if (close == std::u32string::npos) break;
    out += text.substr(at, open - at);
    const auto found = unit_in(std::u32string_view(text).substr(open + 1, close - open - 1));
    if (!found.empty()) unit = found;
    at = close + 1;
  }
  return out + text.substr(std::min(at, text.size()));
}

/// Takes a unit off the end of `text`: behind a separator, or Latin letters behind a Chinese character.
void take_unit_at_end(std::u32string& text, std::string& unit) {
  if (!unit.empty()) return;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool separator = std::u32string_view(U"/_:- ,").find(text[at - 1]) != std::u32string_view::npos;
    const bool turn = is_chinese(text[at - 1]) && text[at] < 0x80U;
    if (!separator && !turn) continue;
    // A single letter is too little behind anything but a Chinese word.
    if (!turn && text.size() - at == 1 && text[at] < 0x80U) continue;
    const auto found = unit_in(std::u32string_view(text).substr(at));
    if (found.empty()) continue;
    unit = found;
    text.resize(separator ? at - 1 : at);
    return;
  }
}

std::vector<std::u32string> words_of(std::u32string_view text) {
  std::vector<std::u32string> words;
  std::u32string word;
  for (const auto c : text) {
    if (c >= 0x80U) return {};
    const bool is_letter = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
    if (is_letter) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

bool has_chinese(std::u32string_view text) { return std::any_of(text.begin(), text.end(), is_chinese); }

NameMatch compare_letters(std::u32string_view header, std::u32string_view known) {
  if (header.empty() || known.empty()) return {};
  if (header == known) return {Likeness::Same, 1};
  const auto& shorter = header.size() < known.size() ? header : known;
  const auto& longer = header.size() < known.size() ? known : header;
  const bool chinese = has_chinese(shorter);
  const auto least = chinese ? kShortestChinese : kShortestLatin;
  const double share = static_cast<double>(shorter.size()) / static_cast<double>(longer.size());
  if (shorter.size() >= least && longer.find(shorter) != std::u32string_view::npos) {
    const bool at_end = longer.ends_with(shorter);
    return {Likeness::Contains, (at_end && chinese ? 0.5 : at_end ? 0.4 : 0.3) + 0.45 * share};
  }
  // One Chinese character is a word: 峰电量 is not a misspelt 谷电量.
  if (longer.size() < 5 || share < 0.8) return {};
  const auto distance = edit_distance(header, known);
  const double likeness = 1 - static_cast<double>(distance) / static_cast<double>(longer.size());
  if (chinese ? distance <= 1 : likeness >= 0.8) return {Likeness::Spelling, 0.85 * likeness};
  return {};
}

NameMatch compare_words(const HeaderName& header, const HeaderName& known) {
  if (header.words.size() < 2 || known.words.size() < 2) return {};
  const std::set<std::u32string> a(header.words.begin(), header.words.end());
  const std::set<std::u32string> b(known.words.begin(), known.words.end());
  const auto common = static_cast<std::size_t>(
      std::count_if(a.begin(), a.end(), [&](const std::u32string& word) { return b.contains(word); }));
  const double share = static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
  if (share < 0.6) return {};
  return {Likeness::Words, 0.4 + 0.5 * share};
}

}  // namespace

std::string known_unit(std::string_view text) {
  const auto small = to_utf8(without_blanks(plain(text)));
  const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& unit) { return unit.first == small; });
  return found == kUnits.end() ? std::string() : std::string(found->second);
}

HeaderName read_header(std::string_view text) {
  HeaderName name;
  name.text = text;
  const auto all = plain(text);
  name.whole = letters_of(all);
  auto rest = outside_brackets(all, name.unit);
  const auto last = rest.find_last_not_of(U' ');
  rest.resize(last == std::u32string::npos ? 0 : last + 1);
  take_unit_at_end(rest, name.unit);
  name.letters = letters_of(rest);
  if (name.letters.empty()) name.letters = name.whole;
  name.words = words_of(rest);
  if (const auto stroke = rest.find(U'/'); stroke != std::u32string::npos) {
    name.turned = letters_of(rest.substr(stroke + 1)) + letters_of(rest.substr(0, stroke));
  }
  return name;
}

NameMatch compare_names(const HeaderName& header, const HeaderName& known) {
  NameMatch best;
  const auto take = [&](const NameMatch& match) {
    if (match.score > best.score) best = match;
  };
  take(compare_letters(header.letters, known.letters));
  take(compare_letters(header.whole, known.whole));
  take(compare_words(header, known));
  if (!header.turned.empty() && best.score < 1) {
    auto match = compare_letters(header.turned, known.letters);
    match.score *= 0.95;
    take(match);
  }
  return best;
}

}  // namespace fenqun::suggest
