// app/lake.cpp
#include "app/lake.hpp"

#include "base/file.hpp"
#include "ingest/batches.hpp"

#include <chrono>
#include <set>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_text;

// What has to be known to load a batch again.
struct Origin {
  fs::path file;
  std::string content_hash;
  std::string mapping;
  std::string mapping_text;  // empty: canonical
  std::string entity;        // of a canonical file
};

Result<Origin> origin_of(Session& session, const std::string& batch) {
  FENQUN_TRY(
      const auto rows,
      session.workspace.connection().query(
          "SELECT b.path, b.content_hash, b.mapping, coalesce(t.text, ''), (SELECT min(entity) FROM batch_entity e "
          "WHERE e.batch_id = b.batch_id) FROM batch b LEFT JOIN mapping_text t USING (mapping_hash) WHERE "
          "b.batch_id = " +
          sql_text(batch)));
  if (rows.rows.empty()) return fail(ErrorCode::NotFound, "ingest.no_batch", {{"batch", batch}});
  Origin origin{rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3), ""};
  if (origin.mapping_text.empty()) origin.entity = rows.text(0, 4);
  const auto hash = hash_file(origin.file);
  if (!hash || *hash != origin.content_hash) {
    return fail(ErrorCode::NotFound, "app.source_gone", {{"batch", batch}, {"file", origin.file.string()}});
  }
  return origin;
}

Result<ReloadedBatch> reload(Session& session, const std::string& batch) {
  FENQUN_TRY(const auto origin, origin_of(session, batch));
  ingest::IngestRequest request;
  request.file = origin.file;
  request.entity = origin.entity;
  request.max_rejected_share = 1.0;  // it was accepted once
  request.texts = &session.texts;
  FENQUN_TRY(const auto scratch, session.workspace.scratch("reload"));
  if (!origin.mapping_text.empty()) {
    const auto mapping = scratch.folder() / (origin.mapping + ".yaml");
    FENQUN_CHECK(write_file_atomically(mapping, origin.mapping_text));
    request.mapping = mapping.string();
  }
  FENQUN_CHECK(ingest::undo_batch(session.workspace, batch));
  FENQUN_TRY(const auto outcome, ingest::ingest(session.workspace, request));
  return ReloadedBatch{outcome.batch_id, origin.file.filename().string()};
}

// Batches that a damaged file belongs to.
std::set<std::string> damaged_batches(const warehouse::Examination& examination) {
  std::set<std::string> batches;
  for (const auto& finding : examination.findings) {
    const bool mended = finding.severity == warehouse::Severity::Notice || finding.repaired;
    if (!mended && !finding.file.batch_id.empty()) batches.insert(finding.file.batch_id);
  }
  return batches;
}

Month this_month() {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return {static_cast<int>(today.year()), static_cast<int>(static_cast<unsigned>(today.month()))};
}

Result<Session> open_tolerant(const fs::path& folder, const Caller& caller) {
  Caller tolerant = caller;
  tolerant.tolerate_damage = true;
  return Session::open(folder, tolerant);
}

}  // namespace

Result<Checkup> check_workspace(const Caller& caller, const CheckupRequest& request) {
  FENQUN_TRY(auto session, open_tolerant(request.workspace, caller));
  Checkup checkup;
  ProgressStage stage(session, "app.stage_doctor");
  FENQUN_TRY(checkup.examination, warehouse::examine(session.workspace, request.repair));
  const auto batches = damaged_batches(checkup.examination);
  if (request.repair == warehouse::Repair::WhatCan && !batches.empty()) {
    for (const auto& batch : batches) {
      auto done = reload(session, batch);
      if (done)
        checkup.reloaded.push_back(*std::move(done));
      else if (done.error().code == ErrorCode::Cancelled)
        return fail(std::move(done).error());
      else
        checkup.not_reloaded.push_back(std::move(done).error());
    }
    // What the first look repaired is history now; the second shows what is left.
    auto before = std::move(checkup.examination.findings);
    FENQUN_TRY(checkup.examination, warehouse::examine(session.workspace, request.repair));
    for (auto& finding : before) {
      if (finding.repaired) checkup.examination.findings.push_back(std::move(finding));
    }
  }
  stage.done();
  return checkup;
}

Result<std::vector<warehouse::CompactedMonth>> compact_lake(Session& session, const std::string& entity) {
  ProgressStage stage(session, "app.stage_compact");
  FENQUN_TRY(auto done, warehouse::compact(session.workspace, entity));
  stage.done();
  return done;
}

Result<std::vector<warehouse::ExpiredMonth>> expire_lake(Session& session, warehouse::Expire what) {
  ProgressStage stage(session, "app.stage_expire");
  FENQUN_TRY(auto done, warehouse::expire(session.workspace, this_month(), what));
  stage.done();
  return done;
}

}  // namespace fenqun::app
