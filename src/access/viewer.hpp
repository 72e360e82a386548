// access/viewer.hpp - who asks, and what that allows. Level 2.
#pragma once

#include "access/role.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::access {

/// Whose customers somebody sees. Nobody's, unless it says otherwise.
struct Scope {
  std::vector<std::string> units = {};  // of the organisation, with all below them
  bool everybody = false;               // all customers; units then mean nothing

  static Scope all() { return {{}, true}; }
  static Scope of(std::vector<std::string> units) { return {std::move(units), false}; }
};

/// A person or machine that was let in. `role` must outlive it.
struct Viewer {
  std::string user;  // of a key: "key:" and its name
  std::string display_name;
  const Role* role = nullptr;
  Scope scope;
  Language language = Language::Chinese;
  bool is_machine = false;    // let in by a key
  std::string staff_id = {};  // the employee that a person is; empty: none

  /// Under which name work that is done is noted: that of the employee, else of the user.
  [[nodiscard]] const std::string& worker() const noexcept { return staff_id.empty() ? user : staff_id; }

  [[nodiscard]] bool may(std::string_view right) const { return role != nullptr && role->may(right); }
  [[nodiscard]] bool sees_everybody() const noexcept { return scope.everybody; }
};

}  // namespace fenqun::access
