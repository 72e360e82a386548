// ingest/stage_plan.cpp
#include "ingest/stage_plan.hpp"

#include "ingest/composed_sql.hpp"
#include "ingest/text_sql.hpp"
#include "ingest/time_sql.hpp"
#include "ingest/wide_cells.hpp"
#include "warehouse/database.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::Field;
using warehouse::FieldType;
using warehouse::sql_name;
using warehouse::sql_text;

std::string typed_name(const std::string& field) { return sql_name("f_" + field); }

class StagePlanner {
 public:
  StagePlanner(const LoadEntry& entry, const Mapping& mapping, const Contract& contract, const Source& source,
               const std::string& zone, bool with_ordinal)
      : entry_(entry), contract_(contract), source_(source), columns_(source, mapping, entry) {
    if (mapping.empty) reading_.empty = *mapping.empty;
    reading_.zone = zone;
    reading_.traits = source.traits;
    reading_.closing_words = source.closing_words.totals();
    plan_.has_ordinal = with_ordinal || needs_ordinal();
  }

  Result<StagePlan> plan(const std::string& rejects);

 private:
  // What a value is read from, and the SQL that reads it.
  struct Value {
    ColumnRef column;
    std::string typed;
  };
  Result<std::string> typed_layer();
  Result<std::string> typed_columns();
  Result<Value> value_of(const FieldSource& source, const Field& field);
  Result<Value> composed(const FieldSource& source, const Field& field);
  ColumnRef prepared(const FieldSource& source, const Field& field, ColumnRef column);
  std::string prepare(const std::string& sql);
  std::string derived(const FieldSource& source, const Field& field) const;
  std::string derived_layer(const std::string& inner) const;
  std::string judged_layer(const std::string& inner);
  std::string source_layer(const std::string& rejects) const;
  [[nodiscard]] bool needs_ordinal() const;

  const LoadEntry& entry_;
  const Contract& contract_;
  const Source& source_;
  SourceColumns columns_;
  Reading reading_;
  std::string prepared_;  // columns m0, m1 ...: what several expressions read, made once
  std::size_t prepared_count_ = 0;
  std::string wholes_;  // columns w0 ...: what the names of cells are put together with
  std::size_t whole_count_ = 0;
  std::map<const FieldSource*, std::string> parts_;  // of joins: the typed columns p0, p1 ...
  StagePlan plan_;
};

bool is_derived(const FieldSource& source) {
  return source.kind == FieldSource::Kind::Join || source.kind == FieldSource::Kind::Occurrence;
}

bool has_occurrence(const FieldSource& source) {
  return source.kind == FieldSource::Kind::Occurrence ||
         std::any_of(source.parts.begin(), source.parts.end(), has_occurrence);
}

bool StagePlanner::needs_ordinal() const {
  return entry_.where || entry_.distinct || entry_.wide ||
         std::any_of(entry_.fields.begin(), entry_.fields.end(),
                     [](const FieldMapping& mapped) { return has_occurrence(mapped.source); });
}

// A column of its own for what the reading of a value names many times.
std::string StagePlanner::prepare(const std::string& sql) {
  auto name = "m" + std::to_string(prepared_count_++);
  prepared_ += ", " + sql + " AS " + name;
  return name;
}

ColumnRef StagePlanner::prepared(const FieldSource& source, const Field& field, ColumnRef column) {
  if (!is_read_as_text(column, field, source) || (source.values.empty() && column.type == "VARCHAR")) return column;
  return {prepare(mapped_sql(source, column)), "VARCHAR", column.label, column.text()};
}

