// ingest/taking_back.cpp
#include "ingest/taking_back.hpp"

#include "warehouse/lake_change.hpp"

#include <fmt/format.h>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::EntityKind;
using warehouse::LakeFile;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

std::string fields_of(const Contract& contract) {
  std::string out;
  for (const auto& field : contract.fields) out += (out.empty() ? "" : ", ") + sql_name(field.name);
  return out;
}

class TakeBack {
 public:
  TakeBack(Workspace& workspace, const std::set<std::string>& batches, Purpose purpose,
           std::vector<std::string> statements, std::filesystem::path scratch)
      : workspace_(workspace),
        batches_(batches),
        purpose_(purpose),
        scratch_(std::move(scratch)),
        changer_(workspace, scratch_),
        statements_(std::move(statements)) {
    for (const auto& batch : batches_) ids_ += (ids_.empty() ? "(" : ", ") + sql_text(batch);
    ids_ += ")";
  }

  Result<std::vector<UndoneEntity>> run();

 private:
  Result<UndoneEntity> take_back(const Contract& contract);
  Result<bool> is_whole(const LakeFile& file) const;
  Result<std::string> kept_rows(const Contract& contract);
  Result<std::int64_t> take_back_facts(const Contract& contract);
  Result<std::int64_t> take_out_of_compacted(const Contract& contract, const LakeFile& file);
  Result<void> restore_facts(const Contract& contract, const std::string& kept, UndoneEntity& undone);
  Result<bool> is_given_up(const Contract& contract, Month month);
  Result<void> take_back_master(const Contract& contract, const std::string& kept, UndoneEntity& undone);
  void forget();

  Workspace& workspace_;
  const std::set<std::string>& batches_;
  std::string ids_;  // as an SQL list
  Purpose purpose_;
  std::filesystem::path scratch_;
  warehouse::LakeChanger changer_;
  std::vector<std::string> statements_;
};

Result<std::vector<UndoneEntity>> TakeBack::run() {
  std::vector<UndoneEntity> undone;
  FENQUN_TRY(const auto entities, workspace_.connection().query("SELECT entity FROM batch_entity WHERE batch_id IN " +
                                                                ids_ + " GROUP BY entity ORDER BY min(rowid)"));
  for (std::size_t r = 0; r < entities.rows.size(); ++r) {
    FENQUN_TRY(auto one, take_back(*workspace_.contracts().find(entities.text(r, 0))));
    undone.push_back(std::move(one));
  }
  forget();
  const auto change = changer_.finish();
  FENQUN_CHECK(workspace_.commit(scratch_, change.files, statements_, change.obsolete));
  return undone;
}

Result<UndoneEntity> TakeBack::take_back(const Contract& contract) {
  UndoneEntity undone{contract.entity};
  FENQUN_TRY(const auto kept, kept_rows(contract));
  if (contract.kind == EntityKind::Master) {
    FENQUN_CHECK(take_back_master(contract, kept, undone));
    return undone;
  }
  FENQUN_TRY(undone.rows_removed, take_back_facts(contract));
  if (!kept.empty()) FENQUN_CHECK(restore_facts(contract, kept, undone));
  return undone;
}

// Can it be read? If not: does that matter?
Result<bool> TakeBack::is_whole(const LakeFile& file) const {
  if (!workspace_.is_damaged(file.path)) return true;
  if (purpose_ == Purpose::ToReload) return false;
  return fail(ErrorCode::BadData, "ingest.undo_damaged",
              {{"batch", *batches_.begin()}, {"path", (workspace_.folder() / file.path).string()}});
}

// SQL for the rows of other batches that these had replaced, with _batch; empty: none.
Result<std::string> TakeBack::kept_rows(const Contract& contract) {
  FENQUN_TRY(const auto files, workspace_.lake_files(warehouse::superseded_of(contract.entity)));
  std::string kept;
  for (const auto& file : files) {
    if (!batches_.contains(file.batch_id)) continue;
    changer_.remove(file);
    FENQUN_TRY(const bool whole, is_whole(file));
    if (!whole) continue;
    kept += (kept.empty() ? "SELECT * FROM " : " UNION ALL BY NAME SELECT * FROM ") +
            warehouse::read_lake_file(workspace_, file);
  }
  if (kept.empty()) return kept;
  return "SELECT * FROM (" + kept + ") WHERE _batch NOT IN " + ids_;
}

Result<std::int64_t> TakeBack::take_back_facts(const Contract& contract) {
  std::int64_t removed = 0;
  FENQUN_TRY(const auto files, workspace_.lake_files(contract.entity));
  for (const auto& file : files) {
    if (batches_.contains(file.batch_id)) {
      changer_.remove(file);
      removed += file.rows;
    } else if (file.batch_id.empty()) {
      FENQUN_TRY(const auto rows, take_out_of_compacted(contract, file));
      removed += rows;
    }
  }
  return removed;
}

