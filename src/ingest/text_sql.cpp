// ingest/text_sql.cpp
#include "ingest/text_sql.hpp"

#include "ingest/letter_forms.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fenqun::ingest {
namespace {

using warehouse::Field;
using warehouse::sql_text;

// What stands around a value without being of it, a stray byte order mark too.
constexpr std::string_view kBlank =
    R"([\s\v\x{85}\x{a0}\x{1680}\x{2000}-\x{200b}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}])";
constexpr std::string_view kControl = R"([\x00-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{feff}])";
// 1.0E+9, 1E+09; with a point before the letter also 1.000000001E9. 1E9 alone may be a true number of something.
constexpr std::string_view kScientific = R"(^[+-]?(?:\d+\.\d*[eE][+-]?\d+|\d+[eE]\+\d+)$)";
// What Excel, WPS and LibreOffice show in the place of a value; number signs alone: a column too narrow for its
// numbers.
constexpr std::string_view kSpreadsheetError =
    R"(^(?:#(?i:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!)"
    R"(|UNKNOWN!|BUSY!|EXTERNAL!|PYTHON!|CIRC!|TIMEOUT!)|#{3,}|Err:\d{3})$)";
constexpr std::string_view kWideCharacters =
    R"([\x{ff01}-\x{ff5e}\x{ffe5}\x{3000}\x{a0}\x{2007}\x{2009}\x{202f}\x{2212}\x{2013}])";

std::string utf8_of(std::uint32_t code) {
  if (code < 0x80) return {static_cast<char>(code)};
  return {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
          static_cast<char>(0x80U | (code & 0x3FU))};
}

std::string half_width_sql(const std::string& text) {
  std::string from = "￥−–　\u00a0\u2007\u2009\u202f";
  std::string to = "¥--     ";
  for (std::uint32_t code = 0xFF01; code <= 0xFF5E; ++code) {
    from += utf8_of(code);
    to += static_cast<char>(code - 0xFF01 + '!');
  }
  return fmt::format(
      "CASE WHEN strlen({0}) <> length({0}) AND regexp_matches({0}, '{1}') THEN translate({0}, {2}, {3}) "
      "ELSE {0} END",
      text, kWideCharacters, sql_text(from), sql_text(to));
}

// A clean text, or NULL for one of Reading::empty, which are short. No IN: of a long one the database makes a join,
// which brings the rows out of their order.
std::string unless_placeholder_sql(const std::string& text, const Reading& reading) {
  std::size_t longest = 0;
  std::string list;
  for (const auto& each : reading.empty) {
    longest = std::max(longest, each.size());
    list += (list.empty() ? "" : ", ") + sql_text(lower_ascii(each));
  }
  if (list.empty()) return text;
  return fmt::format("CASE WHEN strlen({0}) > {1} THEN {0} WHEN NOT list_contains([{2}], lower({0})) THEN {0} END",
                     text, longest, list);
}

// Conditions on what the file may hold somewhere: true of nearly every value.
std::string no_odd_ends_sql(const std::string& text, const reader::TextTraits& traits) {
  // All that sorts before '(' may be a blank or an apostrophe.
  auto sql = fmt::format("{} >= '('", text);
  if (traits.blank) sql += fmt::format(" AND NOT suffix({}, ' ')", text);
  if (traits.colon) sql += fmt::format(" AND NOT prefix({}, 'Err:')", text);
  return sql;
}

// What a text must be for plain_text_sql to take it as it is.
std::string is_clean_text_sql(const std::string& text, const Reading& reading) {
  auto sql = no_odd_ends_sql(text, reading.traits);
  if (reading.traits.control) {
    for (const auto* end : {"\t", "\r", "\n"}) sql += fmt::format(" AND NOT suffix({}, '{}')", text, end);
  }
  std::string wide_ends;
  for (const auto* blank : {"\u3000", "\u00a0", "\u200b", "\ufeff"}) {
    wide_ends +=
        fmt::format("{0}prefix({1}, '{2}') OR suffix({1}, '{2}')", wide_ends.empty() ? "" : " OR ", text, blank);
  }
  return sql + fmt::format(" AND (strlen({0}) = length({0}) OR NOT ({1}))", text, wide_ends);
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The words of one script, each with blanks allowed between its characters: 合 计.
std::string any_closing_word(const std::vector<std::string>& words, bool ascii) {
  std::string any;
  for (const auto& word : words) {
    if (is_ascii(word) != ascii) continue;
    any += any.empty() ? "" : "|";
    for (std::size_t at = 0; at < word.size();) {
      auto end = at + 1;
      while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) ++end;
      any += (at > 0 ? R"(\s*)" : "") + regex_quoted(word.substr(at, end - at));
      at = end;
    }
  }
  return any;
}

// A line of totals where an id should stand: 小计, 0001 小计, 合计：12.5元, Total, 0001 Total. Empty: there are no
// words.
std::string closing_pattern(const Reading& reading) {
  std::string any;
  if (const auto words = any_closing_word(reading.closing_words, false); !words.empty()) any = ".*(?:" + words + ")";
  if (const auto words = any_closing_word(reading.closing_words, true); !words.empty())
    any += (any.empty() ? "" : "|") + std::string(R"((?:.*\s)?(?:)") + words + ")";
  if (any.empty()) return {};
  return "(?is)^(?:" + any + R"()\s*(?::\s*)?(?:[¥￥]?[+-]?\d[\d.,]*\s*(?:元|度|kwh)?)?$)";
}

// Nearly every clean id passes by its first character, its blanks or its length.
std::string is_no_closing_word_sql(const std::string& text, const Reading& reading) {
  std::size_t longest = 0;
  for (const auto& word : reading.closing_words) {
    if (is_ascii(word)) longest = std::max(longest, word.size() + 1);
  }
  if (longest == 0) return "true";
  return fmt::format("({0}({1} < ':' OR strlen({1}) > {2}) OR NOT regexp_matches({1}, {3}))",
                     reading.traits.blank ? fmt::format("NOT contains({}, ' ') AND ", text) : "", text, longest,
                     sql_text(closing_pattern(reading)));
}

std::string is_clean_id_sql(const std::string& text, const Reading& reading) {
  auto sql = no_odd_ends_sql(text, reading.traits) +
             fmt::format(" AND strlen({0}) = length({0}) AND NOT suffix({0}, '.0')", text);
  if (reading.traits.number_letters) sql += fmt::format(" AND NOT contains({0}, '.') AND NOT contains({0}, '+')", text);
  if (reading.traits.control) sql += fmt::format(" AND NOT regexp_matches({}, '{}')", text, kControl);
  return sql + " AND " + is_no_closing_word_sql(text, reading);
}

}  // namespace

