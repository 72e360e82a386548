// ingest/batches.cpp
#include "ingest/batches.hpp"

#include "ingest/taking_back.hpp"

#include <map>

namespace fenqun::ingest {
namespace {

using warehouse::RowSet;
using warehouse::sql_text;
using warehouse::Workspace;

constexpr const char* kCounts = "rows_in, rows_loaded, rows_duplicate, rows_superseded, rows_rejected";

EntityCounts counts_at(const RowSet& rows, std::size_t r, std::size_t first, std::string entity) {
  return {std::move(entity),          rows.integer(r, first),     rows.integer(r, first + 1),
          rows.integer(r, first + 2), rows.integer(r, first + 3), rows.integer(r, first + 4)};
}

Result<void> check_not_needed(Workspace& workspace, const UndoOutcome& outcome) {
  FENQUN_TRY(const auto later,
             workspace.connection().query("SELECT b.batch_id, b.source FROM batch_link l JOIN batch b USING (batch_id) "
                                          "WHERE l.on_batch = " +
                                          sql_text(outcome.batch_id) + " GROUP BY ALL ORDER BY max(b.sequence) DESC"));
  if (later.rows.empty()) return {};
  std::string names;
  for (std::size_t r = 0; r < later.rows.size(); ++r) {
    names += (r > 0 ? ", " : "") + later.text(r, 0) + " (" + later.text(r, 1) + ")";
  }
  return fail(ErrorCode::Denied, "ingest.batch_needed",
              {{"batch", outcome.batch_id}, {"source", outcome.source}, {"later", names}});
}

// What it had replaced must still be there to be put back.
Result<void> check_kept(Workspace& workspace, const UndoOutcome& outcome) {
  const auto id = sql_text(outcome.batch_id);
  FENQUN_TRY(const auto entities, workspace.connection().query("SELECT entity, rows_superseded FROM batch_entity WHERE "
                                                               "batch_id = " +
                                                               id));
  for (std::size_t r = 0; r < entities.rows.size(); ++r) {
    const auto entity = entities.text(r, 0);
    FENQUN_TRY(const auto kept, workspace.connection().query_integer(
                                    "SELECT coalesce(sum(rows), 0)::BIGINT FROM lake_file WHERE entity = " +
                                    sql_text(warehouse::superseded_of(entity)) + " AND batch_id = " + id));
    if (kept == entities.integer(r, 1)) continue;
    return fail(ErrorCode::Denied, "ingest.batch_expired",
                {{"batch", outcome.batch_id},
                 {"source", outcome.source},
                 {"entity", entity},
                 {"rows", std::to_string(entities.integer(r, 1))},
                 {"kept", std::to_string(kept)}});
  }
  return {};
}

// Given up for good, though it waits to be loaded again.
Result<bool> give_up_waiting(Workspace& workspace, const std::string& batch, UndoOutcome& outcome) {
  const auto where = " FROM reload WHERE starts_with(batch_id, " + sql_text(batch) + ")";
  FENQUN_TRY(const auto found, workspace.connection().query("SELECT batch_id, source" + where));
  if (found.rows.size() != 1 || batch.empty()) return false;
  outcome.batch_id = found.text(0, 0);
  outcome.source = found.text(0, 1);
  FENQUN_TRY(const auto scratch, workspace.scratch("undo"));
  const auto of_batch = " WHERE batch_id = " + sql_text(outcome.batch_id);
  FENQUN_CHECK(
      workspace.commit(scratch.folder(), {},
                       {"INSERT INTO batch_undone BY NAME SELECT batch_id, source, path, content_hash, mapping, "
                        "(now() AT TIME ZONE 'UTC')::TIMESTAMP AS undone_at FROM reload" +
                            of_batch,
                        "DELETE FROM reload" + of_batch, "DELETE FROM lake_expired" + of_batch}));
  return true;
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
  UndoOutcome outcome;
  FENQUN_TRY(const bool waited, give_up_waiting(workspace, batch, outcome));
  if (waited) return outcome;
  FENQUN_TRY(outcome, find_batch(workspace, batch));
  FENQUN_CHECK(check_not_needed(workspace, outcome));
  FENQUN_CHECK(check_kept(workspace, outcome));
  FENQUN_TRY(outcome.entities, take_back(workspace, {outcome.batch_id}, Purpose::Forget, {}));
  return outcome;
}

}  // namespace fenqun::ingest
