// strategy/events.cpp
#include "strategy/events.hpp"

#include "base/number.hpp"
#include "strategy/consent.hpp"
#include "strategy/debts.hpp"
#include "strategy/event_json.hpp"
#include "strategy/new_order.hpp"
#include "strategy/orders.hpp"
#include "strategy/plan.hpp"
#include "strategy/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace fenqun::strategy {
namespace {

using Json = nlohmann::ordered_json;
using segment::FeatureValue;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

constexpr std::string_view kReconnection = "reconnection";
constexpr std::string_view kDisconnection = "disconnection";
constexpr int kMostRelated = 50;
constexpr int kClosingDays = 60;  // so long an inspection counts for a closing

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

FeatureValue feature_of(const warehouse::Value& value) {
  if (const auto* const flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* const number = std::get_if<double>(&value)) return *number;
  if (const auto* const text = std::get_if<std::string>(&value)) return *text;
  return std::monostate();
}

// What was reported, to tell an event sent again from another one of the same id.
std::string said(const EventRequest& request) {
  return Json{{"on", name_of(request.on)},           {"customer", request.customer_id},
              {"identity", request.identity_number}, {"address", request.address},
              {"account", request.account_id},       {"kind", request.kind},
              {"amount_cny", request.amount_cny}}
      .dump();
}

// One event, worked out and kept in one transaction.
class EventWork {
 public:
  EventWork(Workspace& workspace, const Library& library, const DisconnectionLaw& law, const EventRequest& request)
      : workspace_(workspace), library_(library), law_(law), request_(request) {
    out_.event_id = request.event_id;
    out_.on = request.on;
    out_.customer_id = request.customer_id;
  }

