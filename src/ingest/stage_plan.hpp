// ingest/stage_plan.hpp - the query that reads one entity out of a source into typed rows, each with its fault.
// Level 2.
#pragma once

#include "ingest/field_sql.hpp"
#include "ingest/source.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// Columns of a staged row: the mapped fields under their contract names, in the contract's order;
/// `_fault` SMALLINT, number of the first rule broken, NULL when fine; `_value` the text that broke it;
/// `_ordinal` BIGINT, number of the record it came from among those the database could split, where has_ordinal -
/// else that is the staged row's rowid.
struct StagePlan {
  std::string select;
  std::vector<Rule> rules;
  std::vector<std::string> fields;
  std::vector<std::string> rejects;  // temporary tables of broken records that the query makes; the first tells all
  bool has_ordinal = false;

  [[nodiscard]] std::string ordinal() const { return has_ordinal ? "_ordinal" : "rowid"; }
};

/// `entries`, at least one, are all of the entity of `contract`. Times that state a zone are brought to `zone`, one
/// that the database knows. Errors: BadData "ingest.no_column" (column, and the columns the file has),
/// "ingest.column_twice" (a column that is taken), "ingest.column_type" (Parquet: of a type that the field cannot come
/// from).
Result<StagePlan> plan_stage(const std::vector<const LoadEntry*>& entries, const Mapping& mapping,
                             const warehouse::Contract& contract, const Source& source, const std::string& zone,
                             const std::string& rejects);

/// Columns of the file that no entry reads.
std::vector<std::string> unread_columns(const Mapping& mapping, const Source& source);

}  // namespace fenqun::ingest
