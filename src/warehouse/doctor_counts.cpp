// warehouse/doctor_counts.cpp
#include "warehouse/doctor_counts.hpp"

#include "warehouse/lake_change.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::warehouse {
namespace {

class CountExam {
 public:
  CountExam(Workspace& workspace, Examination& examination) : workspace_(workspace), examination_(examination) {}

  Result<void> run();

 private:
  Result<void> gather(const Contract& contract);
  Result<void> gather_files(const std::string& entity, const std::string& counted_as);
  Result<void> check_sums();
  Result<void> check_rows();
  Result<void> check_keys(const Contract& contract);
  Result<void> check_twins(const Contract& contract, const std::string& from, const std::string& where);
  Result<void> check_references(const Contract& contract);
  Result<void> find(const std::string& sql, const char* key, const std::vector<std::string>& names,
                    Severity severity = Severity::Damage);

  Workspace& workspace_;
  Examination& examination_;
};

Result<void> CountExam::run() {
  auto& connection = workspace_.connection();
  // Whose rows lie where: the whole examination rests on this one table.
  FENQUN_CHECK(
      connection.execute("CREATE OR REPLACE TEMP TABLE found_rows (entity VARCHAR, batch_id VARCHAR, rows BIGINT)"));
  for (const auto& contract : workspace_.contracts().all()) FENQUN_CHECK(gather(contract));
  FENQUN_TRY(examination_.rows, connection.query_integer("SELECT coalesce(sum(rows), 0)::BIGINT FROM found_rows"));
  FENQUN_TRY(examination_.batches, connection.query_integer("SELECT count(*) FROM batch"));
  FENQUN_CHECK(connection.execute("INSERT INTO found_rows SELECT entity, batch_id, rows FROM lake_expired"));
  FENQUN_CHECK(
      find("SELECT batch_id, source, path FROM reload ORDER BY position", kFoundWaiting, {"batch", "source", "path"}));
  FENQUN_CHECK(check_sums());
  FENQUN_CHECK(check_rows());
  const auto& contracts = workspace_.contracts().all();
  for (std::size_t n = 0; n < contracts.size(); ++n) {
    FENQUN_CHECK(check_keys(contracts[n]));
    FENQUN_CHECK(check_references(contracts[n]));
    workspace_.progress().update(static_cast<double>(n + 1) / static_cast<double>(contracts.size()),
                                 contracts[n].entity);
  }
  return connection.execute("DROP TABLE found_rows");
}

Result<void> CountExam::gather(const Contract& contract) {
  FENQUN_CHECK(gather_files(superseded_of(contract.entity), contract.entity));
  if (contract.kind == EntityKind::Fact) return gather_files(contract.entity, contract.entity);
  return workspace_.connection().execute("INSERT INTO found_rows SELECT " + sql_text(contract.entity) +
                                         ", batch_id, count(*) FROM " + sql_name("m_" + contract.entity) +
                                         " GROUP BY batch_id");
}

Result<void> CountExam::gather_files(const std::string& entity, const std::string& counted_as) {
  FENQUN_TRY(const auto files, workspace_.lake_files(entity));
  const bool kept_aside = entity != counted_as;
  for (const auto& file : files) {
    const auto name = sql_text(counted_as);
    // The manifest's word for damaged files: what is missing was reported once already.
    std::string rows = fmt::format("SELECT {}, {}, {}", name, sql_text(file.batch_id), file.rows);
    if (kept_aside || file.batch_id.empty()) {
      if (workspace_.is_damaged(file.path)) continue;
      rows = "SELECT " + name + ", _batch, count(*) FROM " + read_lake_file(workspace_, file) + " GROUP BY _batch";
    }
    FENQUN_CHECK(workspace_.connection().execute("INSERT INTO found_rows " + rows));
  }
  return {};
}

// One finding per row of the query, whose columns are the values of the text.
Result<void> CountExam::find(const std::string& sql, const char* key, const std::vector<std::string>& names,
                             Severity severity) {
  FENQUN_TRY(const auto found, workspace_.connection().query(sql));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    Finding finding;
    finding.severity = severity;
    finding.line.key = key;
    for (std::size_t c = 0; c < names.size(); ++c) finding.line.args.push_back({names[c], found.text(r, c)});
    examination_.findings.push_back(std::move(finding));
  }
  return {};
}

