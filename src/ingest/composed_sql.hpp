// ingest/composed_sql.hpp - SQL of values that two columns make, or a column and the name of the one a cell stands in:
// a time of a date and a time of day, a date of a month and a day, a month of a year and a month. Level 2.
#pragma once

#include "ingest/field_sql.hpp"

#include <string>

namespace fenqun::ingest {

/// The field as which the first of the two is read: a date, a month, a year (Integer).
warehouse::Field whole_field(const warehouse::Field& field);

/// What of `source` concerns the reading of the first.
FieldSource whole_source(const FieldSource& source);

/// Typed value of whole_field() read from `whole`, which is prepared for it.
std::string whole_sql(const warehouse::Field& field, const FieldSource& source, const ColumnRef& whole,
                      const Reading& reading);

/// Value of `field` at position _at of a cell within `whole`, the typed value of whole_sql() as a column.
std::string at_position_sql(const warehouse::Field& field, const std::string& whole);

/// Text from which the field itself is read, of the typed whole, its text and that of the other column. NULL where one
/// of them is.
std::string joined_sql(const warehouse::Field& field, const FieldSource& source, const std::string& whole,
                       const std::string& whole_text, const std::string& within_text, const Reading& reading);

}  // namespace fenqun::ingest
