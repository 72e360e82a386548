// fuzz/serve_request.cpp
#include "serve_request.hpp"

#include "api/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace fenqun::fuzz {
namespace {

using api::Kind;
using api::Parameter;

constexpr std::size_t kMostText = 64;
constexpr std::size_t kMostSpoils = 4;
constexpr std::array<std::string_view, 12> kEdges = {"",
                                                     "0",
                                                     "-1",
                                                     "9223372036854775808",
                                                     "1e309",
                                                     "NaN",
                                                     "' OR 1=1 --",
                                                     "\";--",
                                                     "../../etc/passwd",
                                                     "张\xff\xfe",
                                                     "\xed\xa0\x80",
                                                     "=cmd|' /C calc'!A0"};
constexpr std::array<std::string_view, 14> kHeaders = {"Origin: http://localhost:1",
                                                       "Origin: null",
                                                       "Accept-Language: en",
                                                       "Accept-Encoding: gzip, br",
                                                       "Transfer-Encoding: chunked",
                                                       "Content-Length: 99999999999999999999",
                                                       "Content-Length: -1",
                                                       "Range: bytes=5-1",
                                                       "Range: bytes=0-99999999999",
                                                       "Expect: 100-continue",
                                                       "Content-Encoding: gzip",
                                                       "Connection: keep-alive",
                                                       "Cookie: fenqun_session=; fenqun_session==;;; =",
                                                       "X-Forwarded-For: 1.2.3.4"};
constexpr std::array<std::string_view, 8> kOtherPaths = {
    "/", "/healthz", "/readyz", "/metrics", "/assets/../../etc/passwd", "/api/v1", "/api/v1/none", "/%00%ff"};
constexpr std::array<std::string_view, 8> kMethods = {"GET",    "POST", "PUT",     "PATCH",
                                                      "DELETE", "HEAD", "OPTIONS", "TRACE"};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char one : text) {
    const auto c = static_cast<unsigned char>(one);
    out += std::isalnum(c) != 0 ? std::string(1, one) : fmt::format("%{:02X}", c);
  }
  return out;
}

// Mostly what may well be, sometimes what may not.
std::string value_of(const Place& place, const Parameter& p, Choices& choices) {
  switch (choices.below(6)) {
    case 4:
      return std::string(choices.of(kEdges));
    case 5:
      return choices.text(kMostText);
    default:
      return p.choices.empty() ? choices.of(place.values(p.name)) : choices.of(p.choices);
  }
}

api::Json field_of(const Place& place, const Parameter& p, Choices& choices) {
  if (choices.one_in(8)) {  // of another kind
    static const std::array<const char*, 8> others = {"null",      "-1",        "1e308", "[]",
                                                      "[[\"a\"]]", "{\"a\":1}", "true",  "\"\\u0000\""};
    return api::Json::parse(choices.of(others));
  }
  const auto text = value_of(place, p, choices);
  if (p.kind == Kind::Boolean) return choices.one_in(2);
  if (p.kind == Kind::Integer || p.kind == Kind::Number) return choices.below(256);
  if (p.kind == Kind::Texts) return api::Json::array({text});
  return text;
}

std::string body_of(const Place& place, const api::Route& route, Choices& choices) {
  if (choices.one_in(12)) return choices.text(255);
  if (route.body == api::BodyKind::None) return "";
  if (choices.one_in(16)) return std::string(2000, "[{\""[choices.below(3)]);
  if (route.body != api::BodyKind::Object) return choices.text(255);
  auto body = api::Json::object();
  for (const auto& p : route.parameters) {
    const bool wanted = p.need == api::Need::Required ? !choices.one_in(16) : choices.one_in(2);
    if (p.place == api::Place::Body && wanted) body[p.name] = field_of(place, p, choices);
  }
  if (choices.one_in(16)) body["none"] = 1;
  return body.dump(-1, ' ', false, api::Json::error_handler_t::ignore);
}

std::string path_of(const Place& place, const api::Route& route, Choices& choices) {
  std::string out = "/api/v1";
  for (std::size_t at = 0; at < route.pattern.size();) {
    if (route.pattern[at] != '{') {
      out += route.pattern[at++];
      continue;
    }
    const auto end = route.pattern.find('}', at);
    Parameter p = api::in_path(route.pattern.substr(at + 1, end - at - 1));
    out += escaped(value_of(place, p, choices));
    at = end + 1;
  }
  char mark = '?';
  for (const auto& p : route.parameters) {
    const bool wanted = p.need == api::Need::Required ? !choices.one_in(16) : choices.one_in(3);
    if (p.place != api::Place::Query || !wanted) continue;
    out += mark + p.name + "=" + escaped(value_of(place, p, choices));
    mark = '&';
  }
  if (choices.one_in(32)) out += mark + escaped(choices.text(kMostText)) + "=1";
  return out;
}

void add_caller(const Caller& caller, Choices& choices, std::string& head) {
  if (caller.role.empty()) return;
  switch (choices.below(8)) {
    case 6:
    case 7:
      head += "Cookie: a=b; fenqun_session=" + caller.session + "\r\n";
      if (!choices.one_in(4)) head += "X-CSRF-Token: " + caller.csrf + "\r\n";
      break;
    default:  // few are let in by a session at a time
      head += "Authorization: Bearer " + caller.key + "\r\n";
  }
}