std::vector<std::string> default_empty_texts() {
  return {"-", "--", "—", "——", "/", "N/A", "NA", "NULL", "无", "空", "\\N"};
}

std::string regex_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                       (c >= 'A' && c <= 'Z');
    out += plain ? std::string(1, c) : std::string("\\") + c;
  }
  return out;
}

std::string bare_sql(const std::string& text) {
  // Trimming costs thirty times what the look at both ends does, which nearly always finds nothing to trim.
  std::string blank_at_an_end = text + " < '!'";
  for (const auto* wide : {"\u3000", "\u00a0"}) blank_at_an_end += fmt::format(" OR prefix({}, '{}')", text, wide);
  for (const auto* any : {" ", "\t", "\r", "\n", "\u3000", "\u00a0"}) {
    blank_at_an_end += fmt::format(" OR suffix({}, '{}')", text, any);
  }
  return fmt::format("nullif(CASE WHEN {0} THEN trim({1}, ' \t\r\n\u3000\u00a0') ELSE {1} END, '')", blank_at_an_end,
                     text);
}

std::string tidy_sql(const std::string& text, const Reading& reading, Width width, Placeholders placeholders) {
  std::string kept = "(.*?)";
  if (placeholders == Placeholders::Empty && !reading.empty.empty()) {
    std::string any;
    for (const auto& each : reading.empty) any += (any.empty() ? "" : "|") + regex_quoted(each);
    kept = "(?:(?i:" + any + ")|(.*?))";
  }
  const auto pattern = fmt::format("^{0}*(?:'{0}*)?{1}{0}*$", kBlank, kept);
  return fmt::format("nullif(regexp_replace({}, {}, '\\1', 's'), '')",
                     width == Width::Half ? half_width_sql(text) : text, sql_text(pattern));
}

std::string with_sql(std::string_view name, const std::string& value, const std::string& body) {
  return fmt::format("list_transform([{}], lambda {}: {})[1]", value, name, body);
}

