// ledger/publish.cpp
#include "ledger/publish.hpp"

#include "ledger/change.hpp"
#include "ledger/decisions.hpp"
#include "ledger/names.hpp"
#include "ledger/seal.hpp"
#include "segment/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace fenqun::ledger {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;
using ScratchPlace = warehouse::Workspace::ScratchPlace;

// Publications written at once stand beside each other until they are: more than these would crowd memory.
constexpr std::size_t kMostInMemory = 4;

std::string date_or_null(const std::optional<Month>& month) { return month ? sql_text(month->first_date()) : "NULL"; }
std::string number_or_null(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : "NULL"; }

std::string insert_publication(const Publication& p) {
  return fmt::format(
      "INSERT INTO publication VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, "
      "{}, {}, {}, {}, {}, {})",
      p.sequence, sql_text(p.scheme), sql_text(name_of(p.kind)), sql_text(p.run_id),
      sql_text(p.valid_from.first_date()), date_or_null(p.valid_to), sql_text(p.by), sql_text(p.reason),
      sql_text(p.limit_override), number_or_null(p.restores), number_or_null(p.decision_id), p.scheme_version,
      sql_text(p.definition), sql_text(p.assignment_hash), sql_text(p.recorded_at), p.customers, p.classified,
      p.compared, p.moved, p.opened, p.ended, p.first_row, sql_text(p.rows_hash), sql_text(p.ends_hash),
      sql_text(p.prior_hash), sql_text(p.hash));
}

std::vector<std::string> insert_details(const Publication& p, const std::vector<SealedBlock>& blocks) {
  std::vector<std::string> out;
  int position = 0;
  for (const auto& name : p.names) {
    out.push_back(fmt::format("INSERT INTO publication_name VALUES ({}, {}, {}, {}, {}, {}, {}, {})", p.sequence,
                              position++, sql_text(name.is_group ? "group" : "reason"), sql_text(name.code),
                              sql_text(name.run_code), sql_text(name.title.zh), sql_text(name.title.en),
                              name.customers));
  }
  std::string values;
  for (const auto& block : blocks) {
    values += fmt::format("{}({}, {}, {}, {})", values.empty() ? "" : ", ", p.sequence, block.block, block.rows,
                          sql_text(block.hashes));
  }
  if (!values.empty()) out.push_back("INSERT INTO publication_block VALUES " + values);
  return out;
}

// Number, time, place in the chain: behind `before`, or behind the last one that the ledger has.
Result<void> enter_chain(warehouse::Connection& connection, const Publication* before, Publication& p) {
  if (before != nullptr) {
    p.sequence = before->sequence + 1;
    p.prior_hash = before->hash;
    p.first_row = before->first_row + before->opened;
    p.recorded_at = before->recorded_at;
    return {};
  }
  FENQUN_TRY(p.sequence, connection.query_integer("SELECT coalesce(max(sequence), 0) + 1 FROM publication"));
  FENQUN_TRY(p.prior_hash, connection.query_text(
                               "SELECT coalesce((SELECT hash FROM publication ORDER BY sequence DESC LIMIT 1), '')"));
  FENQUN_TRY(p.first_row,
             connection.query_integer("SELECT coalesce(max(first_row + rows_opened), 1) FROM publication"));
  FENQUN_TRY(p.recorded_at, time_now(connection));
  return {};
}

// A publication worked out in a scratch database, with the statements that write it.
struct Prepared {
  Publication publication;
  warehouse::Workspace::Scratch scratch;
  std::vector<std::string> statements;
};

