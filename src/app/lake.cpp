// app/lake.cpp
#include "app/lake.hpp"

#include "ingest/reload.hpp"

#include <chrono>
#include <set>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;
// Takes out what is damaged, as far as all sources of a chain are there.
Result<void> take_out_damaged(Session& session, Checkup& checkup) {
  FENQUN_TRY(const auto chains, ingest::damaged_chains(session.workspace, checkup.examination));
  for (const auto& chain : chains) {
    bool complete = true;
    for (const auto& origin : chain) {
      const auto source = ingest::find_source(origin);
      if (source) continue;
      complete = false;
      checkup.not_reloaded.push_back(source.error());
    }
    if (complete) {
      FENQUN_CHECK(ingest::take_out(session.workspace, chain));
    } else if (chain.size() > 1) {
      checkup.not_reloaded.push_back(
          {ErrorCode::NotFound,
           {"app.chain_stays", {{"batches", std::to_string(chain.size())}, {"first", chain.front().batch_id}}},
           {}});
    }
  }
  return {};
}

// Also what an earlier repair had taken out and could not load any more. After one that fails the later ones of its
// chain wait: the order decides which of two rows replaces the other.
Result<void> load_waiting(Session& session, Checkup& checkup) {
  FENQUN_TRY(const auto origins, ingest::waiting(session.workspace));
  std::set<std::string> held_up;
  for (const auto& origin : origins) {
    if (held_up.contains(origin.chain)) continue;
    auto done = ingest::load_again(session.workspace, origin, &session.texts);
    if (done) {
      checkup.reloaded.push_back({done->batch_id, origin.source});
      continue;
    }
    if (done.error().code == ErrorCode::Cancelled) return fail(std::move(done).error());
    held_up.insert(origin.chain);
    checkup.not_reloaded.push_back(std::move(done).error());
  }
  return {};
}

Month this_month() {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return {static_cast<int>(today.year()), static_cast<int>(static_cast<unsigned>(today.month()))};
}

Result<Session> open_tolerant(const fs::path& folder, const Caller& caller, warehouse::Repair repair) {
  Caller tolerant = caller;
  tolerant.tolerate_damage = true;
  tolerant.reads_only = repair == warehouse::Repair::Nothing;
  return Session::open(folder, tolerant);
}

}  // namespace

Result<Checkup> check_workspace(const Caller& caller, const CheckupRequest& request) {
  FENQUN_TRY(auto session, open_tolerant(request.workspace, caller, request.repair));
  Checkup checkup;
  checkup.contracts = session.workspace.contracts();
  ProgressStage stage(session, "app.stage_doctor");
  FENQUN_TRY(checkup.examination, warehouse::examine(session.workspace, request.repair));
  if (request.repair == warehouse::Repair::WhatCan && !checkup.examination.is_sound()) {
    FENQUN_CHECK(take_out_damaged(session, checkup));
    FENQUN_CHECK(load_waiting(session, checkup));
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
