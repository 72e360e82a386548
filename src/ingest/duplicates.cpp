// ingest/duplicates.cpp - the part of staging.hpp that compares rows with each other and with the workspace.
#include "base/month.hpp"
#include "ingest/staging.hpp"

#include <algorithm>
#include <set>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::EntityKind;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// Key hashes are collected this many rows at a time: bounded memory, one more pass over the key columns each.
constexpr std::int64_t kRowsPerPass = 24'000'000;

std::string list(const std::vector<std::string>& names, const std::string& prefix = "") {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + prefix + sql_name(name);
  return out;
}

std::string key_join(const Contract& contract, const std::string& left, const std::string& right) {
  std::string out;
  for (const auto& name : contract.key) {
    out += (out.empty() ? "" : " AND ") + left + "." + sql_name(name) + " = " + right + "." + sql_name(name);
  }
  return out;
}

class DuplicateFinder {
 public:
  DuplicateFinder(Workspace& workspace, const StagingArea& area, StagedEntity& entity)
      : workspace_(workspace), entity_(entity), twins_(area.table("twins")), known_(area.table("known")) {}

  Result<void> find() {
    FENQUN_TRY(const bool any, collect_twins());
    if (any) FENQUN_CHECK(drop_twins());
    FENQUN_CHECK(drop_known());
    FENQUN_TRY(const auto found,
               workspace_.connection().query("SELECT count(*) FILTER (rule = 0), count(*) FILTER (rule <> 0) "
                                             "FROM " +
                                             entity_.dropped));
    entity_.dropped_rows = found.integer(0, 0) + found.integer(0, 1);
    entity_.counts.rows_duplicate = found.integer(0, 0);
    entity_.counts.rows_rejected += found.integer(0, 1);
    return workspace_.connection().execute("DROP TABLE IF EXISTS " + twins_ + "; DROP TABLE IF EXISTS " + known_);
  }

