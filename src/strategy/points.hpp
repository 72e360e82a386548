// strategy/points.hpp - points of employees for work that somebody else checked, settled by month. Level 5.
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

/// Statements that book what a merit of an order earns each of its team; what was booked for it already stays as it is.
/// Entries are of the month of `today` ("2026-07-14"), or of the first one after it that is not settled. `round`: how
/// often the order was opened again.
std::vector<std::string> booking(const Library& library, std::string_view order_type, const std::string& order_id,
                                 int round, Merit merit, const std::string& today);

struct PointsOfRule {
  std::string rule;
  std::int64_t entries = 0;
  std::int64_t points = 0;
};
struct PointsOfEmployee {
  std::string staff_id;
  std::string name;
  std::string role;
  std::string org_unit_id;
  std::int64_t points = 0;
  std::vector<PointsOfRule> rules;  // in the library's order; those of rules that are gone last
};
struct Settlement {
  std::string by;
  std::string at;  // "2026-08-01 09:30:00"
};
struct PointsOfMonth {
  Month month;
  std::optional<Settlement> settled;        // absent: entries still come
  std::vector<PointsOfEmployee> employees;  // most points first
};
/// Errors: Database.
Result<PointsOfMonth> points_of_month(warehouse::Workspace& workspace, const Library& library, Month month);

struct PointsEntry {
  Month month;
  std::string order_id;
  std::string rule;
  std::int64_t points = 0;
  std::string booked_at;
};
/// Of one employee, latest first. Errors: Database.
Result<std::vector<PointsEntry>> points_entries(warehouse::Workspace& workspace, const std::string& staff_id,
                                                Month month);

struct SettleOutcome {
  PointsOfMonth points;
  std::int64_t missed = 0;  // deadlines of orders opened again that were found missed, booked with the settlement
  bool again = false;       // the month was settled before; nothing was changed
};
/// Closes a month: books what was not put right in time, then takes no more entries of it. A month that is settled
/// already stays as it is. Errors: Denied (the month is not over), InvalidArgument (nobody named), Database.
Result<SettleOutcome> settle_month(warehouse::Workspace& workspace, const Library& library, Month month,
                                   const std::string& by, const std::string& today);

}  // namespace fenqun::strategy
