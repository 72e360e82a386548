// reader/json_record.cpp
#include "reader/json_record.hpp"

#include <nlohmann/json.hpp>

#include <unordered_map>
#include <utility>

namespace fenqun::reader {

using Json = nlohmann::json;

// Told of each piece of the JSON text; never throws and stops the parser by returning false.
class JsonRecords::Handler : public nlohmann::json_sax<Json> {
 public:
  JsonFault parse(std::string_view line) {
    fault_ = JsonFault::None;
    path_.clear();
    list_depth_ = 0;
    depth_ = 0;
    found_.clear();
    const bool whole = Json::sax_parse(line.begin(), line.end(), this);
    if (fault_ == JsonFault::None && !whole) fault_ = JsonFault::Broken;
    if (fault_ == JsonFault::None) fault_ = take_over();
    return fault_;
  }
  [[nodiscard]] const std::vector<std::string>& values() const { return values_; }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }

  bool null() override { return add_value("", "null"); }
  bool boolean(bool value) override { return add_value(value ? "true" : "false", value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add_number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add_number(std::to_string(value)); }
  // Also whole numbers of more than 64 bits: the text is the number as written.
  bool number_float(number_float_t /*value*/, const string_t& text) override { return add_number(text); }
  bool string(string_t& text) override {
    if (text.find('\0') != std::string::npos) return stop(JsonFault::NoText);
    return list_depth_ > 0 ? add_value("", quoted(text)) : add_value(text, "");
  }
  bool binary(binary_t& /*bytes*/) override { return stop(JsonFault::Broken); }
  bool start_object(std::size_t /*elements*/) override {
    if (++depth_ > kJsonMaxDepth) return stop(JsonFault::TooLarge);
    if (list_depth_ > 0) return open_in_list('{');
    if (depth_ > 1) path_.back() += '.';
    path_.push_back(path_.empty() ? std::string() : path_.back());
    return true;
  }
  bool key(string_t& name) override {
    if (name.find('\0') != std::string::npos) return stop(JsonFault::NoText);
    if (list_depth_ > 0) {
      comma_in_list();
      list_ += quoted(name) + ':';
      after_colon_ = true;
      return true;
    }
    const auto outer = path_.size() > 1 ? path_[path_.size() - 2].size() : 0;
    path_.back().resize(outer);
    path_.back() += name;
    return true;
  }
  bool end_object() override {
    --depth_;
    if (list_depth_ > 0) return close_in_list('}');
    path_.pop_back();
    // The dot that the inner names went behind.
    if (!path_.empty()) path_.back().pop_back();
    return true;
  }
  bool start_array(std::size_t /*elements*/) override {
    if (depth_ == 0) return stop(JsonFault::NotObject);
    if (++depth_ > kJsonMaxDepth) return stop(JsonFault::TooLarge);
    if (list_depth_ == 0) {
      list_.clear();
      after_colon_ = false;
    }
    return open_in_list('[');
  }
  bool end_array() override {
    --depth_;
    return close_in_list(']');
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& /*error*/) override {
    return stop(JsonFault::Broken);
  }

 private:
  bool stop(JsonFault fault) {
    if (fault_ == JsonFault::None) fault_ = fault;
    return false;
  }
  static std::string quoted(const std::string& text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  bool add_number(const std::string& text) { return add_value(text, text); }

  // `text` for a cell, `json` for a place inside a list.
  bool add_value(std::string text, std::string_view json) {
    if (depth_ == 0) return stop(JsonFault::NotObject);
    if (list_depth_ > 0) {
      comma_in_list();
      list_ += json;
      return true;
    }
    found_.emplace_back(path_.back(), std::move(text));
    return true;
  }
  void comma_in_list() {
    if (!after_colon_ && !list_.empty() && list_.back() != '[' && list_.back() != '{') list_ += ',';
    after_colon_ = false;
  }
  bool open_in_list(char bracket) {
    comma_in_list();
    list_ += bracket;
    ++list_depth_;
    return true;
  }
  bool close_in_list(char bracket) {
    list_ += bracket;
    if (--list_depth_ == 0) found_.emplace_back(path_.back(), std::move(list_));
    return true;
  }

  // The line is whole: only now its names become columns.
  JsonFault take_over() {
    const auto known = columns_.size();
    for (auto& value : values_) value.clear();
    taken_.assign(known, false);
    for (auto& [name, text] : found_) {
      const auto at = index_.try_emplace(name, columns_.size()).first->second;
      if (at == columns_.size()) {
        columns_.push_back(name);
        values_.emplace_back();
        taken_.push_back(false);
      }
      if (taken_[at] || columns_.size() > kJsonMaxColumns) {
        const auto fault = taken_[at] ? JsonFault::NameTwice : JsonFault::TooLarge;
        forget_columns_from(known);
        return fault;
      }
      taken_[at] = true;
      values_[at] = std::move(text);
    }
    return JsonFault::None;
  }
  void forget_columns_from(std::size_t known) {
    for (auto at = known; at < columns_.size(); ++at) index_.erase(columns_[at]);
    columns_.resize(known);
    values_.resize(known);
  }

  JsonFault fault_ = JsonFault::None;
  std::size_t depth_ = 0;
  std::size_t list_depth_ = 0;
  std::string list_;
  bool after_colon_ = false;
  std::vector<std::string> path_;  // of each object that is open, with the name read last
  std::vector<std::pair<std::string, std::string>> found_;
  std::vector<std::string> columns_;
  std::vector<std::string> values_;
  std::vector<bool> taken_;
  std::unordered_map<std::string, std::size_t> index_;
};

JsonRecords::JsonRecords() : handler_(std::make_unique<Handler>()) {}
JsonRecords::~JsonRecords() = default;
JsonFault JsonRecords::parse(std::string_view line) { return handler_->parse(line); }
const std::vector<std::string>& JsonRecords::values() const noexcept { return handler_->values(); }
const std::vector<std::string>& JsonRecords::columns() const noexcept { return handler_->columns(); }

}  // namespace fenqun::reader