Result<Prepared> prepare_publication(warehouse::Workspace& workspace, Publication p,
                                     const std::optional<RunDecision>& decision, const Publication* before,
                                     ScratchPlace place) {
  auto& connection = workspace.connection();
  FENQUN_CHECK(enter_chain(connection, before, p));
  FENQUN_TRY(auto scratch, workspace.scratch("ledger_" + std::to_string(p.sequence), place));
  FENQUN_CHECK(work_out_change(workspace, scratch.catalogue(), code_map(p.names), p));
  const std::string opened = sql_name(scratch.catalogue()) + ".opened";
  const std::string ended = sql_name(scratch.catalogue()) + ".ended";
  FENQUN_TRY(const auto blocks, hash_rows(connection, opened, p.first_row));
  FENQUN_TRY(p.ends_hash, hash_ends(connection, ended));
  p.rows_hash = hash_blocks(blocks);
  p.hash = hash_publication(p, decision);
  std::vector<std::string> statements;
  if (p.ended > 0) {
    statements.push_back(fmt::format("UPDATE membership SET superseded_by = {} WHERE row_id IN (SELECT row_id FROM {})",
                                     p.sequence, ended));
    statements.push_back(
        fmt::format("INSERT INTO membership_end SELECT {}, row_id FROM {} ORDER BY row_id", p.sequence, ended));
  }
  if (p.opened > 0) {
    statements.push_back(
        "INSERT INTO membership SELECT row_id, scheme, customer_id, valid_from, valid_to, group_code, "
        "reason, said_by, recorded_by, seal, NULL FROM " +
        opened + " ORDER BY row_id");
  }
  statements.push_back(insert_publication(p));
  auto details = insert_details(p, blocks);
  statements.insert(statements.end(), std::make_move_iterator(details.begin()), std::make_move_iterator(details.end()));
  return Prepared{std::move(p), std::move(scratch), std::move(statements)};
}

// One publication with `further` statements, in one transaction.
Result<Publication> write_publication(warehouse::Workspace& workspace, Publication p,
                                      const std::optional<RunDecision>& decision, std::vector<std::string> further) {
  FENQUN_TRY(auto prepared, prepare_publication(workspace, std::move(p), decision, nullptr, ScratchPlace::InMemory));
  further.insert(further.end(), std::make_move_iterator(prepared.statements.begin()),
                 std::make_move_iterator(prepared.statements.end()));
  FENQUN_CHECK(workspace.commit(prepared.scratch.folder(), {}, further));
  return std::move(prepared.publication);
}

std::optional<Month> month_after(const Timeline& timeline, Month month) {
  const auto next = timeline.upper_bound(month);
  return next == timeline.end() ? std::nullopt : std::optional<Month>(next->first);
}

void describe_run(const segment::RunResult& run, Publication& p) {
  p.scheme = run.scheme;
  p.run_id = run.run_id;
  p.scheme_version = run.scheme_version;
  p.definition = run.definition;
  p.assignment_hash = run.assignment_hash;
}

// The reason for more groups than allowed: that of the request, else that of the scheme.
std::string limit_override(const segment::RunResult& run, const PublishRequest& request) {
  if (run.groups.size() <= kMostGroups) return "";
  return need_text(request.limit_override, "ledger.no_reason") ? request.limit_override : run.group_limit_override;
}

Result<RunDecision> check_publishable(const RunLife& life, const PublishRequest& request) {
  const auto& run = life.run;
  const bool accepted = !life.decisions.empty() && life.decisions.back().decision == Decision::Accept;
  if (!accepted) {
    const char* key = life.state == RunState::Draft     ? "ledger.not_reviewed"
                      : life.state == RunState::Refused ? "ledger.was_refused"
                                                        : "ledger.was_retired";
    return fail(ErrorCode::Denied, key, {{"run", run.run_id}});
  }
  if (life.decisions.back().assignment_hash != run.assignment_hash) {
    return fail(ErrorCode::Conflict, "ledger.changed_since_review", {{"run", run.run_id}});
  }
  if (run.groups.size() > kMostGroups && !need_text(limit_override(run, request), "ledger.no_reason")) {
    return fail(
        ErrorCode::Denied, "ledger.too_many_groups",
        {{"run", run.run_id}, {"groups", std::to_string(run.groups.size())}, {"most", std::to_string(kMostGroups)}});
  }
  return life.decisions.back();
}

// May the run be in force again? To take back that it was given up is to accept it.
Result<std::optional<RunDecision>> reinstate(warehouse::Workspace& workspace, const Publication& restored,
                                             const Publication& taken_back, const RollbackRequest& request) {
  const auto run_id = restored.run_in_force();
  if (run_id.empty()) return std::optional<RunDecision>();
  if (taken_back.kind == PublicationKind::Retire && taken_back.run_id == run_id) {
    FENQUN_TRY(const auto run, segment::find_run(workspace, run_id));
    FENQUN_TRY(auto decision, decide(workspace.connection(), run, Decision::Accept, request.by, request.reason));
    return std::optional<RunDecision>(std::move(decision));
  }
  FENQUN_TRY(const auto decisions, read_decisions(workspace.connection(), run_id));
  if (decisions.empty() || decisions.back().decision != Decision::Accept) {
    return fail(ErrorCode::Denied, "ledger.was_retired", {{"run", run_id}});
  }
  return std::optional<RunDecision>();
}