  Result<EventOutcome> carry_out() {
    FENQUN_CHECK(check());
    FENQUN_TRY(const auto before, kept_before());
    if (before) return *before;
    auto& connection = workspace_.connection();
    FENQUN_CHECK(connection.execute("BEGIN"));
    if (auto done = work(); !done) {
      static_cast<void>(connection.execute("ROLLBACK"));
      return tl::make_unexpected(done.error());
    }
    FENQUN_CHECK(connection.execute("COMMIT"));
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string today() const { return request_.now.substr(0, 10); }
  [[nodiscard]] std::string today_sql() const { return "DATE " + sql_text(today()); }
  [[nodiscard]] std::string now_sql() const { return "TIMESTAMP " + sql_text(request_.now); }
  [[nodiscard]] std::string customer() const { return sql_text(request_.customer_id); }
  warehouse::Connection& connection() { return workspace_.connection(); }

  Result<void> check() {
    if (is_blank(request_.event_id)) return fail(ErrorCode::InvalidArgument, "strategy.event_without_id");
    if (is_blank(request_.by)) return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
    if (!request_.amount_cny.empty()) {
      const auto amount = parse_number(request_.amount_cny);
      if (!amount || *amount <= 0) {
        return fail(ErrorCode::InvalidArgument, "strategy.event_amount", {{"value", request_.amount_cny}});
      }
    }
    if (request_.customer_id.empty()) {
      const bool names_somebody =
          !request_.identity_number.empty() || !request_.address.empty() || !request_.account_id.empty();
      if (request_.on == Occasion::Application && names_somebody) return {};
      return fail(ErrorCode::InvalidArgument, "strategy.event_of_nobody", {{"on", std::string(name_of(request_.on))}});
    }
    FENQUN_TRY(const auto there,
               connection().query_integer("SELECT count(*) FROM m_customer WHERE customer_id = " + customer()));
    if (there == 0) return fail(ErrorCode::NotFound, "strategy.no_customer", {{"customer", request_.customer_id}});
    return {};
  }

  Result<std::optional<EventOutcome>> kept_before() {
    FENQUN_TRY(const auto found, connection().query("SELECT said, answer FROM service_event WHERE event_id = " +
                                                    sql_text(request_.event_id)));
    if (found.rows.empty()) return std::optional<EventOutcome>();
    if (found.text(0, 0) != said(request_)) {
      return fail(ErrorCode::Conflict, "strategy.event_id_taken", {{"event", request_.event_id}});
    }
    FENQUN_TRY(auto out, event_from_json(found.text(0, 1)));
    out.again = true;
    return std::optional(std::move(out));
  }

  Result<void> work() {
    if (request_.on == Occasion::Application) FENQUN_CHECK(find_related_debts());
    if (!request_.customer_id.empty()) {
      FENQUN_CHECK(find_actions());
      FENQUN_CHECK(act());
      if (request_.on == Occasion::Closing) FENQUN_CHECK(judge_closing());
      if (request_.on == Occasion::Payment) FENQUN_CHECK(settle_payment());
    }
    for (const auto& one : out_.actions) out_.priority = std::min(out_.priority, urgent_.contains(one.cell) ? 1 : 2);
    return connection().execute(
        fmt::format("INSERT INTO service_event VALUES ({}, {}, {}, {}, {}, {}, {})", sql_text(request_.event_id),
                    sql_text(name_of(request_.on)), request_.customer_id.empty() ? "NULL" : customer(),
                    sql_text(said(request_)), sql_text(to_json(out_)), sql_text(request_.by), now_sql()));
  }

  Result<std::vector<RelatedDebt>> debts_of(const std::map<std::string, std::vector<std::string>>& customers) {
    std::vector<std::string> ids;
    ids.reserve(customers.size());
    for (const auto& [id, via] : customers) ids.push_back(id);
    FENQUN_TRY(const auto debts, overdue_debts(workspace_, ids, today()));
    std::vector<RelatedDebt> out;
    for (const auto& one : debts) {
      out.push_back({one.customer_id, customers.at(one.customer_id), one.owed_cny, one.oldest_due_on});
    }
    return out;
  }

  // By person, address and account: what is given, and what the customer itself has.
  Result<void> find_related_debts() {
    std::map<std::string, std::vector<std::string>> related;
    if (!request_.customer_id.empty()) related[request_.customer_id].emplace_back("customer");
    const auto own = [&](const char* column) {
      return request_.customer_id.empty()
                 ? std::string("NULL")
                 : fmt::format("(SELECT {} FROM m_customer WHERE customer_id = {} LIMIT 1)", column, customer());
    };
    const auto value = [&](const std::string& given, const std::string& otherwise) {
      return given.empty() ? otherwise : sql_text(given);
    };
    const auto note = [&](const char* via, const std::string& sql) -> Result<void> {
      FENQUN_TRY(const auto found, connection().query(fmt::format("{} LIMIT {}", sql, kMostRelated)));
      for (std::size_t r = 0; r < found.rows.size(); ++r) {
        if (found.text(r, 0) != request_.customer_id) related[found.text(r, 0)].emplace_back(via);
      }
      return {};
    };
    FENQUN_CHECK(
        note("identity", "SELECT customer_id FROM m_customer WHERE identity_number <> '' AND identity_number = " +
                             value(request_.identity_number, own("identity_number"))));
    FENQUN_CHECK(note("address", "SELECT customer_id FROM m_customer WHERE address <> '' AND address = " +
                                     value(request_.address, own("address"))));
    const auto accounts = request_.account_id.empty()
                              ? "SELECT account_id FROM m_account WHERE customer_id = " +
                                    (request_.customer_id.empty() ? std::string("NULL") : customer())
                              : "SELECT " + sql_text(request_.account_id);
    FENQUN_CHECK(note("account", fmt::format("SELECT DISTINCT customer_id FROM m_account WHERE account_id IN ({0}) OR "
                                             "bank_account_number IN (SELECT bank_account_number FROM m_account WHERE "
                                             "account_id IN ({0}) AND bank_account_number <> '')",
                                             accounts)));
    FENQUN_TRY(out_.debts, debts_of(related));
    out_.verdict = out_.debts.empty() ? Verdict::Proceed : Verdict::ClearDebt;
    return {};
  }

  // Cells with an action for this occasion whose condition holds for the customer.
  Result<void> find_actions() {
    std::set<std::string> features;
    for (const auto& book : library_.books) {
      for (const auto& cell : book.cells) {
        if (std::none_of(cell.actions.begin(), cell.actions.end(),
                         [&](const Action& action) { return action.on == request_.on; })) {
          continue;
        }
        cells_.push_back(&cell);
        features.insert(cell.when.features().begin(), cell.when.features().end());
      }
    }
    FENQUN_CHECK(read_values(features));
    const auto value_of = [this](std::string_view name) -> FeatureValue {
      const auto at = values_.find(std::string(name));
      return at == values_.end() ? FeatureValue() : at->second;
    };
    for (const auto* const cell : cells_) {
      FENQUN_TRY(const auto aggregates, aggregates_of(cell->when));
      const auto truth = cell->when.evaluate(value_of, aggregates);
      const auto* const flag = std::get_if<bool>(&truth);
      if (flag != nullptr && *flag) holding_.insert(cell->name);
    }
    return {};
  }

  Result<void> read_values(const std::set<std::string>& features) {
    const auto month = "date_trunc('month', " + today_sql() + ")::DATE";
    FENQUN_TRY(const auto groups,
               connection().query(fmt::format("SELECT scheme, group_code FROM membership WHERE customer_id = {} AND "
                                              "superseded_by IS NULL AND valid_from <= {} AND (valid_to IS NULL OR "
                                              "valid_to > {})",
                                              customer(), month, month)));
    for (std::size_t r = 0; r < groups.rows.size(); ++r) {
      if (!groups.is_null(r, 1)) values_[segment::group_column(groups.text(r, 0))] = groups.text(r, 1);
    }
    FENQUN_TRY(const auto files, workspace_.lake_files("wide"));
    for (const auto& file : files) latest_ = std::max(latest_.value_or(file.month), file.month);
    std::string columns;
    for (const auto& one : features) {
      if (!segment::scheme_of_column(one)) columns += (columns.empty() ? "" : ", ") + sql_name(one);
    }
    if (!latest_ || columns.empty()) return {};
    FENQUN_TRY(const auto found, connection().query(fmt::format("SELECT {} FROM wide WHERE as_of = DATE '{}' AND "
                                                                "customer_id = {}",
                                                                columns, latest_->first_date(), customer())));
    if (found.rows.empty()) return {};
    for (std::size_t c = 0; c < found.columns.size(); ++c) values_[found.columns[c]] = feature_of(found.rows[0][c]);
    return {};
  }

  Result<std::vector<FeatureValue>> aggregates_of(const segment::Expression& condition) {
    std::vector<FeatureValue> out;
    if (!latest_) return out;
    const auto population = fmt::format("(SELECT * FROM wide WHERE as_of = DATE '{}')", latest_->first_date());
    for (const auto& one : condition.aggregates_sql(population)) {
      FENQUN_TRY(const auto found, connection().query("SELECT " + one));
      out.push_back(feature_of(found.rows.at(0).at(0)));
    }
    return out;
  }

  // What is said on the line is no order; who was spoken to is not called back.
  [[nodiscard]] bool is_only_said(const Action& action) const {
    if (request_.on != Occasion::IncomingCall) return false;
    const auto& type = library_.types[action.order];
    return type.effort_minutes == 0 || (type.code == "callback" && request_.kind != "missed");
  }

  Result<void> act() {
    FENQUN_CHECK(count_contacts());
    for (const auto* const cell : cells_) {
      if (!holding_.contains(cell->name)) continue;
      const bool yields = std::any_of(cell->yields_to.begin(), cell->yields_to.end(),
                                      [&](const std::string& other) { return holding_.contains(other); });
      for (const auto& action : cell->actions) {
        if (action.on != request_.on) continue;
        const auto& type = library_.types[action.order];
        EventAction told{cell->name, action.name, type.code, action.text, "", ""};
        if (yields) {
          told.held = kYields;
        } else if (!is_only_said(action)) {
          told.held = why_held(action, type);
          if (told.held.empty()) {
            FENQUN_TRY(told.order_id, order_for(*cell, action, type));
          }
        }
        if (!told.held.empty()) FENQUN_CHECK(note_held(told));
        if (action.is_urgent && told.held.empty()) urgent_.insert(cell->name);
        out_.actions.push_back(std::move(told));
      }
    }
    return {};
  }

  Result<void> count_contacts() {
    std::string contacts;
    for (const auto& type : library_.types) {
      if (type.is_contact) contacts += (contacts.empty() ? "" : ", ") + sql_text(type.code);
    }
    FENQUN_TRY(const auto found,
               connection().query(fmt::format(
                   "SELECT channel, count(*) FROM work_order WHERE customer_id = {} AND month = date_trunc('month', "
                   "{})::DATE AND state <> 'cancelled' AND order_type IN ({}) GROUP BY channel",
                   customer(), today_sql(), contacts.empty() ? "''" : contacts)));
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      by_channel_[found.text(r, 0)] = found.integer(r, 1);
      contacts_ += found.integer(r, 1);
    }
    FENQUN_TRY(
        const auto consent,
        connection().query(fmt::format(
            "SELECT consents_to_contact, (SELECT count(*) FROM {1} o WHERE o.customer_id = {0}) FROM m_customer WHERE "
            "customer_id = {0} LIMIT 1",
            customer(), opted_out_sql())));
    if (consent.rows.empty()) return {};
    if (!consent.is_null(0, 0)) consents_ = consent.boolean(0, 0);
    if (consent.integer(0, 1) > 0) consents_ = false;
    return {};
  }

