// strategy/event_json.cpp
#include "strategy/event_json.hpp"

#include "strategy/words.hpp"

#include <nlohmann/json.hpp>

namespace fenqun::strategy {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<Word<Verdict>, 4> kVerdicts = {{{"noted", Verdict::Noted},
                                                     {"proceed", Verdict::Proceed},
                                                     {"clear_debt", Verdict::ClearDebt},
                                                     {"blocked", Verdict::Blocked}}};

}  // namespace

std::string_view name_of(Verdict verdict) noexcept {
  return word_of(std::span<const Word<Verdict>>(kVerdicts), verdict);
}

Result<EventOutcome> event_from_json(const std::string& text) {
  const auto json = Json::parse(text, nullptr, false);
  const auto read = [](const Json& node, const char* name) {
    const auto at = node.find(name);
    return at != node.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  const auto list = [](const Json& node, const char* name) { return node.value(name, Json::array()); };
  if (json.is_discarded() || !json.is_object()) {
    return fail(ErrorCode::BadData, "strategy.event_unreadable", {{"text", text.substr(0, 80)}});
  }
  EventOutcome out;
  out.event_id = read(json, "event");
  FENQUN_TRY(out.on, parse_event(read(json, "on")));
  out.customer_id = read(json, "customer_id");
  for (const auto& [word, verdict] : kVerdicts) {
    if (word == read(json, "verdict")) out.verdict = verdict;
  }
  out.priority = json.value("priority", out.priority);
  for (const auto& one : list(json, "debts")) {
    RelatedDebt debt{read(one, "customer_id"), {}, read(one, "owed_cny"), read(one, "oldest_due_on")};
    for (const auto& via : list(one, "via")) debt.via.push_back(via.get<std::string>());
    out.debts.push_back(std::move(debt));
  }
  for (const auto& one : list(json, "actions")) {
    const auto words = one.value("text", Json::object());
    out.actions.push_back({read(one, "cell"),
                           read(one, "action"),
                           read(one, "order_type"),
                           {read(words, "zh"), read(words, "en")},
                           read(one, "order"),
                           read(one, "held")});
  }
  for (const auto& one : list(json, "blocking")) out.blocking.push_back(one.get<std::string>());
  for (const auto& one : list(json, "cancelled")) out.cancelled.push_back(one.get<std::string>());
  out.reconnection = read(json, "reconnection");
  return out;
}

std::string to_json(const EventOutcome& outcome) {
  Json debts = Json::array();
  for (const auto& one : outcome.debts) {
    debts.push_back({{"customer_id", one.customer_id},
                     {"via", one.via},
                     {"owed_cny", one.owed_cny},
                     {"oldest_due_on", one.oldest_due_on}});
  }
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  Json actions = Json::array();
  for (const auto& one : outcome.actions) {
    actions.push_back({{"cell", one.cell},
                       {"action", one.action},
                       {"order_type", one.order_type},
                       {"text", {{"zh", one.text.zh}, {"en", one.text.en}}},
                       {"order", or_null(one.order_id)},
                       {"held", or_null(one.held)}});
  }
  return Json{{"event", outcome.event_id},
              {"on", name_of(outcome.on)},
              {"customer_id", or_null(outcome.customer_id)},
              {"verdict", name_of(outcome.verdict)},
              {"priority", outcome.priority},
              {"debts", std::move(debts)},
              {"actions", std::move(actions)},
              {"blocking", outcome.blocking},
              {"cancelled", outcome.cancelled},
              {"reconnection", or_null(outcome.reconnection)},
              {"again", outcome.again}}
      .dump();
}

}  // namespace fenqun::strategy
