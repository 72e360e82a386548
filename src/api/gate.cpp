// api/gate.cpp
#include "api/gate.hpp"

#include "access/secret.hpp"
#include "api/problem.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace fenqun::api {
namespace {

// A page of the interface asks for a dozen things at once; a switchboard for thousands a second.
constexpr double kPersonPerS = 50;
constexpr double kPersonBurst = 300;
constexpr double kMachinePerS = 10'000;
constexpr double kMachineBurst = 20'000;
constexpr std::size_t kMostBuckets = 10'000;
constexpr std::size_t kTraceBytes = 8;
constexpr std::string_view kBearer = "Bearer ";

std::string header(const RawRequest& raw, std::string_view name) {
  const auto at = raw.headers.find(name);
  return at == raw.headers.end() ? "" : at->second;
}

Language language_of(const RawRequest& raw) {
  const auto wanted = header(raw, "accept-language");
  return wanted.starts_with("en") ? Language::English : Language::Chinese;
}

// A browser says where a request comes from when it changes something.
bool is_foreign(const RawRequest& raw) {
  const auto origin = header(raw, "origin");
  if (origin.empty()) return false;
  const auto at = origin.find("://");
  return at == std::string::npos || std::string_view(origin).substr(at + 3) != header(raw, "host");
}

tl::unexpected<Error> not_logged_in() { return fail(ErrorCode::Denied, "api.not_logged_in"); }

}  // namespace

bool RateLimit::take(const std::string& who, std::chrono::steady_clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (buckets_.size() > kMostBuckets) {
    std::erase_if(buckets_, [&](const auto& one) {
      return std::chrono::duration<double>(now - one.second.seen).count() * per_s_ >= burst_;
    });
  }
  auto& bucket = buckets_.try_emplace(who, Bucket{burst_, now}).first->second;
  bucket.left = std::min(burst_, bucket.left + std::chrono::duration<double>(now - bucket.seen).count() * per_s_);
  bucket.seen = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

std::string cookie_of(const RawRequest& raw, std::string_view name) {
  const auto all = header(raw, "cookie");
  for (std::size_t at = 0; at < all.size();) {
    const auto end = std::min(all.find(';', at), all.size());
    auto one = std::string_view(all).substr(at, end - at);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=') {
      return std::string(one.substr(name.size() + 1));
    }
    at = end + 1;
  }
  return "";
}

std::string session_cookie(const std::string& token, bool is_secure, std::chrono::seconds lasts) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kSessionCookie, token,
                     token.empty() ? 0 : lasts.count(), is_secure ? "; Secure" : "");
}

Gate::Gate(Service& service, std::vector<Route> routes)
    : service_(service),
      router_(std::move(routes)),
      people_(kPersonPerS, kPersonBurst),
      machines_(kMachinePerS, kMachineBurst) {}

Result<void> Gate::check_limits(const RawRequest& raw, const Request& request) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_machine = request.admission && request.viewer().is_machine;
  const auto who = request.admission ? request.viewer().user : "address " + raw.address;
  if ((is_machine ? machines_ : people_).take(who, now)) return {};
  return fail(ErrorCode::Unavailable, "api.too_many_requests", {{"wait_s", "1"}});
}

Result<void> Gate::let_in(const RawRequest& raw, Request& request, const Route& route) {
  const auto key = header(raw, "authorization");
  if (key.starts_with(kBearer)) {
    request.admission = service_.door().by_key(key.substr(kBearer.size()));
  } else if (const auto token = cookie_of(raw, kSessionCookie); !token.empty()) {
    request.admission = service_.door().by_session(token);
  }
  // Our pages say which language they are in; a link that is followed says what the browser was made for.
  const bool is_said = parse_language(header(raw, "accept-language")).has_value() &&
                       header(raw, "accept-language").size() == code_of(Language::Chinese).size();
  if (request.admission && !request.viewer().is_machine && !is_said) request.language = request.viewer().language;
  FENQUN_CHECK(check_limits(raw, request));
  if (route.is_write() && is_foreign(raw)) return fail(ErrorCode::Denied, "api.foreign_origin");
  if (route.right == kPublic) return {};
  if (!request.admission) return not_logged_in();
  const bool needs_csrf = route.is_write() && !request.viewer().is_machine;
  if (needs_csrf && !access::equal_secrets(header(raw, "x-csrf-token"), request.admission->csrf)) {
    return fail(ErrorCode::Denied, "api.no_csrf", {{"field", "X-CSRF-Token"}});
  }
  if (route.right == kSelf) return {};
  if (!request.viewer().may(route.right)) {
    return fail(ErrorCode::Denied, "api.no_right", {{"right", route.right}, {"role", request.viewer().role->name}});
  }
  // Who has to change the password does nothing else before.
  if (request.admission->must_change_password) return fail(ErrorCode::Denied, "api.change_password_first");
  return {};
}