 private:
  // Hashes of keys that stand on more than one row. Two keys of one hash do no harm: the next step compares keys.
  Result<bool> collect_twins() {
    auto& connection = workspace_.connection();
    const auto passes = 1 + entity_.counts.rows_in / kRowsPerPass;
    FENQUN_CHECK(connection.execute("CREATE TABLE " + twins_ + " (h UBIGINT)"));
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      const auto share = passes == 1 ? "" : " WHERE h % " + std::to_string(passes) + " = " + std::to_string(pass);
      FENQUN_CHECK(connection.execute("INSERT INTO " + twins_ + " SELECT h FROM (SELECT hash(" +
                                      list(entity_.contract->key) + ") AS h FROM " + entity_.staged +
                                      " WHERE _fault IS NULL)" + share + " GROUP BY h HAVING count(*) > 1"));
    }
    FENQUN_TRY(const auto count, connection.query_integer("SELECT count(*) FROM " + twins_));
    return count > 0;
  }

  // Of rows with one key: all the same, the first stays; not all the same, none does.
  Result<void> drop_twins() {
    const auto key = list(entity_.contract->key);
    const auto content = "row(" + list(entity_.plan.fields) + ")";
    const auto over = " OVER (PARTITION BY " + key + ")";
    const auto first = "arg_min(content, rid)" + over;
    return workspace_.connection().execute(
        "INSERT INTO " + entity_.dropped + " WITH candidate AS (SELECT " + key + ", rowid AS rid, " +
        entity_.plan.ordinal() + " AS ordinal, " + content + " AS content FROM " + entity_.staged +
        " WHERE _fault IS NULL AND hash(" + key + ") IN (SELECT h FROM " + twins_ + ")), seen AS (SELECT " + key +
        ", rid, ordinal, content, " + first + " AS first_content, min(rid)" + over + " AS first_rid, min(ordinal)" +
        over + " AS first_ordinal, count(*)" + over +
        " AS n FROM candidate), judged AS (SELECT *, min(CASE WHEN content IS DISTINCT FROM first_content THEN ordinal "
        "END)" +
        over + " AS odd_ordinal FROM seen WHERE n > 1) SELECT rid, CASE WHEN odd_ordinal IS NULL THEN 0 ELSE " +
        std::to_string(kConflictingDuplicate) +
        " END, CASE WHEN odd_ordinal IS NULL THEN NULL WHEN content IS DISTINCT FROM "
        "first_content THEN first_ordinal ELSE odd_ordinal END, NULL FROM judged WHERE odd_ordinal IS NOT NULL OR rid "
        "<> "
        "first_rid");
  }

  Result<void> drop_known() {
    FENQUN_TRY(const auto existing, existing_rows());
    if (!existing.empty()) FENQUN_CHECK(drop_known_of(existing));
    return drop_known_elsewhere();
  }

  Result<void> drop_known_of(const std::string& existing) {
    std::string same;
    for (const auto& name : entity_.plan.fields) {
      same += (same.empty() ? "s." : " AND s.") + sql_name(name) + " IS NOT DISTINCT FROM e." + sql_name(name);
    }
    auto& connection = workspace_.connection();
    FENQUN_CHECK(connection.execute("CREATE TABLE " + known_ + " AS SELECT s.rowid AS rid, bool_or(" + same +
                                    ") AS same, min(e._batch) AS batch FROM " + entity_.staged + " s JOIN (" +
                                    existing + ") e ON " + key_join(*entity_.contract, "s", "e") +
                                    " WHERE s._fault IS NULL GROUP BY 1"));
    return connection.execute("INSERT INTO " + entity_.dropped + " SELECT rid, CASE WHEN same THEN 0 ELSE " +
                              std::to_string(kKeyExists) + " END, NULL, batch FROM " + known_ +
                              " WHERE rid NOT IN (SELECT rid FROM " + entity_.dropped + ")");
  }

  // A key without the month in it may be loaded already in a month that the file does not touch. There it stands with
  // another month, so with other content: its key columns tell all.
  Result<void> drop_known_elsewhere() {
    if (elsewhere_.empty()) return {};
    std::string paths;
    std::string batches;
    for (const auto& file : elsewhere_) {
      const auto path = sql_text((workspace_.folder() / file.path).string());
      paths += (paths.empty() ? "" : ", ") + path;
      batches += (batches.empty() ? "(" : ", (") + path + ", " + sql_text(file.batch_id) + ")";
    }
    const auto loaded = "(SELECT " + list(entity_.contract->key) + ", filename AS _path FROM read_parquet([" + paths +
                        "], hive_partitioning = false, filename = true))";
    return workspace_.connection().execute(
        "INSERT INTO " + entity_.dropped + " SELECT s.rowid, " + std::to_string(kKeyExists) +
        ", NULL, min(b.batch) FROM " + entity_.staged + " s JOIN " + loaded + " e ON " +
        key_join(*entity_.contract, "s", "e") + " JOIN (VALUES " + batches +
        ") b (path, batch) ON b.path = e._path WHERE s._fault IS NULL AND s.rowid NOT IN (SELECT rid FROM " +
        entity_.dropped + ") GROUP BY 1");
  }

  Result<void> find_months() {
    FENQUN_TRY(const auto touched,
               workspace_.connection().query("SELECT strftime(m, '%Y-%m') FROM (SELECT DISTINCT date_trunc('month', " +
                                             sql_name(entity_.contract->month_field) + ") AS m FROM " + entity_.staged +
                                             " WHERE _fault IS NULL) ORDER BY m"));
    for (std::size_t r = 0; r < touched.rows.size(); ++r) {
      FENQUN_TRY(const auto month, Month::parse(touched.text(r, 0)));
      entity_.months.push_back(month);
    }
    return {};
  }

  // SQL for the rows of the workspace that can have a key of ours, with the batch in _batch; empty: there are none. Of
  // facts, those of the file's months; files of other months that can have such a key too go to elsewhere_.
  Result<std::string> existing_rows() {
    const auto fields = list(entity_.plan.fields);
    if (entity_.contract->kind == EntityKind::Master) {
      return "SELECT " + fields + ", batch_id AS _batch FROM " + sql_name("m_" + entity_.contract->entity);
    }
    FENQUN_CHECK(find_months());
    const std::set<Month> months(entity_.months.begin(), entity_.months.end());
    FENQUN_TRY(const auto files, workspace_.lake_files(entity_.contract->entity));
    const auto& key = entity_.contract->key;
    const bool key_has_month = std::find(key.begin(), key.end(), entity_.contract->month_field) != key.end();
    std::string sql;
    for (const auto& file : files) {
      if (!months.contains(file.month)) {
        if (!key_has_month) elsewhere_.push_back(file);
        continue;
      }
      // Every file says its batch; a field that it is too old to have is NULL.
      sql += (sql.empty() ? "" : " UNION ALL BY NAME ") + std::string("SELECT *, ") + sql_text(file.batch_id) +
             " AS _batch FROM read_parquet(" + sql_text((workspace_.folder() / file.path).string()) +
             ", hive_partitioning = false)";
    }
    if (sql.empty()) return sql;
    std::string shape;
    for (const auto& field : entity_.contract->fields) {
      shape +=
          (shape.empty() ? "SELECT NULL::" : ", NULL::") + warehouse::sql_type(field) + " AS " + sql_name(field.name);
    }
    return "SELECT " + fields + ", _batch FROM (" + shape + " WHERE false UNION ALL BY NAME " + sql + ")";
  }

  Workspace& workspace_;
  StagedEntity& entity_;
  std::string twins_;
  std::string known_;
  std::vector<warehouse::LakeFile> elsewhere_;  // of months that the file does not touch
};

}  // namespace

Result<void> find_duplicates(Workspace& workspace, const StagingArea& area, StagedEntity& entity) {
  return DuplicateFinder(workspace, area, entity).find();
}

}  // namespace fenqun::ingest
