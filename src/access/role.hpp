// access/role.hpp - roles: what each may do and how much of a person it sees. From config/access/roles.yaml. Level 2.
#pragma once

#include "base/asset.hpp"
#include "base/settings.hpp"
#include "base/texts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::access {

/// How a role sees a value that is about a person.
enum class Sight : std::uint8_t {
  Clear,
  Masked,  // 张*, 138****1234; what has no mask is left out
  Hidden
};
std::string_view name_of(Sight sight) noexcept;  // "clear", "masked", "hidden"

/// How a text is masked.
enum class Mask : std::uint8_t { Name, Phone, Number, Address };

struct Role {
  std::string name;  // "agent"
  BilingualText title;
  std::set<std::string, std::less<>> rights;
  Sight personal = Sight::Hidden;
  Sight sensitive = Sight::Hidden;
  Sight staff = Sight::Hidden;  // of our own employees

  [[nodiscard]] bool may(std::string_view right) const { return rights.contains(right); }
};

struct Right {
  std::string name;  // "customers.read"
  BilingualText title;
};

/// Immutable after create: safe from several threads.
class RoleSet {
 public:
  /// Errors: BadData, naming file and line: an unknown right, sight or mask, a role without a title; NotFound.
  static Result<RoleSet> create(const AssetStore& assets);

  [[nodiscard]] const Role* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Role>& all() const noexcept { return roles_; }
  [[nodiscard]] const std::vector<Right>& rights() const noexcept { return rights_; }
  [[nodiscard]] bool knows_right(std::string_view name) const;
  /// How a text field of this name is masked; nullptr: it has no mask and is left out instead.
  [[nodiscard]] const Mask* mask_of(std::string_view field) const;

  std::int64_t smallest_cell = 0;  // counts of customers below it are not shown
  std::chrono::minutes idle{0};    // a session that nobody uses ends after
  std::chrono::hours longest{0};   // any session ends after
  std::size_t failures_allowed = 0;
  std::chrono::seconds first_wait{0};
  std::chrono::seconds longest_wait{0};
  std::size_t least_password_length = 0;  // characters

 private:
  Result<void> read_limits(const Settings& settings);
  Result<void> read_masks(const Settings& settings);
  Result<Role> read_role(const std::string& name, const Settings& settings) const;

  std::vector<Role> roles_;
  std::vector<Right> rights_;
  std::map<std::string, Mask, std::less<>> masks_;
};

}  // namespace fenqun::access
