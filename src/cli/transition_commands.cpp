// cli/transition_commands.cpp - who went from which group to which between months: segment transitions.
#include "base/file.hpp"
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"
#include "ledger/transitions.hpp"
#include "segment/scheme.hpp"
#include "warehouse/spreadsheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace fenqun::cli {
namespace {

struct TransitionOptions {
  ParentOptions parent;
  std::string scheme;
  std::string from;
  std::string to;
  std::string out;
  bool runs_only = false;
};

/// Titles of groups and reasons as the scheme's file says now; what it does not know keeps its code.
class Names {
 public:
  Names(const segment::Scheme& scheme, const features::FeatureCatalogue& catalogue, const Texts& texts)
      : catalogue_(catalogue), texts_(texts) {
    for (const auto& group : scheme.groups) names_[group.code] = group.title.in(texts.language());
    for (const auto& exclusion : scheme.exclusions)
      names_["!" + exclusion.code] = exclusion.reason.in(texts.language());
  }

  [[nodiscard]] std::string of(const std::string& code, bool is_group) const {
    if (code.empty()) return texts_("cli.not_looked_at");
    if (is_group) return known(code, code);
    constexpr std::string_view kMissing = "missing:";
    std::string reason = known("!" + code, code);
    if (code.starts_with(kMissing)) {
      if (const auto* feature = catalogue_.find(code.substr(kMissing.size()))) {
        reason = feature->missing.in(texts_.language());
      }
    }
    return texts_("cli.no_group_because", {{"reason", reason}});
  }

 private:
  [[nodiscard]] std::string known(const std::string& key, const std::string& otherwise) const {
    const auto at = names_.find(key);
    return at == names_.end() ? otherwise : at->second;
  }

