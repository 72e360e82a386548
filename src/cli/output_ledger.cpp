// cli/output_ledger.cpp
#include "cli/output_ledger.hpp"

#include "segment/run_json.hpp"

#include <fmt/format.h>

namespace fenqun::cli {

std::string period_text(Month from, const std::optional<Month>& to, const Texts& texts) {
  if (!to) return texts("cli.period_open", {{"from", from.text()}});
  const auto last = to->plus(-1);
  return last == from ? from.text() : from.text() + " … " + last.text();
}

std::string periods_text(const std::vector<ledger::InForce>& times, const Texts& texts) {
  std::string out;
  for (const auto& time : times) out += (out.empty() ? "" : "; ") + period_text(time.from, time.to, texts);
  return out.empty() ? "—" : out;
}

std::string state_text(ledger::RunState state, const Texts& texts) {
  return texts("cli.run_state_" + std::string(name_of(state)));
}
std::string decision_text(ledger::Decision decision, const Texts& texts) {
  return texts("cli.run_state_" + std::string(name_of(decision)));
}
std::string kind_text(ledger::PublicationKind kind, const Texts& texts) {
  return texts("cli.publication_kind_" + std::string(name_of(kind)));
}

std::string minute_of(const std::string& time) {
  constexpr std::size_t kToMinutes = 16;
  return time.substr(0, kToMinutes);
}

std::string percent_text(double share) { return fmt::format("{:.2f}%", 100 * share); }

Json json_of(const std::optional<Month>& month) { return month ? Json(month->text()) : Json(nullptr); }

Json json_of(const ledger::RunDecision& decision) {
  return {
      {"decision", name_of(decision.decision)}, {"by", decision.by}, {"reason", decision.reason}, {"at", decision.at}};
}

Json json_of(const ledger::Publication& p) {
  Json names = Json::array();
  for (const auto& name : p.names) {
    names.push_back({{name.is_group ? "group" : "reason", name.code},
                     {"code_in_run", name.run_code},
                     {"title", {{"zh", name.title.zh}, {"en", name.title.en}}},
                     {"customers", name.customers}});
  }
  return {{"publication", p.sequence},
          {"scheme", p.scheme},
          {"kind", name_of(p.kind)},
          {"run_id", p.run_id},
          {"valid_from", p.valid_from.text()},
          {"valid_to", json_of(p.valid_to)},
          {"by", p.by},
          {"reason", p.reason},
          {"group_limit_override", p.limit_override},
          {"restores", p.restores ? Json(*p.restores) : Json(nullptr)},
          {"scheme_version", p.scheme_version},
          {"definition", p.definition},
          {"recorded_at", p.recorded_at},
          {"customers", p.customers},
          {"classified", p.classified},
          {"compared", p.compared},
          {"moved", p.moved},
          {"rows_written", p.opened},
          {"rows_superseded", p.ended},
          {"names", names},
          {"prior_hash", p.prior_hash},
          {"hash", p.hash}};
}

Json json_of(const ledger::RunDiff& diff) {
  const auto group_or_reason = [](const std::string& code, bool is_group) {
    return code.empty() ? Json(nullptr) : Json{{is_group ? "group" : "reason", code}};
  };
  Json out = {
      {"runs", Json::array()},
      {"compared", diff.compared},
      {"moved", diff.moved},
      {"moved_share",
       diff.compared > 0 ? Json(static_cast<double>(diff.moved) / static_cast<double>(diff.compared)) : Json(nullptr)},
      {"adjusted_rand_index", diff.adjusted_rand_index ? Json(*diff.adjusted_rand_index) : Json(nullptr)},
      {"migrations", Json::array()},
      {"carried_on", Json::array()}};
  for (const auto* run : {&diff.first, &diff.second}) {
    const auto all = segment::to_json(*run);
    out["runs"].push_back(
        {{"run_id", run->run_id}, {"scheme", run->scheme}, {"as_of", run->as_of.text()}, {"groups", all.at("groups")}});
  }
  for (const auto& line : diff.migrations) {
    out["migrations"].push_back({{"from", group_or_reason(line.from, line.from_group)},
                                 {"to", group_or_reason(line.to, line.to_group)},
                                 {"customers", line.customers}});
  }
  for (const auto& line : diff.carried) {
    out["carried_on"].push_back({{"group", line.to},
                                 {"from", line.from.empty() ? Json(nullptr) : Json(line.from)},
                                 {"common", line.common},
                                 {"overlap", line.overlap}});
  }
  return out;
}

}  // namespace fenqun::cli
