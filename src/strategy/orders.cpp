// strategy/orders.cpp
#include "strategy/orders.hpp"

#include "base/near_names.hpp"
#include "base/number.hpp"
#include "strategy/new_order.hpp"
#include "strategy/points.hpp"
#include "strategy/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;
using warehouse::Workspace;

constexpr std::array<Word<OrderState>, 5> kStates = {{{"open", OrderState::Open},
                                                      {"accepted", OrderState::Accepted},
                                                      {"done", OrderState::Done},
                                                      {"closed", OrderState::Closed},
                                                      {"cancelled", OrderState::Cancelled}}};
constexpr std::array<Word<Move>, 7> kMoves = {{{"accept", Move::Accept},
                                               {"assign", Move::Assign},
                                               {"record", Move::Record},
                                               {"finish", Move::Finish},
                                               {"verify", Move::Verify},
                                               {"reopen", Move::Reopen},
                                               {"cancel", Move::Cancel}}};

constexpr const char* kColumns =
    "order_id, order_type, customer_id, coalesce(area_id, ''), strftime(month, '%Y-%m'), state, coalesce(owner_id, "
    "''), "
    "coalesce(second_owner_id, ''), coalesce(owner_role, ''), channel, is_urgent, is_marketing, CAST(begins_on AS "
    "VARCHAR), CAST(due_on AS VARCHAR), CAST(effort_minutes AS BIGINT), coalesce(reasons, ''), coalesce(service, ''), "
    "CAST(changed_at AS VARCHAR), CAST(reopened AS BIGINT), coalesce(outcome, ''), coalesce(verifies, ''), "
    "CAST(coalesce(escalation, 0) AS BIGINT), coalesce(escalated_to, '')";