Result<Publication> last_of_time(const RunLife& life, const std::vector<Publication>& of_scheme) {
  const auto last = std::find_if(of_scheme.rbegin(), of_scheme.rend(),
                                 [&](const Publication& p) { return p.run_in_force() == life.run.run_id; });
  if (last != of_scheme.rend()) return *last;
  return fail(ErrorCode::Internal, "ledger.no_publication", {{"run", life.run.run_id}});
}

// Are the stored groups as large as the run says? Of all that could be changed this is told without reading every
// customer's name; verify() tells the rest.
Result<void> check_counts(warehouse::Connection& connection, const segment::RunResult& run) {
  FENQUN_TRY(const auto rows, connection.query("SELECT coalesce(group_code, ''), coalesce(reason, ''), count(*) FROM "
                                               "assignment WHERE run_id = " +
                                               sql_text(run.run_id) + " GROUP BY ALL"));
  std::map<std::string, std::int64_t> stored;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    stored[rows.text(r, 0).empty() ? "!" + rows.text(r, 1) : rows.text(r, 0)] += rows.integer(r, 2);
  }
  std::map<std::string, std::int64_t> said;
  for (const auto& group : run.groups) {
    if (group.customers > 0) said[group.code] = group.customers;
  }
  for (const auto& line : run.unclassified) {
    if (line.customers > 0) said["!" + line.code] = line.customers;
  }
  if (stored == said) return {};
  return fail(ErrorCode::BadData, "ledger.run_changed_since", {{"run", run.run_id}});
}

// What is to be published, or the publication that says the same already.
struct Wanted {
  PublicationOutcome outcome;
  RunDecision decision;
};

Result<Wanted> describe_publication(warehouse::Workspace& workspace, const PublishRequest& request) {
  FENQUN_CHECK(need_text(request.by, "ledger.no_name"));
  FENQUN_TRY(const auto life, life_of(workspace, request.run_id));
  FENQUN_TRY(const auto of_scheme, read_publications(workspace.connection(), life.run.scheme));
  FENQUN_TRY(auto decision, check_publishable(life, request));
  const auto timeline = timeline_of(of_scheme);
  if (const auto there = in_force(timeline, life.run.as_of);
      there && of_scheme[*there].run_in_force() == request.run_id) {
    return Wanted{{of_scheme[*there], true}, std::move(decision)};
  }
  FENQUN_CHECK(check_counts(workspace.connection(), life.run));
  Publication p;
  p.kind = PublicationKind::Publish;
  describe_run(life.run, p);
  p.valid_from = life.run.as_of;
  p.valid_to = month_after(timeline, p.valid_from);
  p.by = request.by;
  p.reason = request.reason;
  p.limit_override = limit_override(life.run, request);
  p.decision_id = decision.id;
  FENQUN_TRY(p.names, name_groups(workspace, life.run, p.valid_from, of_scheme));
  return Wanted{{std::move(p), false}, std::move(decision)};
}

// What a publication changes depends on those of its scheme before it.
Result<void> check_one_each(const std::vector<Wanted>& wanted) {
  std::map<std::string, std::string> runs;
  for (const auto& one : wanted) {
    const auto& p = one.outcome.publication;
    const auto [there, is_new] = runs.emplace(p.scheme, p.run_id);
    if (is_new || one.outcome.already) continue;
    return fail(ErrorCode::InvalidArgument, "ledger.scheme_twice",
                {{"scheme", p.scheme}, {"first", there->second}, {"second", p.run_id}});
  }
  return {};
}

}  // namespace

Result<PublicationOutcome> publish_run(warehouse::Workspace& workspace, const PublishRequest& request) {
  FENQUN_TRY(auto outcomes, publish_runs(workspace, {request}));
  return std::move(outcomes.front());
}