void spoil(std::string& bytes, Choices& choices) {
  if (!choices.one_in(3)) return;
  for (std::size_t n = choices.below(kMostSpoils) + 1; n > 0 && !bytes.empty(); --n) {
    const auto at = (choices.byte() * 256U + choices.byte()) % bytes.size();
    switch (choices.below(5)) {
      case 0:
        bytes[at] = static_cast<char>(choices.byte());
        break;
      case 1:
        bytes.erase(at, choices.below(16) + 1);
        break;
      case 2:
        bytes.insert(at, choices.text(kMostText));
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, choices.byte()));
        break;
      default:
        bytes.resize(at);
    }
  }
}

Asked made_request(const Place& place, Choices choices) {
  static const auto routes = api::all_routes();
  const auto& caller = choices.of(place.callers());
  std::string head;
  std::string body;
  if (choices.one_in(16)) {
    head = fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n", choices.of(kMethods), choices.of(kOtherPaths));
  } else {
    const auto& route = choices.of(routes);
    const auto method = choices.one_in(16) ? std::string(choices.of(kMethods)) : route.method;
    head =
        fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", method, path_of(place, route, choices), place.port());
    body = body_of(place, route, choices);
    if (!body.empty() || route.is_write()) {
      if (!choices.one_in(16)) head += "Content-Type: application/json\r\n";
      if (!choices.one_in(16)) head += fmt::format("Content-Length: {}\r\n", body.size());
    }
  }
  add_caller(caller, choices, head);
  while (choices.one_in(6)) head += std::string(choices.of(kHeaders)) + "\r\n";
  Asked asked{head + "\r\n" + body, &caller};
  spoil(asked.bytes, choices);
  return asked;
}

Asked written_request(const Place& place, std::string_view input) {
  Asked asked{std::string(input), &place.callers().back()};
  for (const auto& caller : place.callers()) {
    for (const auto& [name, value] :
         {std::pair("@key ", &caller.key), {"@session ", &caller.session}, {"@csrf ", &caller.csrf}}) {
      if (caller.role.empty()) continue;
      const auto mark = name + caller.role + "@";
      for (auto at = asked.bytes.find(mark); at != std::string::npos; at = asked.bytes.find(mark)) {
        asked.bytes.replace(at, mark.size(), *value);
        asked.caller = &caller;
      }
    }
  }
  return asked;
}

// The body of the chunked coding and what follows it; absent: it is none.
bool take_chunks(std::string_view& left, std::string& body) {
  while (true) {
    std::size_t size = 0;
    const auto read = std::from_chars(left.data(), left.data() + left.size(), size, 16);
    const auto line = left.find("\r\n");
    if (read.ec != std::errc() || line == std::string_view::npos) return left.empty();
    left.remove_prefix(line + 2);
    if (left.size() < size + 2) return false;
    body += left.substr(0, size);
    left.remove_prefix(size);
    const auto end = size == 0 ? left.find("\r\n") : 0;
    if (end == std::string_view::npos || !left.substr(end).starts_with("\r\n")) return false;
    left.remove_prefix(end + 2);
    if (size == 0) return true;
  }
}

bool take_body(std::string_view& left, Answered& answer) {
  if (answer.headers.contains("transfer-encoding")) {
    const auto& type = answer.headers["content-type"];
    // Left when the first of its events was there; rows that follow what is asked for come with a trailer.
    if (type.starts_with("text/event-stream")) {
      left = {};
      return true;
    }
    return take_chunks(left, answer.body);
  }
  const auto length = answer.headers.find("content-length");
  if (length == answer.headers.end()) return answer.status == 100 || answer.status == 204 || left.empty();
  std::size_t size = 0;
  std::from_chars(length->second.data(), length->second.data() + length->second.size(), size);
  if (left.size() < size) return false;
  answer.body = left.substr(0, size);
  left.remove_prefix(size);
  return true;
}

}  // namespace

Asked request_of(const Place& place, std::string_view input) {
  const bool is_written = !input.empty() && std::isalpha(static_cast<unsigned char>(input.front())) != 0;
  return is_written ? written_request(place, input) : made_request(place, Choices(input));
}

std::optional<std::vector<Answered>> answers_in(std::string_view bytes, bool bodiless, bool may_be_cut) {
  std::vector<Answered> out;
  while (!bytes.empty()) {
    const auto end = bytes.find("\r\n\r\n");
    if (!bytes.starts_with("HTTP/1.1 ") || end == std::string_view::npos) return std::nullopt;
    auto head = bytes.substr(0, end + 2);
    bytes.remove_prefix(end + 4);
    Answered answer;
    std::from_chars(head.data() + 9, head.data() + std::min<std::size_t>(12, head.size()), answer.status);
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const auto line = head.substr(0, head.find("\r\n"));
      const auto colon = line.find(": ");
      if (colon == std::string_view::npos) return std::nullopt;
      std::string name(line.substr(0, colon));
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      answer.headers[name] = line.substr(colon + 2);
      head.remove_prefix(line.size() + 2);
    }
    if (bodiless) {
      out.push_back(std::move(answer));
      return out;
    }
    answer.is_whole = take_body(bytes, answer);
    if (!answer.is_whole && !may_be_cut) return std::nullopt;
    out.push_back(std::move(answer));
    if (!out.back().is_whole) return out;
  }
  return out;
}

}  // namespace fenqun::fuzz
