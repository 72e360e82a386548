// api/server.cpp - the only file that sees cpp-httplib.
#include "api/server.hpp"

#include "api/problem.hpp"
#include "api/routes.hpp"

#include <httplib.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

namespace fenqun::api {
namespace {

// A caller that keeps its connection holds a thread, also while it says nothing.
constexpr std::size_t kThreads = 96;
constexpr std::size_t kMostOfConnection = 100'000;  // requests
constexpr time_t kKeepAliveSeconds = 5;             // so long an end of the server waits for it
constexpr time_t kReadTimeoutSeconds = 10;
constexpr time_t kWriteTimeoutSeconds = 30;
// Of a body that nobody wants, so much is read that its sender gets the answer; then the connection is closed.
constexpr std::size_t kMostDropped = 16 << 20;

/// The body of one request, as it comes.
class BodyReader {
 public:
  BodyReader(const httplib::Request& in, const httplib::ContentReader& reader) : in_(in), reader_(reader) {}

  /// As RawRequest::ReadBody. What is not taken is read and dropped.
  bool read(const std::function<bool(std::string_view)>& take) {
    is_read_ = true;
    bool wanted = true;
    std::size_t dropped = 0;
    const auto piece = [&](const char* bytes, std::size_t size) {
      wanted = wanted && take({bytes, size});
      if (!wanted) dropped += size;
      return dropped <= kMostDropped;
    };
    // The library wants parts where it sees them.
    is_whole_ = in_.is_multipart_form_data() ? reader_([](const httplib::MultipartFormData&) { return true; }, piece)
                                             : reader_(piece);
    return is_whole_ && wanted;
  }

  /// Nothing of it stands between this request and the next.
  bool finish() {
    if (!is_read_) read([](std::string_view) { return false; });
    return is_whole_;
  }

 private:
  const httplib::Request& in_;
  const httplib::ContentReader& reader_;
  bool is_read_ = false;
  bool is_whole_ = false;
};

// Until either asks; whether it is the first. By a thread of its own: whoever asks must not wait for what follows.
bool wait_for(const std::stop_token& wanted, const std::stop_token& other) {
  std::mutex mutex;
  std::condition_variable_any asked;
  const std::stop_callback on_wanted(wanted, [&] {
    const std::scoped_lock lock(mutex);
    asked.notify_all();
  });
  std::unique_lock lock(mutex);
  return asked.wait(lock, other, [&] { return wanted.stop_requested(); });
}

bool announces_body(const httplib::Request& in) {
  return in.has_header("Transfer-Encoding") ||
         (in.has_header("Content-Length") && in.get_header_value("Content-Length") != "0");
}

class HttpServer final : public Server {
 public:
  HttpServer(Service& service, const ServerOptions& options, std::unique_ptr<httplib::Server> server)
      : service_(service),
        gate_(service, all_routes()),
        pages_(options.web_folder),
        is_secure_(!options.certificate.empty()),
        server_(std::move(server)) {
    prepare();
  }

