// api/serving.hpp - a workspace served for as long as somebody wants. Level 7.
#pragma once

#include "api/server.hpp"
#include "api/service.hpp"

#include <functional>
#include <memory>
#include <stop_token>

namespace fenqun::api {

struct Serving {
  std::function<Result<app::Session>()> open;
  Service::Clock clock;
  ServerOptions options;
  /// Each time that callers are answered again; what it gives ends before the service does.
  std::function<Result<std::shared_ptr<void>>(Service&, const Server&)> when_up;
};

/// Answers until `stop` asks. A database that ended by a fault of its own is opened anew on the same port, as often as
/// that happens: callers are refused meanwhile (503, or no connection for some seconds), nobody has to log in again,
/// and what the trail had not written yet is written then. Errors: those of opening, of Service::create, of
/// Server::create and of `when_up`.
Result<void> serve(Serving serving, const std::stop_token& stop);

}  // namespace fenqun::api
