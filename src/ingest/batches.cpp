// ingest/batches.cpp
#include "ingest/batches.hpp"

#include "warehouse/lake_change.hpp"

#include <algorithm>
#include <map>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::EntityKind;
using warehouse::LakeFile;
using warehouse::RowSet;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

constexpr const char* kCounts = "rows_in, rows_loaded, rows_duplicate, rows_superseded, rows_rejected";

EntityCounts counts_at(const RowSet& rows, std::size_t r, std::size_t first, std::string entity) {
  return {std::move(entity),          rows.integer(r, first),     rows.integer(r, first + 1),
          rows.integer(r, first + 2), rows.integer(r, first + 3), rows.integer(r, first + 4)};
}

std::string fields_of(const Contract& contract) {
  std::string out;
  for (const auto& field : contract.fields) out += (out.empty() ? "" : ", ") + sql_name(field.name);
  return out;
}

class Undo {
 public:
  Undo(Workspace& workspace, UndoOutcome outcome, std::filesystem::path scratch)
      : workspace_(workspace),
        outcome_(std::move(outcome)),
        id_(sql_text(outcome_.batch_id)),
        scratch_(std::move(scratch)),
        changer_(workspace, scratch_) {}

  Result<UndoOutcome> run();

 private:
  Result<void> check_not_needed();
  Result<void> check_kept(const std::string& entity, std::int64_t superseded);
  Result<void> take_back(const Contract& contract);
  Result<std::int64_t> take_back_facts(const Contract& contract);
  Result<std::int64_t> take_out_of_compacted(const Contract& contract, const LakeFile& file);
  Result<std::int64_t> restore_facts(const Contract& contract, const std::string& kept);
  Result<std::int64_t> take_back_master(const Contract& contract, const std::string& kept);
  void forget();

  Workspace& workspace_;
  UndoOutcome outcome_;
  std::string id_;  // as SQL text
  std::filesystem::path scratch_;
  warehouse::LakeChanger changer_;
  std::vector<std::string> statements_;
};

Result<UndoOutcome> Undo::run() {
  FENQUN_CHECK(check_not_needed());
  FENQUN_TRY(const auto entities,
             workspace_.connection().query("SELECT entity, sum(rows_superseded)::BIGINT FROM batch_entity WHERE "
                                           "batch_id = " +
                                           id_ + " GROUP BY entity ORDER BY min(rowid)"));
  for (std::size_t r = 0; r < entities.rows.size(); ++r) {
    FENQUN_CHECK(check_kept(entities.text(r, 0), entities.integer(r, 1)));
    FENQUN_CHECK(take_back(*workspace_.contracts().find(entities.text(r, 0))));
  }
  forget();
  const auto change = changer_.finish();
  FENQUN_CHECK(workspace_.commit(scratch_, change.files, statements_, change.obsolete));
  return std::move(outcome_);
}

Result<void> Undo::check_not_needed() {
  FENQUN_TRY(const auto later, workspace_.connection().query(
                                   "SELECT b.batch_id, b.source FROM batch_link l JOIN batch b USING (batch_id) "
                                   "WHERE l.on_batch = " +
                                   id_ + " GROUP BY ALL ORDER BY max(b.sequence) DESC"));
  if (later.rows.empty()) return {};
  std::string names;
  for (std::size_t r = 0; r < later.rows.size(); ++r) {
    names += (r > 0 ? ", " : "") + later.text(r, 0) + " (" + later.text(r, 1) + ")";
  }
  return fail(ErrorCode::Denied, "ingest.batch_needed",
              {{"batch", outcome_.batch_id}, {"source", outcome_.source}, {"later", names}});
}

// What it had replaced must still be there to be put back.
Result<void> Undo::check_kept(const std::string& entity, std::int64_t superseded) {
  FENQUN_TRY(const auto kept, workspace_.connection().query_integer(
                                  "SELECT coalesce(sum(rows), 0)::BIGINT FROM lake_file WHERE entity = " +
                                  sql_text(warehouse::superseded_of(entity)) + " AND batch_id = " + id_));
  if (kept == superseded) return {};
  return fail(ErrorCode::Denied, "ingest.batch_expired",
              {{"batch", outcome_.batch_id},
               {"source", outcome_.source},
               {"entity", entity},
               {"rows", std::to_string(superseded)},
               {"kept", std::to_string(kept)}});
}

Result<void> Undo::take_back(const Contract& contract) {
  UndoneEntity undone{contract.entity};
  FENQUN_TRY(const auto files, workspace_.lake_files(warehouse::superseded_of(contract.entity)));
  std::string kept;  // SQL for the rows it had replaced, with _batch
  for (const auto& file : files) {
    if (file.batch_id != outcome_.batch_id) continue;
    kept += (kept.empty() ? "SELECT * FROM " : " UNION ALL BY NAME SELECT * FROM ") +
            warehouse::read_lake_file(workspace_, file);
    undone.rows_restored += file.rows;
    changer_.remove(file);
  }
  if (contract.kind == EntityKind::Master) {
    FENQUN_TRY(undone.rows_removed, take_back_master(contract, kept));
  } else {
    FENQUN_TRY(undone.rows_removed, take_back_facts(contract));
    if (!kept.empty()) FENQUN_CHECK(restore_facts(contract, kept));
  }
  outcome_.entities.push_back(std::move(undone));
  return {};
}

Result<std::int64_t> Undo::take_back_facts(const Contract& contract) {
  std::int64_t removed = 0;
  FENQUN_TRY(const auto files, workspace_.lake_files(contract.entity));
  for (const auto& file : files) {
    if (file.batch_id == outcome_.batch_id) {
      changer_.remove(file);
      removed += file.rows;
    } else if (file.batch_id.empty()) {
      FENQUN_TRY(const auto rows, take_out_of_compacted(contract, file));
      removed += rows;
    }
  }
  return removed;
}

