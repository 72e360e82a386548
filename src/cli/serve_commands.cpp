// cli/serve_commands.cpp - serve: the workspace for people and programs, by HTTP.
#include "api/serving.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/hand_over.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

namespace fenqun::cli {
namespace {

struct ServeOptions {
  std::string workspace = ".";
  std::string listen = "127.0.0.1:8380";
  std::string certificate;
  std::string private_key;
  std::string web_folder;
};

access::Moment system_now() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

// The database's own threads are born of the one that opens it and stay as polite: long work leaves room for callers.
Result<app::Session> open_politely(const std::string& folder, const app::Caller& caller) {
  Result<app::Session> opened = fail(ErrorCode::Internal, "base.cancelled");
  std::thread([&] {
    constexpr int kPolite = 10;
    static_cast<void>(setpriority(PRIO_PROCESS, 0, kPolite));
    opened = app::Session::open(folder, caller);
  }).join();
  return opened;
}

// A command line that came from outside: in its own language, and what it published is looked up anew.
RunCommand hosted_commands(api::Service& service, app::SharedWorkspace& shared) {
  return [&service, &shared](const std::vector<std::string>& arguments, const std::stop_token& stop) {
    const auto language = wanted_language(arguments);
    const Host host{shared, service.door(), service.audit()};
    const int code = run_hosted_command(arguments, service.texts(language.value_or(Language::Chinese)), stop, host);
    if (auto refreshed = service.refresh_directory(); !refreshed) {
      print_aside(render_error(refreshed.error(), service.texts(Language::English)));
    }
    return code;
  };
}

// Takes command lines for as long as it lives.
class CommandReceiver {
 public:
  static Result<std::shared_ptr<void>> create(api::Service& service) {
    auto out = std::make_shared<CommandReceiver>(service);
    FENQUN_TRY(out->receiver_, HandOver::create(service.workspace().folder(), hosted_commands(service, out->shared_)));
    return std::shared_ptr<void>(std::move(out));
  }
  explicit CommandReceiver(api::Service& service) : shared_(service.pool(), service.writers()) {}

 private:
  app::SharedWorkspace shared_;
  std::unique_ptr<HandOver> receiver_;  // it works with the workspace
};

Result<void> do_serve(const ServeOptions& options, const Call& call) {
  if (call.caller.host != nullptr) return fail(ErrorCode::Conflict, "app.served", {{"path", options.workspace}});
  FENQUN_TRY(auto address, api::parse_listen(options.listen));
  address.certificate = options.certificate;
  address.private_key = options.private_key;
  if (!options.web_folder.empty()) address.web_folder = options.web_folder;
  auto caller = call.caller;
  caller.progress = nullptr;
  caller.stop = {};  // of the server, not of what it answers
  const std::string scheme = options.certificate.empty() ? "http" : "https";
  // What is printed is the address; what it has to tell later goes aside.
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  const auto when_up = [&](api::Service& service, const api::Server& server) -> Result<std::shared_ptr<void>> {
    FENQUN_TRY(auto receiver, CommandReceiver::create(service));
    print(
        call.texts("cli.serving", {{"address", scheme + "://" + address.host + ":" + std::to_string(server.port())}}) +
        "\n");
    if (!service.setup_token().empty()) {
      print(call.texts("cli.serve_setup", {{"token", service.setup_token()}}) + "\n");
    }
    std::fflush(stdout);
    return receiver;
  };
  FENQUN_CHECK(api::serve({[&] { return open_politely(options.workspace, caller); }, system_now, address, when_up},
                          call.caller.stop));
  print_aside(call.texts("cli.serve_ended"));
  return {};
}

}  // namespace

void add_serve_commands(CommandLine& line) {
  auto options = std::make_shared<ServeOptions>();
  auto* const serve = line.add("serve", [options](const Call& call) { return do_serve(*options, call); });
  line.with_workspace(serve, options->workspace);
  serve->add_option("--listen", options->listen, line.text("cli.opt_listen"));
  auto* const certificate = serve->add_option("--tls-cert", options->certificate, line.text("cli.opt_tls_cert"));
  auto* const key = serve->add_option("--tls-key", options->private_key, line.text("cli.opt_tls_key"));
  certificate->needs(key);
  key->needs(certificate);
  serve->add_option("--web-dir", options->web_folder, line.text("cli.opt_web_dir"));
}

}  // namespace fenqun::cli