Result<StagePlanner::Value> StagePlanner::value_of(const FieldSource& source, const Field& field) {
  ColumnRef column{typed_name(field.name), warehouse::sql_type(field), field.name, ""};
  switch (source.kind) {
    case FieldSource::Kind::CellName:
      column = prepared(source, field, {"_name", "VARCHAR", field.name, ""});
      break;
    case FieldSource::Kind::CellValue:
      column = prepared(source, field, {"_cell", "VARCHAR", field.name, ""});
      break;
    case FieldSource::Kind::Column: {
      FENQUN_TRY(const auto at, columns_.find_first(source.columns));
      FENQUN_CHECK(columns_.check_type(at, source, field));
      column = prepared(source, field, columns_.ref(at));
      break;
    }
    case FieldSource::Kind::Composed:
      return composed(source, field);
    case FieldSource::Kind::Constant:
      return Value{column, constant_sql(field, source.text)};
    default:
      return Value{column, ""};
  }
  return Value{column, typed_sql(field, source, column, reading_)};
}

Result<StagePlanner::Value> StagePlanner::composed(const FieldSource& source, const Field& field) {
  FENQUN_TRY(const auto at, columns_.find_first(source.columns));
  const auto part = whole_field(field);
  FENQUN_CHECK(columns_.check_type(at, whole_source(source), part));
  const auto column = columns_.ref(at);
  ColumnRef text{column.text(), "VARCHAR", column.label, ""};
  // A year is read as a text whatever its column is.
  const bool by_text = part.type == FieldType::Integer || is_read_as_text(column, part, whole_source(source));
  const auto whole = whole_sql(field, source, by_text ? text : column, reading_);
  if (source.within.empty()) {
    // Once for each record, not for each of its cells.
    const auto name = "w" + std::to_string(whole_count_++);
    wholes_ += ", " + whole + " AS " + name;
    text.shown = column.text() + " || ' ' || _name";
    return Value{text, at_position_sql(field, name)};
  }
  FENQUN_TRY(const auto within, columns_.find_first(source.within));
  const auto joined = prepare(joined_sql(field, source, whole, text.sql, columns_.ref(within).text(), reading_));
  const ColumnRef both{joined, "VARCHAR", column.label + " / " + source_.columns[within], ""};
  return Value{both, begin_of_interval_sql(source, time_sql(field.type, {}, joined, reading_))};
}

bool reads_file(const FieldSource& source) {
  return source.kind == FieldSource::Kind::Column || source.kind == FieldSource::Kind::CellName ||
         source.kind == FieldSource::Kind::CellValue;
}

// The typed columns of the fields, and the rules they must keep.
Result<std::string> StagePlanner::typed_columns() {
  std::string columns;
  std::vector<Rule> derived_rules;
  for (const auto& mapped : entry_.fields) {
    const auto& field = *contract_.find(mapped.field);
    plan_.fields.push_back(field.name);
    FENQUN_TRY(const auto value, value_of(mapped.source, field));
    auto rules = rules_of(field, mapped.source, value.column, typed_name(field.name), reading_);
    // What is put together from other fields is asked last: the fault is named where it began.
    auto& ordered = is_derived(mapped.source) ? derived_rules : plan_.rules;
    if (mapped.source.kind != FieldSource::Kind::Constant)
      std::move(rules.begin(), rules.end(), std::back_inserter(ordered));
    // Parts of a join may read columns of their own.
    for (const auto& part : mapped.source.parts) {
      if (!reads_file(part)) continue;
      FENQUN_TRY(const auto part_value, value_of(part, field));
      const auto name = "p" + std::to_string(parts_.size());
      columns += ", " + part_value.typed + " AS " + name;
      parts_[&part] = name;
    }
    if (!is_derived(mapped.source)) columns += ", " + value.typed + " AS " + typed_name(field.name);
  }
  std::move(derived_rules.begin(), derived_rules.end(), std::back_inserter(plan_.rules));
  return columns;
}

Result<std::string> StagePlanner::typed_layer() {
  FENQUN_TRY(const auto columns, typed_columns());
  std::string sql = "_source";
  const auto add = [&](const std::string& more) {
    if (!more.empty()) sql = "(SELECT *" + more + " FROM " + sql + ")";
  };
  add(wholes_);
  if (entry_.wide) {
    FENQUN_TRY(const auto unfolded, unfold_cells(entry_, columns_, reading_, "SELECT * FROM " + sql));
    sql = "(" + unfolded + ")";
  }
  add(prepared_);
  return "SELECT *" + columns + " FROM " + sql;
}