template <class Enum, std::size_t N>
Result<Enum> parse(std::string_view text, const std::array<Word<Enum>, N>& words, const char* what) {
  std::string known;
  for (const auto& [name, value] : words) {
    if (name == text) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return fail(ErrorCode::InvalidArgument, "strategy.no_word",
              {{"kind", what}, {"value", std::string(text)}, {"known", known}});
}

Result<WorkOrder> read_order(const warehouse::RowSet& found, std::size_t r) {
  WorkOrder out;
  std::size_t c = 0;
  const auto text = [&] { return found.text(r, c++); };
  out.order_id = text();
  out.type = text();
  out.customer_id = text();
  out.area_id = text();
  FENQUN_TRY(out.month, Month::parse(text()));
  FENQUN_TRY(out.state, parse_state(text()));
  out.owner_id = text();
  out.second_owner_id = text();
  out.owner_role = text();
  out.channel = text();
  out.is_urgent = found.boolean(r, c++);
  out.is_marketing = found.boolean(r, c++);
  out.begins_on = text();
  out.due_on = text();
  out.effort_minutes = static_cast<int>(found.integer(r, c++));
  out.reasons = text();
  out.service = text();
  out.changed_at = text();
  out.reopened = static_cast<int>(found.integer(r, c++));
  out.outcome = text();
  out.verifies = text();
  out.escalation = static_cast<int>(found.integer(r, c++));
  out.escalated_to = text();
  return out;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

std::string known_outcomes(const OrderType& type, bool settling) {
  std::string out;
  for (const auto& one : type.outcomes) {
    if (!settling || one.settles) out += (out.empty() ? "" : ", ") + one.code;
  }
  return out;
}

bool is_date(const std::string& value) {
  if (value.size() != 10 || value[4] != '-' || value[7] != '-') return false;
  const auto month = Month::parse(value.substr(0, 7));
  const auto day = parse_number(value.substr(8));
  return month && day && *day >= 1 && *day <= month->days();
}

// One thing done with one order: checked first, then written in one transaction.
class OrderMove {
 public:
  OrderMove(Workspace& workspace, const Library& library, const MoveRequest& request)
      : workspace_(workspace), library_(library), request_(request) {}

  Result<MoveOutcome> carry_out() {
    FENQUN_TRY(order_, find_order(workspace_, request_.order_id));
    if (order_.state == OrderState::Done) FENQUN_CHECK(find_finish(order_.order_id));
    FENQUN_CHECK(check());
    if (const auto done = finding(); done != Finding::Nothing && !order_.verifies.empty()) {
      FENQUN_CHECK(settle_checked(done));
    }
    FENQUN_CHECK(write());
    return tell();
  }

 private:
  [[nodiscard]] std::string today() const { return request_.now.substr(0, 10); }
  [[nodiscard]] std::string now_sql() const { return "TIMESTAMP " + sql_text(request_.now); }
  [[nodiscard]] TextArg id() const { return {"order", order_.order_id}; }

  Result<void> check() {
    const auto possible = moves_from(order_.state);
    if (std::find(possible.begin(), possible.end(), request_.move) == possible.end()) {
      std::string allowed;
      for (const auto move : possible) allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(move));
      return fail(ErrorCode::Denied, "strategy.impossible_move",
                  {id(),
                   {"state", std::string(name_of(order_.state))},
                   {"move", std::string(name_of(request_.move))},
                   {"allowed", allowed.empty() ? "—" : allowed}});
    }
    if (is_blank(request_.by)) return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
    const bool undoes = request_.move == Move::Reopen || request_.move == Move::Cancel;
    if (undoes && is_blank(request_.note)) {
      return fail(ErrorCode::InvalidArgument, "strategy.reason_missing",
                  {id(), {"move", std::string(name_of(request_.move))}});
    }
    type_ = library_.find_type(order_.type);
    const bool comes_out = request_.move == Move::Finish || request_.move == Move::Record;
    if (comes_out) FENQUN_CHECK(check_outcome());
    if (request_.move == Move::Assign) FENQUN_CHECK(check_staff());
    // What closes an order that somebody has to check is the order that checks it, or somebody else.
    if (request_.move == Move::Verify && did(order_)) {
      return fail(ErrorCode::Denied, "strategy.same_person", {id(), {"staff", request_.by}});
    }
    return {};
  }

  [[nodiscard]] bool did(const WorkOrder& order) const {
    return request_.by == order.owner_id || request_.by == order.second_owner_id || request_.by == finished_by_;
  }

  Result<void> check_staff() {
    FENQUN_TRY(const auto there, workspace_.connection().query_integer(
                                     "SELECT count(*) FROM m_staff WHERE staff_id = " + sql_text(request_.staff_id)));
    if (there > 0) return {};
    return fail(ErrorCode::NotFound, "strategy.no_staff", {{"staff", request_.staff_id}});
  }

  Result<void> check_outcome() {
    if (type_ == nullptr) {
      return fail(ErrorCode::NotFound, "strategy.type_gone", {id(), {"type", order_.type}});
    }
    const bool finishes = request_.move == Move::Finish;
    if (request_.outcome.empty()) {
      return fail(ErrorCode::InvalidArgument, "strategy.outcome_missing",
                  {id(), {"known", known_outcomes(*type_, finishes)}});
    }
    const auto found = std::find_if(type_->outcomes.begin(), type_->outcomes.end(),
                                    [&](const OrderOutcome& one) { return one.code == request_.outcome; });
    if (found == type_->outcomes.end()) {
      return fail(
          ErrorCode::InvalidArgument, "strategy.no_outcome",
          {id(), {"type", type_->code}, {"outcome", request_.outcome}, {"known", known_outcomes(*type_, false)}});
    }
    if (finishes && !found->settles) {
      return fail(ErrorCode::InvalidArgument, "strategy.not_settled",
                  {id(), {"outcome", request_.outcome}, {"known", known_outcomes(*type_, true)}});
    }
    outcome_ = &*found;
    return check_form();
  }

  Result<void> check_list() {
    const auto most = library_.checklist_of(order_.type, order_.reasons).size();
    for (const auto& place : request_.checked) {
      const auto number = parse_number(place);
      if (number && *number >= 1 && *number <= static_cast<double>(most) && *number == std::floor(*number)) {
        checked_ += (checked_.empty() ? "" : ",") + std::to_string(static_cast<int>(*number));
        continue;
      }
      return fail(ErrorCode::InvalidArgument, "strategy.no_checklist_item",
                  {id(), {"value", place}, {"most", std::to_string(most)}});
    }
    if (!checked_.empty()) checked_ += "/" + std::to_string(most);
    return {};
  }

  Result<void> check_form() {
    std::vector<std::string> known;
    for (const auto& field : type_->form) known.push_back(field.name);
    for (const auto& [name, value] : request_.form) {
      const auto field = std::find_if(type_->form.begin(), type_->form.end(),
                                      [&, &wanted = name](const FormField& one) { return one.name == wanted; });
      if (field == type_->form.end()) {
        return fail(ErrorCode::InvalidArgument, "strategy.field_unknown",
                    {id(), {"field", name}, {"near", near_names(name, known)}});
      }
      if (const auto expected = wrong_value(*field, value); !expected.empty()) {
        return fail(ErrorCode::InvalidArgument, "strategy.field_wrong",
                    {id(), {"field", name}, {"value", value}, {"expected", expected}});
      }
    }
    FENQUN_CHECK(check_list());
    if (request_.move != Move::Finish) return {};
    for (const auto& field : type_->form) {
      const auto given = std::find_if(request_.form.begin(), request_.form.end(),
                                      [&](const auto& one) { return one.first == field.name; });
      if (!field.required || (given != request_.form.end() && !is_blank(given->second))) continue;
      return fail(ErrorCode::InvalidArgument, "strategy.field_missing",
                  {id(), {"field", field.name}, {"title", field.title.zh + " / " + field.title.en}});
    }
    return {};
  }

  // What was expected instead of a value; nothing where it is right.
  static std::string wrong_value(const FormField& field, const std::string& value) {
    switch (field.kind) {
      case FieldKind::Text:
        return "";
      case FieldKind::Number:
        return parse_number(value) ? "" : "12.5";
      case FieldKind::Flag:
        return value == "true" || value == "false" ? "" : "true, false";
      case FieldKind::Date:
        return is_date(value) ? "" : "2026-07-31";
      case FieldKind::Choice:
        break;
    }
    std::string out;
    for (const auto& choice : field.choices) {
      if (choice.code == value) return "";
      out += (out.empty() ? "" : ", ") + choice.code;
    }
    return out;
  }

  [[nodiscard]] Finding finding() const {
    return request_.move == Move::Finish && outcome_ != nullptr ? outcome_->finds : Finding::Nothing;
  }

  [[nodiscard]] OrderState next() const {
    switch (request_.move) {
      case Move::Accept:
        return OrderState::Accepted;
      case Move::Finish:
        return type_->verified_by.empty() ? OrderState::Closed : OrderState::Done;
      case Move::Verify:
        return OrderState::Closed;
      case Move::Reopen:
        return OrderState::Open;
      case Move::Cancel:
        return OrderState::Cancelled;
      case Move::Assign:
      case Move::Record:
        break;
    }
    return order_.state;
  }

  void note_event(const std::string& order, std::string_view move, OrderState from, OrderState to,
                  const std::string& note) {
    const bool of_this = order == order_.order_id;
    std::string form = "NULL";
    if (of_this && (!request_.form.empty() || !checked_.empty())) {
      nlohmann::ordered_json json;
      for (const auto& [name, value] : request_.form) json[name] = value;
      if (!checked_.empty()) json[kChecklistField] = checked_;
      form = sql_text(json.dump());
    }
    statements_.push_back(
        fmt::format("INSERT INTO work_order_event SELECT {0}, coalesce(max(sequence), 0) + 1, {8}, {1}, {2}, {3}, {4}, "
                    "{5}, {6}, {7} FROM work_order_event WHERE order_id = {0}",
                    sql_text(order), sql_text(request_.by), sql_text(move), sql_text(name_of(from)),
                    sql_text(name_of(to)), of_this && !request_.outcome.empty() ? sql_text(request_.outcome) : "NULL",
                    note.empty() ? "NULL" : sql_text(note), form, now_sql()));
  }

  // Who finished an order last, and on which day.
  Result<void> find_finish(const std::string& order) {
    FENQUN_TRY(const auto found,
               workspace_.connection().query("SELECT strftime(done_at, '%Y-%m-%d'), done_by FROM work_order_event "
                                             "WHERE move = 'finish' AND order_id = " +
                                             sql_text(order) + " ORDER BY sequence DESC LIMIT 1"));
    if (found.rows.empty()) return {};
    finished_on_ = found.text(0, 0);
    finished_by_ = found.text(0, 1);
    return {};
  }

  // The order that this one checked.
  Result<void> settle_checked(Finding found) {
    FENQUN_TRY(const auto checked, find_order(workspace_, order_.verifies));
    if (checked.state != OrderState::Done) return {};
    FENQUN_CHECK(find_finish(checked.order_id));
    if (did(checked)) {
      return fail(ErrorCode::Denied, "strategy.same_person", {{"order", checked.order_id}, {"staff", request_.by}});
    }
    const bool in_order = found == Finding::InOrder;
    const auto to = in_order ? OrderState::Closed : OrderState::Open;
    statements_.push_back(in_order
                              ? fmt::format("UPDATE work_order SET state = {}, changed_at = {} WHERE order_id = {}",
                                            sql_text(name_of(to)), now_sql(), sql_text(checked.order_id))
                              : opening_again(checked.order_id));
    book(checked, in_order);
    note_event(checked.order_id, name_of(in_order ? Move::Verify : Move::Reopen), checked.state, to,
               order_.order_id + ": " + request_.outcome);
    return {};
  }

  // Has to be put right within the days of the points' rules.
  [[nodiscard]] std::string opening_again(const std::string& order) const {
    return fmt::format(
        "UPDATE work_order SET state = 'open', changed_at = {}, reopened = reopened + 1, outcome = NULL, escalation = "
        "0, escalated_to = NULL, "
        "due_on = {} WHERE order_id = {}",
        now_sql(), working_days_after("DATE " + sql_text(today()), library_.points.rectify_days), sql_text(order));
  }

  // What a check of an order earns or costs those who did it.
  void book(const WorkOrder& checked, bool in_order) {
    const auto add = [&](Merit merit) {
      for (auto& one : booking(library_, checked.type, checked.order_id, checked.reopened, merit, today())) {
        statements_.push_back(std::move(one));
      }
    };
    add(in_order ? Merit::InOrder : Merit::AtFault);
    if (in_order && finished_on_ <= checked.due_on) add(Merit::InTime);
  }

  Result<void> write() {
    const auto to = next();
    std::string set = "state = " + sql_text(name_of(to)) + ", changed_at = " + now_sql();
    if (request_.move == Move::Assign) set += ", owner_id = " + sql_text(request_.staff_id);
    if (request_.move == Move::Finish) set += ", outcome = " + sql_text(request_.outcome);
    if (order_.state == OrderState::Done && (request_.move == Move::Verify || request_.move == Move::Reopen)) {
      book(order_, request_.move == Move::Verify);
    }
    statements_.push_back(request_.move == Move::Reopen
                              ? opening_again(order_.order_id)
                              : "UPDATE work_order SET " + set + " WHERE order_id = " + sql_text(order_.order_id));
    note_event(order_.order_id, name_of(request_.move), order_.state, to,
               request_.move == Move::Assign ? request_.staff_id + (request_.note.empty() ? "" : ": " + request_.note)
                                             : request_.note);
    if (request_.move == Move::Finish && to == OrderState::Done) make_checker();
    auto& connection = workspace_.connection();
    FENQUN_CHECK(connection.execute("BEGIN"));
    for (const auto& statement : statements_) {
      if (auto done = connection.execute(statement); !done) {
        static_cast<void>(connection.execute("ROLLBACK"));
        return done;
      }
    }
    return connection.execute("COMMIT");
  }

  // An order of the kind that checks this one, once for each time that it was opened.
  void make_checker() {
    const auto* const type = library_.find_type(type_->verified_by);
    if (type == nullptr) return;
    statements_.push_back(entering({fmt::format("check|{}|{}", order_.order_id, order_.reopened),
                                    type->code,
                                    order_.customer_id,
                                    std::string(name_of(type->owner)),
                                    std::string(name_of(type->channel)),
                                    order_.is_urgent,
                                    today(),
                                    type->by_days,
                                    type->effort_minutes,
                                    type->team_of,
                                    order_.reasons,
                                    order_.order_id,
                                    {order_.owner_id, order_.second_owner_id}}));
  }

  Result<MoveOutcome> tell() {
    MoveOutcome out;
    FENQUN_TRY(out.order, find_order(workspace_, order_.order_id));
    if (!order_.verifies.empty()) {
      FENQUN_TRY(out.checked, find_order(workspace_, order_.verifies));
    }
    if (request_.move != Move::Finish || out.order.state != OrderState::Done) return out;
    FENQUN_TRY(const auto found,
               workspace_.connection().query(std::string("SELECT ") + kColumns +
                                             " FROM work_order WHERE verifies = " + sql_text(order_.order_id) +
                                             " ORDER BY created_at DESC, number DESC LIMIT 1"));
    if (!found.rows.empty()) {
      FENQUN_TRY(out.checker, read_order(found, 0));
    }
    return out;
  }

  Workspace& workspace_;
  const Library& library_;
  const MoveRequest& request_;
  WorkOrder order_;
  const OrderType* type_ = nullptr;
  const OrderOutcome* outcome_ = nullptr;
  std::string checked_;      // "1,2,5/7": places in the checklist, and how many it has
  std::string finished_on_;  // the order that is checked
  std::string finished_by_;
  std::vector<std::string> statements_;
};

}  // namespace

