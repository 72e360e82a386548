// strategy/arrears.hpp - the arrears worklist: whom to turn to first, why he owes, what helps, what effort it saves.
// Level 5.
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

/// Where a day is in the month's arrears work.
enum class ArrearsPhase : std::uint8_t { Waiting, Reading, Checking, Dunning };
std::string_view name_of(
    ArrearsPhase phase) noexcept;  // "waiting", "reading", "checking" (read, not billed), "dunning"
struct ArrearsDay {
  ArrearsPhase phase = ArrearsPhase::Waiting;
  std::string reading_from;  // "2026-07-17", of the month of the day
  std::string reading_to;
  std::string bill_on;
  std::string dunning_to;  // the last day; may be of the next month
  int dunning_day = 0;     // Dunning: which one, from 1
  int dunning_days = 0;
};
/// `today`: "2026-07-23". In the first days of a month the dunning of the month before may still go on. Pure.
/// Errors: InvalidArgument (no day).
Result<ArrearsDay> arrears_day(const ArrearsRules& rules, const std::string& today);

struct ArrearsFilter {
  std::string cause;          // of the rules; empty: all
  bool first_only = false;    // those to turn to first
  std::string customers_sql;  // a condition on customer_id: of whom; empty: everybody
  std::string today;          // "2026-07-23"
  std::int64_t limit = 50;    // 0: all
  std::int64_t offset = 0;
};
struct ArrearsCustomer {
  std::int64_t rank = 0;  // from 1
  std::string customer_id;
  double arrears_cny = 0;  // at the end of the prepared month
  double at_risk_cny = 0;  // times the weight
  double weight = 0;
  std::size_t weighed_by = 0;    // place among the weights
  std::size_t cause = 0;         // place among the causes; their number: none holds
  std::int64_t oldest_days = 0;  // of the oldest unpaid bill, at the end of that month
  std::int64_t unpaid_bills = 0;
  bool is_first = false;                    // one of those to turn to first
  std::optional<std::string> owed_now_cny;  // what is past due today, payments since counted; nothing: it is paid
  std::string order_id;                     // an open order of dunning; empty: none
  std::string order_state;
};
struct ArrearsOfCause {
  std::size_t cause = 0;
  std::int64_t customers = 0;
  double arrears_cny = 0;
  std::int64_t first = 0;  // of these, to turn to first
};
/// Effort: of the order type dunning, once for each customer.
struct ArrearsList {
  Month features_of;
  std::int64_t found = 0;                  // that the filter lets through
  std::vector<ArrearsCustomer> customers;  // most at risk first; at most the limit
  // Of all in sight, whatever cause is asked for.
  std::int64_t debtors = 0;
  double arrears_cny = 0;
  double at_risk_cny = 0;
  std::int64_t first = 0;  // fewest customers that hold the share of the rules
  double first_at_risk_cny = 0;
  std::int64_t everybody_minutes = 0;  // to turn to every debtor
  std::int64_t first_minutes = 0;      // to turn to these
  std::vector<ArrearsOfCause> causes;  // most money first
};
/// Of the latest prepared month up to that of `today`. Cost: one pass over the debtors, and the bills of those listed.
/// Errors: NotFound (nothing prepared, no groups in force, no such cause), InvalidArgument (no day), Database.
Result<ArrearsList> list_arrears(warehouse::Workspace& workspace, const Library& library, const ArrearsFilter& filter);

}  // namespace fenqun::strategy
