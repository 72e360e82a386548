// ingest/text_sql.hpp - SQL that tidies a value's text, and reads ids, texts, codes and yes or no from it. Level 2.
#pragma once

#include "ingest/reading.hpp"
#include "warehouse/contract.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ingest {

/// Blanks of all kinds around a text taken off, the ideographic and the non-breaking one too; NULL when nothing is
/// left. Cost: a look at both ends, where they have no blank.
std::string bare_sql(const std::string& text);

enum class Width : std::uint8_t { Kept, Half };          // Half: full-width digits, letters and punctuation to ASCII
enum class Placeholders : std::uint8_t { Kept, Empty };  // Empty: the texts of Reading::empty count as no value

/// The thorough form of bare_sql: takes off an apostrophe by which Excel marks a text, too. Cost: a microsecond.
std::string tidy_sql(const std::string& text, const Reading& reading, Width width, Placeholders placeholders);

/// A text as a regular expression that matches it alone.
std::string regex_quoted(std::string_view text);

/// SQL whose `body` sees `value`, computed once, under the name `name`. Evaluated only for the rows that come to it.
std::string with_sql(std::string_view name, const std::string& value, const std::string& body);

/// What is wrong with a value that was not understood, asked in this order: a reason (texts ingest.reason_<reason>),
/// what was expected, and SQL that is true when it applies; empty: always.
struct Misreading {
  std::string reason;
  std::string expected;
  std::string applies;
};

/// Each gives the typed value of an SQL text, NULL where it has none or is not understood. The quick look that clean
/// texts pass comes first; what it refuses is read thoroughly.
std::string id_sql(const std::string& text, const Reading& reading);
std::string plain_text_sql(const std::string& text, const Reading& reading);
/// By code, by name in both languages, or by synonym; letters A to Z in either case.
std::string code_sql(const warehouse::Field& field, const std::string& text, const Reading& reading);
std::string boolean_sql(const std::string& text);

/// Whether a tidy text is what a spreadsheet shows in the place of a value: #N/A, #REF!, ####.
std::string is_spreadsheet_error_sql(const std::string& tidy);

std::vector<Misreading> id_misreadings(const std::string& text, const Reading& reading);

}  // namespace fenqun::ingest
