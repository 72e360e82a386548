// base/assert.hpp - FENQUN_ASSERT: a broken promise inside the program stops it; compiled out of a release.
#pragma once

#include <cstdio>
#include <cstdlib>

#ifdef FENQUN_ASSERTS
#define FENQUN_ASSERT(condition)                                                           \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      std::fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                        \
    }                                                                                      \
  } while (false)
#else
#define FENQUN_ASSERT(condition) static_cast<void>(sizeof(!(condition)))
#endif