std::string StagePlanner::derived(const FieldSource& source, const Field& field) const {
  switch (source.kind) {
    case FieldSource::Kind::Field:
      return canonical_text_sql(*contract_.find(source.text), typed_name(source.text));
    case FieldSource::Kind::Occurrence: {
      std::string group;
      for (const auto& name : source.fields) group += (group.empty() ? "" : ", ") + typed_name(name);
      return "row_number() OVER (PARTITION BY " + group + " ORDER BY _ordinal" + (entry_.wide ? ", _name)" : ")");
    }
    case FieldSource::Kind::Join: {
      std::string parts;
      for (const auto& part : source.parts) parts += ", CAST(" + derived(part, field) + " AS VARCHAR)";
      // A join with a part missing is no key: NULL, not a shorter text.
      std::string all;
      for (const auto& part : source.parts) {
        all += (all.empty() ? "" : " OR ") + std::string("(") + derived(part, field) + ") IS NULL";
      }
      return "CASE WHEN " + all + " THEN NULL ELSE concat_ws(" + sql_text(source.text) + parts + ") END";
    }
    case FieldSource::Kind::Constant:
      return sql_text(source.text);
    default:
      return parts_.at(&source);
  }
}

std::string StagePlanner::derived_layer(const std::string& inner) const {
  std::string added;
  for (const auto& mapped : entry_.fields) {
    if (!is_derived(mapped.source)) continue;
    const auto& field = *contract_.find(mapped.field);
    added += ", CAST(" + derived(mapped.source, field) + " AS " + warehouse::sql_type(field) + ") AS " +
             typed_name(field.name);
  }
  return added.empty() ? inner : "SELECT *" + added + " FROM (" + inner + ")";
}

std::string StagePlanner::judged_layer(const std::string& inner) {
  const auto fault = fault_sql(plan_.rules);
  std::string value = "CASE _fault";
  for (std::size_t i = 0; i < plan_.rules.size(); ++i)
    value += " WHEN " + std::to_string(i + 1) + " THEN " + plan_.rules[i].value;
  // The outer CASE keeps the long inner one away from the rows that have no fault, nearly all of them.
  value =
      plan_.rules.empty() ? "CAST(NULL AS VARCHAR)" : "CASE WHEN _fault IS NULL THEN NULL ELSE " + value + " END END";
  std::string columns;
  for (const auto& name : plan_.fields) {
    const auto type = warehouse::sql_type(*contract_.find(name));
    columns += "CAST(" + typed_name(name) + " AS " + type + ") AS " + sql_name(name) + ", ";
  }
  // A fraction in a whole-number field is a fault, and its cast would round it; the row is rejected anyway.
  std::string sql = "SELECT " + columns + "_fault, " + value + " AS _value" + (plan_.has_ordinal ? ", _ordinal" : "") +
                    " FROM (SELECT *, " + fault + " AS _fault FROM (" + inner + "))";
  if (entry_.distinct) {
    return "SELECT * EXCLUDE (_ordinal), min(_ordinal) AS _ordinal FROM (" + sql + ") GROUP BY ALL ORDER BY _ordinal";
  }
  return plan_.has_ordinal && !entry_.wide ? sql + " ORDER BY _ordinal" : sql;
}

std::string StagePlanner::source_layer(const std::string& rejects) const {
  std::string columns;
  for (const auto at : columns_.taken()) {
    const auto read =
        source_.format == SourceFormat::Parquet ? sql_name(source_.columns[at]) : "c" + std::to_string(at);
    columns += (columns.empty() ? "" : ", ") + read + " AS " + SourceColumns::raw_name(at);
  }
  if (plan_.has_ordinal) columns += (columns.empty() ? "" : ", ") + std::string("row_number() OVER () - 1 AS _ordinal");
  if (columns.empty()) columns = "1 AS _one";
  std::string sql = "SELECT " + columns + " FROM " + source_.reader_sql(rejects);
  if (!entry_.where) return sql;
  const auto text = columns_.ref(*source_.find(entry_.where->column)).text();
  const auto condition = entry_.where->equals ? "trim(" + text + ") = " + sql_text(*entry_.where->equals)
                                              : plain_text_sql(text, reading_) + " IS NOT NULL";
  return "SELECT * FROM (" + sql + ") WHERE " + condition;
}