std::string is_spreadsheet_error_sql(const std::string& tidy) {
  return fmt::format("regexp_matches({}, {})", tidy, sql_text(kSpreadsheetError));
}

std::string id_sql(const std::string& text, const Reading& reading) {
  const auto closing = closing_pattern(reading);
  const auto is_closing = closing.empty() ? "" : " OR regexp_matches(t, " + sql_text(closing) + ")";
  const auto thorough = with_sql("t", tidy_sql(text, reading, Width::Half, Placeholders::Empty),
                                 fmt::format("CASE WHEN regexp_matches(t, '{}|{}') OR {}{} THEN NULL "
                                             "WHEN regexp_matches(t, '^\\d+\\.0$') THEN t[:-3] ELSE t END",
                                             kControl, kScientific, is_spreadsheet_error_sql("t"), is_closing));
  // A number that went through a column of fractions on its way: 1000000001.0.
  return fmt::format(
      "CASE WHEN {0} THEN {1} WHEN regexp_full_match({2}, '[0-9]+[.]0') THEN {2}[:-3] WHEN {2} IS NOT NULL "
      "THEN {3} END",
      is_clean_id_sql(text, reading), unless_placeholder_sql(text, reading), text, thorough);
}

std::vector<Misreading> id_misreadings(const std::string& text, const Reading& reading) {
  const auto tidy = tidy_sql(text, reading, Width::Half, Placeholders::Empty);
  std::vector<Misreading> out;
  if (const auto closing = closing_pattern(reading); !closing.empty())
    out.push_back({"closing_line_as_id", "", fmt::format("regexp_matches({}, {})", tidy, sql_text(closing))});
  out.push_back({"id_is_a_number_in_scientific_form", "", fmt::format("regexp_matches({}, '{}')", tidy, kScientific)});
  out.push_back({"control_character_in_id", "", ""});
  return out;
}

std::string plain_text_sql(const std::string& text, const Reading& reading) {
  return fmt::format("CASE WHEN {} THEN {} WHEN {} IS NOT NULL THEN {} END", is_clean_text_sql(text, reading),
                     unless_placeholder_sql(text, reading), text,
                     with_sql("t", tidy_sql(text, reading, Width::Kept, Placeholders::Empty),
                              "CASE WHEN NOT " + is_spreadsheet_error_sql("t") + " THEN t END"));
}

std::string code_sql(const Field& field, const std::string& text, const Reading& reading) {
  std::string exact;
  std::string folded;
  std::set<std::string> seen_exact;
  std::set<std::string> seen_folded;
  const auto add = [&](const std::string& written, const std::string& code) {
    if (written.empty()) return;
    if (seen_exact.insert(written).second) exact += " WHEN " + sql_text(written) + " THEN " + sql_text(code);
    const auto low = lower_ascii(half_width(written));
    if (seen_folded.insert(low).second) folded += " WHEN " + sql_text(low) + " THEN " + sql_text(code);
  };
  // The codes first: most files have been through a system that knows them, and a code is its own name before all.
  for (const auto& code : field.values) add(code, code);
  for (const auto& value : field.codes) {
    add(value.title.zh, value.code);
    add(value.title.en, value.code);
    for (const auto& synonym : value.synonyms) add(synonym, value.code);
  }
  if (exact.empty()) return "CAST(NULL AS VARCHAR)";
  const auto thorough = with_sql("t", "lower(" + tidy_sql(text, reading, Width::Half, Placeholders::Kept) + ")",
                                 "CASE t" + folded + " END");
  return fmt::format("coalesce(CASE {0}{1} END, CASE WHEN {0} IS NOT NULL THEN {2} END)", text, exact, thorough);
}

std::string boolean_sql(const std::string& text) {
  const auto words = [](const std::string& word) {
    return fmt::format(
        "CASE WHEN list_contains(['1', 'true', 'True', 'TRUE', 't', 'yes', 'Y', 'y', '是', '有'], {0}) THEN true "
        "WHEN list_contains(['0', 'false', 'False', 'FALSE', 'f', 'no', 'N', 'n', '否', '无'], {0}) THEN false END",
        word);
  };
  const auto thorough = with_sql("t", "lower(" + tidy_sql(text, {}, Width::Half, Placeholders::Kept) + ")", words("t"));
  return fmt::format("coalesce({}, CASE WHEN {} IS NOT NULL THEN {} END)", words(text), text, thorough);
}

}  // namespace fenqun::ingest
