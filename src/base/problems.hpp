// base/problems.hpp - everything that is wrong with a file, not only the first. Level 0.
#pragma once

#include "base/result.hpp"
#include "base/settings.hpp"

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun {

/// Collects errors in the order in which they are found; what failed stays as it was.
class Problems {
 public:
  void note(Error error) { found_.push_back(std::move(error)); }
  void note(Result<void> result) {
    if (!result) found_.push_back(std::move(result).error());
  }
  /// The value, or nothing and one more problem.
  template <class T>
  std::optional<T> take(Result<T> result) {
    if (result) return std::move(*result);
    found_.push_back(std::move(result).error());
    return std::nullopt;
  }
  /// Puts the value into `out`, which stays as it was on an error.
  template <class T, class To>
  void into(To& out, Result<T> result) {
    if (auto value = take(std::move(result))) out = std::move(*value);
  }
  /// A map with these keys and no others.
  void only(const Settings& node, std::initializer_list<std::string_view> known) {
    for (auto& error : node.unknown_keys(known)) note(std::move(error));
  }
  [[nodiscard]] bool none() const noexcept { return found_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return found_.size(); }
  [[nodiscard]] std::vector<Error>& found() noexcept { return found_; }

 private:
  std::vector<Error> found_;
};

}  // namespace fenqun