Result<std::int64_t> Undo::take_out_of_compacted(const Contract& contract, const LakeFile& file) {
  const auto from = warehouse::read_lake_file(workspace_, file);
  FENQUN_TRY(const auto rows,
             workspace_.connection().query_integer("SELECT count(*) FROM " + from + " WHERE _batch = " + id_));
  if (rows > 0) {
    FENQUN_CHECK(
        changer_.replace(contract, file, "SELECT * FROM " + from + " WHERE _batch <> " + id_, file.rows - rows));
  }
  return rows;
}

// As further files of the batches that had them: what else those batches have stays untouched.
Result<std::int64_t> Undo::restore_facts(const Contract& contract, const std::string& kept) {
  const auto month_of = "date_trunc('month', " + sql_name(contract.month_field) + ")";
  FENQUN_TRY(const auto parts,
             workspace_.connection().query("SELECT _batch, strftime(" + month_of + ", '%Y-%m'), count(*) FROM (" +
                                           kept + ") GROUP BY ALL ORDER BY ALL"));
  std::int64_t restored = 0;
  for (std::size_t r = 0; r < parts.rows.size(); ++r) {
    FENQUN_TRY(const auto month, Month::parse(parts.text(r, 1)));
    const auto rows = "SELECT * EXCLUDE (_batch) FROM (" + kept + ") WHERE _batch = " + sql_text(parts.text(r, 0)) +
                      " AND " + month_of + " = DATE " + sql_text(month.first_date());
    FENQUN_CHECK(changer_.add(contract, contract.entity, month, parts.text(r, 0), rows, parts.integer(r, 2)));
    restored += parts.integer(r, 2);
  }
  return restored;
}

Result<std::int64_t> Undo::take_back_master(const Contract& contract, const std::string& kept) {
  const auto table = sql_name("m_" + contract.entity);
  FENQUN_TRY(const auto rows,
             workspace_.connection().query_integer("SELECT count(*) FROM " + table + " WHERE batch_id = " + id_));
  statements_.push_back("DELETE FROM " + table + " WHERE batch_id = " + id_);
  if (!kept.empty()) {
    const auto fields = fields_of(contract);
    statements_.push_back("INSERT INTO " + table + " (" + fields + ", batch_id) SELECT " + fields + ", _batch FROM (" +
                          kept + ")");
  }
  return rows;
}

void Undo::forget() {
  statements_.push_back(
      "INSERT INTO batch_undone SELECT batch_id, source, path, content_hash, mapping, loaded_at, "
      "(now() AT TIME ZONE 'UTC')::TIMESTAMP, rows_in, rows_loaded, rows_superseded FROM batch WHERE batch_id = " +
      id_);
  for (const auto* table : {"batch", "batch_entity", "batch_link", "quarantine", "lake_expired"}) {
    statements_.push_back(std::string("DELETE FROM ") + table + " WHERE batch_id = " + id_);
  }
}

Result<UndoOutcome> find_batch(Workspace& workspace, const std::string& batch) {
  FENQUN_TRY(const auto found,
             workspace.connection().query("SELECT batch_id, source FROM batch WHERE starts_with(batch_id, " +
                                          sql_text(batch) + ") ORDER BY sequence"));
  if (found.rows.empty() || batch.empty()) {
    return fail(ErrorCode::NotFound, "ingest.no_batch", {{"batch", batch}});
  }
  if (found.rows.size() > 1) {
    return fail(ErrorCode::InvalidArgument, "ingest.batch_unclear",
                {{"batch", batch}, {"first", found.text(0, 0)}, {"second", found.text(1, 0)}});
  }
  return UndoOutcome{found.text(0, 0), found.text(0, 1), {}};
}

}  // namespace

Result<std::vector<Batch>> list_batches(Workspace& workspace) {
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto rows,
             connection.query(std::string("SELECT batch_id, source, path, mapping, strftime(loaded_at, "
                                          "'%Y-%m-%d %H:%M:%S'), ") +
                              kCounts + " FROM batch ORDER BY sequence"));
  std::vector<Batch> batches;
  std::map<std::string, std::size_t> place;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    place[rows.text(r, 0)] = r;
    batches.push_back({rows.text(r, 0),
                       rows.text(r, 1),
                       rows.text(r, 2),
                       rows.text(r, 3),
                       rows.text(r, 4),
                       counts_at(rows, r, 5, ""),
                       {},
                       {}});
  }
  FENQUN_TRY(const auto entities, connection.query(std::string("SELECT batch_id, entity, ") + kCounts +
                                                   " FROM batch_entity ORDER BY rowid"));
  for (std::size_t r = 0; r < entities.rows.size(); ++r) {
    batches[place.at(entities.text(r, 0))].entities.push_back(counts_at(entities, r, 2, entities.text(r, 1)));
  }
  FENQUN_TRY(const auto links,
             connection.query("SELECT l.batch_id, l.on_batch FROM batch_link l JOIN batch b ON b.batch_id = l.on_batch "
                              "GROUP BY ALL ORDER BY max(b.sequence)"));
  for (std::size_t r = 0; r < links.rows.size(); ++r) {
    batches[place.at(links.text(r, 0))].rests_on.push_back(links.text(r, 1));
  }
  return batches;
}

Result<UndoOutcome> undo_batch(Workspace& workspace, const std::string& batch) {
  FENQUN_TRY(auto outcome, find_batch(workspace, batch));
  FENQUN_TRY(const auto scratch, workspace.scratch("undo"));
  return Undo(workspace, std::move(outcome), scratch.folder()).run();
}

}  // namespace fenqun::ingest
