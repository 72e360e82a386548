// ingest/stage_plan.cpp
#include "ingest/stage_plan.hpp"

#include "ingest/near_names.hpp"
#include "warehouse/database.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::Field;
using warehouse::sql_name;
using warehouse::sql_text;

std::string typed_name(const std::string& field) { return sql_name("f_" + field); }
std::string raw_name(std::size_t column) { return "r" + std::to_string(column); }

class StagePlanner {
 public:
  StagePlanner(const LoadEntry& entry, const Mapping& mapping, const Contract& contract, const Source& source,
               const std::string& zone)
      : entry_(entry), mapping_(mapping), contract_(contract), source_(source) {
    if (mapping.empty) reading_.empty = *mapping.empty;
    reading_.zone = zone;
    reading_.traits = source.traits;
  }

  Result<StagePlan> plan(const std::string& rejects);

 private:
  Result<std::size_t> index_of(const std::string& column);
  Result<std::size_t> first_of(const std::vector<std::string>& columns);
  [[nodiscard]] Result<void> check_once(std::size_t at) const;
  [[nodiscard]] Result<void> check_type(std::size_t at, const FieldSource& source, const Field& field) const;
  Result<std::string> wide_layer(const std::string& inner);
  Result<std::string> typed_layer(const std::string& inner);
  [[nodiscard]] ColumnRef column_ref(std::size_t at) const {
    return {raw_name(at), source_.column_types.empty() ? "VARCHAR" : source_.column_types[at], source_.columns[at], ""};
  }
  Result<ColumnRef> reference(const FieldSource& source, const Field& field);
  ColumnRef prepared(const FieldSource& source, const Field& field, ColumnRef column);
  std::string derived(const FieldSource& source, const Field& field) const;
  std::string derived_layer(const std::string& inner) const;
  std::string judged_layer(const std::string& inner);
  std::string source_layer(const std::string& rejects) const;
  [[nodiscard]] bool needs_ordinal() const;

  const LoadEntry& entry_;
  const Mapping& mapping_;
  const Contract& contract_;
  const Source& source_;
  Reading reading_;
  std::set<std::size_t> used_;      // columns of the file
  std::vector<std::size_t> cells_;  // of a wide layout
  std::vector<std::string> names_;  // what each cell's column stands for
  std::string prepared_;            // columns m0, m1 ...: texts that several expressions read, made once
  std::size_t prepared_count_ = 0;
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

// Which of two columns of one name is meant, nobody can say.
Result<void> StagePlanner::check_once(std::size_t at) const {
  const auto& name = source_.columns[at];
  if (name.empty() || std::count(source_.columns.begin(), source_.columns.end(), name) < 2) return {};
  return fail(ErrorCode::BadData, "ingest.column_twice", {{"file", source_.file.string()}, {"column", name}});
}

Result<void> StagePlanner::check_type(std::size_t at, const FieldSource& source, const Field& field) const {
  const auto column = column_ref(at);
  if (can_hold(column, field, source)) return {};
  return fail(ErrorCode::BadData, "ingest.column_type",
              {{"file", source_.file.string()},
               {"column", column.label},
               {"type", column.type},
               {"field", field.name},
               {"expected", warehouse::sql_type(field)}});
}

Result<std::size_t> StagePlanner::index_of(const std::string& column) {
  const auto at = source_.find(column);
  if (at) {
    FENQUN_CHECK(check_once(*at));
    used_.insert(*at);
    return *at;
  }
  return fail(ErrorCode::BadData, "ingest.no_column",
              {{"file", source_.file.string()},
               {"column", column},
               {"mapping", mapping_.origin},
               {"line", std::to_string(entry_.line)},
               {"columns", name_list(source_.columns)}});
}

Result<std::size_t> StagePlanner::first_of(const std::vector<std::string>& columns) {
  for (const auto& column : columns) {
    if (source_.find(column)) return index_of(column);
  }
  std::string all;
  for (const auto& column : columns) all += (all.empty() ? "" : " / ") + column;
  return index_of(all);
}

// Which columns of the file are the cells, and what their names stand for.
Result<std::string> StagePlanner::wide_layer(const std::string& inner) {
  const auto& wide = *entry_.wide;
  std::set<std::size_t> apart;
  for (const auto& column : wide.keep) {
    FENQUN_TRY(const auto at, index_of(column));
    apart.insert(at);
  }
  if (wide.pick == WideLayout::Pick::Listed) {
    for (const auto& [column, name] : wide.columns) {
      FENQUN_TRY(const auto at, index_of(column));
      cells_.push_back(at);
      names_.push_back(name);
    }
  } else {
    for (const auto& [column, name] : wide.columns) {
      FENQUN_TRY(const auto at, index_of(column));
      apart.insert(at);
    }
    for (std::size_t at = 0; at < source_.columns.size(); ++at) {
      if (apart.contains(at)) continue;
      cells_.push_back(at);
      names_.push_back(source_.header_name(at));
    }
  }
  std::string names;
  std::string cells;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    FENQUN_CHECK(check_once(cells_[i]));
    used_.insert(cells_[i]);
    names += (i > 0 ? ", " : "") + sql_text(names_[i]);
    cells += (i > 0 ? ", CAST(" : "CAST(") + raw_name(cells_[i]) + " AS VARCHAR)";
  }
  const auto unpivoted =
      "SELECT *, unnest([" + names + "]) AS _name, unnest([" + cells + "]) AS _cell FROM (" + inner + ")";
  if (!wide.has_value) return unpivoted;
  return "SELECT * FROM (" + unpivoted + ") WHERE trim(coalesce(_cell, '')) <> ''";
}

