// ingest/field_sql.hpp - the SQL that turns a column into a contract's field, and the rules its values must keep.
// Level 2.
#pragma once

#include "ingest/mapping.hpp"
#include "ingest/reading.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// A column as the staging query sees it.
struct ColumnRef {
  std::string sql;               // expression: "r3"
  std::string type = "VARCHAR";  // the database's type of it
  std::string label;             // what a message calls it: the file's header
  std::string shown;             // SQL of the text that a message shows; empty: the column's own

  /// As text.
  [[nodiscard]] std::string text() const { return type == "VARCHAR" ? sql : "CAST(" + sql + " AS VARCHAR)"; }
};

/// One reason to reject a row. Its number, the place in the plan's list plus one, is what a staged row carries.
struct Rule {
  std::string reason;    // "below_minimum"; texts ingest.reason_<reason>
  std::string column;    // label of the column
  std::string expected;  // "0", "residential, non_residential", empty where the reason says it all
  std::string broken;    // SQL: true for rows that break it; empty: all that the guard lets through
  std::string value;     // SQL: the value as text
  /// SQL that must be true before `broken` is asked. Neighbours of one guard are asked together; the last of them is
  /// broken when no other is.
  std::string guard;
};

/// Whether a column of this type of the database can hold values of `field` at all. Replaced values are texts.
bool can_hold(const ColumnRef& column, const warehouse::Field& field, const FieldSource& source);

/// Whether the field's values are read from the column's text, which needs it as one (mapped_sql).
bool is_read_as_text(const ColumnRef& column, const warehouse::Field& field, const FieldSource& source);

/// The column's text with the source's values replaced.
std::string mapped_sql(const FieldSource& source, const ColumnRef& column);

/// Typed value of `field` read from `column`, NULL where it cannot be: cost of one cast where the value is plain.
/// `column` is of mapped_sql where the field is read as text.
std::string typed_sql(const warehouse::Field& field, const FieldSource& source, const ColumnRef& column,
                      const Reading& reading);

/// `typed` moved from the end of its interval to the beginning, where the source says that it names the end.
std::string begin_of_interval_sql(const FieldSource& source, const std::string& typed);

/// Typed constant.
std::string constant_sql(const warehouse::Field& field, const std::string& text);

/// Canonical text of a typed value: ISO dates, YYYY-MM months, decimals in full scale.
std::string canonical_text_sql(const warehouse::Field& field, const std::string& typed);

/// The rules of `field`, whose typed value is `typed`, in the order in which they are to be asked.
std::vector<Rule> rules_of(const warehouse::Field& field, const FieldSource& source, const ColumnRef& column,
                           const std::string& typed, const Reading& reading);

/// SMALLINT: number, from 1, of the first rule that is broken; NULL when none is.
std::string fault_sql(const std::vector<Rule>& rules);

}  // namespace fenqun::ingest
