// base/settings.hpp - a YAML document read with care: typed getters whose errors name file, line and key.
// Level 0. Over base/yaml_tree.hpp.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun {

struct YamlNode;

/// A node of the document: a map, a list or a scalar. Cheap to copy; read-only.
class Settings {
 public:
  /// Errors: BadData (not YAML, or a map with a key twice: message names `origin` and line).
  static Result<Settings> parse(std::string_view yaml, std::string origin);

  [[nodiscard]] bool is_map() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_empty() const;  // nothing, or comments alone
  [[nodiscard]] bool has(std::string_view key) const;

  /// This scalar as text. Errors: BadData.
  [[nodiscard]] Result<std::string> text() const;
  /// A child that must be there. Errors: BadData (missing).
  [[nodiscard]] Result<Settings> child(std::string_view key) const;
  [[nodiscard]] std::optional<Settings> find(std::string_view key) const;
  /// Elements of a list; a scalar counts as a list of one. Errors: BadData.
  [[nodiscard]] Result<std::vector<Settings>> items() const;
  /// Keys and values of a map in the order of the file. Errors: BadData (not a map).
  [[nodiscard]] Result<std::vector<std::pair<std::string, Settings>>> entries() const;

  // Scalars below a key. The forms with a fallback return it when the key is absent, and still refuse a value of
  // another kind. Errors: BadData, naming file, line, key, value and what was expected.
  [[nodiscard]] Result<std::string> text(std::string_view key) const;
  [[nodiscard]] Result<std::string> text(std::string_view key, std::string fallback) const;
  [[nodiscard]] Result<double> number(std::string_view key) const;
  [[nodiscard]] Result<double> number(std::string_view key, double fallback) const;
  [[nodiscard]] Result<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> integer(std::string_view key, std::int64_t fallback) const;
  [[nodiscard]] Result<bool> boolean(std::string_view key, bool fallback) const;
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view key) const;  // absent: empty

  /// Refuses a key that is not in `known`: a misspelt key must not be silently without effect. Errors: BadData.
  [[nodiscard]] Result<void> allow_only(std::initializer_list<std::string_view> known) const;
  /// The same for a caller that tells everything: an error for each such key, or the one that this is no map.
  [[nodiscard]] std::vector<Error> unknown_keys(std::initializer_list<std::string_view> known) const;

  [[nodiscard]] const std::string& origin() const noexcept { return *origin_; }
  [[nodiscard]] int line() const;  // 1-based; 0 when unknown
  /// A BadData error at this node: the text `key` with file, line, and the given values, which are shortened unless
  /// they list what was "expected" or what is "near".
  [[nodiscard]] tl::unexpected<Error> refuse(std::string key, TextArgs args) const;

 private:
  Settings(std::shared_ptr<const YamlNode> node, std::shared_ptr<const std::string> origin, std::string key);
  [[nodiscard]] tl::unexpected<Error> refuse_kind(std::string_view expected) const;
  // Shared: nodes of one document keep its memory alive together.
  std::shared_ptr<const YamlNode> node_;
  std::shared_ptr<const std::string> origin_;
  std::string key_;  // under which it stands, or the list that it is an element of; empty: the document
};

}  // namespace fenqun
