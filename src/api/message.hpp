// api/message.hpp - a request and its answer, without the library that carries them. Level 7.
#pragma once

#include "access/doorkeeper.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::api {

using Json = nlohmann::ordered_json;
using Values = std::map<std::string, std::string, std::less<>>;

/// As it came, before anything of it is believed. Values of path and query are decoded.
struct RawRequest {
  std::string method;  // "GET"
  std::string path;    // "/api/v1/users/li"
  std::vector<std::pair<std::string, std::string>> query;
  Values headers;  // names in lower case
  std::string body;
  /// The body of a route that takes it piece by piece, instead of `body`: hands over each piece until there is none,
  /// the taker says no (false), or the caller has gone; true: it came to its end. Good for one call.
  using ReadBody = std::function<bool(const std::function<bool(std::string_view)>& take)>;
  ReadBody read_body = nullptr;
  std::string address;
  bool is_secure = false;  // came by TLS
};

struct Response {
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool is_gzip = false;          // the body is packed already
  std::string style_nonce;       // of a page that puts in styles
  bool ends_connection = false;  // nothing after it can be understood: what the caller sent was not read to its end
  /// Instead of a body: called until it returns false, each time with where to write; that returns false when the
  /// caller has gone. In pieces of the chunked coding.
  using Write = std::function<bool(std::string_view)>;
  std::function<bool(const Write&)> stream;

  static Response json(const Json& content, int status = 200);
  static Response nothing();
};

/// What a handler gets: everything is checked against the route's parameters.
// NOLINTNEXTLINE(bugprone-exception-escape): clang-tidy 14 takes a move of the JSON library for one that throws
struct Request {
  std::string route;               // "GET /users/{user}"
  Values values;                   // of path and query: those that were given
  Json body;                       // an object; null where the route takes none
  RawRequest::ReadBody read_body;  // of routes that take the body piece by piece
  std::string address;
  std::string trace_id;
  Language language = Language::Chinese;
  std::optional<access::Admission> admission;  // absent: a public route
  bool is_secure = false;
  std::string subject;  // of the audit: what it is about; handlers may set it
  std::string detail;   // of the audit

  [[nodiscard]] bool has(std::string_view name) const { return values.contains(name); }
  [[nodiscard]] std::string text(std::string_view name, const std::string& fallback = "") const;
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t fallback) const;
  /// A field of the body that is a text; `fallback` where it is absent or null.
  [[nodiscard]] std::string field(std::string_view name, std::string fallback = "") const;
  [[nodiscard]] std::vector<std::string> field_texts(std::string_view name) const;
  [[nodiscard]] const access::Viewer& viewer() const { return admission->viewer; }
  [[nodiscard]] std::int64_t page() const { return integer("page", 1); }
  [[nodiscard]] std::int64_t page_size() const { return integer("page_size", 50); }
  [[nodiscard]] std::int64_t offset() const { return (page() - 1) * page_size(); }
};

}  // namespace fenqun::api