Result<void> CountExam::check_sums() {
  FENQUN_CHECK(
      find("SELECT batch_id, entity, rows_in, rows_loaded, rows_duplicate, rows_superseded, rows_rejected FROM "
           "batch_entity WHERE rows_in <> rows_loaded + rows_duplicate + rows_superseded + rows_rejected ORDER BY ALL",
           "warehouse.found_sum", {"batch", "entity", "in", "loaded", "duplicate", "superseded", "rejected"}));
  FENQUN_CHECK(find(
      "SELECT b.batch_id, b.rows_in, coalesce(e.rows_in, 0) FROM batch b LEFT JOIN (SELECT batch_id, sum(rows_in) AS "
      "rows_in, sum(rows_loaded) AS rows_loaded, sum(rows_rejected) AS rows_rejected FROM batch_entity GROUP BY "
      "batch_id) e USING (batch_id) WHERE (b.rows_in, b.rows_loaded, b.rows_rejected) IS DISTINCT FROM (e.rows_in, "
      "e.rows_loaded, e.rows_rejected) ORDER BY ALL",
      "warehouse.found_batch_sum", {"batch", "in", "entities"}));
  FENQUN_CHECK(
      find("SELECT b.batch_id, b.rows_rejected, coalesce(q.n, 0) FROM batch b FULL JOIN (SELECT batch_id, "
           "count(*) AS n FROM quarantine GROUP BY batch_id) q USING (batch_id) WHERE "
           "coalesce(b.rows_rejected, 0) <> coalesce(q.n, 0) ORDER BY ALL",
           "warehouse.found_quarantine", {"batch", "rejected", "found"}));
  return find(
      "SELECT l.batch_id, l.on_batch FROM batch_link l WHERE l.batch_id NOT IN (SELECT batch_id FROM batch) OR "
      "l.on_batch NOT IN (SELECT batch_id FROM batch) ORDER BY ALL",
      "warehouse.found_link", {"batch", "on"});
}

// What a batch wrote lies in the lake, a master, aside, or is expired.
Result<void> CountExam::check_rows() {
  return find(
      "SELECT coalesce(e.batch_id, f.batch_id), coalesce(e.entity, f.entity), coalesce(e.n, 0), coalesce(f.n, 0) FROM "
      "(SELECT batch_id, entity, sum(rows_loaded + rows_superseded) AS n FROM batch_entity GROUP BY ALL) e FULL JOIN "
      "(SELECT batch_id, entity, sum(rows) AS n FROM found_rows GROUP BY ALL) f ON f.batch_id = e.batch_id AND "
      "f.entity = e.entity WHERE coalesce(e.n, 0) <> coalesce(f.n, 0) ORDER BY ALL",
      kFoundBatchRows, {"batch", "entity", "expected", "found"});
}

Result<void> CountExam::check_keys(const Contract& contract) {
  if (contract.kind == EntityKind::Master) return check_twins(contract, sql_name("m_" + contract.entity), "");
  const auto& key = contract.key;
  if (std::find(key.begin(), key.end(), contract.month_field) == key.end()) {
    FENQUN_TRY(const auto rows,
               workspace_.connection().query_integer("SELECT count(*) FROM " + sql_name(contract.entity)));
    // The keys of all months at once, a part of them at a time.
    constexpr std::int64_t kRowsPerPass = 16'000'000;
    const auto passes = 1 + rows / kRowsPerPass;
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      FENQUN_CHECK(check_twins(contract, sql_name(contract.entity),
                               fmt::format(" WHERE hash({}) % {} = {}", sql_name(key.front()), passes, pass)));
    }
    return {};
  }
  // A month is a world of its own.
  FENQUN_TRY(const auto files, workspace_.lake_files(contract.entity));
  for (std::size_t at = 0; at < files.size();) {
    std::string paths;
    auto end = at;
    for (; end < files.size() && files[end].month == files[at].month; ++end) {
      if (workspace_.is_damaged(files[end].path)) continue;
      paths += (paths.empty() ? "" : ", ") + sql_text((workspace_.folder() / files[end].path).string());
    }
    at = end;
    if (paths.empty()) continue;
    FENQUN_CHECK(
        check_twins(contract, "read_parquet([" + paths + "], hive_partitioning = false, union_by_name = true)", ""));
  }
  return {};
}

Result<void> CountExam::check_twins(const Contract& contract, const std::string& from, const std::string& where) {
  std::string key;
  std::string text;
  for (const auto& name : contract.key) {
    key += (key.empty() ? "" : ", ") + sql_name(name);
    text += ", CAST(" + sql_name(name) + " AS VARCHAR)";
  }
  constexpr int kShown = 3;
  return find(
      fmt::format("SELECT {}, concat_ws(' / '{}), count(*) FROM {}{} GROUP BY {} HAVING count(*) > 1 ORDER BY ALL "
                  "LIMIT {}",
                  sql_text(contract.entity), text, from, where, key, kShown),
      "warehouse.found_key_twice", {"entity", "key", "rows"});
}

Result<void> CountExam::check_references(const Contract& contract) {
  for (const auto& field : contract.fields) {
    if (field.references.empty()) continue;
    const auto* other = workspace_.contracts().find(field.references);
    // A composite key cannot be named by one field.
    if (other == nullptr || other->key.size() != 1) continue;
    ++examination_.references;
    const auto name = sql_name(field.name);
    FENQUN_CHECK(
        find(fmt::format("SELECT {0}, {1}, {2}, count(*), count(DISTINCT {3}), min({3}) FROM {4} WHERE {3} IS NOT "
                         "NULL AND {3} NOT IN (SELECT {5} FROM {6}) HAVING count(*) > 0",
                         sql_text(contract.entity), sql_text(field.name), sql_text(other->entity), name,
                         sql_name(contract.entity), sql_name(other->key.front()), sql_name(other->entity)),
             "warehouse.found_orphans", {"entity", "field", "other", "rows", "values", "example"}, Severity::Notice));
  }
  return {};
}

}  // namespace

Result<void> examine_counts(Workspace& workspace, Examination& examination) {
  return CountExam(workspace, examination).run();
}

}  // namespace fenqun::warehouse
