// strategy/new_order.hpp - entering one order that no plan made. Level 5, inside the room.
#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace fenqun::strategy {

struct NewOrder {
  std::string key;  // of the matter: the same key is entered once
  std::string type;
  std::string customer_id;
  std::string owner_role;  // an employee of it at the customer's station, else anywhere
  std::string channel;
  bool is_urgent = false;
  std::string begins_on;  // "2026-07-14"
  int by_days = 0;        // due so many working days after; 0: that day
  int effort_minutes = 0;
  int team_of = 1;
  std::string reasons;
  std::string verifies;             // empty: none
  std::vector<std::string> not_by;  // employees who must not get it
};

/// Whoever makes orders or changes one holds this from the first look to the commit: one process owns the database, and
/// its threads would give two orders the same number.
std::unique_lock<std::mutex> hold_orders();
/// The statement that enters it, numbered in its month, unless its key is there.
std::string entering(const NewOrder& order);
/// SQL: the day that is so many working days after another (calendar_day, else Monday to Friday); 0: that day.
std::string working_days_after(const std::string& day_sql, int days);
/// SQL: what `work_order.order_key` has for a key.
std::string key_sql(const std::string& key);

}  // namespace fenqun::strategy
