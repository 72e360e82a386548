// cli/output_service.cpp
#include "cli/output_service.hpp"

#include "base/number.hpp"
#include "cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenqun::cli {
namespace {

constexpr std::size_t kMostExampleText = 400;
constexpr std::size_t kCauseBar = 16;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
std::string or_dash(const std::string& text) { return text.empty() ? "—" : text; }

std::string word(const char* kind, std::string_view code, const Texts& texts) {
  const auto key = std::string("cli.") + kind + "_" + std::string(code);
  return texts.has(key) ? texts(key) : std::string(code);
}

// "1,234.50"
std::string money(double cny) {
  const auto cents = std::llround(cny * 100);
  return with_thousands(cents / 100) + fmt::format(".{:02}", cents % 100);
}

std::string list(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& one : items) out += (out.empty() ? "" : ", ") + one;
  return out;
}

}  // namespace

std::string show_event(const strategy::EventOutcome& outcome, const strategy::Library& library, const Texts& texts) {
  std::string out = texts("cli.event_told", {{"event", outcome.event_id},
                                             {"on", word("occasion", strategy::name_of(outcome.on), texts)},
                                             {"customer", or_dash(outcome.customer_id)},
                                             {"verdict", word("verdict", strategy::name_of(outcome.verdict), texts)},
                                             {"priority", std::to_string(outcome.priority)}}) +
                    "\n";
  if (outcome.again) out += texts("cli.event_again") + "\n";
  if (!outcome.debts.empty()) {
    TextTable table({{texts("cli.col_customer")},
                     {texts("cli.col_via")},
                     {texts("cli.col_owed"), Align::Right},
                     {texts("cli.col_oldest_due")}});
    for (const auto& one : outcome.debts) {
      std::vector<std::string> via;
      for (const auto& way : one.via) via.push_back(word("via", way, texts));
      table.add({one.customer_id, list(via), one.owed_cny, one.oldest_due_on});
    }
    out += table.text();
  }
  if (!outcome.actions.empty()) {
    TextTable table(
        {{texts("cli.col_cell")}, {texts("cli.col_order_type")}, {texts("cli.col_order")}, {texts("cli.col_text")}});
    for (const auto& one : outcome.actions) {
      const auto* const type = library.find_type(one.order_type);
      const auto order = one.held.empty() ? or_dash(one.order_id) : word("suppressed", one.held, texts);
      table.add({one.cell + "." + one.action, type == nullptr ? one.order_type : type->title.in(texts.language()),
                 order, one.text.in(texts.language())});
    }
    out += table.text();
  }
  if (!outcome.blocking.empty()) out += texts("cli.event_blocking", {{"orders", list(outcome.blocking)}}) + "\n";
  if (!outcome.cancelled.empty()) out += texts("cli.event_cancelled", {{"orders", list(outcome.cancelled)}}) + "\n";
  if (!outcome.reconnection.empty()) out += texts("cli.event_reconnect", {{"order", outcome.reconnection}}) + "\n";
  return out;
}

std::string show_events(const std::vector<strategy::KeptEvent>& events, const Texts& texts) {
  if (events.empty()) return texts("cli.no_events") + "\n";
  TextTable table({{texts("cli.col_event")},
                   {texts("cli.col_when")},
                   {texts("cli.col_occasion")},
                   {texts("cli.col_customer")},
                   {texts("cli.col_verdict")},
                   {texts("cli.col_orders"), Align::Right}});
  for (const auto& one : events) {
    std::int64_t orders = 0;
    for (const auto& action : one.outcome.actions) orders += action.order_id.empty() ? 0 : 1;
    table.add({one.event_id, one.at, word("occasion", one.on, texts), or_dash(one.customer_id),
               word("verdict", strategy::name_of(one.outcome.verdict), texts), std::to_string(orders)});
  }
  return table.text();
}