std::string_view name_of(OrderState state) noexcept {
  return word_of(std::span<const Word<OrderState>>(kStates), state);
}
std::string_view name_of(Move move) noexcept { return word_of(std::span<const Word<Move>>(kMoves), move); }
Result<OrderState> parse_state(std::string_view text) { return parse(text, kStates, "state"); }
Result<Move> parse_move(std::string_view text) { return parse(text, kMoves, "move"); }

std::vector<Move> moves_from(OrderState state) {
  switch (state) {
    case OrderState::Open:
      return {Move::Accept, Move::Assign, Move::Record, Move::Finish, Move::Cancel};
    case OrderState::Accepted:
      return {Move::Assign, Move::Record, Move::Finish, Move::Cancel};
    case OrderState::Done:
      return {Move::Verify, Move::Reopen};
    case OrderState::Closed:
      return {Move::Reopen};
    case OrderState::Cancelled:
      break;
  }
  return {};
}

std::string where_of(const OrderFilter& filter) {
  std::string where = " WHERE TRUE";
  const auto equal = [&where](const char* column, const std::string& value) {
    if (!value.empty()) where += std::string(" AND ") + column + " = " + sql_text(value);
  };
  if (filter.month) where += " AND month = DATE " + sql_text(filter.month->first_date());
  equal("order_type", filter.type);
  equal("customer_id", filter.customer);
  if (!filter.campaign.empty()) where += " AND starts_with(reasons, " + sql_text(filter.campaign + ".") + ")";
  if (filter.state) equal("state", std::string(name_of(*filter.state)));
  if (!filter.owner.empty()) {
    where += " AND (owner_id = " + sql_text(filter.owner) + " OR second_owner_id = " + sql_text(filter.owner) +
             " OR (state IN ('open', 'accepted') AND escalated_to = " + sql_text(filter.owner) + "))";
  }
  if (!filter.overdue_on.empty()) {
    where += " AND state IN ('open', 'accepted') AND due_on < DATE " + sql_text(filter.overdue_on);
  }
  if (!filter.due_on.empty()) where += " AND due_on = DATE " + sql_text(filter.due_on);
  if (!filter.customers_sql.empty()) where += " AND (" + filter.customers_sql + ")";
  return where;
}