Result<StagePlan> StagePlanner::plan(const std::string& rejects) {
  if (entry_.where) FENQUN_CHECK(columns_.find(entry_.where->column));
  FENQUN_TRY(auto sql, typed_layer());
  sql = judged_layer(derived_layer(sql));
  // Only now it is known which columns the layers read.
  plan_.select = "WITH _source AS NOT MATERIALIZED (" + source_layer(rejects) + ") " + sql;
  return std::move(plan_);
}

// The plans of several entries of one entity as one: a field that an entry does not give is empty in its rows.
StagePlan together(std::vector<StagePlan> plans, const Contract& contract) {
  StagePlan all;
  all.has_ordinal = true;
  for (const auto& field : contract.fields) {
    const bool given = std::any_of(plans.begin(), plans.end(), [&](const StagePlan& plan) {
      return std::find(plan.fields.begin(), plan.fields.end(), field.name) != plan.fields.end();
    });
    if (given) all.fields.push_back(field.name);
  }
  for (auto& plan : plans) {
    std::string columns;
    for (const auto& name : all.fields) {
      const bool given = std::find(plan.fields.begin(), plan.fields.end(), name) != plan.fields.end();
      columns +=
          (given ? "" : "CAST(NULL AS " + warehouse::sql_type(*contract.find(name)) + ") AS ") + sql_name(name) + ", ";
    }
    all.select += (all.select.empty() ? "SELECT " : " UNION ALL SELECT ") + columns + "CAST(_fault + " +
                  std::to_string(all.rules.size()) + " AS SMALLINT) AS _fault, _value, _ordinal FROM (" + plan.select +
                  ")";
    std::move(plan.rules.begin(), plan.rules.end(), std::back_inserter(all.rules));
    std::move(plan.rejects.begin(), plan.rejects.end(), std::back_inserter(all.rejects));
  }
  all.select += " ORDER BY _ordinal";
  return all;
}

}  // namespace

Result<StagePlan> plan_stage(const std::vector<const LoadEntry*>& entries, const Mapping& mapping,
                             const Contract& contract, const Source& source, const std::string& zone,
                             const std::string& rejects) {
  std::vector<StagePlan> plans;
  for (const auto* entry : entries) {
    const auto table = plans.empty() ? rejects : rejects + "_" + std::to_string(plans.size());
    FENQUN_TRY(auto plan, StagePlanner(*entry, mapping, contract, source, zone, entries.size() > 1).plan(table));
    plan.rejects.push_back(table);
    plans.push_back(std::move(plan));
  }
  return plans.size() == 1 ? std::move(plans.front()) : together(std::move(plans), contract);
}

std::vector<std::string> unread_columns(const Mapping& mapping, const Source& source) {
  std::set<std::string> read;
  std::set<std::size_t> cells;
  const auto add = [&](const FieldSource& field) {
    read.insert(field.columns.begin(), field.columns.end());
    read.insert(field.within.begin(), field.within.end());
  };
  for (const auto& entry : mapping.load) {
    if (entry.where) read.insert(entry.where->column);
    for (const auto& mapped : entry.fields) {
      add(mapped.source);
      for (const auto& part : mapped.source.parts) add(part);
    }
    if (!entry.wide) continue;
    read.insert(entry.wide->keep.begin(), entry.wide->keep.end());
    cells.merge(cell_columns(*entry.wide, source));
  }
  std::vector<std::string> unread;
  for (std::size_t at = 0; at < source.columns.size(); ++at) {
    if (!read.contains(source.columns[at]) && !cells.contains(at)) unread.push_back(source.columns[at]);
  }
  return unread;
}

}  // namespace fenqun::ingest
