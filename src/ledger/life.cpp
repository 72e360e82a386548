// ledger/life.cpp
#include "ledger/life.hpp"

#include "ledger/decisions.hpp"
#include "segment/run.hpp"
#include "segment/run_json.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace fenqun::ledger {
namespace {

using warehouse::sql_text;

constexpr std::array<std::string_view, 6> kStates = {"draft",     "accepted", "refused",
                                                     "published", "replaced", "retired"};
constexpr std::array<std::string_view, 3> kDecisions = {"accepted", "refused", "retired"};

Decision decision_of(const std::string& name) {
  const auto at = std::find(kDecisions.begin(), kDecisions.end(), name);
  return static_cast<Decision>(at == kDecisions.end() ? 1 : at - kDecisions.begin());
}

}  // namespace

std::string_view name_of(RunState state) noexcept { return kStates[static_cast<std::size_t>(state)]; }
std::string_view name_of(Decision decision) noexcept { return kDecisions[static_cast<std::size_t>(decision)]; }

Result<std::vector<RunDecision>> read_decisions(warehouse::Connection& connection, const std::string& run_id) {
  const std::string where = run_id.empty() ? "" : " WHERE run_id = " + sql_text(run_id);
  FENQUN_TRY(const auto rows,
             connection.query("SELECT decision_id, run_id, decision, decided_by, reason, "
                              "strftime(decided_at, '%Y-%m-%d %H:%M:%S.%f'), assignment_hash FROM run_decision" +
                              where + " ORDER BY decision_id"));
  std::vector<RunDecision> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out.push_back({rows.integer(r, 0), rows.text(r, 1), decision_of(rows.text(r, 2)), rows.text(r, 3), rows.text(r, 4),
                   rows.text(r, 5), rows.text(r, 6)});
  }
  return out;
}

Result<std::string> time_now(warehouse::Connection& connection) {
  return connection.query_text("SELECT strftime(now()::TIMESTAMP, '%Y-%m-%d %H:%M:%S.%f')");
}

Result<void> need_text(const std::string& value, const char* error_key) {
  if (value.find_first_not_of(" \t\r\n") != std::string::npos) return {};
  return fail(ErrorCode::InvalidArgument, error_key);
}

Result<RunDecision> decide(warehouse::Connection& connection, const segment::RunResult& run, Decision decision,
                           const std::string& by, const std::string& reason) {
  FENQUN_CHECK(need_text(by, "ledger.no_name"));
  FENQUN_CHECK(need_text(reason, "ledger.no_reason"));
  RunDecision out;
  FENQUN_TRY(out.id, connection.query_integer("SELECT coalesce(max(decision_id), 0) + 1 FROM run_decision"));
  FENQUN_TRY(out.at, time_now(connection));
  out.run_id = run.run_id;
  out.decision = decision;
  out.by = by;
  out.reason = reason;
  out.assignment_hash = run.assignment_hash;
  return out;
}

std::string insert_sql(const RunDecision& decision) {
  return "INSERT INTO run_decision VALUES (" + std::to_string(decision.id) + ", " + sql_text(decision.run_id) + ", " +
         sql_text(name_of(decision.decision)) + ", " + sql_text(decision.by) + ", " + sql_text(decision.reason) + ", " +
         sql_text(decision.at) + ", " + sql_text(decision.assignment_hash) + ")";
}

std::vector<InForce> times_in_force(const std::string& run_id, const std::vector<Publication>& of_scheme) {
  std::vector<InForce> out;
  const auto timeline = timeline_of(of_scheme);
  for (auto at = timeline.begin(); at != timeline.end(); ++at) {
    if (of_scheme[at->second].run_in_force() != run_id) continue;
    const auto next = std::next(at);
    const auto end = next == timeline.end() ? std::nullopt : std::optional<Month>(next->first);
    if (!out.empty() && out.back().to == at->first)
      out.back().to = end;
    else
      out.push_back({at->first, end});
  }
  return out;
}

