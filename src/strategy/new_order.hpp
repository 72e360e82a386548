// strategy/new_order.hpp - entering one order that no plan made. Level 5, inside the room.
#pragma once

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

/// The statement that enters it, numbered in its month, unless its key is there.
std::string entering(const NewOrder& order);
/// SQL: what `work_order.order_key` has for a key.
std::string key_sql(const std::string& key);

}  // namespace fenqun::strategy