  std::map<std::string, std::string> names_;
  const features::FeatureCatalogue& catalogue_;
  const Texts& texts_;
};

using State = std::pair<std::string, bool>;  // code, is a group

// Rows: states before; columns: states after. Customers, with their share of the row.
std::string matrix(const ledger::TransitionStep& step, const Names& names, const Texts& texts) {
  std::vector<State> rows;
  std::vector<State> columns;
  std::map<std::pair<State, State>, const ledger::Transition*> cells;
  const auto note = [](std::vector<State>& list, const State& state) {
    if (std::find(list.begin(), list.end(), state) == list.end()) list.push_back(state);
  };
  for (const auto& cell : step.cells) {
    note(rows, {cell.from, cell.from_group});
    cells[{{cell.from, cell.from_group}, {cell.to, cell.to_group}}] = &cell;
  }
  // Columns in the order of the rows, so that who stayed stands on the diagonal.
  for (const auto& row : rows) {
    for (const auto& cell : step.cells) {
      if (State{cell.to, cell.to_group} == row) note(columns, row);
    }
  }
  for (const auto& cell : step.cells) note(columns, {cell.to, cell.to_group});
  std::vector<TextTable::Column> titles = {{texts("cli.col_from_to")}};
  for (const auto& column : columns) titles.push_back({names.of(column.first, column.second), Align::Right});
  TextTable table(titles);
  for (const auto& row : rows) {
    std::vector<std::string> line = {names.of(row.first, row.second)};
    for (const auto& column : columns) {
      const auto at = cells.find({row, column});
      line.push_back(at == cells.end() ? "·"
                                       : with_thousands(at->second->customers) + " " + percent_text(at->second->share));
    }
    table.add(std::move(line));
  }
  return table.text();
}

std::string source_text(const std::string& run, const Texts& texts) {
  return run.empty() ? texts("cli.from_ledger") : texts("cli.from_run", {{"run", run}});
}

std::string show(const ledger::TransitionStep& step, const Names& names, const Texts& texts) {
  std::string out = "■ " +
                    texts("cli.transition_line", {{"from", step.from.text()},
                                                  {"to", step.to.text()},
                                                  {"source_from", source_text(step.run_from, texts)},
                                                  {"source_to", source_text(step.run_to, texts)}}) +
                    "\n" + matrix(step, names, texts);
  out += texts("cli.transition_counts", {{"both", with_thousands(step.in_both)},
                                         {"stayed", with_thousands(step.stayed)},
                                         {"moved", with_thousands(step.moved)}});
  if (step.up) {
    out += texts("cli.transition_ways", {{"up", with_thousands(*step.up)}, {"down", with_thousands(*step.down)}});
  }
  return out + "\n";
}

Json json_of(const ledger::TransitionStep& step) {
  Json out = {{"from", step.from.text()},
              {"to", step.to.text()},
              {"run_from", step.run_from.empty() ? Json(nullptr) : Json(step.run_from)},
              {"run_to", step.run_to.empty() ? Json(nullptr) : Json(step.run_to)},
              {"in_both", step.in_both},
              {"stayed", step.stayed},
              {"moved", step.moved},
              {"up", step.up ? Json(*step.up) : Json(nullptr)},
              {"down", step.down ? Json(*step.down) : Json(nullptr)},
              {"cells", Json::array()}};
  const auto state = [](const std::string& code, bool is_group) {
    return code.empty() ? Json(nullptr) : Json{{is_group ? "group" : "reason", code}};
  };
  for (const auto& cell : step.cells) {
    out["cells"].push_back({{"from", state(cell.from, cell.from_group)},
                            {"to", state(cell.to, cell.to_group)},
                            {"customers", cell.customers},
                            {"share", cell.share}});
  }
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : warehouse::without_formula(text)) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_of(const ledger::Transitions& found, const Names& names, const Texts& texts) {
  std::string out = "\xEF\xBB\xBF";
  for (const auto* key : {"cli.col_month_from", "cli.col_month_to", "cli.col_from_group", "cli.col_to_group",
                          "cli.col_customers", "cli.col_share_of_from"}) {
    out += (out.size() > 3 ? "," : "") + quoted(texts(key));
  }
  out += "\r\n";
  for (const auto& step : found.steps) {
    for (const auto& cell : step.cells) {
      out += fmt::format("{},{},{},{},{},{:.6f}\r\n", step.from.text(), step.to.text(),
                         quoted(names.of(cell.from, cell.from_group)), quoted(names.of(cell.to, cell.to_group)),
                         cell.customers, cell.share);
    }
  }
  return out;
}

Result<void> do_transitions(const TransitionOptions& options, const Call& call) {
  ledger::TransitionRequest request;
  request.scheme = options.scheme;
  request.runs_only = options.runs_only;
  FENQUN_TRY(request.from, Month::parse(options.from));
  FENQUN_TRY(request.to, Month::parse(options.to));
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller.reading()));
  FENQUN_TRY(const auto scheme, segment::load_scheme(session.workspace.assets(), session.catalogue, options.scheme));
  request.ladder = scheme.ladder;
  request.groups = scheme.ladder;
  for (const auto& group : scheme.groups) {
    if (request.ladder.empty()) request.groups.push_back(group.code);
  }
  FENQUN_TRY(const auto found, ledger::transitions_of(session.workspace, request));
  const Names names(scheme, session.catalogue, call.texts);
  if (!options.out.empty()) FENQUN_CHECK(write_file_atomically(options.out, csv_of(found, names, call.texts)));
  if (call.json) {
    Json out = {{"scheme", options.scheme}, {"ladder", scheme.ladder}, {"steps", Json::array()}};
    for (const auto& step : found.steps) out["steps"].push_back(json_of(step));
    out["whole"] = json_of(found.whole);
    out["unknown_months"] = Json::array();
    for (const auto month : found.unknown) out["unknown_months"].push_back(month.text());
    print(out);
    return {};
  }
  std::string out;
  for (const auto& step : found.steps) out += show(step, names, call.texts);
  if (found.steps.size() > 1) out += show(found.whole, names, call.texts);
  for (const auto month : found.unknown) out += call.texts("cli.month_unknown", {{"month", month.text()}}) + "\n";
  if (!options.out.empty()) out += call.texts("cli.as_of_written", {{"path", options.out}}) + "\n";
  print(out);
  return {};
}

}  // namespace

void add_transition_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent) {
  auto options = std::make_shared<TransitionOptions>();
  options->parent = parent;
  auto* const command =
      line.add_below(segment, "transitions", [options](const Call& call) { return do_transitions(*options, call); });
  command->add_option("SCHEME", options->scheme, line.text("cli.opt_one_scheme"))->required();
  command->add_option("--from", options->from, line.text("cli.opt_from_month"))->required();
  command->add_option("--to", options->to, line.text("cli.opt_to_month"))->required();
  command->add_flag("--runs", options->runs_only, line.text("cli.opt_runs_only"));
  command->add_option("--out", options->out, line.text("cli.opt_transitions_out"));
}

}  // namespace fenqun::cli
