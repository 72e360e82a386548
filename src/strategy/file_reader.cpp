// strategy/file_reader.cpp
#include "strategy/file_reader.hpp"

#include "base/bilingual.hpp"
#include "base/near_names.hpp"
#include "segment/scheme_order.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::strategy {

using segment::Expression;

std::vector<Settings> FileReader::list(const Settings& node, std::string_view key, bool required) {
  if (!required && !node.has(key)) return {};
  const auto child = problems.take(node.child(key));
  if (!child) return {};
  if (!child->is_list()) {
    problems.note(
        child->refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", "..."}, {"expected", "[...]"}}));
    return {};
  }
  auto items = problems.take(child->items());
  return items ? *std::move(items) : std::vector<Settings>();
}

int FileReader::whole(const Settings& node, std::string_view key, int least, int most, int fallback) {
  const auto value = problems.take(node.integer(key, fallback));
  if (!value) return fallback;
  if (*value >= least && *value <= most) return static_cast<int>(*value);
  problems.note(node.refuse("base.setting_wrong", {{"key", std::string(key)},
                                                   {"value", std::to_string(*value)},
                                                   {"expected", std::to_string(least) + ".." + std::to_string(most)}}));
  return fallback;
}

double FileReader::share(const Settings& node, std::string_view key, double least, double most, double fallback) {
  const auto value = problems.take(node.number(key, fallback));
  if (!value) return fallback;
  if (*value >= least && *value <= most) return *value;
  problems.note(node.refuse("base.setting_wrong", {{"key", std::string(key)},
                                                   {"value", fmt::format("{}", *value)},
                                                   {"expected", fmt::format("{}..{}", least, most)}}));
  return fallback;
}

std::vector<BilingualText> FileReader::bilingual_list(const Settings& node, std::string_view key) {
  std::vector<BilingualText> out;
  for (const auto& item : list(node, key, false)) {
    if (auto text = problems.take(read_bilingual(item, key))) out.push_back(*std::move(text));
  }
  return out;
}

std::vector<std::string> FileReader::requirements(const Settings& node) {
  std::vector<std::string> out;
  problems.into(out, node.texts("requirements"));
  if (out.empty()) problems.note(node.refuse("base.setting_missing", {{"key", "requirements"}}));
  return out;
}

std::string FileReader::code(const Settings& node, std::string_view key, std::map<std::string, int>& taken) {
  const auto text = problems.take(node.text(key));
  if (!text) return {};
  const auto [at, fresh] = taken.emplace(*text, node.line());
  if (!fresh) {
    problems.note(node.refuse("strategy.twice",
                              {{"kind", std::string(key)}, {"name", *text}, {"first", std::to_string(at->second)}}));
  }
  return *text;
}

std::optional<std::size_t> FileReader::type_named(const Settings& node, const std::string& name) {
  for (std::size_t t = 0; t < library.types.size(); ++t) {
    if (library.types[t].code == name) return t;
  }
  std::vector<std::string> known;
  for (const auto& type : library.types) known.push_back(type.code);
  problems.note(node.refuse("strategy.no_order_type", {{"name", name}, {"near", near_names(name, known)}}));
  return std::nullopt;
}

Expression FileReader::condition(const Settings& node, std::string_view key) {
  const auto text = problems.take(node.text(key));
  if (!text) return {};
  auto parsed = Expression::parse(*text, names);
  if (!parsed) {
    problems.note(std::move(parsed).error().with_context(
        "strategy.in_file", {{"file", node.origin()}, {"line", std::to_string(node.line())}}));
    return {};
  }
  if (parsed->type() != segment::ValueType::Flag) {
    problems.note(node.refuse("strategy.not_a_condition", {{"expression", *text}}));
    return {};
  }
  check_groups(node, *parsed);
  return *std::move(parsed);
}

std::vector<std::string> FileReader::codes(const Settings& node, std::string_view key, std::string_view entity,
                                           std::string_view field) {
  std::vector<std::string> out;
  problems.into(out, node.texts(key));
  if (out.empty()) problems.note(node.refuse("base.setting_missing", {{"key", std::string(key)}}));
  if (!contracts_) contracts_ = problems.take(warehouse::ContractSet::create(assets_));
  const auto* const contract = contracts_ ? contracts_->find(entity) : nullptr;
  const auto* const found = contract == nullptr ? nullptr : contract->find(field);
  if (found == nullptr) return out;
  std::vector<std::string> known;
  for (const auto& one : found->codes) known.push_back(one.code);
  for (const auto& one : out) {
    if (std::find(known.begin(), known.end(), one) != known.end()) continue;
    problems.note(node.refuse("strategy.no_code", {{"entity", std::string(entity)},
                                                   {"field", std::string(field)},
                                                   {"name", one},
                                                   {"near", near_names(one, known)}}));
  }
  return out;
}

const std::vector<std::string>* FileReader::codes_of(const std::string& scheme) {
  const auto known = schemes_.find(scheme);
  if (known != schemes_.end()) return known->second ? &*known->second : nullptr;
  std::optional<std::vector<std::string>> codes;
  if (const auto read = segment::load_scheme(assets_, catalogue_, scheme)) codes = segment::group_codes(*read);
  const auto& kept = schemes_.emplace(scheme, std::move(codes)).first->second;
  return kept ? &*kept : nullptr;
}

bool FileReader::check_scheme(const Settings& node, const std::string& scheme) {
  if (codes_of(scheme) != nullptr) return true;
  problems.note(node.refuse("strategy.no_scheme",
                            {{"scheme", scheme}, {"near", near_names(scheme, segment::scheme_names(assets_))}}));
  return false;
}

void FileReader::check_group(const Settings& node, const std::string& scheme, const std::string& group) {
  const auto* const codes = codes_of(scheme);
  if (codes == nullptr || codes->empty() || std::find(codes->begin(), codes->end(), group) != codes->end()) return;
  problems.note(
      node.refuse("strategy.no_group", {{"scheme", scheme}, {"group", group}, {"near", near_names(group, *codes)}}));
}

void FileReader::check_groups(const Settings& node, const Expression& expression) {
  for (const auto& column : expression.features()) {
    if (const auto scheme = segment::scheme_of_column(column)) check_scheme(node, *scheme);
  }
  for (const auto& part : expression.conditions()) {
    if (part.features.size() != 1) continue;
    const auto scheme = segment::scheme_of_column(part.features.front());
    if (!scheme) continue;
    for (const auto& text : part.texts) check_group(node, *scheme, text);
  }
}

}  // namespace fenqun::strategy