std::string show_notices_sent(const app::NoticesOutcome& outcome, bool rehearsed, const Texts& texts) {
  const auto& made = outcome.made;
  std::string out = texts("cli.notices_made", {{"month", outcome.month.text()},
                                               {"orders", with_thousands(made.orders)},
                                               {"made", with_thousands(made.made)},
                                               {"incomplete", with_thousands(made.incomplete)},
                                               {"no_recipient", with_thousands(made.no_recipient)}}) +
                    "\n";
  if (outcome.sent.channels.empty()) return out + texts("cli.notices_none_due") + "\n";
  TextTable table({{texts("cli.col_channel")},
                   {texts("cli.col_notice_due"), Align::Right},
                   {texts("cli.col_sent"), Align::Right},
                   {texts("cli.col_later"), Align::Right},
                   {texts("cli.col_dead"), Align::Right},
                   {texts("cli.col_unsure"), Align::Right},
                   {texts("cli.col_quiet"), Align::Right},
                   {texts("cli.col_no_adapter"), Align::Right}});
  for (const auto& [name, count] : outcome.sent.channels) {
    table.add({word("channel", name, texts), with_thousands(count.due), with_thousands(count.sent),
               with_thousands(count.later), with_thousands(count.dead), with_thousands(count.unsure),
               with_thousands(count.quiet), with_thousands(count.waiting)});
  }
  out += table.text();
  if (rehearsed) out += texts("cli.notices_rehearsed") + "\n";
  for (const auto& one : outcome.sent.examples) {
    out += "  " + word("channel", one.channel, texts) + " → " + one.recipient + ": " +
           one.text.substr(0, kMostExampleText) + "\n";
  }
  return out;
}

std::string show_notices(const outbox::NoticeList& found, const Texts& texts) {
  if (found.notices.empty()) return texts("cli.no_notices") + "\n";
  TextTable table({{texts("cli.col_notice")},
                   {texts("cli.col_customer")},
                   {texts("cli.col_channel")},
                   {texts("cli.col_order_state")},
                   {texts("cli.col_attempts"), Align::Right},
                   {texts("cli.col_when")},
                   {texts("cli.col_reason")}});
  for (const auto& one : found.notices) {
    table.add({one.notice_id.substr(0, 12), one.customer_id, word("channel", one.channel, texts),
               word("notice_state", one.state, texts), std::to_string(one.attempts), one.changed_at,
               or_dash(one.last_error)});
  }
  return table.text();
}

std::string show_points(const strategy::PointsOfMonth& points, const strategy::Library& library, const Texts& texts) {
  std::string out =
      points.settled ? texts("cli.points_settled",
                             {{"month", points.month.text()}, {"by", points.settled->by}, {"at", points.settled->at}}) +
                           "\n"
                     : texts("cli.points_open", {{"month", points.month.text()}}) + "\n";
  if (points.employees.empty()) return out + texts("cli.no_points") + "\n";
  std::vector<TextTable::Column> columns = {{texts("cli.col_staff")}, {texts("cli.col_name")}};
  for (const auto& rule : library.points.rules) columns.push_back({rule.title.in(texts.language()), Align::Right});
  columns.push_back({texts("cli.col_points"), Align::Right});
  TextTable table(columns);
  for (const auto& one : points.employees) {
    std::vector<std::string> cells = {one.staff_id, or_dash(one.name)};
    for (const auto& rule : library.points.rules) {
      std::int64_t entries = 0;
      for (const auto& part : one.rules) entries += part.rule == rule.code ? part.entries : 0;
      cells.push_back(std::to_string(entries));
    }
    cells.push_back(std::to_string(one.points));
    table.add(std::move(cells));
  }
  return out + table.text();
}

Json json_of(const std::vector<strategy::KeptEvent>& events) {
  Json out = Json::array();
  for (const auto& one : events) {
    out.push_back({{"event", one.event_id},
                   {"at", one.at},
                   {"by", one.by},
                   {"answer", Json::parse(strategy::to_json(one.outcome))}});
  }
  return {{"events", std::move(out)}};
}

