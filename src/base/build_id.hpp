// base/build_id.hpp - which build this is. Level 0.
#pragma once

#include <string_view>

namespace fenqun {

/// "0.1.0+3f2a..." : version and commit at configure time.
std::string_view build_id() noexcept;

}  // namespace fenqun
