// suggest/field_match.hpp - how well a column of a file fits a field of a contract, and why. Level 3.
#pragma once

#include "base/error.hpp"
#include "suggest/column_profile.hpp"
#include "warehouse/contract.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fenqun::suggest {

/// A reason as a text key with its values; rendered in the user's language.
using Reason = Error::Line;

/// A contract's field with its names made ready for comparing.
struct KnownField {
  const warehouse::Contract* contract = nullptr;
  const warehouse::Field* field = nullptr;
  std::vector<HeaderName> names;  // its name, its titles, its synonyms
};

std::vector<KnownField> known_fields(const warehouse::Contract& contract);

/// How a mapping has to say that the field comes from the column.
struct ColumnSource {
  std::string unit;    // of the values, where it is not the field's
  std::string format;  // of dates, where ingest would not read them by itself
  bool month_of = false;
  std::string time;   // column of the time of day, where this one is of the day alone
  std::string every;  // "hour", "quarter_hour": the time names the end of such an interval
  std::vector<std::pair<std::string, std::string>> values;  // texts that stand for a code and are none of its names
};

struct FieldMatch {
  double score = 0;  // 0..1; 0: the column cannot be it
  double name_score = 0;
  double value_score = 0;
  std::vector<Reason> reasons;
  ColumnSource source;
};

/// Names and values both count: a column whose values the field could not hold scores 0 whatever its name.
FieldMatch match_field(const ColumnProfile& column, const KnownField& known);

/// The values alone: 0..1, with the reason. For columns whose names say nothing.
double match_values(const ColumnProfile& column, const warehouse::Field& field, std::vector<Reason>& reasons,
                    ColumnSource& source);

}  // namespace fenqun::suggest