  [[nodiscard]] std::string why_held(const Action& action, const OrderType& type) const {
    if (library_.is_marketing(action)) {
      if (consents_ && !*consents_) return kNoConsent;
      if (!consents_ && !library_.rules.unknown_consent_allows) return kConsentUnknown;
    }
    const auto& floor = library_.rules.floor;
    const bool is_floor = std::find(floor.begin(), floor.end(), action.order) != floor.end();
    if (action.is_urgent || is_floor || !type.is_contact) return "";
    for (const auto& [channel, most] : library_.rules.channel_caps) {
      const auto at = by_channel_.find(std::string(name_of(channel)));
      if (channel == action.channel && at != by_channel_.end() && at->second >= most) return kChannelCap;
    }
    return contacts_ >= library_.rules.month_cap ? kMonthCap : "";
  }

  Result<void> note_held(const EventAction& told) {
    return connection().execute(
        fmt::format("INSERT INTO suppressed_action SELECT 0, date_trunc('month', {})::DATE, {}, {}, {}, {}, {}, {}",
                    today_sql(), customer(), sql_text(told.cell), sql_text(told.action), sql_text(told.order_type),
                    sql_text(told.held), sql_text("event " + request_.event_id)));
  }

  Result<std::string> open_order(const std::string& type) {
    FENQUN_TRY(const auto found, connection().query(fmt::format(
                                     "SELECT order_id FROM work_order WHERE customer_id = {} AND order_type = {} AND "
                                     "state IN ('open', 'accepted') ORDER BY due_on, order_id LIMIT 1",
                                     customer(), sql_text(type))));
    return found.rows.empty() ? std::string() : found.text(0, 0);
  }

