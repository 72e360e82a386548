// tests/unit/cluster/level.cpp - FENQUN_TEST_LEVEL=AVX2 runs the suite as on a processor that has no more than that.
#include <hwy/highway.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

const bool kIsLimited = [] {
  const char* const wanted = std::getenv("FENQUN_TEST_LEVEL");
  if (wanted == nullptr) return false;
  const auto offered = static_cast<std::uint64_t>(hwy::SupportedTargets());
  for (std::uint64_t bit = 1; bit != 0; bit <<= 1U) {
    // The best level has the lowest bit: those from this one on.
    if ((offered & bit) == 0 || std::string_view(hwy::TargetName(static_cast<std::int64_t>(bit))) != wanted) continue;
    hwy::SetSupportedTargetsForTest(static_cast<std::int64_t>(offered & ~(bit - 1)));
    return true;
  }
  std::printf("skipped: this processor has no level %s\n", wanted);
  std::exit(77);
}();

}  // namespace