Result<std::int64_t> TakeBack::take_out_of_compacted(const Contract& contract, const LakeFile& file) {
  FENQUN_TRY(const bool whole, is_whole(file));
  if (!whole) {
    changer_.remove(file);
    return file.rows;
  }
  const auto from = warehouse::read_lake_file(workspace_, file);
  FENQUN_TRY(const auto rows,
             workspace_.connection().query_integer("SELECT count(*) FROM " + from + " WHERE _batch IN " + ids_));
  if (rows > 0) {
    FENQUN_CHECK(
        changer_.replace(contract, file, "SELECT * FROM " + from + " WHERE _batch NOT IN " + ids_, file.rows - rows));
  }
  return rows;
}

// As further files of the batches that had them: what else those batches have stays untouched.
Result<void> TakeBack::restore_facts(const Contract& contract, const std::string& kept, UndoneEntity& undone) {
  const auto month_of = "date_trunc('month', " + sql_name(contract.month_field) + ")";
  FENQUN_TRY(const auto parts,
             workspace_.connection().query("SELECT _batch, strftime(" + month_of + ", '%Y-%m'), count(*) FROM (" +
                                           kept + ") GROUP BY ALL ORDER BY ALL"));
  for (std::size_t r = 0; r < parts.rows.size(); ++r) {
    FENQUN_TRY(const auto month, Month::parse(parts.text(r, 1)));
    const auto batch = sql_text(parts.text(r, 0));
    FENQUN_TRY(const bool given_up, is_given_up(contract, month));
    if (given_up) {
      // A few rows would pass for the whole month.
      statements_.push_back(
          fmt::format("INSERT INTO lake_expired VALUES ({}, {}, {}, {}, (now() AT TIME ZONE 'UTC')::TIMESTAMP, false)",
                      sql_text(contract.entity), sql_text(month.text()), batch, parts.integer(r, 2)));
      undone.rows_expired += parts.integer(r, 2);
      continue;
    }
    const auto rows = "SELECT * EXCLUDE (_batch) FROM (" + kept + ") WHERE _batch = " + batch + " AND " + month_of +
                      " = DATE " + sql_text(month.first_date());
    FENQUN_CHECK(changer_.add(contract, contract.entity, month, parts.text(r, 0), rows, parts.integer(r, 2)));
    undone.rows_restored += parts.integer(r, 2);
  }
  return {};
}

// Months that were given up and of which nothing was loaded since.
Result<bool> TakeBack::is_given_up(const Contract& contract, Month month) {
  const auto where = " WHERE entity = " + sql_text(contract.entity) + " AND month = " + sql_text(month.text());
  FENQUN_TRY(const auto there,
             workspace_.connection().query_integer("SELECT (SELECT count(*) FROM lake_expired" + where +
                                                   " AND NOT aside)::BIGINT * (SELECT count(*) = 0 FROM lake_file" +
                                                   where + ")::BIGINT"));
  return there > 0;
}

Result<void> TakeBack::take_back_master(const Contract& contract, const std::string& kept, UndoneEntity& undone) {
  const auto table = sql_name("m_" + contract.entity);
  FENQUN_TRY(undone.rows_removed,
             workspace_.connection().query_integer("SELECT count(*) FROM " + table + " WHERE batch_id IN " + ids_));
  statements_.push_back("DELETE FROM " + table + " WHERE batch_id IN " + ids_);
  if (kept.empty()) return {};
  FENQUN_TRY(undone.rows_restored, workspace_.connection().query_integer("SELECT count(*) FROM (" + kept + ")"));
  const auto fields = fields_of(contract);
  statements_.push_back("INSERT INTO " + table + " (" + fields + ", batch_id) SELECT " + fields + ", _batch FROM (" +
                        kept + ")");
  return {};
}

void TakeBack::forget() {
  const auto of_these = " WHERE batch_id IN " + ids_;
  if (purpose_ == Purpose::Forget) {
    statements_.push_back(
        "INSERT INTO batch_undone SELECT batch_id, source, path, content_hash, mapping, loaded_at, "
        "(now() AT TIME ZONE 'UTC')::TIMESTAMP, rows_in, rows_loaded, rows_superseded FROM batch" +
        of_these);
    statements_.push_back("DELETE FROM lake_expired" + of_these);
  } else {
    // One mark for each month, whose rows are told when the batch is loaded again. What was kept aside comes anew.
    statements_.push_back(
        "CREATE OR REPLACE TEMP TABLE given_up AS SELECT entity, month, batch_id, 0, "
        "max(expired_at), false FROM lake_expired" +
        of_these + " AND NOT aside GROUP BY entity, month, batch_id");
    statements_.push_back("DELETE FROM lake_expired" + of_these);
    statements_.emplace_back("INSERT INTO lake_expired SELECT * FROM given_up");
  }
  for (const auto* table : {"batch", "batch_entity", "batch_link", "quarantine"}) {
    statements_.push_back(std::string("DELETE FROM ") + table + of_these);
  }
}

}  // namespace

Result<std::vector<UndoneEntity>> take_back(Workspace& workspace, const std::set<std::string>& batches, Purpose purpose,
                                            std::vector<std::string> statements) {
  FENQUN_TRY(const auto scratch, workspace.scratch("undo"));
  return TakeBack(workspace, batches, purpose, std::move(statements), scratch.folder()).run();
}

}  // namespace fenqun::ingest
