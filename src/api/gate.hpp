// api/gate.hpp - the one way in: session or key, right, CSRF, limits, parameters, handler, audit. Level 7.
#pragma once

#include "api/route.hpp"
#include "api/service.hpp"

#include <map>
#include <mutex>

namespace fenqun::api {

inline constexpr std::string_view kApiRoot = "/api/v1";
inline constexpr const char* kSessionCookie = "fenqun_session";
inline constexpr std::size_t kLargestBodyBytes = 1 << 20;
inline constexpr std::size_t kLongestPath = 2048;

/// So many requests may be made: a bucket per caller that fills by `per_s` up to `burst`. From any thread.
class RateLimit {
 public:
  RateLimit(double per_s, double burst) : per_s_(per_s), burst_(burst) {}
  /// Takes one; false: none is left.
  bool take(const std::string& who, std::chrono::steady_clock::time_point now);

 private:
  struct Bucket {
    double left;
    std::chrono::steady_clock::time_point seen;
  };
  double per_s_;
  double burst_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

/// From any thread.
class Gate {
 public:
  Gate(Service& service, std::vector<Route> routes);
  /// Answers a request for a path below /api/v1. Nothing gets past it without the route's right; whatever goes wrong
  /// becomes a problem. `language` of the answer: that of the user, else Accept-Language.
  Response answer(const RawRequest& raw);
  /// Does what is asked for take its body piece by piece? Everything else has it read before, up to kLargestBodyBytes.
  [[nodiscard]] bool takes_stream(std::string_view method, std::string_view path) const;
  [[nodiscard]] const Router& router() const noexcept { return router_; }

 private:
  Result<Response> pass(const RawRequest& raw, Request& request, const Route*& route);
  Result<void> let_in(const RawRequest& raw, Request& request, const Route& route);
  Result<void> check_limits(const RawRequest& raw, const Request& request);
  Response finish(const RawRequest& raw, Request& request, const Route* route, Result<Response> result);
  Result<void> write_audit(const Request& request, const Route& route, const std::string& outcome);

  Service& service_;
  Router router_;
  RateLimit people_;
  RateLimit machines_;
};

/// The cookie of a name; empty when there is none.
std::string cookie_of(const RawRequest& raw, std::string_view name);
/// The value of Set-Cookie that starts or (empty token) ends a session.
std::string session_cookie(const std::string& token, bool is_secure, std::chrono::seconds lasts);

}  // namespace fenqun::api
