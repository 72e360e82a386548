// cli/run_life_commands.cpp - decisions on runs: runs list, review, publish, rollback, retire.
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"
#include "ledger/publish.hpp"

namespace fenqun::cli {
namespace {

struct LifeOptions {
  ParentOptions parent;
  std::string run;  // retire; rollback: the scheme
  std::string by;
  std::string reason;
  std::string limit_override;
  std::vector<std::string> runs;  // review, publish
  bool all_accepted = false;
  bool accept = false;
  bool refuse = false;
};

Result<app::Session> open(const LifeOptions& options, const app::Caller& caller) {
  return app::Session::open(*options.parent.workspace, caller);
}

Result<void> do_list(const LifeOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, month_of(*options.parent.month));
  FENQUN_TRY(auto session, open(options, call.caller.reading()));
  FENQUN_TRY(const auto runs, ledger::list_runs(session.workspace, *options.parent.schemes, month));
  if (call.json) {
    Json out = Json::array();
    for (const auto& run : runs) {
      Json times = Json::array();
      for (const auto& time : run.in_force) times.push_back({{"from", time.from.text()}, {"to", json_of(time.to)}});
      out.push_back({{"run_id", run.run_id},
                     {"scheme", run.scheme},
                     {"as_of", run.as_of.text()},
                     {"state", name_of(run.state)},
                     {"in_force", times}});
    }
    print(out);
    return {};
  }
  TextTable table({{call.texts("cli.col_run")},
                   {call.texts("cli.col_scheme")},
                   {call.texts("cli.col_month")},
                   {call.texts("cli.col_state")},
                   {call.texts("cli.col_in_force")}});
  for (const auto& run : runs) {
    table.add({run.run_id, run.scheme_title.in(call.texts.language()) + " (" + run.scheme + ")", run.as_of.text(),
               state_text(run.state, call.texts), periods_text(run.in_force, call.texts)});
  }
  print(runs.empty() ? call.texts("cli.no_runs") + "\n" : table.text());
  return {};
}

Json decision_json(const ledger::RunDecision& decision) {
  Json out = {{"run_id", decision.run_id}};
  out.update(json_of(decision));
  return out;
}

Result<void> do_review(const LifeOptions& options, const Call& call) {
  if (options.accept == options.refuse) return fail(ErrorCode::InvalidArgument, "cli.accept_or_refuse");
  FENQUN_TRY(auto session, open(options, call.caller));
  const auto decision = options.accept ? ledger::Decision::Accept : ledger::Decision::Refuse;
  std::vector<ledger::ReviewRequest> requests;
  requests.reserve(options.runs.size());
  for (const auto& run : options.runs) requests.push_back({run, decision, options.by, options.reason});
  FENQUN_TRY(const auto done, ledger::review_runs(session.workspace, requests));
  if (call.json && done.size() == 1) {
    print(decision_json(done.front()));
    return {};
  }
  Json json = Json::array();
  std::string text;
  for (const auto& one : done) {
    json.push_back(decision_json(one));
    text += call.texts(options.accept ? "cli.run_accepted" : "cli.run_refused",
                       {{"run", one.run_id}, {"by", one.by}, {"reason", one.reason}}) +
            "\n";
  }
  if (call.json)
    print(json);
  else
    print(text);
  return {};
}

std::string show(const ledger::Publication& p, const Texts& texts) {
  const TextArgs args = {{"publication", std::to_string(p.sequence)},
                         {"run", p.run_id.empty() ? "—" : p.run_id},
                         {"scheme", p.scheme},
                         {"period", period_text(p.valid_from, p.valid_to, texts)}};
  std::string out = texts("cli.published_" + std::string(name_of(p.kind)), args) + "\n";
  out += texts("cli.published_counts", {{"customers", with_thousands(p.customers)},
                                        {"classified", with_thousands(p.classified)},
                                        {"rows", with_thousands(p.opened)},
                                        {"superseded", with_thousands(p.ended)}}) +
         "\n";
  if (p.compared > 0) {
    out += texts("cli.published_moved",
                 {{"moved", with_thousands(p.moved)},
                  {"compared", with_thousands(p.compared)},
                  {"share", percent_text(static_cast<double>(p.moved) / static_cast<double>(p.compared))}}) +
           "\n";
  }
  for (const auto& name : p.names) {
    if (!name.is_group || name.code == name.run_code) continue;
    out += texts("cli.published_carries_on", {{"code", name.run_code}, {"published", name.code}}) + "\n";
  }
  return out + texts("cli.published_hash", {{"hash", p.hash}}) + "\n";
}

Json outcome_json(const ledger::PublicationOutcome& outcome) {
  Json out = {{"already", outcome.already}};
  out.update(json_of(outcome.publication));
  return out;
}

std::string outcome_text(const ledger::PublicationOutcome& outcome, const Texts& texts) {
  const auto& p = outcome.publication;
  if (!outcome.already) return show(p, texts);
  return texts("cli.published_already", {{"run", p.run_id}, {"publication", std::to_string(p.sequence)}}) + "\n";
}

void print_outcome(const ledger::PublicationOutcome& outcome, const Call& call) {
  if (call.json)
    print(outcome_json(outcome));
  else
    print(outcome_text(outcome, call.texts));
}

// Of each scheme the run of the month that was accepted last and is not in force; of the latest prepared month when
// none is named.
Result<std::vector<std::string>> accepted_runs(app::Session& session, const LifeOptions& options) {
  FENQUN_TRY(auto month, month_of(*options.parent.month));
  if (!month) {
    FENQUN_TRY(month, app::latest_prepared_month(session));
  }
  FENQUN_TRY(const auto runs, ledger::list_runs(session.workspace, *options.parent.schemes, month));
  std::vector<std::string> out;
  std::string last;
  for (const auto& run : runs) {
    if (run.state != ledger::RunState::Accepted || run.scheme == last) continue;
    last = run.scheme;
    out.push_back(run.run_id);
  }
  if (out.empty()) return fail(ErrorCode::NotFound, "cli.nothing_accepted", {{"month", month->text()}});
  return out;
}

Result<void> do_publish(const LifeOptions& options, const Call& call) {
  if (options.runs.empty() != options.all_accepted) return fail(ErrorCode::InvalidArgument, "cli.runs_or_all_accepted");
  FENQUN_TRY(auto session, open(options, call.caller));
  auto runs = options.runs;
  if (options.all_accepted) {
    FENQUN_TRY(runs, accepted_runs(session, options));
  }
  std::vector<ledger::PublishRequest> requests;
  requests.reserve(runs.size());
  for (const auto& run : runs) requests.push_back({run, options.by, options.reason, options.limit_override});
  FENQUN_TRY(const auto outcomes, ledger::publish_runs(session.workspace, requests));
  if (!options.all_accepted && outcomes.size() == 1) {
    print_outcome(outcomes.front(), call);
    return {};
  }
  Json json = Json::array();
  std::string text;
  for (const auto& outcome : outcomes) {
    json.push_back(outcome_json(outcome));
    text += outcome_text(outcome, call.texts);
  }
  if (call.json)
    print(json);
  else
    print(text);
  return {};
}

Result<void> do_rollback(const LifeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, open(options, call.caller));
  FENQUN_TRY(const auto outcome, ledger::roll_back(session.workspace, {options.run, options.by, options.reason}));
  print_outcome(outcome, call);
  return {};
}

