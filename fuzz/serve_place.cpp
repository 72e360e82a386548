// fuzz/serve_place.cpp
#include "serve_place.hpp"

#include "app/pipeline.hpp"
#include "datagen/datagen.hpp"
#include "ledger/life.hpp"
#include "ledger/publish.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace fenqun::fuzz {
namespace {

constexpr std::int64_t kCustomers = 500;
constexpr std::size_t kMostSecrets = 40;
constexpr std::size_t kMostWaiting = 2;
constexpr std::size_t kMostHeard = 8 << 20;
constexpr int kThinkingMs = 3'000;
constexpr int kPatienceMs = 60'000;
constexpr std::array kRoles = {"manager", "analyst", "administrator", "agent", "auditor", "leader"};
constexpr const char* kPassword = "a long enough password";

access::Moment system_now() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

template <typename T>
T must(Result<T> result, const char* what) {
  if (!result) {
    static const auto texts = Texts::create(AssetStore(), Language::English);
    std::cerr << what << ": " << (texts ? render_error(result.error(), *texts) : result.error().line.key) << "\n";
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// Whether a server that reads it waits for nothing more; as far as that can be told.
bool is_complete(std::string_view bytes) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return false;
  constexpr std::string_view kLength = "Content-Length: ";
  const auto at = bytes.substr(0, head).find(kLength);
  if (at == std::string_view::npos) return bytes.substr(0, head).find("chunked") == std::string_view::npos;
  std::size_t size = 0;
  const auto digits = bytes.substr(at + kLength.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), size);
  return bytes.size() - head - 4 >= size;
}

class Connected {
 public:
  explicit Connected(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    expect(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
           "the server takes callers");
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  ~Connected() { ::close(fd_); }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::uint8_t Choices::byte() {
  if (left_.empty()) return 0;
  const auto out = static_cast<std::uint8_t>(left_.front());
  left_.remove_prefix(1);
  return out;
}

std::size_t Choices::below(std::size_t count) { return count <= 1 ? 0 : byte() % count; }

std::string Choices::text(std::size_t most) {
  const auto length = std::min({static_cast<std::size_t>(byte()), most, left_.size()});
  std::string out(left_.substr(0, length));
  left_.remove_prefix(length);
  return out;
}

Place::Place() {
  spdlog::set_level(spdlog::level::off);  // what it says of faults is found in the answers
  make_workspace();
  open();
  for (const auto* const role : kRoles) {
    Caller caller;
    caller.role = role;
    caller.sees_clear = service_->rules().find(role)->personal == access::Sight::Clear;
    let_in(caller);
    callers_.push_back(std::move(caller));
  }
  callers_.emplace_back();
  know_values();
}

Place::~Place() {
  thread_.request_stop();
  thread_.join();
}

void Place::make_workspace() {
  const auto workspace = scratch_.path() / "ws";
  must(warehouse::Workspace::init(workspace, "t"), "a workspace");
  app::Caller caller;
  caller.language = Language::English;
  caller.threads = 2;
  caller.now = [] { return std::string("2026-07-01 09:30"); };
  NoProgress silent;
  caller.progress = &silent;
  auto session = must(app::Session::open(workspace, caller), "a session");
  datagen::DatagenOptions options;
  options.profile = "city";
  options.out = scratch_.path() / "data";
  options.customers = kCustomers;
  options.months = 14;
  options.reading_months = 1;
  must(datagen::generate(session.workspace.assets(), session.workspace.contracts(), options, *session.pool, silent),
       "a utility");
  app::PipelineRequest request;
  request.ingest.sources = {options.out};
  request.segment.schemes = {"level1", "dongguan_revenue"};
  const auto outcome = must(app::run_pipeline(session, request), "groups");
  for (const auto& run : outcome.segmented.runs) publish(session, run.run_id);
}

void Place::publish(app::Session& session, const std::string& run) {
  must(ledger::review_run(session.workspace, {run, ledger::Decision::Accept, "li", "looked at"}), "a review");
  must(ledger::publish_run(session.workspace, {run, "chen", "monthly", "as many as there are"}), "a publication");
  runs_.push_back(run);
}

void Place::open() {
  app::Caller caller;
  caller.threads = 2;
  caller.now = [] { return std::string("2026-07-01 09:30"); };
  auto session = must(app::Session::open(scratch_.path() / "ws", caller), "the workspace");
  service_ = must(api::Service::create(std::move(session), system_now), "a service");
  must(service_->door().add_first_user({"first", "", "administrator", access::Scope::all(), kPassword}),
       "a first user");
  server_ = must(api::Server::create(*service_, {}), "a server");
  thread_ = std::jthread([this](const std::stop_token& stop) { must(server_->run(stop), "the server"); });
}

void Place::let_in(Caller& caller) {
  auto& door = service_->door();
  static int number = 0;
  const auto name = caller.role + std::to_string(number++);
  must(door.add_user({name, "", caller.role, access::Scope::all(), kPassword}, "first"), "a user");
  const auto login = must(door.log_in(name, kPassword, "127.0.0.1"), "a login");
  caller.session = login.token;
  caller.csrf = login.admission.csrf;
  caller.key = must(door.add_key(name, caller.role, access::Scope::all(), std::nullopt, "first"), "a key").secret;
}

void Place::tidy() {
  for (auto& caller : callers_) {
    if (caller.role.empty()) continue;
    const bool stands = service_->door().by_session(caller.session) && service_->door().by_key(caller.key);
    if (!stands) let_in(caller);
  }
  const auto waiting = service_->jobs().list("queued");
  for (std::size_t n = kMostWaiting; n < waiting.size(); ++n) {
    static_cast<void>(service_->jobs().cancel(waiting[n].id));  // it may have begun meanwhile
  }
}

void Place::know_values() {
  const auto directory = service_->directory();
  expect(directory->size() == kCustomers, "all customers are in memory");
  for (std::uint32_t row = 0; row < directory->size() && secrets_.size() < kMostSecrets; ++row) {
    values_["customer"].emplace_back(directory->id(row));
    values_["phone"].emplace_back(directory->phone(row));
    values_["q"].emplace_back(directory->name(row));
    for (const auto secret : {directory->phone(row), directory->address(row)}) {
      constexpr std::size_t kTelling = 11;
      if (secret.size() >= kTelling) secrets_.emplace_back(secret);
    }
  }
  expect(!secrets_.empty(), "there are secrets to keep");
  values_["run"] = values_["with"] = values_["runs"] = values_["definition"] = runs_;
  values_["scheme"] = values_["schemes"] = {"level1", "dongguan_revenue", "personas", "none"};
  values_["group"] = {"residential", "1", "none"};
  values_["month"] = values_["from_month"] = {"2026-06", "2026-05", "2031-01"};
  values_["from"] = values_["to"] = {"2026-06", "2026-06-01", "2026-02-31"};
  values_["job"] = {"1", "2", "99999999999999999999"};
  values_["user"] = {"nobody", "first0", "x"};
  values_["role"] = {"agent", "analyst", "none"};
  values_["kind"] = {"prepare", "segment", "report", "publish"};
  values_["sort"] = {"customer_id", "-customer_name", "none"};
  values_["page"] = values_["page_size"] = values_["limit"] = {"1", "2", "500", "1000000"};
  values_["scope"] = values_["org_unit"] = values_["parent"] = {directory->station(0), "none"};
  values_["purpose"] = values_["reason"] = {"visit", "=cmd|' /C calc'!A0"};
  values_["text"] = {"name: x\nmethod: rules\n", "", "- [", "name: level1\nversion: 1\nmethod: kmeans\n"};
  values_["name"] = {"copy", "../../outside", "a/b", ".."};
  values_["format"] = {"csv", "parquet"};
}

const std::vector<std::string>& Place::values(const std::string& parameter) const {
  const auto at = values_.find(parameter);
  return at == values_.end() ? nothing_known_ : at->second;
}

bool Place::is_undisturbed() const {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(scratch_.path(), ec)) {
    if (entry.path().filename() != "ws" && entry.path().filename() != "data") return false;
  }
  return !ec;
}

Heard speak(std::uint16_t port, std::string_view bytes, const std::function<bool(std::string_view)>& is_whole) {
  const Connected connection(port);
  auto left = bytes;
  while (!left.empty()) {
    const auto sent = ::send(connection.fd(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // it may refuse before it heard all
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  Heard heard;
  std::array<char, 65'536> piece;
  // The library answers nobody who has closed half of a connection: that is done when it seems to wait for more.
  bool is_open = is_complete(bytes);
  heard.may_be_cut = !is_open;
  if (!is_open) ::shutdown(connection.fd(), SHUT_WR);
  while (heard.bytes.size() < kMostHeard) {
    pollfd wait{connection.fd(), POLLIN, 0};
    const bool came = ::poll(&wait, 1, is_open ? kThinkingMs : kPatienceMs) > 0;
    if (!came && !is_open) heard.answered = false;
    const auto got = came ? ::recv(connection.fd(), piece.data(), piece.size(), 0) : 0;
    if (got > 0) heard.bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (got <= 0 && !is_open) break;
    const bool is_stream = heard.bytes.find("text/event-stream") != std::string::npos;
    if (is_stream && heard.bytes.find("data: ") != std::string::npos) break;  // the rest comes as the work goes on
    if (is_open && (got <= 0 || is_whole(heard.bytes))) {
      heard.may_be_cut = !is_whole(heard.bytes);
      ::shutdown(connection.fd(), SHUT_WR);
      is_open = false;
    }
  }
  return heard;
}

}  // namespace fenqun::fuzz