RunState state_of(const std::string& run_id, const std::vector<RunDecision>& of_run,
                  const std::vector<Publication>& of_scheme) {
  if (of_run.empty()) return RunState::Draft;
  if (of_run.back().decision == Decision::Retire) return RunState::Retired;
  if (of_run.back().decision == Decision::Refuse) return RunState::Refused;
  if (!times_in_force(run_id, of_scheme).empty()) return RunState::Published;
  const bool was =
      std::any_of(of_scheme.begin(), of_scheme.end(), [&](const Publication& p) { return p.run_in_force() == run_id; });
  return was ? RunState::Replaced : RunState::Accepted;
}

Result<RunDecision> review_run(warehouse::Workspace& workspace, const ReviewRequest& request) {
  FENQUN_TRY(auto decisions, review_runs(workspace, {request}));
  return std::move(decisions.front());
}

Result<std::vector<RunDecision>> review_runs(warehouse::Workspace& workspace,
                                             const std::vector<ReviewRequest>& requests) {
  std::vector<RunDecision> out;
  std::vector<std::string> statements;
  for (const auto& request : requests) {
    if (std::ranges::find(out, request.run_id, &RunDecision::run_id) != out.end()) {
      return fail(ErrorCode::InvalidArgument, "ledger.review_twice", {{"run", request.run_id}});
    }
    FENQUN_TRY(const auto life, life_of(workspace, request.run_id));
    if (life.state == RunState::Published) {
      return fail(ErrorCode::Conflict, "ledger.review_published",
                  {{"run", request.run_id}, {"scheme", life.run.scheme}});
    }
    FENQUN_TRY(auto decision, decide(workspace.connection(), life.run, request.decision, request.by, request.reason));
    decision.id += static_cast<std::int64_t>(out.size());
    statements.push_back(insert_sql(decision));
    out.push_back(std::move(decision));
  }
  FENQUN_CHECK(workspace.commit({}, {}, statements));
  return out;
}

Result<RunLife> life_of(warehouse::Workspace& workspace, const std::string& run_id) {
  RunLife out;
  FENQUN_TRY(out.run, segment::find_run(workspace, run_id));
  FENQUN_TRY(out.decisions, read_decisions(workspace.connection(), run_id));
  FENQUN_TRY(const auto publications, read_publications(workspace.connection(), out.run.scheme));
  out.state = state_of(run_id, out.decisions, publications);
  out.in_force = times_in_force(run_id, publications);
  std::copy_if(publications.begin(), publications.end(), std::back_inserter(out.publications),
               [&](const Publication& p) { return p.run_id == run_id; });
  return out;
}

Result<std::vector<RunEntry>> list_runs(warehouse::Workspace& workspace, const std::vector<std::string>& schemes,
                                        std::optional<Month> as_of) {
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto rows, connection.query("SELECT run_id, scheme, as_of, result->'scheme_title'->>'zh', "
                                               "result->'scheme_title'->>'en' FROM run ORDER BY scheme, as_of DESC, "
                                               "created_at DESC, run_id"));
  FENQUN_TRY(const auto publications, read_publications(connection));
  FENQUN_TRY(const auto decisions, read_decisions(connection));
  std::vector<RunEntry> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    RunEntry entry{rows.text(r, 0), rows.text(r, 1), {rows.text(r, 3), rows.text(r, 4)}, {}, {}, {}};
    FENQUN_TRY(entry.as_of, Month::parse(rows.text(r, 2)));
    if (as_of && entry.as_of != *as_of) continue;
    if (!schemes.empty() && std::find(schemes.begin(), schemes.end(), entry.scheme) == schemes.end()) continue;
    std::vector<RunDecision> of_run;
    std::copy_if(decisions.begin(), decisions.end(), std::back_inserter(of_run),
                 [&](const RunDecision& d) { return d.run_id == entry.run_id; });
    std::vector<Publication> of_scheme;
    std::copy_if(publications.begin(), publications.end(), std::back_inserter(of_scheme),
                 [&](const Publication& p) { return p.scheme == entry.scheme; });
    entry.state = state_of(entry.run_id, of_run, of_scheme);
    entry.in_force = times_in_force(entry.run_id, of_scheme);
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace fenqun::ledger