Result<OrderList> list_orders(Workspace& workspace, const OrderFilter& filter) {
  const auto where = where_of(filter);
  OrderList out;
  FENQUN_TRY(out.found, workspace.connection().query_integer("SELECT count(*) FROM work_order" + where));
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 std::string("SELECT ") + kColumns + " FROM work_order" + where +
                 (filter.newest_first ? " ORDER BY begins_on DESC, month DESC, number DESC"
                                      : " ORDER BY is_urgent DESC, due_on, month, number") +
                 (filter.limit > 0 ? fmt::format(" LIMIT {} OFFSET {}", filter.limit, filter.offset) : std::string())));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    FENQUN_TRY(auto order, read_order(found, r));
    out.orders.push_back(std::move(order));
  }
  return out;
}

Result<OrderSummary> summarize_orders(Workspace& workspace, const OrderFilter& filter, const std::string& today) {
  const auto day = "DATE " + sql_text(today);
  FENQUN_TRY(
      const auto found,
      workspace.connection().query(
          fmt::format("SELECT count(CASE WHEN state = 'open' THEN 1 END), count(CASE WHEN state = 'accepted' "
                      "THEN 1 END), count(CASE WHEN state = 'done' THEN 1 END), count(CASE WHEN state = 'closed' "
                      "THEN 1 END), count(CASE WHEN state = 'cancelled' THEN 1 END), count(CASE WHEN state IN "
                      "('open', 'accepted') AND due_on < {0} THEN 1 END), count(CASE WHEN state IN ('open', "
                      "'accepted') AND due_on BETWEEN {0} AND {0} + INTERVAL 6 DAY THEN 1 END), "
                      "CAST(coalesce(sum(CASE WHEN state IN ('open', 'accepted') THEN effort_minutes END), 0) AS "
                      "BIGINT) FROM work_order",
                      day) +
          where_of(filter)));
  return OrderSummary{found.integer(0, 0), found.integer(0, 1), found.integer(0, 2), found.integer(0, 3),
                      found.integer(0, 4), found.integer(0, 5), found.integer(0, 6), found.integer(0, 7)};
}

