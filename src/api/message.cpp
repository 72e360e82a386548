// api/message.cpp
#include "api/message.hpp"

#include <charconv>

namespace fenqun::api {

Response Response::json(const Json& content, int status) {
  Response out;
  out.status = status;
  // What is no UTF-8 (a value out of a file) is replaced: an answer is always valid.
  out.body = content.dump(-1, ' ', false, Json::error_handler_t::replace);
  return out;
}

Response Response::nothing() {
  Response out;
  out.status = 204;
  out.type.clear();
  return out;
}

std::string Request::text(std::string_view name, const std::string& fallback) const {
  const auto at = values.find(name);
  return at == values.end() ? fallback : at->second;
}

std::int64_t Request::integer(std::string_view name, std::int64_t fallback) const {
  const auto at = values.find(name);
  if (at == values.end()) return fallback;
  std::int64_t out = fallback;
  std::from_chars(at->second.data(), at->second.data() + at->second.size(), out);
  return out;
}

std::string Request::field(std::string_view name, std::string fallback) const {
  const auto at = body.find(name);
  return at == body.end() || !at->is_string() ? std::move(fallback) : at->get<std::string>();
}

std::vector<std::string> Request::field_texts(std::string_view name) const {
  const auto at = body.find(name);
  return at == body.end() || !at->is_array() ? std::vector<std::string>() : at->get<std::vector<std::string>>();
}

}  // namespace fenqun::api