Result<Response> Gate::pass(const RawRequest& raw, Request& request, const Route*& route) {
  auto match = router_.find(raw.method, std::string_view(raw.path).substr(kApiRoot.size()));
  if (match.route == nullptr) {
    FENQUN_CHECK(check_limits(raw, request));
    if (match.other_method) return fail(ErrorCode::InvalidArgument, "api.no_such_method", {{"method", raw.method}});
    return fail(ErrorCode::NotFound, "api.no_such_route", {{"path", raw.path}});
  }
  route = match.route;
  request.route = route->title();
  request.values = std::move(match.values);
  FENQUN_CHECK(let_in(raw, request, *route));
  FENQUN_CHECK(read_parameters(*route, raw, request));
  return route->handler(service_, request);
}

bool Gate::takes_stream(std::string_view method, std::string_view path) const {
  if (!path.starts_with(kApiRoot)) return false;
  const auto match = router_.find(method, path.substr(kApiRoot.size()));
  return match.route != nullptr && match.route->body == BodyKind::Stream;
}

Result<void> Gate::write_audit(const Request& request, const Route& route, const std::string& outcome) {
  access::AuditEntry entry;
  entry.at = service_.now();
  if (request.admission) {
    entry.user = request.viewer().user;
    entry.role = request.viewer().role->name;
  }
  entry.action = route.title();
  entry.subject = request.subject;
  entry.detail = request.detail;
  entry.outcome = outcome;
  entry.address = request.address;
  entry.trace_id = request.trace_id;
  const bool at_leisure = route.audited == Audited::Later && outcome == "done";
  if (!at_leisure) return service_.audit().note(std::move(entry));
  service_.audit().note_later(std::move(entry));
  return {};
}

Response Gate::finish(const RawRequest& raw, Request& request, const Route* route, Result<Response> result) {
  // A refusal is written down whatever the route; that nobody is logged in is no news.
  const bool refused = !result && route != nullptr && result.error().code == ErrorCode::Denied &&
                       result.error().line.key != "api.not_logged_in";
  const bool wanted = route != nullptr && (refused || (result && route->audited != Audited::No));
  if (refused && request.detail.empty()) request.detail = result.error().line.key;
  if (wanted) {
    auto noted = write_audit(request, *route, refused ? "refused" : "done");
    if (!noted) result = fail(std::move(noted).error());
  }
  if (result) return *std::move(result);
  const auto& error = result.error();
  const auto& texts = service_.texts(request.language);
  if (status_of(error) >= 500) {
    spdlog::error("{} {} {}: {}", request.trace_id, raw.method, raw.path,
                  render_error(error, service_.texts(Language::English)));
  }
  return answer_of(error, texts, request.trace_id);
}

Response Gate::answer(const RawRequest& raw) {
  const auto begun = std::chrono::steady_clock::now();
  Request request;
  request.trace_id = access::random_hex(kTraceBytes);
  request.address = raw.address;
  request.is_secure = raw.is_secure;
  request.language = language_of(raw);
  const Route* route = nullptr;
  // One of the three places that catch whatever may come: a request that fails must not end the server.
  auto result = [&]() -> Result<Response> {
    try {
      return pass(raw, request, route);
    } catch (const std::exception& e) {
      spdlog::error("{} {} {}: {}", request.trace_id, raw.method, raw.path, e.what());
      return fail(ErrorCode::Internal, "api.fault", {{"trace_id", request.trace_id}});
    }
  }();
  auto response = finish(raw, request, route, std::move(result));
  response.headers.emplace_back("X-Trace-Id", request.trace_id);
  response.headers.emplace_back("Cache-Control", "no-store");
  service_.metrics().note(
      route == nullptr ? "none" : route->title(), response.status,
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun));
  return response;
}

}  // namespace fenqun::api
