// base/build_id.cpp
#include "base/build_id.hpp"

namespace fenqun {

std::string_view build_id() noexcept {
  return
#include "build_id.inc"
      ;
}

}  // namespace fenqun