Result<std::vector<PublicationOutcome>> publish_runs(warehouse::Workspace& workspace,
                                                     const std::vector<PublishRequest>& requests) {
  std::vector<Wanted> wanted;
  for (const auto& request : requests) {
    FENQUN_TRY(auto one, describe_publication(workspace, request));
    wanted.push_back(std::move(one));
  }
  FENQUN_CHECK(check_one_each(wanted));
  std::vector<Prepared> prepared;
  std::vector<std::string> statements;
  for (auto& one : wanted) {
    if (one.outcome.already) continue;
    const auto* const before = prepared.empty() ? nullptr : &prepared.back().publication;
    const auto place = wanted.size() > kMostInMemory ? ScratchPlace::OnDisk : ScratchPlace::InMemory;
    FENQUN_TRY(auto next,
               prepare_publication(workspace, std::move(one.outcome.publication), one.decision, before, place));
    one.outcome.publication = next.publication;
    statements.insert(statements.end(), next.statements.begin(), next.statements.end());
    prepared.push_back(std::move(next));
  }
  if (!prepared.empty()) FENQUN_CHECK(workspace.commit(prepared.front().scratch.folder(), {}, statements));
  std::vector<PublicationOutcome> out;
  out.reserve(wanted.size());
  for (auto& one : wanted) out.push_back(std::move(one.outcome));
  return out;
}

Result<PublicationOutcome> roll_back(warehouse::Workspace& workspace, const RollbackRequest& request) {
  FENQUN_CHECK(need_text(request.by, "ledger.no_name"));
  FENQUN_CHECK(need_text(request.reason, "ledger.no_reason"));
  FENQUN_TRY(const auto of_scheme, read_publications(workspace.connection(), request.scheme));
  const auto undone = last_standing(of_scheme);
  if (!undone) return fail(ErrorCode::NotFound, "ledger.nothing_published", {{"scheme", request.scheme}});
  const auto& taken_back = of_scheme[*undone];
  const std::span<const Publication> earlier(of_scheme.data(), *undone);
  const auto restored = in_force(timeline_of(earlier), taken_back.valid_from);
  if (!restored) {
    return fail(ErrorCode::NotFound, "ledger.nothing_before",
                {{"scheme", request.scheme}, {"run", taken_back.run_id}, {"month", taken_back.valid_from.text()}});
  }
  FENQUN_TRY(const auto decision, reinstate(workspace, of_scheme[*restored], taken_back, request));
  Publication p = of_scheme[*restored];
  p.kind = PublicationKind::Rollback;
  p.run_id = of_scheme[*restored].run_in_force();
  p.restores = of_scheme[*restored].sequence;
  p.valid_from = taken_back.valid_from;
  p.valid_to = taken_back.valid_to;
  p.by = request.by;
  p.reason = request.reason;
  p.decision_id = decision ? std::optional<std::int64_t>(decision->id) : std::nullopt;
  std::vector<std::string> further;
  if (decision) further.push_back(insert_sql(*decision));
  FENQUN_TRY(auto written, write_publication(workspace, std::move(p), decision, std::move(further)));
  return PublicationOutcome{std::move(written), false};
}

Result<RetireOutcome> retire_run(warehouse::Workspace& workspace, const RetireRequest& request) {
  FENQUN_TRY(const auto life, life_of(workspace, request.run_id));
  if (life.state == RunState::Retired) {
    return fail(ErrorCode::Conflict, "ledger.already_retired", {{"run", request.run_id}});
  }
  FENQUN_TRY(const auto decision,
             decide(workspace.connection(), life.run, Decision::Retire, request.by, request.reason));
  const bool goes_on = !life.in_force.empty() && !life.in_force.back().to;
  if (!goes_on) {
    FENQUN_CHECK(workspace.commit({}, {}, {insert_sql(decision)}));
    return RetireOutcome{};
  }
  FENQUN_TRY(const auto of_scheme, read_publications(workspace.connection(), life.run.scheme));
  const Month since = timeline_of(of_scheme).rbegin()->first;
  const Month from = request.from.value_or(since.plus(1));
  if (from < since) {
    return fail(ErrorCode::InvalidArgument, "ledger.retire_before",
                {{"run", request.run_id}, {"month", from.text()}, {"since", since.text()}});
  }
  FENQUN_TRY(Publication p, last_of_time(life, of_scheme));
  p.kind = PublicationKind::Retire;
  p.valid_from = from;
  p.valid_to = std::nullopt;
  p.by = request.by;
  p.reason = request.reason;
  p.limit_override.clear();
  p.restores = std::nullopt;
  p.decision_id = decision.id;
  p.names.clear();
  FENQUN_TRY(auto written, write_publication(workspace, std::move(p), decision, {insert_sql(decision)}));
  return RetireOutcome{std::move(written)};
}

}  // namespace fenqun::ledger
