// access/lock_out.hpp - how long somebody who gave wrong passwords has to wait. Level 2. Knows no clock.
#pragma once

#include "access/role.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace fenqun::access {

/// Seconds since 1970, UTC.
using Moment = std::chrono::sys_seconds;

/// Counts failures by name (of a user, or of an address). After as many as the rules allow each further one doubles the
/// wait. What nobody tried for the longest wait is forgotten. From any thread.
class LockOut {
 public:
  explicit LockOut(const RoleSet& rules)
      : allowed_(rules.failures_allowed), first_(rules.first_wait), longest_(rules.longest_wait) {}

  struct Tries {
    std::size_t failures = 0;
    Moment last;
    Moment open;
  };
  /// What is known of a name, to be kept; and put back.
  [[nodiscard]] Tries tries_of(const std::string& name) const;
  void put_back(const std::string& name, const Tries& tries);
  /// Failures before this moment are forgotten, unless somebody still waits for them.
  [[nodiscard]] Moment forgotten_before(Moment now) const { return now - longest_; }

  /// When it may be tried again; at or before `now`: at once.
  [[nodiscard]] Moment open_at(const std::string& name, Moment now) const;
  void note_failure(const std::string& name, Moment now);
  void note_success(const std::string& name);

 private:
  void forget_old(Moment now);

  std::size_t allowed_;
  std::chrono::seconds first_;
  std::chrono::seconds longest_;
  mutable std::mutex mutex_;
  std::map<std::string, Tries> tries_;
};

}  // namespace fenqun::access
