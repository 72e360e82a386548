// api/server.hpp - the server: sockets, threads and TLS around the gate. Level 7. The only place that sees the library.
#pragma once

#include "api/gate.hpp"
#include "api/web_files.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace fenqun::api {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;             // 0: any that is free
  std::filesystem::path certificate;  // PEM; empty: no TLS
  std::filesystem::path private_key;
  std::optional<std::filesystem::path> web_folder;  // instead of the pages built in
};

/// "127.0.0.1:8380", "[::1]:8380", ":8380" (all addresses). Errors: InvalidArgument.
Result<ServerOptions> parse_listen(const std::string& text);

class Server {
 public:
  /// Takes the port; from then on callers wait. The service must outlive it. Errors: InvalidArgument (certificate or
  /// key that cannot be used), Io (the port is taken, the address is none of ours).
  static Result<std::unique_ptr<Server>> create(Service& service, const ServerOptions& options);
  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Answers until `stop` asks or the database is lost (Database::lost), then ends what is being answered. Errors: Io.
  virtual Result<void> run(const std::stop_token& stop) = 0;
};

}  // namespace fenqun::api