Result<void> do_retire(const LifeOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, month_of(*options.parent.month));
  FENQUN_TRY(auto session, open(options, call.caller));
  FENQUN_TRY(const auto outcome,
             ledger::retire_run(session.workspace, {options.run, options.by, options.reason, month}));
  if (call.json) {
    print(Json{{"run_id", options.run},
               {"publication", outcome.publication ? json_of(*outcome.publication) : Json(nullptr)}});
    return {};
  }
  print(outcome.publication ? show(*outcome.publication, call.texts)
                            : call.texts("cli.run_retired", {{"run", options.run}}) + "\n");
  return {};
}

using LifeAction = Result<void> (*)(const LifeOptions&, const Call&);

}  // namespace

void add_run_life_commands(CommandLine& line, CLI::App* runs, const ParentOptions& parent) {
  auto options = std::make_shared<LifeOptions>();
  options->parent = parent;
  const auto add = [&](const std::string& name, LifeAction action) {
    return line.add_below(runs, name, [options, action](const Call& call) { return action(*options, call); });
  };
  const auto with_decision = [&](CLI::App* command) {
    command->add_option("--by", options->by, line.text("cli.opt_by"))->required();
    return command->add_option("--reason", options->reason, line.text("cli.opt_reason"));
  };
  add("list", do_list);
  auto* const review = add("review", do_review);
  review->add_option("RUN", options->runs, line.text("cli.opt_reviewed"))->required();
  review->add_flag("--accept", options->accept, line.text("cli.opt_accept"));
  review->add_flag("--refuse", options->refuse, line.text("cli.opt_refuse"));
  with_decision(review)->required();
  auto* const publish = add("publish", do_publish);
  publish->add_option("RUN", options->runs, line.text("cli.opt_runs"));
  publish->add_flag("--all-accepted", options->all_accepted, line.text("cli.opt_all_accepted"));
  with_decision(publish);
  publish->add_option("--override-group-limit", options->limit_override, line.text("cli.opt_override_group_limit"));
  auto* const rollback = add("rollback", do_rollback);
  rollback->add_option("SCHEME", options->run, line.text("cli.opt_rollback_scheme"))->required();
  with_decision(rollback)->required();
  auto* const retire = add("retire", do_retire);
  retire->add_option("RUN", options->run, line.text("cli.opt_run"))->required();
  with_decision(retire)->required();
}

}  // namespace fenqun::cli
