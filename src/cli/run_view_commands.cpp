// cli/run_view_commands.cpp - looking at runs and at the chain of publications: runs show, repeat, diff,
// verify.
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"
#include "ledger/run_diff.hpp"
#include "ledger/verify.hpp"
#include "segment/repeat.hpp"
#include "segment/run_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::cli {
namespace {

struct ViewOptions {
  ParentOptions parent;
  std::string run;
  std::string other;
  std::string expected_hash;
};

Result<app::Session> open(const ViewOptions& options, const Call& call) {
  return app::Session::open(*options.parent.workspace, call.caller.reading());
}

std::string title_of(const segment::RunResult& run, const std::string& code, bool is_group, const Texts& texts) {
  if (code.empty()) return texts("cli.not_in_run");
  if (is_group) {
    for (const auto& group : run.groups) {
      if (group.code == code) return group.title.in(texts.language());
    }
  } else {
    for (const auto& line : run.unclassified) {
      if (line.code == code) return line.reason.in(texts.language());
    }
  }
  return code;
}

std::string show_groups(const segment::RunResult& run, const Texts& texts) {
  TextTable table({{texts("cli.col_group")},
                   {texts("cli.col_code")},
                   {texts("cli.col_customers"), Align::Right},
                   {texts("cli.col_customer_share"), Align::Right}});
  for (const auto& group : run.groups) {
    table.add(
        {group.title.in(texts.language()), group.code, with_thousands(group.customers), percent_text(group.share)});
  }
  std::string out = run.groups.empty() ? "" : table.text();
  for (const auto& line : run.unclassified) {
    out += "  " +
           texts("cli.unclassified_line",
                 {{"customers", with_thousands(line.customers)}, {"reason", line.reason.in(texts.language())}}) +
           "\n";
  }
  return out;
}

std::string show(const ledger::RunLife& life, const Texts& texts) {
  const auto& run = life.run;
  std::string out = "■ " + run.scheme_title.in(texts.language()) + "  " +
                    texts("cli.run_line", {{"scheme", run.scheme}, {"month", run.as_of.text()}, {"run", run.run_id}}) +
                    "\n" +
                    texts("cli.run_state_line",
                          {{"state", state_text(life.state, texts)}, {"period", periods_text(life.in_force, texts)}}) +
                    "\n" + show_groups(run, texts);
  for (const auto& decision : life.decisions) {
    out += "  " +
           texts("cli.decision_line", {{"at", minute_of(decision.at)},
                                       {"decision", decision_text(decision.decision, texts)},
                                       {"by", decision.by},
                                       {"reason", decision.reason}}) +
           "\n";
  }
  for (const auto& p : life.publications) {
    out += "  " +
           texts("cli.publication_line", {{"at", minute_of(p.recorded_at)},
                                          {"publication", std::to_string(p.sequence)},
                                          {"kind", kind_text(p.kind, texts)},
                                          {"by", p.by},
                                          {"period", period_text(p.valid_from, p.valid_to, texts)},
                                          {"reason", p.reason.empty() ? "—" : p.reason}}) +
           "\n";
  }
  return out;
}

Result<void> do_show(const ViewOptions& options, const Call& call) {
  FENQUN_TRY(auto session, open(options, call));
  FENQUN_TRY(const auto life, ledger::life_of(session.workspace, options.run));
  if (!call.json) {
    print(show(life, call.texts));
    return {};
  }
  Json out = {{"run_id", life.run.run_id},
              {"state", name_of(life.state)},
              {"in_force", Json::array()},
              {"decisions", Json::array()},
              {"publications", Json::array()}};
  for (const auto& time : life.in_force) {
    out["in_force"].push_back({{"from", time.from.text()}, {"to", json_of(time.to)}});
  }
  for (const auto& decision : life.decisions) out["decisions"].push_back(json_of(decision));
  for (const auto& p : life.publications) out["publications"].push_back(json_of(p));
  out["run"] = segment::to_json(life.run);
  print(out);
  return {};
}

const segment::GroupResult* group_of(const segment::RunResult& run, const std::string& code) {
  const auto at = std::find_if(run.groups.begin(), run.groups.end(), [&](const auto& g) { return g.code == code; });
  return at == run.groups.end() ? nullptr : &*at;
}

// The typical member of each group of the second run beside that of the group it carries on.
std::string show_centres(const ledger::RunDiff& diff, const features::FeatureCatalogue& catalogue, const Texts& texts) {
  TextTable table({{texts("cli.col_from_group")},
                   {texts("cli.col_to_group")},
                   {texts("cli.col_attribute")},
                   {texts("cli.col_centre_before"), Align::Right},
                   {texts("cli.col_centre_after"), Align::Right}});
  bool any = false;
  for (const auto& carried : diff.carried) {
    const auto* const before = group_of(diff.first, carried.from);
    const auto* const after = group_of(diff.second, carried.to);
    if (before == nullptr || after == nullptr) continue;
    for (const auto& now : after->centre) {
      const auto was = std::find_if(before->centre.begin(), before->centre.end(),
                                    [&](const auto& value) { return value.feature == now.feature; });
      if (was == before->centre.end()) continue;
      const auto* const feature = catalogue.find(now.feature);
      table.add({before->title.in(texts.language()), after->title.in(texts.language()),
                 feature == nullptr ? now.feature : feature->title.in(texts.language()),
                 fmt::format("{:.6g}", was->value), fmt::format("{:.6g}", now.value)});
      any = true;
    }
  }
  return any ? table.text() : "";
}

std::string show(const ledger::RunDiff& diff, const features::FeatureCatalogue& catalogue, const Texts& texts) {
  std::string out;
  for (const auto* run : {&diff.first, &diff.second}) {
    out += "■ " + run->scheme_title.in(texts.language()) + "  " +
           texts("cli.run_line", {{"scheme", run->scheme}, {"month", run->as_of.text()}, {"run", run->run_id}}) + "\n" +
           show_groups(*run, texts);
  }
  TextTable table({{texts("cli.col_from_group")},
                   {texts("cli.col_to_group")},
                   {texts("cli.col_customers"), Align::Right},
                   {texts("cli.col_share_of_from"), Align::Right}});
  for (const auto& line : diff.migrations) {
    std::int64_t all = 0;
    for (const auto& other : diff.migrations) {
      if (other.from == line.from && other.from_group == line.from_group) all += other.customers;
    }
    table.add({title_of(diff.first, line.from, line.from_group, texts),
               title_of(diff.second, line.to, line.to_group, texts), with_thousands(line.customers),
               percent_text(static_cast<double>(line.customers) / static_cast<double>(all))});
  }
  out += table.text() + show_centres(diff, catalogue, texts);
  if (diff.compared == 0) return out + texts("cli.diff_nobody") + "\n";
  return out +
         texts("cli.diff_line",
               {{"compared", with_thousands(diff.compared)},
                {"moved", with_thousands(diff.moved)},
                {"share", percent_text(static_cast<double>(diff.moved) / static_cast<double>(diff.compared))},
                {"index", fmt::format("{:.4f}", diff.adjusted_rand_index.value_or(0))}}) +
         "\n";
}

Result<void> do_diff(const ViewOptions& options, const Call& call) {
  FENQUN_TRY(auto session, open(options, call));
  FENQUN_TRY(const auto diff, ledger::compare_runs(session.workspace, options.run, options.other));
  if (call.json)
    print(json_of(diff));
  else
    print(show(diff, session.catalogue, call.texts));
  return {};
}

Json verification_json(const ledger::Verification& found, const Texts& texts) {
  Json out = {{"sound", found.is_sound()},
              {"publications", found.publications},
              {"rows", found.rows},
              {"last_hash", found.last_hash},
              {"findings", Json::array()}};
  for (const auto& finding : found.findings) {
    out["findings"].push_back({{"finding", finding.line.key.substr(finding.line.key.find('.') + 1)},
                               {"publication", finding.publication},
                               {"row", finding.row_id ? Json(*finding.row_id) : Json(nullptr)},
                               {"customer_id", finding.customer_id.empty() ? Json(nullptr) : Json(finding.customer_id)},
                               {"columns", finding.columns},
                               {"message", texts(finding.line.key, finding.line.args)}});
  }
  return out;
}

Result<void> do_verify(const ViewOptions& options, const Call& call) {
  FENQUN_TRY(auto session, open(options, call));
  app::ProgressStage stage(session, "cli.stage_verify");
  FENQUN_TRY(const auto found, ledger::verify(session.workspace, options.expected_hash));
  stage.done();
  if (call.json) {
    print(verification_json(found, call.texts));
  } else {
    std::string out = call.texts("cli.verify_looked", {{"publications", with_thousands(found.publications)},
                                                       {"rows", with_thousands(found.rows)}}) +
                      "\n";
    for (const auto& finding : found.findings) out += "  " + call.texts(finding.line.key, finding.line.args) + "\n";
    if (!found.last_hash.empty()) out += call.texts("cli.verify_last_hash", {{"hash", found.last_hash}}) + "\n";
    print(out + call.texts(found.is_sound() ? "cli.verify_sound" : "cli.verify_not_sound") + "\n");
  }
  if (found.is_sound()) return {};
  return fail(ErrorCode::BadData, "cli.verify_failed",
              {{"findings", std::to_string(found.findings.size())}, {"workspace", *options.parent.workspace}});
}

Result<void> do_repeat(const ViewOptions& options, const Call& call) {
  FENQUN_TRY(auto session, open(options, call));
  app::ProgressStage stage(session, "cli.stage_repeat", {{"run", options.run}});
  FENQUN_TRY(const auto found, segment::repeat_run(session.workspace, session.catalogue, options.run, *session.pool));
  stage.done();
  if (call.json) {
    print(Json{{"run_id", found.first.run_id},
               {"scheme", found.first.scheme},
               {"month", found.first.as_of.text()},
               {"definition", found.first.definition},
               {"seed", found.first.seed},
               {"same", found.is_same},
               {"assignment_hash", found.first.assignment_hash},
               {"assignment_hash_again", found.again.assignment_hash},
               {"data_changed", found.is_data_changed},
               {"assignment_changed", found.is_assignment_changed},
               {"build_changed", found.is_build_changed}});
  } else {
    print(
        "■ " + found.first.scheme_title.in(call.texts.language()) + "  " +
        call.texts("cli.run_line",
                   {{"scheme", found.first.scheme}, {"month", found.first.as_of.text()}, {"run", found.first.run_id}}) +
        "\n  " +
        call.texts("cli.repeat_hashes",
                   {{"first", found.first.assignment_hash}, {"again", found.again.assignment_hash}}) +
        "\n" + (found.is_assignment_changed ? "  " + call.texts("cli.repeat_assignment_changed") + "\n" : "") +
        (found.is_data_changed ? "  " + call.texts("cli.repeat_data_changed") + "\n" : "") +
        (found.is_build_changed ? "  " + call.texts("cli.repeat_build_changed") + "\n" : "") +
        (found.is_same ? "  " + call.texts("cli.repeat_same") + "\n" : ""));
  }
  if (found.is_same) return {};
  return fail(ErrorCode::Conflict, "cli.repeat_differs", {{"run", options.run}});
}

using ViewAction = Result<void> (*)(const ViewOptions&, const Call&);

}  // namespace

void add_run_view_commands(CommandLine& line, CLI::App* runs, const ParentOptions& parent) {
  auto options = std::make_shared<ViewOptions>();
  options->parent = parent;
  const auto add = [&](const std::string& name, ViewAction action) {
    return line.add_below(runs, name, [options, action](const Call& call) { return action(*options, call); });
  };
  add("show", do_show)->add_option("RUN", options->run, line.text("cli.opt_run"))->required();
  add("repeat", do_repeat)->add_option("RUN", options->run, line.text("cli.opt_run"))->required();
  auto* const diff = add("diff", do_diff);
  diff->add_option("RUN1", options->run, line.text("cli.opt_run"))->required();
  diff->add_option("RUN2", options->other, line.text("cli.opt_other_run"))->required();
  add("verify", do_verify)->add_option("--expect", options->expected_hash, line.text("cli.opt_expect_hash"));
}

}  // namespace fenqun::cli