Result<std::vector<Coverage>> cover(Workspace& workspace, const OrderFilter& filter, CoverageBy by,
                                    const std::string& today) {
  const bool is_area = by == CoverageBy::Area;
  FENQUN_TRY(
      const auto found,
      workspace.connection().query(fmt::format(
          "SELECT coalesce(k.key, ''), coalesce(n.name, ''), planned, done, checked, in_time, overdue FROM (SELECT {0} "
          "AS "
          "key, count(*) AS planned, count(CASE WHEN state IN ('done', 'closed') THEN 1 END) AS done, count(CASE WHEN "
          "state = 'closed' THEN 1 END) AS checked, count(CASE WHEN state IN ('done', 'closed') AND finished_on <= "
          "due_on "
          "THEN 1 END) AS in_time, count(CASE WHEN state IN ('open', 'accepted') AND due_on < DATE {1} THEN 1 END) AS "
          "overdue FROM (SELECT w.*, f.finished_on FROM (SELECT * FROM work_order{2} AND state <> 'cancelled') w LEFT "
          "JOIN (SELECT order_id, CAST(max(done_at) AS DATE) AS finished_on FROM work_order_event WHERE move = "
          "'finish' "
          "GROUP BY order_id) f ON f.order_id = w.order_id) GROUP BY {0}) k LEFT JOIN (SELECT {3} AS key, "
          "any_value({4}) "
          "AS name FROM {5} GROUP BY {3}) n ON n.key = k.key ORDER BY done / planned, planned DESC, 1",
          is_area ? "area_id" : "owner_id", sql_text(today), where_of(filter), is_area ? "org_unit_id" : "staff_id",
          is_area ? "unit_name" : "staff_name", is_area ? "m_org_unit" : "m_staff")));
  std::vector<Coverage> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out.push_back({found.text(r, 0), found.text(r, 1), found.integer(r, 2), found.integer(r, 3), found.integer(r, 4),
                   found.integer(r, 5), found.integer(r, 6)});
  }
  return out;
}