  // One that ended well not long ago stands for the one that would be made now.
  Result<std::string> ended_lately(const std::string& type) {
    FENQUN_TRY(const auto found, connection().query(fmt::format(
                                     "SELECT order_id FROM work_order WHERE customer_id = {} AND order_type = {} AND "
                                     "state = 'closed' AND changed_at >= {} - INTERVAL {} DAY ORDER BY changed_at DESC "
                                     "LIMIT 1",
                                     customer(), sql_text(type), now_sql(), kClosingDays)));
    return found.rows.empty() ? std::string() : found.text(0, 0);
  }

  Result<std::string> enter(const NewOrder& order) {
    FENQUN_CHECK(connection().execute(entering(order)));
    FENQUN_TRY(const auto made,
               connection().query("SELECT order_id FROM work_order WHERE order_key = " + key_sql(order.key)));
    if (!made.rows.empty()) return made.text(0, 0);
    return fail(ErrorCode::Internal, "strategy.order_not_made", {{"type", order.type}});
  }

  // One that is open already has another reason now, and is due as early as this one wants.
  Result<std::string> order_for(const Cell& cell, const Action& action, const OrderType& type) {
    const auto reason = cell.name + "." + action.name;
    if (request_.on == Occasion::Closing) {
      FENQUN_TRY(const auto ended, ended_lately(type.code));
      if (!ended.empty()) return ended;
    }
    if (type.is_together) {
      FENQUN_TRY(const auto open, open_order(type.code));
      if (!open.empty()) {
        FENQUN_CHECK(connection().execute(fmt::format(
            "UPDATE work_order SET reasons = CASE WHEN contains(', ' || coalesce(reasons, '') || ',', {0}) THEN "
            "reasons "
            "ELSE concat_ws(', ', reasons, {1}) END, is_urgent = is_urgent OR {2}, due_on = least(due_on, {3}), "
            "changed_at = {4} WHERE order_id = {5}",
            sql_text(", " + reason + ","), sql_text(reason), action.is_urgent ? "TRUE" : "FALSE",
            working_days_after(today_sql(), action.by_days), now_sql(), sql_text(open))));
        return open;
      }
    }
    const auto channel = std::string(name_of(action.channel));
    if (type.is_contact) {
      contacts_ += 1;
      by_channel_[channel] += 1;
    }
    return enter({fmt::format("event|{}|{}", request_.event_id, type.is_together ? type.code : reason),
                  type.code,
                  request_.customer_id,
                  std::string(name_of(action.owner)),
                  channel,
                  action.is_urgent,
                  today(),
                  action.by_days,
                  type.effort_minutes,
                  type.team_of,
                  reason,
                  "",
                  {}});
  }

