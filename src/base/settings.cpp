// base/settings.cpp
#include "base/settings.hpp"

#include "base/number.hpp"
#include "base/short_text.hpp"
#include "base/yaml_tree.hpp"

#include <algorithm>

namespace fenqun {

Settings::Settings(std::shared_ptr<const YamlNode> node, std::shared_ptr<const std::string> origin, std::string key)
    : node_(std::move(node)), origin_(std::move(origin)), key_(std::move(key)) {}

namespace {

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Settings> Settings::parse(std::string_view yaml, std::string origin) {
  FENQUN_TRY(auto node, parse_yaml(yaml, origin));
  return Settings(std::move(node), std::make_shared<const std::string>(std::move(origin)), "");
}

bool Settings::is_map() const { return node_->kind == YamlNode::Kind::Map; }
bool Settings::is_list() const { return node_->kind == YamlNode::Kind::List; }
bool Settings::is_scalar() const { return node_->kind == YamlNode::Kind::Scalar; }
bool Settings::is_empty() const { return node_->kind == YamlNode::Kind::Null; }
int Settings::line() const { return node_->line; }

tl::unexpected<Error> Settings::refuse(std::string key, TextArgs args) const {
  // What stands in the file may be of any length; the lists of what might stand there are ours.
  for (auto& arg : args) {
    if (arg.name != "expected" && arg.name != "near") arg.value = short_text(arg.value);
  }
  args.push_back({"file", *origin_});
  args.push_back({"line", std::to_string(line())});
  return fail(ErrorCode::BadData, std::move(key), std::move(args));
}

tl::unexpected<Error> Settings::refuse_kind(std::string_view expected) const {
  if (key_.empty()) return refuse("base.wrong_kind", {{"expected", std::string(expected)}});
  return refuse("base.setting_wrong",
                {{"key", key_}, {"value", is_scalar() ? node_->text : "..."}, {"expected", std::string(expected)}});
}

std::optional<Settings> Settings::find(std::string_view key) const {
  for (const auto& [name, value] : node_->entries) {
    if (name->kind != YamlNode::Kind::Scalar || name->text != key) continue;
    if (value->kind == YamlNode::Kind::Null) return std::nullopt;
    return Settings(value, origin_, std::string(key));
  }
  return std::nullopt;
}

bool Settings::has(std::string_view key) const { return find(key).has_value(); }

Result<Settings> Settings::child(std::string_view key) const {
  auto found = find(key);
  if (!found) return refuse("base.setting_missing", {{"key", std::string(key)}});
  return *std::move(found);
}

Result<std::string> Settings::text() const {
  if (!is_scalar()) return refuse_kind("text");
  return node_->text;
}

Result<std::vector<Settings>> Settings::items() const {
  std::vector<Settings> out;
  if (is_list()) {
    for (const auto& item : node_->items) out.push_back(Settings(item, origin_, key_));
  } else if (is_scalar()) {
    out.push_back(*this);
  } else if (!is_empty()) {
    return refuse_kind("list");
  }
  return out;
}

Result<std::vector<std::pair<std::string, Settings>>> Settings::entries() const {
  std::vector<std::pair<std::string, Settings>> out;
  if (is_empty()) return out;
  if (!is_map()) return refuse_kind("map");
  for (const auto& [name, value] : node_->entries) {
    if (name->kind != YamlNode::Kind::Scalar) return refuse_kind("text keys");
    out.emplace_back(name->text, Settings(value, origin_, name->text));
  }
  return out;
}

Result<std::string> Settings::text(std::string_view key) const {
  FENQUN_TRY(const auto value, child(key));
  return value.text();
}

Result<std::string> Settings::text(std::string_view key, std::string fallback) const {
  if (!has(key)) return fallback;
  return text(key);
}

Result<double> Settings::number(std::string_view key) const {
  FENQUN_TRY(const auto value, child(key));
  const auto parsed = value.is_scalar() ? parse_number(value.node_->text) : std::nullopt;
  if (!parsed) return value.refuse_kind("number");
  return *parsed;
}

Result<double> Settings::number(std::string_view key, double fallback) const {
  if (!has(key)) return fallback;
  return number(key);
}

Result<std::int64_t> Settings::integer(std::string_view key) const {
  FENQUN_TRY(const auto value, child(key));
  if (!value.is_scalar()) return value.refuse_kind("integer");
  const auto& text = value.node_->text;
  if (const auto parsed = parse_integer(text)) return *parsed;
  if (!is_whole_number(text)) return value.refuse_kind("integer");
  return value.refuse("base.setting_out_of_range", {{"key", std::string(key)},
                                                    {"value", text},
                                                    {"low", std::to_string(INT64_MIN)},
                                                    {"high", std::to_string(INT64_MAX)}});
}

Result<std::int64_t> Settings::integer(std::string_view key, std::int64_t fallback) const {
  if (!has(key)) return fallback;
  return integer(key);
}

Result<bool> Settings::boolean(std::string_view key, bool fallback) const {
  const auto value = find(key);
  if (!value) return fallback;
  if (value->is_scalar()) {
    const auto& word = value->node_->text;
    if (word == "true" || word == "yes") return true;
    if (word == "false" || word == "no") return false;
  }
  return value->refuse_kind("true / false");
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
  auto found = unknown_keys(known);
  if (!found.empty()) return fail(std::move(found.front()));
  return {};
}

std::vector<Error> Settings::unknown_keys(std::initializer_list<std::string_view> known) const {
  std::vector<Error> out;
  auto found = entries();
  if (!found) {
    out.push_back(std::move(found).error());
    return out;
  }
  for (const auto& [key, value] : *found) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string expected;
    for (const auto word : known) expected += (expected.empty() ? "" : ", ") + std::string(word);
    out.push_back(value.refuse("base.setting_unknown", {{"key", key}, {"expected", expected}}).value());
  }
  return out;
}

}  // namespace fenqun
