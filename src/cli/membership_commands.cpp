// cli/membership_commands.cpp - who was in which group when: segment history, segment as-of.
#include "ledger/membership.hpp"

#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"

namespace fenqun::cli {
namespace {

struct MembershipOptions {
  ParentOptions parent;
  std::string customer;
  std::string date;
  std::string out;
  std::int64_t publication = 0;
  bool all = false;
};

Result<std::string> one_scheme(const ParentOptions& parent) {
  if (parent.schemes->size() > 1) return fail(ErrorCode::InvalidArgument, "cli.one_scheme");
  return parent.schemes->empty() ? std::string() : parent.schemes->front();
}

Json interval_json(const ledger::MembershipInterval& interval) {
  Json out = {{"scheme", interval.scheme},
              {"valid_from", interval.from.text()},
              {"valid_to", json_of(interval.to)},
              {"group", interval.group_code.empty() ? Json(nullptr) : Json(interval.group_code)},
              {"reason", interval.group_code.empty() ? Json(interval.reason_code) : Json(nullptr)},
              {"title", {{"zh", interval.title.zh}, {"en", interval.title.en}}},
              {"run_id", interval.run_id},
              {"scheme_version", interval.scheme_version},
              {"definition", interval.definition},
              {"publication", interval.said_by},
              {"recorded_by", interval.recorded_by},
              {"recorded_at", interval.recorded_at}};
  out["superseded_by"] = interval.superseded_by ? Json(*interval.superseded_by) : Json(nullptr);
  out["superseded_at"] = interval.superseded_by ? Json(interval.superseded_at) : Json(nullptr);
  return out;
}

Result<void> do_history(const MembershipOptions& options, const Call& call) {
  FENQUN_TRY(const auto scheme, one_scheme(options.parent));
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller.reading()));
  const auto belief = options.all ? ledger::Belief::Superseded : ledger::Belief::Present;
  FENQUN_TRY(const auto found, ledger::history_of(session.workspace, options.customer, scheme, belief));
  if (call.json) {
    Json out = {{"customer_id", options.customer}, {"intervals", Json::array()}};
    for (const auto& interval : found) out["intervals"].push_back(interval_json(interval));
    print(out);
    return {};
  }
  std::vector<TextTable::Column> columns = {{call.texts("cli.col_scheme")},
                                            {call.texts("cli.col_in_force")},
                                            {call.texts("cli.col_group_or_reason")},
                                            {call.texts("cli.col_run")},
                                            {call.texts("cli.col_recorded")}};
  if (options.all) columns.push_back({call.texts("cli.col_superseded_at")});
  TextTable table(columns);
  for (const auto& interval : found) {
    const auto& title = interval.title.in(call.texts.language());
    std::vector<std::string> cells = {
        interval.scheme, period_text(interval.from, interval.to, call.texts),
        interval.group_code.empty() ? call.texts("cli.no_group_because", {{"reason", title}}) : title, interval.run_id,
        minute_of(interval.recorded_at)};
    if (options.all) cells.push_back(interval.superseded_by ? minute_of(interval.superseded_at) : "—");
    table.add(std::move(cells));
  }
  print(table.text());
  return {};
}

std::string show(const std::vector<ledger::AsOfScheme>& schemes, Month month, const Texts& texts) {
  std::string out;
  for (const auto& scheme : schemes) {
    if (scheme.run_id.empty()) {
      out += "■ " +
             texts("cli.as_of_retired", {{"scheme", scheme.scheme},
                                         {"month", month.text()},
                                         {"publication", std::to_string(scheme.publication)}}) +
             "\n";
      continue;
    }
    out += "■ " +
           texts("cli.as_of_line",
                 {{"scheme", scheme.scheme}, {"run", scheme.run_id}, {"customers", with_thousands(scheme.customers)}}) +
           "\n";
    TextTable table({{texts("cli.col_group_or_reason")}, {texts("cli.col_customers"), Align::Right}});
    for (const auto& group : scheme.groups) {
      const auto& title = group.title.in(texts.language());
      table.add({group.is_group ? title : texts("cli.no_group_because", {{"reason", title}}),
                 with_thousands(group.customers)});
    }
    if (!scheme.groups.empty()) out += table.text();
  }
  return out;
}

Result<void> do_as_of(const MembershipOptions& options, const Call& call) {
  ledger::AsOfRequest request;
  FENQUN_TRY(request.scheme, one_scheme(options.parent));
  FENQUN_TRY(request.month, Month::parse(options.date));
  if (options.publication > 0) request.as_known_by = options.publication;
  request.out = options.out;
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller.reading()));
  FENQUN_TRY(const auto found, ledger::as_of(session.workspace, request, call.texts.language()));
  if (!call.json) {
    print(show(found, request.month, call.texts));
    if (!options.out.empty()) print(call.texts("cli.as_of_written", {{"path", options.out}}) + "\n");
    return {};
  }
  Json out = {{"month", request.month.text()}, {"schemes", Json::array()}};
  for (const auto& scheme : found) {
    Json groups = Json::array();
    for (const auto& group : scheme.groups) {
      groups.push_back({{group.is_group ? "group" : "reason", group.code},
                        {"title", {{"zh", group.title.zh}, {"en", group.title.en}}},
                        {"customers", group.customers}});
    }
    out["schemes"].push_back({{"scheme", scheme.scheme},
                              {"run_id", scheme.run_id},
                              {"publication", scheme.publication},
                              {"customers", scheme.customers},
                              {"groups", groups}});
  }
  out["file"] = options.out.empty() ? Json(nullptr) : Json(options.out);
  print(out);
  return {};
}

}  // namespace

void add_membership_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent) {
  auto options = std::make_shared<MembershipOptions>();
  options->parent = parent;
  auto* const history =
      line.add_below(segment, "history", [options](const Call& call) { return do_history(*options, call); });
  history->add_option("CUSTOMER", options->customer, line.text("cli.opt_customer"))->required();
  history->add_flag("--all", options->all, line.text("cli.opt_history_all"));
  auto* const as_of =
      line.add_below(segment, "as-of", [options](const Call& call) { return do_as_of(*options, call); });
  as_of->add_option("DATE", options->date, line.text("cli.opt_as_of_date"))->required();
  as_of->add_option("--out", options->out, line.text("cli.opt_as_of_out"));
  as_of->add_option("--publication", options->publication, line.text("cli.opt_as_of_publication"))
      ->check(CLI::PositiveNumber);
}

}  // namespace fenqun::cli