Json json_of(const app::NoticesOutcome& outcome) {
  const auto& made = outcome.made;
  Json channels = Json::object();
  for (const auto& [name, count] : outcome.sent.channels) {
    channels[name] = {{"due", count.due},       {"sent", count.sent},   {"later", count.later},    {"dead", count.dead},
                      {"unsure", count.unsure}, {"quiet", count.quiet}, {"waiting", count.waiting}};
  }
  Json examples = Json::array();
  for (const auto& one : outcome.sent.examples) {
    examples.push_back({{"channel", one.channel}, {"recipient", one.recipient}, {"text", one.text}});
  }
  return {{"month", outcome.month.text()},
          {"made",
           {{"orders", made.orders},
            {"made", made.made},
            {"queued", made.queued},
            {"incomplete", made.incomplete},
            {"no_recipient", made.no_recipient}}},
          {"channels", std::move(channels)},
          {"withdrawn", outcome.withdrawn},
          {"examples", std::move(examples)},
          {"orders_closed", outcome.closed}};
}

Json json_of(const outbox::NoticeList& found) {
  Json out = Json::array();
  for (const auto& one : found.notices) {
    out.push_back({{"notice", one.notice_id},
                   {"order", one.order_id},
                   {"customer_id", one.customer_id},
                   {"channel", one.channel},
                   {"recipient", or_null(one.recipient)},
                   {"text", one.text},
                   {"state", one.state},
                   {"attempts", one.attempts},
                   {"due_at", one.due_at},
                   {"last_error", or_null(one.last_error)},
                   {"changed_at", one.changed_at}});
  }
  return {{"found", found.found}, {"notices", std::move(out)}};
}

Json json_of(const strategy::PointsOfMonth& points) {
  Json employees = Json::array();
  for (const auto& one : points.employees) {
    Json rules = Json::array();
    for (const auto& part : one.rules)
      rules.push_back({{"rule", part.rule}, {"entries", part.entries}, {"points", part.points}});
    employees.push_back(
        {{"staff_id", one.staff_id}, {"name", or_null(one.name)}, {"points", one.points}, {"rules", std::move(rules)}});
  }
  return {{"month", points.month.text()},
          {"settled", points.settled ? Json{{"by", points.settled->by}, {"at", points.settled->at}} : Json(nullptr)},
          {"employees", std::move(employees)}};
}

std::string show_arrears(const app::ArrearsWork& work, const Texts& texts) {
  const auto& list = work.list;
  const auto& rules = work.library.arrears;
  const auto cause_title = [&](std::size_t cause) {
    return cause < rules.causes.size() ? rules.causes[cause].title.in(texts.language()) : std::string("—");
  };
  std::string out = texts("cli.arrears_calendar", {{"from", work.day.reading_from},
                                                   {"to", work.day.reading_to},
                                                   {"bill", work.day.bill_on},
                                                   {"until", work.day.dunning_to},
                                                   {"phase", word("arrears_phase", name_of(work.day.phase), texts)}}) +
                    "\n" +
                    texts("cli.arrears_sum", {{"month", list.features_of.text()},
                                              {"debtors", with_thousands(list.debtors)},
                                              {"owed", money(list.arrears_cny)},
                                              {"risk", money(list.at_risk_cny)}}) +
                    "\n";
  if (list.debtors == 0) return out;
  out += texts("cli.arrears_first",
               {{"first", with_thousands(list.first)},
                {"share", fmt::format("{:.0f}", 100 * list.first_at_risk_cny / std::max(list.at_risk_cny, 1e-9))},
                {"hours", with_thousands((list.first_minutes + 59) / 60)},
                {"all_hours", with_thousands((list.everybody_minutes + 59) / 60)},
                {"saved", with_thousands((list.everybody_minutes - list.first_minutes) / 60)}}) +
         "\n";
  TextTable causes({{texts("cli.col_cause")},
                    {texts("cli.col_customers"), Align::Right},
                    {texts("cli.col_owed"), Align::Right},
                    {""},
                    {texts("cli.col_treatment")}});
  for (const auto& one : list.causes) {
    causes.add({cause_title(one.cause), with_thousands(one.customers), money(one.arrears_cny),
                share_bar(one.arrears_cny / std::max(list.arrears_cny, 1e-9), kCauseBar),
                one.cause < rules.causes.size() ? rules.causes[one.cause].treatment.in(texts.language()) : "—"});
  }
  out += causes.text();
  TextTable table({{texts("cli.col_rank"), Align::Right},
                   {texts("cli.col_customer")},
                   {texts("cli.col_owed"), Align::Right},
                   {texts("cli.col_at_risk"), Align::Right},
                   {texts("cli.col_why")},
                   {texts("cli.col_days"), Align::Right},
                   {texts("cli.col_cause")},
                   {texts("cli.col_owed_now"), Align::Right},
                   {texts("cli.col_order")}});
  for (const auto& one : list.customers) {
    const auto why = one.weighed_by < rules.weights.size()
                         ? fmt::format("{} × {}", rules.weights[one.weighed_by].title.in(texts.language()), one.weight)
                         : std::string("—");
    table.add({std::to_string(one.rank), one.customer_id, money(one.arrears_cny), money(one.at_risk_cny), why,
               with_thousands(one.oldest_days), cause_title(one.cause),
               one.owed_now_cny ? money(parse_number(*one.owed_now_cny).value_or(0)) : "—", or_dash(one.order_id)});
  }
  return out + table.text();
}

