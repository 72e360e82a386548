// base/result.hpp - Result<T>: a value or an Error, never ignored; FENQUN_TRY hands an error on.
// Level 0.
#pragma once

#include "base/error.hpp"

#include <tl/expected.hpp>

#include <type_traits>
#include <utility>

namespace fenqun {

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// `return fail(ErrorCode::BadData, "ingest.empty_file", {{"file", path}});`
inline tl::unexpected<Error> fail(ErrorCode code, std::string key, TextArgs args = {}) {
  return tl::unexpected<Error>(Error{code, {std::move(key), std::move(args)}, {}});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace fenqun

#define FENQUN_JOIN_(a, b) a##b
#define FENQUN_JOIN(a, b) FENQUN_JOIN_(a, b)
#define FENQUN_TRY_(tmp, declaration, ...)                 \
  auto tmp = (__VA_ARGS__);                                \
  if (!tmp) return ::fenqun::fail(std::move(tmp).error()); \
  declaration = std::move(*tmp)
/// FENQUN_TRY(auto rows, read_rows(path)); - the value, or return the error to the caller.
#define FENQUN_TRY(declaration, ...) FENQUN_TRY_(FENQUN_JOIN(fenqun_try_, __COUNTER__), declaration, __VA_ARGS__)
/// FENQUN_CHECK(write(x)); - the same for Result<void>.
#define FENQUN_CHECK(...)                                     \
  do {                                                        \
    if (auto fenqun_check = (__VA_ARGS__); !fenqun_check) {   \
      return ::fenqun::fail(std::move(fenqun_check).error()); \
    }                                                         \
  } while (false)
