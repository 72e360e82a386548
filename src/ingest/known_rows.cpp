// ingest/known_rows.cpp
#include "ingest/known_rows.hpp"

#include <algorithm>
#include <set>

namespace fenqun::ingest {
namespace {

using warehouse::EntityKind;
using warehouse::LakeFile;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

class KnownRows {
 public:
  KnownRows(Workspace& workspace, const StagingArea& area, StagedEntity& entity)
      : workspace_(workspace), entity_(entity), known_(area.table("known")) {}

  Result<void> find();

 private:
  Result<void> find_months();
  Result<void> sort_files();
  [[nodiscard]] std::string rows_of(const std::vector<LakeFile>& files) const;
  [[nodiscard]] std::string existing_rows() const;
  Result<void> compare(const std::string& existing);
  Result<void> find_elsewhere();
  Result<void> add_links(const std::string& rows, bool superseded);
  Result<void> keep_replaced();
  [[nodiscard]] std::string read(const LakeFile& file) const {
    return "read_parquet(" + sql_text((workspace_.folder() / file.path).string()) + ", hive_partitioning = false)";
  }

  Workspace& workspace_;
  StagedEntity& entity_;
  std::string known_;  // rid, same, batch, path (of the manifest; NULL for masters)
  std::vector<LakeFile> touched_;
  std::vector<LakeFile> elsewhere_;  // of months that the file does not touch
};

Result<void> KnownRows::find() {
  auto& connection = workspace_.connection();
  FENQUN_CHECK(sort_files());
  const auto existing = existing_rows();
  if (existing.empty() && elsewhere_.empty()) return {};
  FENQUN_CHECK(
      connection.execute("CREATE TABLE " + known_ + " (rid BIGINT, same BOOLEAN, batch VARCHAR, path VARCHAR)"));
  if (!existing.empty()) FENQUN_CHECK(compare(existing));
  if (!elsewhere_.empty()) FENQUN_CHECK(find_elsewhere());
  FENQUN_CHECK(connection.execute("DELETE FROM " + known_ + " WHERE rid IN (SELECT rid FROM " + entity_.dropped +
                                  "); INSERT INTO " + entity_.dropped + " SELECT rid, 0, NULL FROM " + known_ +
                                  " WHERE same"));
  FENQUN_CHECK(add_links("SELECT batch FROM " + known_ + " WHERE same", false));
  FENQUN_TRY(entity_.replaced_rows, connection.query_integer("SELECT count(*) FROM " + known_ + " WHERE NOT same"));
  if (entity_.replaced_rows > 0) FENQUN_CHECK(keep_replaced());
  return connection.execute("DROP TABLE " + known_);
}

Result<void> KnownRows::find_months() {
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

Result<void> KnownRows::sort_files() {
  if (entity_.contract->kind == EntityKind::Master) return {};
  FENQUN_CHECK(find_months());
  const std::set<Month> months(entity_.months.begin(), entity_.months.end());
  FENQUN_TRY(const auto files, workspace_.lake_files(entity_.contract->entity));
  const auto& key = entity_.contract->key;
  const bool key_has_month = std::find(key.begin(), key.end(), entity_.contract->month_field) != key.end();
  for (const auto& file : files) {
    if (workspace_.is_damaged(file.path)) continue;
    if (months.contains(file.month))
      touched_.push_back(file);
    else if (!key_has_month)
      elsewhere_.push_back(file);
  }
  return {};
}

// SQL for all rows of these files: the contract's fields, _batch, _path. A field that a file is too old to have is
// NULL.
std::string KnownRows::rows_of(const std::vector<LakeFile>& files) const {
  std::string sql;
  for (const auto& field : entity_.contract->fields) {
    sql += (sql.empty() ? "SELECT NULL::" : ", NULL::") + warehouse::sql_type(field) + " AS " + sql_name(field.name);
  }
  sql += ", NULL::VARCHAR AS _batch, NULL::VARCHAR AS _path WHERE false";
  for (const auto& file : files) {
    const auto batch = file.batch_id.empty() ? std::string() : ", " + sql_text(file.batch_id) + " AS _batch";
    sql += " UNION ALL BY NAME SELECT *" + batch + ", " + sql_text(file.path) + " AS _path FROM " + read(file);
  }
  return "(" + sql + ")";
}

// The rows of the workspace that can have a key of ours; of facts those of the file's months. Empty: there are none.
std::string KnownRows::existing_rows() const {
  if (entity_.contract->kind == EntityKind::Fact) return touched_.empty() ? std::string() : rows_of(touched_);
  return "(SELECT *, batch_id AS _batch, NULL::VARCHAR AS _path FROM " + sql_name("m_" + entity_.contract->entity) +
         ")";
}

Result<void> KnownRows::compare(const std::string& existing) {
  // A master gathered from a list of facts adds who is missing; it does not correct what a master file said.
  std::string same = entity_.entry->distinct ? "true" : "";
  for (const auto& name : entity_.plan.fields) {
    if (entity_.entry->distinct) break;
    same += (same.empty() ? "s." : " AND s.") + sql_name(name) + " IS NOT DISTINCT FROM e." + sql_name(name);
  }
  return workspace_.connection().execute("INSERT INTO " + known_ + " SELECT s.rowid, " + same +
                                         ", e._batch, e._path FROM " + entity_.staged + " s JOIN " + existing +
                                         " e ON " + key_join(*entity_.contract, "s", "e") + " WHERE s._fault IS NULL");
}

// A key without the month in it may be loaded already in a month that the file does not touch. There it stands with
// another month, so with other content: its key columns tell all.
Result<void> KnownRows::find_elsewhere() {
  std::string paths;
  for (const auto& file : elsewhere_) {
    paths += (paths.empty() ? "" : ", ") + sql_text((workspace_.folder() / file.path).string());
  }
  // One scan of all files: their batches are looked up only for the rows that matter.
  const auto relative = "substr(filename, " + std::to_string(workspace_.folder().string().size() + 2) + ")";
  const auto keys = "(SELECT " + column_list(entity_.contract->key) + ", " + relative +
                    " AS _path FROM read_parquet([" + paths + "], hive_partitioning = false, filename = true))";
  return workspace_.connection().execute("INSERT INTO " + known_ + " SELECT s.rowid, false, NULL, e._path FROM " +
                                         entity_.staged + " s JOIN " + keys + " e ON " +
                                         key_join(*entity_.contract, "s", "e") + " WHERE s._fault IS NULL");
}

Result<void> KnownRows::add_links(const std::string& rows, bool superseded) {
  FENQUN_TRY(const auto found,
             workspace_.connection().query("SELECT batch, count(*) FROM (" + rows + ") GROUP BY batch ORDER BY batch"));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    entity_.links.push_back({found.text(r, 0), superseded, found.integer(r, 1)});
  }
  return {};
}

// The old rows in full: few, so only now, and only from the files that hold one.
Result<void> KnownRows::keep_replaced() {
  auto& connection = workspace_.connection();
  auto old_rows = existing_rows();
  if (entity_.contract->kind == EntityKind::Fact) {
    FENQUN_TRY(const auto found, connection.query("SELECT DISTINCT path FROM " + known_ + " WHERE NOT same"));
    std::set<std::string> paths;
    for (std::size_t r = 0; r < found.rows.size(); ++r) paths.insert(found.text(r, 0));
    std::vector<LakeFile> files;
    for (const auto* all : {&touched_, &elsewhere_}) {
      std::copy_if(all->begin(), all->end(), std::back_inserter(files),
                   [&](const LakeFile& file) { return paths.contains(file.path); });
    }
    old_rows = rows_of(files);
  }
  std::string fields;
  for (const auto& field : entity_.contract->fields) fields += ", e." + sql_name(field.name);
  FENQUN_CHECK(connection.execute("CREATE TABLE " + entity_.replaced + " AS SELECT k.rid" + fields +
                                  ", e._batch, e._path FROM " + known_ + " k JOIN " + entity_.staged +
                                  " s ON s.rowid = k.rid JOIN " + old_rows + " e ON " +
                                  key_join(*entity_.contract, "s", "e") + " WHERE NOT k.same"));
  return add_links("SELECT _batch AS batch FROM " + entity_.replaced, true);
}

}  // namespace

Result<void> find_known(Workspace& workspace, const StagingArea& area, StagedEntity& entity) {
  return KnownRows(workspace, area, entity).find();
}

}  // namespace fenqun::ingest