std::string show_escalated(const std::vector<strategy::EscalationCount>& steps, const strategy::Library& library,
                           const Texts& texts) {
  if (steps.empty()) return texts("cli.escalated_none") + "\n";
  std::string out;
  for (const auto& one : steps) {
    const auto place = static_cast<std::size_t>(one.step) - 1;
    const auto role = place < library.rules.escalation.size()
                          ? word("role", strategy::name_of(library.rules.escalation[place].to), texts)
                          : std::to_string(one.step);
    out += texts("cli.escalated",
                 {{"orders", with_thousands(one.orders)}, {"role", role}, {"nobody", with_thousands(one.nobody)}}) +
           "\n";
  }
  return out;
}

Json json_of(const app::ArrearsWork& work) {
  const auto& list = work.list;
  const auto& rules = work.library.arrears;
  const auto code = [&](std::size_t cause) {
    return cause < rules.causes.size() ? Json(rules.causes[cause].code) : Json(nullptr);
  };
  Json causes = Json::array();
  for (const auto& one : list.causes) {
    causes.push_back({{"cause", code(one.cause)},
                      {"customers", one.customers},
                      {"arrears_cny", one.arrears_cny},
                      {"first", one.first}});
  }
  Json customers = Json::array();
  for (const auto& one : list.customers) {
    customers.push_back({{"rank", one.rank},
                         {"customer_id", one.customer_id},
                         {"arrears_cny", one.arrears_cny},
                         {"at_risk_cny", one.at_risk_cny},
                         {"weight", one.weight},
                         {"oldest_days", one.oldest_days},
                         {"unpaid_bills", one.unpaid_bills},
                         {"cause", code(one.cause)},
                         {"first", one.is_first},
                         {"owed_now_cny", one.owed_now_cny ? Json(*one.owed_now_cny) : Json(nullptr)},
                         {"order", or_null(one.order_id)}});
  }
  return {{"month", list.features_of.text()},
          {"phase", strategy::name_of(work.day.phase)},
          {"bill_on", work.day.bill_on},
          {"dunning_to", work.day.dunning_to},
          {"found", list.found},
          {"debtors", list.debtors},
          {"arrears_cny", list.arrears_cny},
          {"at_risk_cny", list.at_risk_cny},
          {"first", list.first},
          {"first_at_risk_cny", list.first_at_risk_cny},
          {"everybody_minutes", list.everybody_minutes},
          {"first_minutes", list.first_minutes},
          {"causes", std::move(causes)},
          {"customers", std::move(customers)}};
}

}  // namespace fenqun::cli
