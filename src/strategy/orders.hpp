// strategy/orders.hpp - the life of a work order. Level 5.
//   open ─accept→ accepted ─finish→ done (another order checks it) ─verify→ closed
//     └────────────finish──────────→ closed (nothing checks it)
//   record keeps an attempt that settled nothing; reopen leads back from done and closed; cancel from open and
//   accepted.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "strategy/library.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::strategy {

enum class OrderState : std::uint8_t { Open, Accepted, Done, Closed, Cancelled };
enum class Move : std::uint8_t { Accept, Assign, Record, Finish, Verify, Reopen, Cancel };
std::string_view name_of(OrderState state) noexcept;  // "open", "accepted" ...
std::string_view name_of(Move move) noexcept;         // "accept", "assign" ...
/// Errors: InvalidArgument naming what is possible.
Result<OrderState> parse_state(std::string_view text);
Result<Move> parse_move(std::string_view text);
/// What can be done in a state, in the order of the enumeration.
std::vector<Move> moves_from(OrderState state);

struct WorkOrder {
  std::string order_id;  // "2026-07-000123"
  std::string type;
  std::string customer_id;
  std::string area_id;  // transformer area; empty: none
  Month month;
  OrderState state = OrderState::Open;
  std::string owner_id;  // empty: nobody
  std::string second_owner_id;
  std::string owner_role;
  std::string channel;
  bool is_urgent = false;
  bool is_marketing = false;
  std::string begins_on;  // "2026-07-01"
  std::string due_on;
  int effort_minutes = 0;    // of each employee
  std::string reasons;       // "cell.action, cell.action"
  std::string service;       // codes of the catalogue; empty: none
  std::string changed_at;    // "2026-07-01 09:30:00.123456"
  int reopened = 0;          // times
  std::string outcome;       // empty: none yet
  std::string verifies;      // the order that this one checks; empty: none
  int escalation = 0;        // steps of the rules that it has been taken up, for being overdue
  std::string escalated_to;  // who was told of it; empty: nobody
};

/// Among the fields of an event: what was ticked, "1,2,5/7".
inline constexpr const char* kChecklistField = "_checklist";

struct OrderEvent {
  int sequence = 0;  // from 1
  std::string at;
  std::string by;
  std::string move;
  OrderState from = OrderState::Open;
  OrderState to = OrderState::Open;
  std::string outcome;
  std::string note;
  std::vector<std::pair<std::string, std::string>> form;  // field and value
};

struct OrderFilter {
  std::optional<Month> month;
  std::string type;
  std::optional<OrderState> state;
  std::string owner;  // first or second, or told of it because it is overdue
  std::string customer;
  std::string campaign;       // orders that it made
  std::string overdue_on;     // "2026-07-20": open or accepted and due before that day
  bool newest_first = false;  // by when they begin, instead of urgent ones and those due first
  std::string due_on;         // "2026-07-20": that day
  std::string customers_sql;  // a condition on customer_id: of whom; empty: everybody
  std::int64_t limit = 50;    // 0: all
  std::int64_t offset = 0;
};
struct OrderList {
  std::int64_t found = 0;         // that the filter lets through
  std::vector<WorkOrder> orders;  // urgent first, then by due date and number; at most the limit
};

/// Errors: Database.
Result<OrderList> list_orders(warehouse::Workspace& workspace, const OrderFilter& filter);

/// Of all orders that a filter lets through, by state; those still to be done by when they are due.
struct OrderSummary {
  std::int64_t open = 0;
  std::int64_t accepted = 0;
  std::int64_t done = 0;
  std::int64_t closed = 0;
  std::int64_t cancelled = 0;
  std::int64_t overdue = 0;
  std::int64_t due_in_7_days = 0;
  std::int64_t minutes = 0;  // of work still to be done, of one employee each
};
/// Errors: Database.
Result<OrderSummary> summarize_orders(warehouse::Workspace& workspace, const OrderFilter& filter,
                                      const std::string& today);

/// How far orders have come by transformer area or by owner, without cancelled ones.
enum class CoverageBy : std::uint8_t { Area, Owner };
struct Coverage {
  std::string key;   // number of the area or employee; empty: none
  std::string name;  // empty: not known
  std::int64_t planned = 0;
  std::int64_t done = 0;     // of these, done or closed
  std::int64_t checked = 0;  // of these, closed
  std::int64_t in_time = 0;  // of those done, by the due date
  std::int64_t overdue = 0;  // still to be done and due before `today`
};
/// Least covered first. Errors: Database.
Result<std::vector<Coverage>> cover(warehouse::Workspace& workspace, const OrderFilter& filter, CoverageBy by,
                                    const std::string& today);

/// Orders due on a day, without cancelled ones.
struct OrderDay {
  std::string day;
  std::int64_t orders = 0;
  std::int64_t open = 0;  // of these, still to be done
  std::int64_t minutes = 0;
};
/// Days of a month with orders. Errors: Database.
Result<std::vector<OrderDay>> order_days(warehouse::Workspace& workspace, const OrderFilter& filter, Month month);

/// Errors: NotFound, Database.
Result<WorkOrder> find_order(warehouse::Workspace& workspace, const std::string& order_id);
/// Oldest first. Errors: Database.
Result<std::vector<OrderEvent>> events_of(warehouse::Workspace& workspace, const std::string& order_id);

struct MoveRequest {
  std::string order_id;
  Move move = Move::Accept;
  std::string by;                                         // employee or user
  std::string note;                                       // Reopen, Cancel: why
  std::string outcome;                                    // Record, Finish
  std::vector<std::pair<std::string, std::string>> form;  // Record, Finish
  std::string staff_id;                                   // Assign: to whom
  std::string now;                                        // "2026-07-14 09:30": when it is done
  std::vector<std::string> checked = {};                  // Record, Finish: places in the checklist, from "1"
};
struct MoveOutcome {
  WorkOrder order;                   // as it is now
  std::optional<WorkOrder> checker;  // made by Finish to check it
  std::optional<WorkOrder> checked;  // the order that this one checked, as it is now
};

/// Does one thing with an order and notes it, all or nothing. An order whose type is verified stays done until the
/// order that checks it is finished: in order closes it, at fault opens it again, to be put right within the days of
/// the points' rules. Either books points. Nobody checks what he did himself.
/// Errors: NotFound (order, member of staff), Denied (not in this state; by the one who did it), InvalidArgument
/// (nobody named, no reason, an outcome that is none or does not settle, a form that lacks a field or has a wrong
/// value), Database. Nothing is changed then.
Result<MoveOutcome> move_order(warehouse::Workspace& workspace, const Library& library, const MoveRequest& request);

}  // namespace fenqun::strategy
