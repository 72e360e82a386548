// datagen/staff.hpp - who works for the utility, and who is in charge of whom. Level 3.
#pragma once

#include "datagen/customer.hpp"
#include "datagen/territory.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::datagen {

struct StaffMember {
  std::string id;
  std::string name;
  const char* role = "";
  const char* team = "";
  std::uint32_t unit = 0;  // index into Territory::units: a station, or the bureau
  std::string phone;
  std::string skill;
  std::int32_t hired_day = 0;
  std::optional<std::int32_t> left_day;
};

/// Everybody, in the order of their ids. Immutable after construction: safe from several threads.
class Staff {
 public:
  Staff(const Parameters& parameters, const Territory& territory, std::int32_t today, std::uint64_t seed);

  [[nodiscard]] const std::vector<StaffMember>& all() const noexcept { return all_; }
  /// The manager of a transformer area, index into Territory::areas.
  [[nodiscard]] const StaffMember& area_manager(std::uint32_t area) const { return all_[area_managers_[area]]; }
  /// Somebody of a role ("inspector") who serves the area's station, chosen by any number; for "agent", "supervisor":
  /// of the bureau. Never somebody who has left.
  [[nodiscard]] const StaffMember& somebody(std::string_view role, std::uint32_t area, std::uint64_t number) const;

 private:
  struct Group {
    std::string_view role;
    std::uint32_t unit = 0;
    std::vector<std::size_t> members;  // those who have not left
  };
  void hire(const char* role, const char* team, std::uint32_t unit, std::int64_t count);

  const Parameters& parameters_;
  const Territory& territory_;
  std::int32_t today_;
  std::uint64_t seed_;
  std::vector<StaffMember> all_;
  std::vector<Group> groups_;
  std::vector<std::size_t> area_managers_;  // by area
};

}  // namespace fenqun::datagen