  // Nothing is closed while somebody owes, or while an inspection that was asked for has not ended well.
  Result<void> judge_closing() {
    FENQUN_TRY(out_.debts, debts_of({{request_.customer_id, {"customer"}}}));
    std::set<std::string> types;
    for (const auto& book : library_.books) {
      for (const auto& cell : book.cells) {
        for (const auto& action : cell.actions) {
          if (action.on == Occasion::Closing) types.insert(library_.types[action.order].code);
        }
      }
    }
    for (const auto& type : types) {
      FENQUN_TRY(const auto open, open_order(type));
      if (!open.empty()) out_.blocking.push_back(open);
    }
    out_.verdict = out_.debts.empty() && out_.blocking.empty() ? Verdict::Proceed : Verdict::Blocked;
    return {};
  }

  // Dunning for what is paid now is needed no longer; who was cut off is connected again in time.
  Result<void> settle_payment() {
    FENQUN_TRY(auto debts, debts_of({{request_.customer_id, {"customer"}}}));
    const auto paid = request_.amount_cny.empty() ? std::string("0") : request_.amount_cny;
    if (!debts.empty()) {
      // Payments that were reported since the last one that was loaded count too.
      FENQUN_TRY(const auto left,
                 connection().query(fmt::format(
                     "SELECT CAST(greatest({0}::DECIMAL(18,2) - {1}::DECIMAL(18,2) - (SELECT "
                     "coalesce(sum(TRY_CAST(json_extract_string(said, '$.amount_cny') AS DECIMAL(18,2))), 0) FROM "
                     "service_event WHERE occasion = 'payment' AND customer_id = {2} AND CAST(received_at AS DATE) > "
                     "(SELECT coalesce(max(paid_on), DATE '1900-01-01') FROM payment WHERE customer_id = {2} AND "
                     "paid_on <= {3})), 0) AS VARCHAR)",
                     debts[0].owed_cny, sql_text(paid), customer(), today_sql())));
      debts[0].owed_cny = left.text(0, 0);
      const auto amount = parse_number(debts[0].owed_cny);
      if (amount && *amount > 0) {
        out_.debts = std::move(debts);
        return {};
      }
    }
    FENQUN_TRY(const auto open,
               connection().query("SELECT order_id, state FROM work_order WHERE customer_id = " + customer() +
                                  " AND order_type IN ('dunning', 'disconnection') AND "
                                  "state IN ('open', 'accepted') ORDER BY order_id"));
    for (std::size_t r = 0; r < open.rows.size(); ++r) {
      const auto id = open.text(r, 0);
      FENQUN_CHECK(connection().execute(fmt::format(
          "UPDATE work_order SET state = 'cancelled', changed_at = {} WHERE order_id = {}", now_sql(), sql_text(id))));
      FENQUN_CHECK(connection().execute(fmt::format(
          "INSERT INTO work_order_event SELECT {0}, coalesce(max(sequence), 0) + 1, {1}, {2}, 'cancel', {3}, "
          "'cancelled', NULL, {4}, NULL FROM work_order_event WHERE order_id = {0}",
          sql_text(id), now_sql(), sql_text(request_.by), sql_text(open.text(r, 1)),
          sql_text("paid: event " + request_.event_id))));
      out_.cancelled.push_back(id);
    }
    return reconnect();
  }

