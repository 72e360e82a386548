// api/serving.cpp
#include "api/serving.hpp"

#include <spdlog/spdlog.h>

namespace fenqun::api {
namespace {

// Whether the database was lost; `unwritten` are entries of the trail that a lost one did not take.
Result<bool> serve_once(Serving& serving, std::vector<access::AuditEntry>& unwritten, const std::stop_token& stop) {
  FENQUN_TRY(auto session, serving.open());
  FENQUN_TRY(const auto service, Service::create(std::move(session), serving.clock));
  for (auto& entry : unwritten) service->audit().note_later(std::move(entry));
  unwritten.clear();
  FENQUN_TRY(const auto server, Server::create(*service, serving.options));
  serving.options.port = server->port();
  {
    FENQUN_TRY(const auto up, serving.when_up(*service, *server));
    FENQUN_CHECK(server->run(stop));
  }
  if (!service->workspace().lost().stop_requested()) return false;
  unwritten = service->audit().take_unwritten();
  return true;
}

}  // namespace

Result<void> serve(Serving serving, const std::stop_token& stop) {
  std::vector<access::AuditEntry> unwritten;
  while (true) {
    FENQUN_TRY(const bool is_lost, serve_once(serving, unwritten, stop));
    if (!is_lost || stop.stop_requested()) return {};
    spdlog::warn("the database ended by a fault of its own and is opened anew");
  }
}

}  // namespace fenqun::api
