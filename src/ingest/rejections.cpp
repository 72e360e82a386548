// ingest/rejections.cpp
#include "ingest/rejections.hpp"

#include "base/number.hpp"
#include "ingest/record_locator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::ingest {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// The key of a staged row as one text: what a reader looks for in the file.
std::string key_text(const StagedEntity& entity) {
  std::string out;
  for (const auto& name : entity.contract->key) {
    const auto text = canonical_text_sql(*entity.contract->find(name), sql_name(name));
    out += (out.empty() ? "" : ", ") + text;
  }
  return "concat_ws(' / ', " + out + ")";
}

// All rejected rows of an entity but the broken records: ordinal, rid, rule, value, other (ordinal).
std::string rejected_rows(const StagedEntity& entity) {
  const auto ordinal = entity.plan.ordinal();
  return "SELECT " + ordinal +
         " AS ordinal, rowid AS rid, _fault::INTEGER AS rule, _value AS value, NULL::BIGINT AS other FROM " +
         entity.staged + " WHERE _fault IS NOT NULL UNION ALL SELECT s." + ordinal + ", s.rowid, d.rule::INTEGER, " +
         key_text(entity) + ", d.other FROM " + entity.staged + " s JOIN " + entity.dropped +
         " d ON s.rowid = d.rid WHERE d.rule <> 0";
}

// Rule number to reason, column and what was expected, for a join.
std::string rule_table(const StagedEntity& entity) {
  std::string key_columns;
  for (const auto& name : entity.contract->key) key_columns += (key_columns.empty() ? "" : " / ") + name;
  std::string out = "(VALUES (" + std::to_string(kConflictingDuplicate) + ", 'conflicting_duplicate', " +
                    sql_text(key_columns) + ", '')";
  for (std::size_t i = 0; i < entity.plan.rules.size(); ++i) {
    const auto& rule = entity.plan.rules[i];
    out += ", (" + std::to_string(i + 1) + ", " + sql_text(rule.reason) + ", " + sql_text(rule.column) + ", " +
           sql_text(rule.expected) + ")";
  }
  return out + ") AS rule_of (rule, reason, column_name, expected)";
}

// Makes table rejected<n> with the first `most` rejected rows (all of them: most < 0) and enters what is to be found.
Result<void> gather(Workspace& workspace, const StagingArea& area, const std::vector<StagedEntity>& entities,
                    std::int64_t most) {
  auto& connection = workspace.connection();
  const auto limit = most < 0 ? std::string() : " LIMIT " + std::to_string(most);
  std::string ordinals;
  for (std::size_t n = 0; n < entities.size(); ++n) {
    const auto table = area.table("rejected" + std::to_string(n));
    FENQUN_CHECK(connection.execute("CREATE TABLE " + table + " AS SELECT * FROM (" + rejected_rows(entities[n]) +
                                    ") ORDER BY ordinal, rid" + limit));
    ordinals += (n > 0 ? " UNION " : "") + std::string("SELECT ordinal FROM ") + table + " UNION SELECT other FROM " +
                table + " WHERE other IS NOT NULL";
  }
  FENQUN_CHECK(connection.execute("CREATE TABLE " + area.table("wanted") + " AS SELECT ordinal FROM (" + ordinals +
                                  ") ORDER BY ordinal"));
  return connection.execute("CREATE TABLE " + area.table("wanted_broken") + " AS SELECT * FROM " +
                            entities.front().broken + " ORDER BY byte_offset" + limit);
}

