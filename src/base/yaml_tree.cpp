// base/yaml_tree.cpp
#include "base/yaml_tree.hpp"

#include "base/short_text.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

namespace fenqun {
namespace {

constexpr int kDeepest = 100;
constexpr std::size_t kMostNodes = 1'000'000;  // a few lines of aliases make billions

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { forget(); }
  bool read(yaml_parser_t& parser) {
    forget();
    is_there_ = yaml_parser_parse(&parser, &event_) != 0;
    return is_there_;
  }
  [[nodiscard]] yaml_event_type_t type() const { return event_.type; }
  [[nodiscard]] const yaml_event_t& get() const { return event_; }
  [[nodiscard]] int line() const { return static_cast<int>(event_.start_mark.line) + 1; }

 private:
  void forget() {
    if (is_there_) yaml_event_delete(&event_);
    is_there_ = false;
  }
  yaml_event_t event_{};
  bool is_there_ = false;
};

bool is_null_word(std::string_view text) {
  constexpr std::array<std::string_view, 5> kWords = {"", "~", "null", "Null", "NULL"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

std::string text_of(const yaml_char_t* text) { return text == nullptr ? "" : reinterpret_cast<const char*>(text); }

class TreeParser {
 public:
  TreeParser(std::string_view text, const std::string& origin) : text_(text), origin_(origin) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  TreeParser(const TreeParser&) = delete;
  TreeParser& operator=(const TreeParser&) = delete;
  ~TreeParser() { yaml_parser_delete(&parser_); }

  Result<YamlNode::Pointer> document() {
    do {
      FENQUN_CHECK(next());
      if (event_.type() == YAML_STREAM_END_EVENT) return std::make_shared<const YamlNode>();
    } while (event_.type() != YAML_DOCUMENT_START_EVENT);
    FENQUN_CHECK(next());
    return node(1);
  }

 private:
  Result<void> next() {
    if (event_.read(parser_)) return {};
    return not_yaml(text_of(reinterpret_cast<const yaml_char_t*>(parser_.problem)));
  }

  [[nodiscard]] tl::unexpected<Error> not_yaml(const std::string& reason) const {
    auto line = parser_.problem_mark.line;
    if (parser_.error == YAML_READER_ERROR) {
      const auto before = text_.substr(0, parser_.problem_offset);
      line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    }
    return fail(ErrorCode::BadData, "base.not_yaml",
                {{"file", origin_},
                 {"line", std::to_string(line + 1)},
                 {"column", std::to_string(parser_.problem_mark.column + 1)},
                 {"reason", reason}});
  }

  // The node that the event of now begins; afterwards the event of now is its last one.
  Result<YamlNode::Pointer> node(int depth) {
    const auto& data = event_.get().data;
    if (event_.type() == YAML_ALIAS_EVENT) return aliased(text_of(data.alias.anchor));
    if (depth > kDeepest) {
      return fail(ErrorCode::BadData, "base.nested_too_deep",
                  {{"file", origin_}, {"line", std::to_string(event_.line())}, {"most", std::to_string(kDeepest)}});
    }
    auto out = std::make_shared<YamlNode>();
    out->line = event_.line();
    std::string anchor;
    if (event_.type() == YAML_SCALAR_EVENT) {
      anchor = text_of(data.scalar.anchor);
      out->text.assign(reinterpret_cast<const char*>(data.scalar.value), data.scalar.length);
      const bool is_plain = data.scalar.style == YAML_PLAIN_SCALAR_STYLE && data.scalar.tag == nullptr;
      out->kind = is_plain && is_null_word(out->text) ? YamlNode::Kind::Null : YamlNode::Kind::Scalar;
    } else if (event_.type() == YAML_SEQUENCE_START_EVENT) {
      anchor = text_of(data.sequence_start.anchor);
      FENQUN_CHECK(fill_list(*out, depth));
    } else {
      anchor = text_of(data.mapping_start.anchor);
      FENQUN_CHECK(fill_map(*out, depth));
    }
    for (const auto& item : out->items) out->size += item->size;
    for (const auto& [key, value] : out->entries) out->size += key->size + value->size;
    if (out->size > kMostNodes) {
      return fail(ErrorCode::BadData, "base.too_many_nodes",
                  {{"file", origin_}, {"line", std::to_string(out->line)}, {"most", std::to_string(kMostNodes)}});
    }
    // Known from its end on: nothing can stand below itself.
    if (!anchor.empty()) anchors_[anchor] = out;
    return YamlNode::Pointer(std::move(out));
  }

  Result<YamlNode::Pointer> aliased(const std::string& anchor) const {
    const auto found = anchors_.find(anchor);
    if (found != anchors_.end()) return found->second;
    return fail(ErrorCode::BadData, "base.no_anchor",
                {{"file", origin_}, {"line", std::to_string(event_.line())}, {"anchor", short_text("*" + anchor)}});
  }

  Result<void> fill_list(YamlNode& out, int depth) {
    out.kind = YamlNode::Kind::List;
    while (true) {
      FENQUN_CHECK(next());
      if (event_.type() == YAML_SEQUENCE_END_EVENT) return {};
      FENQUN_TRY(auto item, node(depth + 1));
      out.items.push_back(std::move(item));
    }
  }

  Result<void> fill_map(YamlNode& out, int depth) {
    out.kind = YamlNode::Kind::Map;
    std::unordered_set<std::string> seen;
    while (true) {
      FENQUN_CHECK(next());
      if (event_.type() == YAML_MAPPING_END_EVENT) return {};
      FENQUN_TRY(auto key, node(depth + 1));
      if (key->kind == YamlNode::Kind::Scalar && !seen.insert(key->text).second) {
        return fail(ErrorCode::BadData, "base.key_twice",
                    {{"file", origin_}, {"line", std::to_string(key->line)}, {"key", short_text(key->text)}});
      }
      FENQUN_CHECK(next());
      FENQUN_TRY(auto value, node(depth + 1));
      out.entries.emplace_back(std::move(key), std::move(value));
    }
  }

  yaml_parser_t parser_{};
  std::string_view text_;
  const std::string& origin_;
  Event event_;
  std::map<std::string, YamlNode::Pointer> anchors_;
};

}  // namespace

Result<YamlNode::Pointer> parse_yaml(std::string_view text, const std::string& origin) {
  return TreeParser(text, origin).document();
}

}  // namespace fenqun