  Result<void> reconnect() {
    FENQUN_TRY(
        const auto cut,
        connection().query(fmt::format(
            "SELECT order_id FROM work_order d WHERE customer_id = {0} AND order_type = {1} AND outcome = "
            "'disconnected' AND NOT EXISTS (SELECT 1 FROM work_order r WHERE r.order_key = md5('reconnection|' || "
            "d.order_id)) ORDER BY changed_at DESC LIMIT 1",
            customer(), sql_text(kDisconnection))));
    const auto* const type = library_.find_type(kReconnection);
    if (cut.rows.empty() || type == nullptr) return {};
    FENQUN_TRY(out_.reconnection, enter({"reconnection|" + cut.text(0, 0),
                                         type->code,
                                         request_.customer_id,
                                         std::string(name_of(type->owner)),
                                         std::string(name_of(type->channel)),
                                         true,
                                         today(),
                                         law_.restore_working_days,
                                         type->effort_minutes,
                                         type->team_of,
                                         "event " + request_.event_id,
                                         "",
                                         {}}));
    return {};
  }

  Workspace& workspace_;
  const Library& library_;
  const DisconnectionLaw& law_;
  const EventRequest& request_;
  EventOutcome out_;
  std::vector<const Cell*> cells_;  // with an action for the occasion
  std::set<std::string> holding_;   // of these, by name
  std::set<std::string> urgent_;
  std::map<std::string, FeatureValue> values_;
  std::optional<Month> latest_;
  std::map<std::string, std::int64_t> by_channel_;  // contacts of the month
  std::int64_t contacts_ = 0;
  std::optional<bool> consents_;
};

}  // namespace

Result<Occasion> parse_event(std::string_view text) {
  std::string known;
  for (const auto& [word, occasion] : occasion_words()) {
    if (occasion == Occasion::Month || occasion == Occasion::Campaign) continue;
    if (word == text) return occasion;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return fail(ErrorCode::InvalidArgument, "strategy.no_word",
              {{"kind", "event"}, {"value", std::string(text)}, {"known", known}});
}

Result<EventOutcome> handle_event(Workspace& workspace, const Library& library, const DisconnectionLaw& law,
                                  const EventRequest& request) {
  const auto held = hold_orders();
  return EventWork(workspace, library, law, request).carry_out();
}

Result<std::vector<KeptEvent>> list_events(Workspace& workspace, const std::string& customer, std::int64_t limit) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT event_id, occasion, coalesce(customer_id, ''), received_by, strftime(received_at, '%Y-%m-%d "
                 "%H:%M:%S'), answer FROM service_event" +
                 (customer.empty() ? "" : " WHERE customer_id = " + sql_text(customer)) +
                 " ORDER BY received_at DESC, event_id" + (limit > 0 ? " LIMIT " + std::to_string(limit) : "")));
  std::vector<KeptEvent> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    FENQUN_TRY(auto outcome, event_from_json(found.text(r, 5)));
    out.push_back(
        {found.text(r, 0), found.text(r, 1), found.text(r, 2), found.text(r, 3), found.text(r, 4), std::move(outcome)});
  }
  return out;
}

}  // namespace fenqun::strategy