// A text that is no plain column becomes one: the reading of it names it many times.
ColumnRef StagePlanner::prepared(const FieldSource& source, const Field& field, ColumnRef column) {
  if (!is_read_as_text(column, field, source) || (source.values.empty() && column.type == "VARCHAR")) return column;
  const auto name = "m" + std::to_string(prepared_count_++);
  prepared_ += ", " + mapped_sql(source, column) + " AS " + name;
  return {name, "VARCHAR", column.label, column.text()};
}

Result<ColumnRef> StagePlanner::reference(const FieldSource& source, const Field& field) {
  switch (source.kind) {
    case FieldSource::Kind::CellName:
      return prepared(source, field, {"_name", "VARCHAR", field.name, ""});
    case FieldSource::Kind::CellValue:
      return prepared(source, field, {"_cell", "VARCHAR", field.name, ""});
    case FieldSource::Kind::Column: {
      FENQUN_TRY(const auto at, first_of(source.columns));
      FENQUN_CHECK(check_type(at, source, field));
      return prepared(source, field, column_ref(at));
    }
    default:
      return ColumnRef{typed_name(field.name), warehouse::sql_type(field), field.name, ""};
  }
}

Result<std::string> StagePlanner::typed_layer(const std::string& inner) {
  std::string columns;
  std::vector<Rule> derived_rules;
  for (const auto& mapped : entry_.fields) {
    const auto& field = *contract_.find(mapped.field);
    plan_.fields.push_back(field.name);
    FENQUN_TRY(const auto column, reference(mapped.source, field));
    auto rules = rules_of(field, mapped.source, column, typed_name(field.name), reading_);
    // What is put together from other fields is asked last: the fault is named where it began.
    auto& ordered = is_derived(mapped.source) ? derived_rules : plan_.rules;
    if (mapped.source.kind != FieldSource::Kind::Constant)
      std::move(rules.begin(), rules.end(), std::back_inserter(ordered));
    // Parts of a join may read columns of their own.
    for (const auto& part : mapped.source.parts) {
      if (part.kind != FieldSource::Kind::Column) continue;
      FENQUN_TRY(const auto part_column, reference(part, field));
      const auto name = "p" + std::to_string(parts_.size());
      columns += ", " + typed_sql(field, part, part_column, reading_) + " AS " + name;
      parts_[&part] = name;
    }
    if (is_derived(mapped.source)) continue;
    columns +=
        ", " + (mapped.source.kind == FieldSource::Kind::Constant ? constant_sql(field, mapped.source.text)
                                                                  : typed_sql(field, mapped.source, column, reading_));
    columns += " AS " + typed_name(field.name);
  }
  std::move(derived_rules.begin(), derived_rules.end(), std::back_inserter(plan_.rules));
  const auto texts = prepared_.empty() ? inner : "SELECT *" + prepared_ + " FROM (" + inner + ")";
  return "SELECT *" + columns + " FROM (" + texts + ")";
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
  for (const auto at : used_) {
    const auto read =
        source_.format == SourceFormat::Parquet ? sql_name(source_.columns[at]) : "c" + std::to_string(at);
    columns += (columns.empty() ? "" : ", ") + read + " AS " + raw_name(at);
  }
  if (plan_.has_ordinal) columns += (columns.empty() ? "" : ", ") + std::string("row_number() OVER () - 1 AS _ordinal");
  if (columns.empty()) columns = "1 AS _one";
  std::string sql = "SELECT " + columns + " FROM " + source_.reader_sql(rejects);
  if (!entry_.where) return sql;
  const auto at = *source_.find(entry_.where->first);
  return "SELECT * FROM (" + sql + ") WHERE trim(CAST(" + raw_name(at) +
         " AS VARCHAR)) = " + sql_text(entry_.where->second);
}

Result<StagePlan> StagePlanner::plan(const std::string& rejects) {
  plan_.has_ordinal = needs_ordinal();
  if (entry_.where) FENQUN_CHECK(index_of(entry_.where->first));
  std::string sql = "SELECT * FROM _source";
  if (entry_.wide) {
    FENQUN_TRY(sql, wide_layer(sql));
  }
  FENQUN_TRY(sql, typed_layer(sql));
  sql = judged_layer(derived_layer(sql));
  // Only now it is known which columns the layers read.
  plan_.select = "WITH _source AS NOT MATERIALIZED (" + source_layer(rejects) + ") " + sql;
  return std::move(plan_);
}

}  // namespace

Result<StagePlan> plan_stage(const LoadEntry& entry, const Mapping& mapping, const Contract& contract,
                             const Source& source, const std::string& zone, const std::string& rejects) {
  return StagePlanner(entry, mapping, contract, source, zone).plan(rejects);
}

std::vector<std::string> unread_columns(const Mapping& mapping, const Source& source) {
  std::set<std::string> read;
  const auto add = [&](const FieldSource& field) {
    for (const auto& column : field.columns) read.insert(column);
  };
  for (const auto& entry : mapping.load) {
    if (entry.where) read.insert(entry.where->first);
    for (const auto& mapped : entry.fields) {
      add(mapped.source);
      for (const auto& part : mapped.source.parts) add(part);
    }
    if (!entry.wide) continue;
    read.insert(entry.wide->keep.begin(), entry.wide->keep.end());
    if (entry.wide->pick == WideLayout::Pick::Listed) {
      for (const auto& [column, name] : entry.wide->columns) read.insert(column);
      continue;
    }
    for (const auto& column : source.columns) {
      const bool left_out = std::any_of(entry.wide->columns.begin(), entry.wide->columns.end(),
                                        [&](const auto& except) { return except.first == column; });
      if (!left_out) read.insert(column);
    }
  }
  std::vector<std::string> unread;
  for (const auto& column : source.columns) {
    if (!read.contains(column)) unread.push_back(column);
  }
  return unread;
}

}  // namespace fenqun::ingest
