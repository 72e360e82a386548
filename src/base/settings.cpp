// base/settings.cpp
#include "base/settings.hpp"

#include "base/number.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace fenqun {

Settings::Settings(std::shared_ptr<const YAML::Node> node, std::shared_ptr<const std::string> origin)
    : node_(std::move(node)), origin_(std::move(origin)) {}

namespace {

// The first key that its map has twice; of the two, the parser keeps one and forgets the other.
// `left`: nodes to be looked at, for aliases can make a few lines billions of them.
std::optional<YAML::Node> key_twice(const YAML::Node& node, int& left) {
  std::set<std::string> seen;
  if (--left < 0 || (!node.IsMap() && !node.IsSequence())) return std::nullopt;
  for (const auto& child : node) {
    if (node.IsMap() && child.first.IsScalar() && !seen.insert(child.first.Scalar()).second) return child.first;
    if (auto found = key_twice(node.IsMap() ? child.second : child, left)) return found;
  }
  return std::nullopt;
}

}  // namespace

Result<Settings> Settings::parse(std::string_view yaml, std::string origin) {
  try {
    auto node = std::make_shared<const YAML::Node>(YAML::Load(std::string(yaml)));
    int left = 1'000'000;
    if (const auto twice = key_twice(*node, left)) {
      return fail(ErrorCode::BadData, "base.key_twice",
                  {{"file", origin}, {"line", std::to_string(twice->Mark().line + 1)}, {"key", twice->Scalar()}});
    }
    return Settings(std::move(node), std::make_shared<const std::string>(std::move(origin)));
  } catch (const YAML::Exception& e) {
    return fail(ErrorCode::BadData, "base.not_yaml",
                {{"file", origin},
                 {"line", std::to_string(e.mark.line + 1)},
                 {"column", std::to_string(e.mark.column + 1)},
                 {"reason", e.msg}});
  }
}

bool Settings::is_map() const { return node_->IsMap(); }
bool Settings::is_list() const { return node_->IsSequence(); }
bool Settings::is_scalar() const { return node_->IsScalar(); }
int Settings::line() const { return node_->Mark().is_null() ? 0 : node_->Mark().line + 1; }

tl::unexpected<Error> Settings::refuse(std::string key, TextArgs args) const {
  args.push_back({"file", *origin_});
  args.push_back({"line", std::to_string(line())});
  return fail(ErrorCode::BadData, std::move(key), std::move(args));
}

std::optional<Settings> Settings::find(std::string_view key) const {
  if (!node_->IsMap()) return std::nullopt;
  const YAML::Node value = (*node_)[std::string(key)];
  if (!value.IsDefined() || value.IsNull()) return std::nullopt;
  return Settings(std::make_shared<const YAML::Node>(value), origin_);
}

bool Settings::has(std::string_view key) const { return find(key).has_value(); }

Result<Settings> Settings::child(std::string_view key) const {
  auto found = find(key);
  if (!found) return refuse("base.setting_missing", {{"key", std::string(key)}});
  return *std::move(found);
}

Result<std::string> Settings::text() const {
  if (!node_->IsScalar()) return refuse("base.setting_wrong", {{"key", ""}, {"value", "..."}, {"expected", "text"}});
  return node_->Scalar();
}

Result<std::vector<Settings>> Settings::items() const {
  std::vector<Settings> out;
  if (node_->IsSequence()) {
    for (const auto& item : *node_) out.push_back(Settings(std::make_shared<const YAML::Node>(item), origin_));
  } else if (node_->IsScalar()) {
    out.push_back(*this);
  } else if (!node_->IsNull()) {
    return refuse("base.setting_wrong", {{"key", ""}, {"value", "..."}, {"expected", "list"}});
  }
  return out;
}

Result<std::vector<std::pair<std::string, Settings>>> Settings::entries() const {
  std::vector<std::pair<std::string, Settings>> out;
  if (node_->IsNull()) return out;
  if (!node_->IsMap()) return refuse("base.setting_wrong", {{"key", ""}, {"value", "..."}, {"expected", "map"}});
  for (const auto& entry : *node_) {
    if (!entry.first.IsScalar()) {
      return refuse("base.setting_wrong", {{"key", ""}, {"value", "..."}, {"expected", "text key"}});
    }
    out.emplace_back(entry.first.Scalar(), Settings(std::make_shared<const YAML::Node>(entry.second), origin_));
  }
  return out;
}

Result<std::string> Settings::text(std::string_view key) const {
  FENQUN_TRY(const auto value, child(key));
  if (!value.is_scalar()) {
    return value.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", "..."}, {"expected", "text"}});
  }
  return value.node_->Scalar();
}

Result<std::string> Settings::text(std::string_view key, std::string fallback) const {
  if (!has(key)) return fallback;
  return text(key);
}

Result<double> Settings::number(std::string_view key) const {
  FENQUN_TRY(const auto value, child(key));
  const auto parsed = value.is_scalar() ? parse_number(value.node_->Scalar()) : std::nullopt;
  if (!parsed) {
    return value.refuse("base.setting_wrong", {{"key", std::string(key)},
                                               {"value", value.is_scalar() ? value.node_->Scalar() : "..."},
                                               {"expected", "number"}});
  }
  return *parsed;
}

Result<double> Settings::number(std::string_view key, double fallback) const {
  if (!has(key)) return fallback;
  return number(key);
}

Result<std::int64_t> Settings::integer(std::string_view key) const {
  FENQUN_TRY(const auto value, child(key));
  const auto parsed = value.is_scalar() ? parse_integer(value.node_->Scalar()) : std::nullopt;
  if (!parsed) {
    return value.refuse("base.setting_wrong", {{"key", std::string(key)},
                                               {"value", value.is_scalar() ? value.node_->Scalar() : "..."},
                                               {"expected", "integer"}});
  }
  return *parsed;
}

Result<std::int64_t> Settings::integer(std::string_view key, std::int64_t fallback) const {
  if (!has(key)) return fallback;
  return integer(key);
}

Result<bool> Settings::boolean(std::string_view key, bool fallback) const {
  const auto value = find(key);
  if (!value) return fallback;
  if (value->is_scalar()) {
    const auto& word = value->node_->Scalar();
    if (word == "true" || word == "yes") return true;
    if (word == "false" || word == "no") return false;
  }
  return value->refuse("base.setting_wrong", {{"key", std::string(key)},
                                              {"value", value->is_scalar() ? value->node_->Scalar() : "..."},
                                              {"expected", "true / false"}});
}

Result<std::vector<std::string>> Settings::texts(std::string_view key) const {
  std::vector<std::string> out;
  const auto value = find(key);
  if (!value) return out;
  FENQUN_TRY(const auto elements, value->items());
  for (const auto& element : elements) {
    FENQUN_TRY(auto word, element.text());
    out.push_back(std::move(word));
  }
  return out;
}

Result<void> Settings::allow_only(std::initializer_list<std::string_view> known) const {
  FENQUN_TRY(const auto found, entries());
  for (const auto& [key, value] : found) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string expected;
    for (const auto word : known) expected += (expected.empty() ? "" : ", ") + std::string(word);
    return value.refuse("base.setting_unknown", {{"key", key}, {"expected", expected}});
  }
  return {};
}

}  // namespace fenqun