Result<std::vector<OrderDay>> order_days(Workspace& workspace, const OrderFilter& filter, Month month) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT CAST(due_on AS VARCHAR), count(*), count(CASE WHEN state IN ('open', 'accepted') THEN 1 END), "
                 "CAST(sum(effort_minutes) AS BIGINT) FROM work_order" +
                 where_of(filter) +
                 fmt::format(" AND state <> 'cancelled' AND due_on >= DATE '{}' AND due_on < DATE '{}' GROUP BY due_on "
                             "ORDER BY due_on",
                             month.first_date(), month.plus(1).first_date())));
  std::vector<OrderDay> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out.push_back({found.text(r, 0), found.integer(r, 1), found.integer(r, 2), found.integer(r, 3)});
  }
  return out;
}

Result<WorkOrder> find_order(Workspace& workspace, const std::string& order_id) {
  FENQUN_TRY(const auto found, workspace.connection().query(std::string("SELECT ") + kColumns +
                                                            " FROM work_order WHERE order_id = " + sql_text(order_id)));
  if (found.rows.empty()) return fail(ErrorCode::NotFound, "strategy.no_order", {{"order", order_id}});
  return read_order(found, 0);
}

Result<std::vector<OrderEvent>> events_of(Workspace& workspace, const std::string& order_id) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT CAST(sequence AS BIGINT), CAST(done_at AS VARCHAR), done_by, move, from_state, "
                 "to_state, coalesce(outcome, ''), coalesce(note, ''), coalesce(form, '{}') FROM "
                 "work_order_event WHERE order_id = " +
                 sql_text(order_id) + " ORDER BY sequence"));
  std::vector<OrderEvent> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    OrderEvent event;
    event.sequence = static_cast<int>(found.integer(r, 0));
    event.at = found.text(r, 1);
    event.by = found.text(r, 2);
    event.move = found.text(r, 3);
    FENQUN_TRY(event.from, parse_state(found.text(r, 4)));
    FENQUN_TRY(event.to, parse_state(found.text(r, 5)));
    event.outcome = found.text(r, 6);
    event.note = found.text(r, 7);
    const auto form = nlohmann::ordered_json::parse(found.text(r, 8), nullptr, false);
    for (const auto& [name, value] : form.items()) {
      if (value.is_string()) event.form.emplace_back(name, value.get<std::string>());
    }
    out.push_back(std::move(event));
  }
  return out;
}

Result<MoveOutcome> move_order(Workspace& workspace, const Library& library, const MoveRequest& request) {
  const auto held = hold_orders();
  return OrderMove(workspace, library, request).carry_out();
}

}  // namespace fenqun::strategy