// One row per rejection with all that a message or the quarantine needs.
std::string located(const StagingArea& area, const std::vector<StagedEntity>& entities) {
  std::string out =
      "SELECT " + sql_text(entities.front().counts.entity) +
      " AS entity, line, column_name, reason, NULL AS value, raw, '' AS expected, NULL::BIGINT AS other_line, "
      "0::BIGINT AS rid, sheet FROM " +
      area.table("broken_place");
  for (std::size_t n = 0; n < entities.size(); ++n) {
    out += " UNION ALL SELECT " + sql_text(entities[n].counts.entity) +
           ", p.line, rule_of.column_name, rule_of.reason, r.value, p.raw, rule_of.expected, o.line, r.rid, p.sheet "
           "FROM " +
           area.table("rejected" + std::to_string(n)) + " r JOIN " + rule_table(entities[n]) +
           " USING (rule) LEFT JOIN " + area.table("place") + " p ON p.ordinal = r.ordinal LEFT JOIN " +
           area.table("place") + " o ON o.ordinal = r.other";
  }
  return out;
}

Error::Line shown(const warehouse::RowSet& rows, std::size_t r, const Source& source) {
  // Of several sheets, which one: book.xlsx#一月
  const auto sheet = rows.text(r, 9);
  TextArgs args = {{"file", source.file.string() + (sheet.empty() ? "" : "#" + sheet)},
                   {"line", rows.text(r, 1)},
                   {"column", rows.text(r, 2)},
                   {"value", rows.is_null(r, 4) ? "" : rows.text(r, 4)},
                   {"expected", rows.text(r, 6)},
                   {"other_line", rows.text(r, 7)},
                   {"entity", rows.text(r, 0)}};
  return {"ingest.reason_" + rows.text(r, 3), std::move(args)};
}

}  // namespace

Error refusal(Workspace& workspace, const StagingArea& area, const Source& source,
              const std::vector<StagedEntity>& entities, const EntityCounts& total, double accepted_share) {
  auto found = [&]() -> Result<warehouse::RowSet> {
    FENQUN_CHECK(gather(workspace, area, entities, kShownRejections));
    FENQUN_CHECK(locate_records(workspace, area, source));
    return workspace.connection().query("SELECT * FROM (" + located(area, entities) + ") ORDER BY line, rid LIMIT " +
                                        std::to_string(kShownRejections));
  }();
  if (!found) return std::move(found).error();
  // The share that would just let the file in, rounded up to four digits, which is what a person types.
  const double share =
      static_cast<double>(total.rows_rejected) / static_cast<double>(std::max<std::int64_t>(1, total.rows_in));
  const auto needed = fmt::format("{:.4f}", std::min(1.0, std::ceil(share * 10000.0) / 10000.0));
  Error error{ErrorCode::BadData,
              {"ingest.rejected",
               {{"file", source.file.string()},
                {"rejected", std::to_string(total.rows_rejected)},
                {"rows", std::to_string(total.rows_in)},
                {"accepted", shortest(accepted_share)},
                {"needed", needed},
                {"shown", std::to_string(found->rows.size())}}},
              {}};
  for (std::size_t r = 0; r < found->rows.size(); ++r) error.context.push_back(shown(*found, r, source));
  return error;
}

Result<std::int64_t> collect_quarantine(Workspace& workspace, const StagingArea& area, const Source& source,
                                        const std::vector<StagedEntity>& entities, const std::string& batch_id) {
  FENQUN_CHECK(gather(workspace, area, entities, -1));
  FENQUN_CHECK(locate_records(workspace, area, source));
  auto& connection = workspace.connection();
  FENQUN_CHECK(connection.execute("CREATE TABLE " + area.table("quarantine_rows") + " AS SELECT " + sql_text(batch_id) +
                                  " AS batch_id, entity, " + sql_text(source.file.string()) +
                                  " || CASE WHEN sheet <> '' THEN '#' || sheet ELSE '' END AS source, line, "
                                  "column_name, reason, CASE WHEN other_line IS NOT NULL THEN value || "
                                  "' (line ' || other_line || ')' ELSE value END AS value, "
                                  "raw FROM (" +
                                  located(area, entities) + ") ORDER BY line, entity, rid"));
  return connection.query_integer("SELECT count(*) FROM " + area.table("quarantine_rows"));
}

}  // namespace fenqun::ingest
