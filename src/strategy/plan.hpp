// strategy/plan.hpp - a month's plan: what the library asks for each customer, arbitrated, as work orders. Level 5.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "strategy/library.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::strategy {

struct PlanRequest {
  Month month;       // the work is to be done in it
  std::string by;    // who asks for it
  bool keep = true;  // false: only tell what it would be
};

/// Why an action called for becomes no order.
inline constexpr const char* kYields = "yields";                   // another cell goes before it
inline constexpr const char* kNoConsent = "no_consent";            // promotion that the customer refused
inline constexpr const char* kConsentUnknown = "consent_unknown";  // nobody asked, and the rules want it asked
inline constexpr const char* kCollides = "collides";               // another department's order goes before it
inline constexpr const char* kChannelCap = "channel_cap";          // contacted often enough by this channel
inline constexpr const char* kMonthCap = "month_cap";              // contacted often enough
inline constexpr const char* kQuieter = "quieter";                 // the same for those with a lower cap

struct PlannedType {
  std::size_t type = 0;      // place in Library::types
  std::int64_t orders = 0;   // of the plan
  std::int64_t created = 0;  // of these, not there before
  std::int64_t minutes = 0;  // of work, of all employees
};
struct PlannedEmployee {
  std::string staff_id;  // empty: nobody was found for the role
  std::string name;
  std::string role;  // that the orders ask for, where nobody was found; else of the member of staff
  std::int64_t orders = 0;
  std::int64_t minutes = 0;
};
struct SuppressedCount {
  std::string reason;
  std::int64_t actions = 0;
  std::int64_t customers = 0;
};

/// wanted = suppressed + joined + orders.
struct PlanOutcome {
  Month month;
  Month features_of;            // the wide table that the conditions were asked of
  std::string library;          // fingerprint
  std::int64_t plan_id = 0;     // 0: nothing was kept
  std::int64_t customers = 0;   // of that table
  std::int64_t touched = 0;     // with at least one order
  std::int64_t wanted = 0;      // actions that the cells call for in this month
  std::int64_t suppressed = 0;  // of these, held back
  std::int64_t joined = 0;      // of these, part of an order that has another reason as well
  std::int64_t orders = 0;
  std::int64_t created = 0;                // orders that were not there before
  std::int64_t unasked = 0;                // open orders of earlier plans of the month that nothing asks for any more
  std::vector<PlannedType> types;          // with orders, in the library's order
  std::vector<PlannedEmployee> employees;  // most work first
  std::vector<SuppressedCount> by_reason;  // most first
  std::vector<std::string> not_in_force;   // schemes that cells look at
};

/// Works the plan out and enters it: orders that a plan of the month has made already stay as they are, so that the
/// same plan again makes none. The conditions are asked of the latest month prepared up to `month` and of the groups in
/// force then. Cost: one pass over the customers for all conditions; memory for the actions of a month. Errors:
/// NotFound (nothing prepared, no groups in force), InvalidArgument (nobody named), Database, Io, Cancelled.
Result<PlanOutcome> plan_month(warehouse::Workspace& workspace, const Library& library, const PlanRequest& request);

/// An action that a plan held back, and why.
struct SuppressedAction {
  Month month;
  std::string customer_id;
  std::string cell;
  std::string action;
  std::string order_type;
  std::string reason;
  std::string detail;  // Collides: the order type that goes before; ChannelCap: the channel; else empty
};
struct SuppressedFilter {
  std::optional<Month> month;
  std::string customer;
  std::string reason;
  std::int64_t limit = 50;  // 0: all
};
struct SuppressedList {
  std::int64_t found = 0;                 // that the filter lets through
  std::vector<SuppressedAction> actions;  // by month, customer and cell; at most the limit
};
/// Errors: Database.
Result<SuppressedList> list_suppressed(warehouse::Workspace& workspace, const SuppressedFilter& filter);

}  // namespace fenqun::strategy
