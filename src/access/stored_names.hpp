// access/stored_names.hpp - how names and moments are kept in tables; private to this room. Level 2.
#pragma once

#include "access/lock_out.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::access {

inline std::int64_t seconds(Moment moment) { return moment.time_since_epoch().count(); }
inline Moment moment_of(std::int64_t seconds) { return Moment(std::chrono::seconds(seconds)); }

/// Lines of a text; none for an empty one.
std::vector<std::string> split_names(const std::string& text);
std::string join_names(const std::vector<std::string>& names);

/// Under which failures to log in are counted.
std::string failing_user(const std::string& name);
std::string failing_address(const std::string& address);

/// A name of a user or key: 1..64 characters, no control characters, no blank at either end. Errors: InvalidArgument.
Result<void> check_name(std::string_view name);

}  // namespace fenqun::access
