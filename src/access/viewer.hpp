// access/viewer.hpp - who asks, and what that allows. Level 2.
#pragma once

#include "access/role.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fenqun::access {

/// A person or machine that was let in. `role` must outlive it.
struct Viewer {
  std::string user;  // of a key: "key:" and its name
  std::string display_name;
  const Role* role = nullptr;
  std::vector<std::string> scope;  // org units whose customers may be seen, with all below them; empty: all customers
  Language language = Language::Chinese;
  bool is_machine = false;  // let in by a key

  [[nodiscard]] bool may(std::string_view right) const { return role != nullptr && role->may(right); }
  [[nodiscard]] bool sees_everybody() const noexcept { return scope.empty(); }
};

}  // namespace fenqun::access
