// cli/refresh_commands.cpp - segment due: which schemes to run again; segment primary: the group that counts.
#include "app/refresh.hpp"

#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"
#include "ledger/primary_group.hpp"

#include <fmt/format.h>

namespace fenqun::cli {
namespace {

struct RefreshOptions {
  ParentOptions parent;
  bool run = false;
  std::string out;
  std::string conflicts;
};

Json both(const BilingualText& text) { return {{"zh", text.zh}, {"en", text.en}}; }

Json due_json(const ledger::DueScheme& scheme) {
  Json out = {{"scheme", scheme.scheme},
              {"due", !scheme.reasons.empty()},
              {"reasons", Json::array()},
              {"last_run", scheme.last_run.empty() ? Json(nullptr) : Json(scheme.last_run)},
              {"last_month", scheme.last_run.empty() ? Json(nullptr) : Json(scheme.last_month.text())},
              {"drift", Json::array()},
              {"drift_psi_alarm", scheme.rule.drift_psi},
              {"compared", scheme.compared ? Json(*scheme.compared) : Json(nullptr)},
              {"moved", scheme.compared ? Json(scheme.moved) : Json(nullptr)},
              {"moved_share_alarm", scheme.rule.moved_share}};
  for (const auto reason : scheme.reasons) out["reasons"].push_back(name_of(reason));
  for (const auto& drift : scheme.drift) out["drift"].push_back({{"feature", drift.feature}, {"psi", drift.psi}});
  return out;
}

std::string moved_text(const ledger::DueScheme& scheme) {
  if (!scheme.compared || *scheme.compared == 0) return "—";
  return percent_text(static_cast<double>(scheme.moved) / static_cast<double>(*scheme.compared));
}

Result<void> do_due(const RefreshOptions& options, const Call& call) {
  app::RefreshRequest request;
  request.schemes = *options.parent.schemes;
  FENQUN_TRY(request.month, month_of(*options.parent.month));
  request.run = options.run;
  FENQUN_TRY(auto session,
             app::Session::open(*options.parent.workspace, options.run ? call.caller : call.caller.reading()));
  FENQUN_TRY(const auto outcome, app::refresh_schemes(session, request));
  if (call.json) {
    Json out = {{"month", outcome.month.text()}, {"schemes", Json::array()}};
    for (const auto& scheme : outcome.schemes) out["schemes"].push_back(due_json(scheme));
    out["ran"] = outcome.ran ? json_of(*outcome.ran) : Json(nullptr);
    print(out);
    return {};
  }
  TextTable table({{call.texts("cli.col_scheme")},
                   {call.texts("cli.col_scheme_title")},
                   {call.texts("cli.col_last_run")},
                   {call.texts("cli.col_drift"), Align::Right},
                   {call.texts("cli.col_moved"), Align::Right},
                   {call.texts("cli.col_due")}});
  for (const auto& scheme : outcome.schemes) {
    std::string reasons;
    for (const auto reason : scheme.reasons) {
      reasons += (reasons.empty() ? "" : "; ") + call.texts("cli.due_" + std::string(name_of(reason)));
    }
    table.add({scheme.scheme, scheme.title.in(call.texts.language()),
               scheme.last_run.empty() ? "—" : scheme.last_month.text(),
               scheme.drift.empty()
                   ? "—"
                   : fmt::format("{:.3f} ({})", scheme.drift.front().psi, scheme.drift.front().feature),
               moved_text(scheme), reasons.empty() ? call.texts("cli.not_due") : reasons});
  }
  print(table.text() + (outcome.ran ? "\n" + show_summary(*outcome.ran, call.texts) : ""));
  return {};
}

Json primary_json(const ledger::PrimaryOutcome& outcome) {
  Json out = {{"month", outcome.month.text()},     {"customers", outcome.customers}, {"without", outcome.without},
              {"sources", Json::array()},          {"groups", Json::array()},        {"conflicts", Json::array()},
              {"in_conflict", outcome.in_conflict}};
  for (const auto& source : outcome.sources) {
    out["sources"].push_back({{"scheme", source.scheme},
                              {"department", source.department.zh.empty() ? Json(nullptr) : both(source.department)},
                              {"run_id", source.run_id.empty() ? Json(nullptr) : Json(source.run_id)},
                              {"published", source.is_published}});
  }
  for (const auto& group : outcome.groups) {
    out["groups"].push_back({{"scheme", group.group.scheme},
                             {"group", group.group.group},
                             {"title", both(group.title)},
                             {"customers", group.customers},
                             {"members", group.members}});
  }
  for (const auto& conflict : outcome.conflicts) {
    const auto side = [](const ledger::GroupName& group) {
      return Json{{"scheme", group.scheme}, {"group", group.group}};
    };
    out["conflicts"].push_back({{"between", {side(conflict.rule.first), side(conflict.rule.second)}},
                                {"prevails", conflict.rule.prevails},
                                {"reason", both(conflict.rule.reason)},
                                {"customers", conflict.customers},
                                {"examples", conflict.examples}});
  }
  return out;
}

std::string owner_of(const ledger::PrimaryOutcome& outcome, const std::string& scheme, const Texts& texts) {
  for (const auto& source : outcome.sources) {
    if (source.scheme == scheme && !source.department.zh.empty()) return source.department.in(texts.language());
  }
  return scheme;
}

std::string show(const ledger::PrimaryOutcome& outcome, const Texts& texts) {
  const auto language = texts.language();
  std::string out =
      "■ " +
      texts("cli.primary_head", {{"month", outcome.month.text()}, {"customers", with_thousands(outcome.customers)}}) +
      "\n";
  for (const auto& source : outcome.sources) {
    const char* key = source.run_id.empty() ? "cli.primary_no_run"
                      : source.is_published ? "cli.primary_published"
                                            : "cli.primary_latest";
    out += "  " +
           texts(key, {{"title", source.title.in(language)}, {"scheme", source.scheme}, {"run", source.run_id}}) + "\n";
  }
  TextTable table({{texts("cli.col_place"), Align::Right},
                   {texts("cli.col_group")},
                   {texts("cli.col_scheme")},
                   {texts("cli.col_primary_customers"), Align::Right},
                   {texts("cli.col_members"), Align::Right}});
  std::size_t place = 0;
  for (const auto& group : outcome.groups) {
    table.add({std::to_string(++place), group.title.in(language), group.group.scheme, with_thousands(group.customers),
               with_thousands(group.members)});
  }
  table.add({"", texts("cli.primary_without"), "", with_thousands(outcome.without), ""});
  out += table.text();
  if (outcome.conflicts.empty()) return out;
  out += "\n" + texts("cli.conflicts_head", {{"customers", with_thousands(outcome.in_conflict)}}) + "\n";
  for (const auto& conflict : outcome.conflicts) {
    out += "  " +
           texts("cli.conflict_line", {{"customers", with_thousands(conflict.customers)},
                                       {"first", conflict.first_title.in(language)},
                                       {"first_owner", owner_of(outcome, conflict.rule.first.scheme, texts)},
                                       {"second", conflict.second_title.in(language)},
                                       {"second_owner", owner_of(outcome, conflict.rule.second.scheme, texts)},
                                       {"reason", conflict.rule.reason.in(language)},
                                       {"prevails", owner_of(outcome, conflict.rule.prevails, texts)}}) +
           "\n";
  }
  return out;
}

Result<void> do_primary(const RefreshOptions& options, const Call& call) {
  FENQUN_TRY(const auto month, month_of(*options.parent.month));
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller.reading()));
  ledger::PrimaryRequest request;
  request.out = options.out;
  request.conflicts = options.conflicts;
  if (month) {
    request.month = *month;
  } else {
    FENQUN_TRY(request.month, app::latest_prepared_month(session));
  }
  FENQUN_TRY(const auto outcome,
             ledger::find_primary_groups(session.workspace, session.catalogue, request, call.texts.language()));
  if (call.json) {
    print(primary_json(outcome));
    return {};
  }
  std::string out = show(outcome, call.texts);
  for (const auto& path : {options.out, options.conflicts}) {
    if (!path.empty()) out += call.texts("cli.as_of_written", {{"path", path}}) + "\n";
  }
  print(out);
  return {};
}

}  // namespace

void add_refresh_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent) {
  auto options = std::make_shared<RefreshOptions>();
  options->parent = parent;
  auto* const due = line.add_below(segment, "due", [options](const Call& call) { return do_due(*options, call); });
  due->add_flag("--run", options->run, line.text("cli.opt_run_due"));
  auto* const primary =
      line.add_below(segment, "primary", [options](const Call& call) { return do_primary(*options, call); });
  primary->add_option("--out", options->out, line.text("cli.opt_primary_out"));
  primary->add_option("--conflicts", options->conflicts, line.text("cli.opt_conflicts_out"));
}

}  // namespace fenqun::cli