  Result<void> bind(const std::string& host, std::uint16_t port) {
    const int bound = port == 0 ? server_->bind_to_any_port(host) : (server_->bind_to_port(host, port) ? port : -1);
    if (bound <= 0) {
      return fail(ErrorCode::Io, "api.cannot_listen", {{"address", host + ":" + std::to_string(port)}});
    }
    port_ = static_cast<std::uint16_t>(bound);
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  Result<void> run(const std::stop_token& stop) override {
    const std::stop_callback on_stop(stop, [this] { end(); });
    if (stop.stop_requested()) return {};
    const auto lost = service_.workspace().lost();
    const std::jthread watch([this, lost](const std::stop_token& served) {
      if (wait_for(lost, served)) end();
    });
    const bool ended_well = server_->listen_after_bind();
    if (lost.stop_requested()) return {};
    if (!ended_well && !stop.stop_requested()) {
      return fail(ErrorCode::Io, "api.cannot_listen", {{"address", std::to_string(port_)}});
    }
    return service_.audit().flush();
  }

 private:
  void end() {
    std::call_once(ending_, [this] {
      service_.begin_end();
      server_->stop();
    });
  }

  void prepare() {
    server_->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    // Bodies are counted here as they come: routes differ in what they take.
    server_->set_payload_max_length(std::numeric_limits<std::size_t>::max());
    server_->set_keep_alive_max_count(kMostOfConnection);
    server_->set_keep_alive_timeout(kKeepAliveSeconds);
    server_->set_read_timeout(kReadTimeoutSeconds);
    server_->set_write_timeout(kWriteTimeoutSeconds);
    server_->set_tcp_nodelay(true);
    // Before the library looks at patterns: those would be searched in a path of any length.
    server_->set_pre_routing_handler([this](const httplib::Request& in, httplib::Response& out) {
      // Every answer is whole. The library would believe the end of a range that lies behind that of the body.
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the request is the library's own and is not const
      const_cast<httplib::Request&>(in).ranges.clear();
      return before_body(in, out) ? httplib::Server::HandlerResponse::Handled
                                  : httplib::Server::HandlerResponse::Unhandled;
    });
    const auto with_body = [this](const httplib::Request& in, httplib::Response& out,
                                  const httplib::ContentReader& reader) { answer_body(in, out, reader); };
    server_->Post("/.*", with_body);
    server_->Put("/.*", with_body);
    server_->Patch("/.*", with_body);
    server_->set_error_handler([this](const httplib::Request& in, httplib::Response& out) { on_error(in, out); });
    server_->set_exception_handler(
        [this](const httplib::Request& in, httplib::Response& out, const std::exception_ptr&) {
          fill(out, answer_of({ErrorCode::Internal, {"api.fault", {}}, {}}, texts(in), ""));
        });
  }

  [[nodiscard]] const Texts& texts(const httplib::Request& in) const {
    const bool english = in.get_header_value("Accept-Language").starts_with("en");
    return service_.texts(english ? Language::English : Language::Chinese);
  }

  // True: answered; what remains is read with its body.
  bool before_body(const httplib::Request& in, httplib::Response& out) {
    if (in.target.size() > kLongestPath) {
      auto refusal = answer_of(
          {ErrorCode::InvalidArgument, {"api.too_long", {{"most", std::to_string(kLongestPath)}}}, {}}, texts(in), "");
      refusal.ends_connection = true;
      fill(out, std::move(refusal));
      return true;
    }
    if (in.method == "POST" || in.method == "PUT" || in.method == "PATCH") return false;
    auto response = answer(raw_of(in));
    response.ends_connection = announces_body(in);
    fill(out, std::move(response));
    return true;
  }

  // Whatever becomes of it, its body is read to the end or the connection is closed: the rest of a body must not be
  // taken for a request.
  void answer_body(const httplib::Request& in, httplib::Response& out, const httplib::ContentReader& reader) {
    BodyReader body(in, reader);
    auto raw = raw_of(in);
    auto response = [&] {
      if (in.is_multipart_form_data())
        return refuse(in, {ErrorCode::InvalidArgument, {"api.no_parts", {{"field", "Content-Type"}}}, {}});
      if (gate_.takes_stream(raw.method, raw.path)) {
        raw.read_body = [&body](const std::function<bool(std::string_view)>& take) { return body.read(take); };
        return answer(raw);
      }
      const bool whole = body.read([&raw](std::string_view piece) {
        raw.body += piece;
        return raw.body.size() <= kLargestBodyBytes;
      });
      if (whole) return answer(raw);
      if (raw.body.size() <= kLargestBodyBytes)
        return refuse(in, {ErrorCode::InvalidArgument, {"api.malformed", {}}, {}});
      return refuse(in,
                    {ErrorCode::InvalidArgument, {"api.too_large", {{"most", std::to_string(kLargestBodyBytes)}}}, {}});
    }();
    response.ends_connection = !body.finish();
    fill(out, std::move(response));
  }

  [[nodiscard]] Response refuse(const httplib::Request& in, const Error& error) const {
    return answer_of(error, texts(in), "");
  }

  // Refusals of the library itself: a body that is too large, a request that is none.
  void on_error(const httplib::Request& in, httplib::Response& out) {
    if (!out.body.empty() || out.content_length_ > 0) return;
    const auto trace = "";
    Error error{ErrorCode::InvalidArgument, {"api.malformed", {}}, {}};
    if (out.status == 413) error.line = {"api.too_large", {{"most", std::to_string(kLargestBodyBytes)}}};
    if (out.status == 414) error.line = {"api.too_long", {{"most", std::to_string(kLongestPath)}}};
    const auto status = out.status;
    fill(out, answer_of(error, texts(in), trace));
    out.status = status;
  }

  [[nodiscard]] RawRequest raw_of(const httplib::Request& in) const {
    RawRequest raw;
    raw.method = in.method == "HEAD" ? "GET" : in.method;
    raw.path = in.path;
    raw.query.assign(in.params.begin(), in.params.end());
    for (const auto& [name, value] : in.headers) {
      std::string lower = name;
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
      raw.headers.emplace(std::move(lower), value);
    }
    raw.address = in.remote_addr;
    raw.is_secure = is_secure_;
    return raw;
  }

  Response answer(const RawRequest& raw) {
    if (raw.path == kApiRoot || raw.path.starts_with(std::string(kApiRoot) + "/")) return gate_.answer(raw);
    return aside(raw);
  }

  // What lies outside of the interface for programs.
  Response aside(const RawRequest& raw) {
    if (raw.method != "GET") {
      return answer_of({ErrorCode::InvalidArgument, {"api.no_such_method", {{"method", raw.method}}}, {}},
                       service_.texts(Language::Chinese), "");
    }
    if (raw.path == "/healthz") return Response::json({{"state", "alive"}});
    if (raw.path == "/readyz") return ready();
    if (raw.path == "/metrics") {
      Response out;
      out.type = "text/plain; version=0.0.4; charset=utf-8";
      out.body = service_.metrics().text() + gauges_text(service_);
      return out;
    }
    const auto accepts = raw.headers.find("accept-encoding");
    return pages_.answer(raw.path, accepts != raw.headers.end() && accepts->second.find("gzip") != std::string::npos);
  }

  Response ready() {
    auto lease = service_.session(Language::Chinese);
    const bool good = lease && (*lease)->workspace.connection().query_integer("SELECT 1").has_value();
    return Response::json({{"state", good ? "ready" : "not ready"}}, good ? 200 : 503);
  }

  void fill(httplib::Response& out, Response response) const {
    out.status = response.status;
    for (const auto& [name, value] : security_headers(response.style_nonce, is_secure_)) out.set_header(name, value);
    for (const auto& [name, value] : response.headers) out.headers.emplace(name, value);
    if (response.stream) {
      auto stream = std::make_shared<std::function<bool(const Response::Write&)>>(std::move(response.stream));
      out.set_chunked_content_provider(response.type, [stream](std::size_t, httplib::DataSink& sink) {
        const auto write = [&sink](std::string_view piece) { return sink.write(piece.data(), piece.size()); };
        if (!(*stream)(write)) sink.done();
        return true;
      });
      return;
    }
    if (response.is_gzip) out.set_header("Content-Encoding", "gzip");
    if (response.ends_connection) out.set_header("Connection", "close");
    if (response.is_gzip || (response.ends_connection && !response.body.empty())) {
      // By a provider: the library would pack a plain body again, and closes when one fails after its last byte.
      const auto body = std::make_shared<const std::string>(std::move(response.body));
      out.set_content_provider(
          body->size(), response.type,
          [body, ends = response.ends_connection](std::size_t at, std::size_t length, httplib::DataSink& sink) {
            const auto rest = std::string_view(*body).substr(std::min(at, body->size()), length);
            return sink.write(rest.data(), rest.size()) && !ends;
          });
      return;
    }
    if (!response.type.empty()) out.set_content(response.body, response.type);
  }

  Service& service_;
  Gate gate_;
  WebFiles pages_;
  bool is_secure_;
  std::unique_ptr<httplib::Server> server_;
  std::uint16_t port_ = 0;
  std::once_flag ending_;
};

}  // namespace

Result<ServerOptions> parse_listen(const std::string& text) {
  ServerOptions out;
  const auto at = text.rfind(':');
  unsigned port = 0;
  const auto* const end = text.data() + text.size();
  const auto read = at == std::string::npos ? std::from_chars_result{end, std::errc::invalid_argument}
                                            : std::from_chars(text.data() + at + 1, end, port);
  constexpr unsigned kLargestPort = 65'535;
  if (read.ec != std::errc() || read.ptr != end || port > kLargestPort) {
    return fail(ErrorCode::InvalidArgument, "api.bad_listen", {{"value", text}});
  }
  out.host = text.substr(0, at);
  if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host.empty()) out.host = "0.0.0.0";
  out.port = static_cast<std::uint16_t>(port);
  return out;
}

Result<std::unique_ptr<Server>> Server::create(Service& service, const ServerOptions& options) {
  std::unique_ptr<httplib::Server> server;
  if (options.certificate.empty()) {
    server = std::make_unique<httplib::Server>();
  } else {
    server = std::make_unique<httplib::SSLServer>([&options](SSL_CTX& context) {
      return SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
             SSL_CTX_use_certificate_chain_file(&context, options.certificate.c_str()) == 1 &&
             SSL_CTX_use_PrivateKey_file(&context, options.private_key.c_str(), SSL_FILETYPE_PEM) == 1;
    });
  }
  if (!server->is_valid()) {
    return fail(ErrorCode::InvalidArgument, "api.bad_certificate",
                {{"certificate", options.certificate.string()}, {"key", options.private_key.string()}});
  }
  auto out = std::make_unique<HttpServer>(service, options, std::move(server));
  FENQUN_CHECK(out->bind(options.host, options.port));
  return std::unique_ptr<Server>(std::move(out));
}

}  // namespace fenqun::api
