// cli/hand_over.cpp
#include "cli/hand_over.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <list>
#include <mutex>
#include <thread>

namespace fenqun::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint32_t kLargestFrame = 1 << 26;
constexpr std::uint32_t kLargestRequest = 1 << 20;
constexpr int kLookMillis = 200;  // how soon an interruption is heard

// What a frame holds.
constexpr char kRequest = 'r';
constexpr char kOut = 'o';
constexpr char kAside = 'e';
constexpr char kExit = 'x';

// Set for the time of a command line that a server runs; the commands themselves know nothing of it.
thread_local Output* current = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): of this thread

thread_local std::string secret;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): of this thread

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int get() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

bool send_all(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto sent = send(to, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool send_frame(int to, char kind, std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::array<char, 5> head{kind};
  std::memcpy(head.data() + 1, &size, sizeof(size));
  return send_all(to, head.data(), head.size()) && send_all(to, bytes.data(), bytes.size());
}

bool receive_all(int from, char* bytes, std::size_t size) {
  while (size > 0) {
    const auto got = recv(from, bytes, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

struct Frame {
  char kind = 0;
  std::string bytes;
};

std::optional<Frame> receive_frame(int from, std::uint32_t largest) {
  std::array<char, 5> head{};
  if (!receive_all(from, head.data(), head.size())) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, head.data() + 1, sizeof(size));
  if (size > largest) return std::nullopt;
  Frame out{head[0], std::string(size, '\0')};
  if (!receive_all(from, out.bytes.data(), size)) return std::nullopt;
  return out;
}

// The address of a socket has room for a hundred bytes; a workspace may lie deeper. The folder is named by its number.
sockaddr_un address_in(const Descriptor& folder) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::snprintf(out.sun_path, sizeof(out.sun_path), "/proc/self/fd/%d/%s", folder.get(), kSocketName);
  return out;
}

Descriptor folder_of(const fs::path& workspace) {
  return Descriptor(open(workspace.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

const sockaddr* as_address(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(
      &address);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): the system's way
}

class ToConnection final : public Output {
 public:
  explicit ToConnection(int connection) : connection_(connection) {}
  void print(std::string_view text) override { send_frame(connection_, kOut, text); }
  void print_aside(std::string_view text) override { send_frame(connection_, kAside, text); }

 private:
  int connection_;
};

// Asks to stop when the other end is gone.
class Listener {
 public:
  Listener(int connection, std::stop_source& stop)
      : thread_([connection, &stop](const std::stop_token& enough) {
          while (!enough.stop_requested()) {
            pollfd look{connection, POLLIN | POLLRDHUP, 0};
            if (poll(&look, 1, kLookMillis) > 0) {
              stop.request_stop();
              return;
            }
          }
        }) {}

 private:
  std::jthread thread_;
};

class Receiver final : public HandOver {
 public:
  Receiver(fs::path socket, Descriptor listening, RunCommand run)
      : socket_(std::move(socket)), listening_(std::move(listening)), run_(std::move(run)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { listen_until(stop); });
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() override {
    thread_.request_stop();
    thread_.join();
    for (auto& one : working_) one.request_stop();
    working_.clear();
    std::error_code ec;
    fs::remove(socket_, ec);
  }

 private:
  void listen_until(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd look{listening_.get(), POLLIN, 0};
      if (poll(&look, 1, kLookMillis) <= 0) continue;
      const int accepted = accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) continue;
      auto connection = std::make_shared<Descriptor>(accepted);  // shared: a function object has to be copied
      working_.emplace_back([this, connection](const std::stop_token& ended) { answer(connection->get(), ended); });
    }
  }

  void answer(int connection, const std::stop_token& ended) {
    const auto frame = receive_frame(connection, kLargestRequest);
    if (!frame || frame->kind != kRequest) return;
    const auto request = Json::parse(frame->bytes, nullptr, false);
    if (!request.is_object() || !request.contains("arguments") || !request.contains("folder")) return;
    // A folder of its own for this thread: paths mean what they mean to the caller.
    if (unshare(CLONE_FS) == 0) static_cast<void>(chdir(request["folder"].get<std::string>().c_str()) == 0);
    std::stop_source stop;
    const std::stop_callback when_ended(ended, [&stop] { stop.request_stop(); });
    int code = 1;
    {
      const Listener listener(connection, stop);
      ToConnection output(connection);
      const OutputTo redirect(output);
      keep_secret(request.value("secret", std::string()));
      code = run_(request["arguments"].get<std::vector<std::string>>(), stop.get_token());
    }
    keep_secret("");
    send_frame(connection, kExit, std::to_string(code));
  }

  fs::path socket_;
  Descriptor listening_;
  RunCommand run_;
  std::list<std::jthread> working_;  // touched by the listening thread, and after its end
  std::jthread thread_;
};

std::vector<std::string> with_whole_paths(std::vector<std::string> arguments) {
  for (auto& one : arguments) {
    std::error_code ec;
    if (!one.starts_with('-') && one.find('/') != std::string::npos && fs::exists(one, ec))
      one = fs::absolute(one, ec).string();
  }
  return arguments;
}

}  // namespace

OutputTo::OutputTo(Output& output) { current = &output; }
OutputTo::~OutputTo() { current = nullptr; }
Output* redirected() noexcept { return current; }

void keep_secret(std::string words) { secret = std::move(words); }
const std::string& kept_secret() noexcept { return secret; }

Result<std::unique_ptr<HandOver>> HandOver::create(const fs::path& workspace, RunCommand run) {
  const auto refused = [&]() -> tl::unexpected<Error> {
    return fail(ErrorCode::Io, "base.cannot_write",
                {{"path", (workspace / kSocketName).string()}, {"reason", std::strerror(errno)}});
  };
  const auto folder = folder_of(workspace);
  if (!folder.is_open()) return refused();
  std::error_code ec;
  fs::remove(workspace / kSocketName, ec);  // of a server that was killed: this one owns the database
  Descriptor listening(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listening.is_open()) return refused();
  const auto address = address_in(folder);
  // Made for nobody else from the first moment on.
  const auto old_mask = umask(0177);
  const bool bound = bind(listening.get(), as_address(address), sizeof(address)) == 0;
  umask(old_mask);
  constexpr int kWaiting = 16;
  if (!bound || listen(listening.get(), kWaiting) != 0) return refused();
  return std::unique_ptr<HandOver>(
      std::make_unique<Receiver>(workspace / kSocketName, std::move(listening), std::move(run)));
}

std::optional<int> hand_over(const fs::path& workspace, const std::vector<std::string>& arguments,
                             const std::stop_token& stop) {
  const auto folder = folder_of(workspace);
  const Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!folder.is_open() || !connection.is_open()) return std::nullopt;
  const auto address = address_in(folder);
  if (connect(connection.get(), as_address(address), sizeof(address)) != 0) return std::nullopt;
  std::error_code ec;
  const Json request = {
      {"arguments", with_whole_paths(arguments)}, {"folder", fs::current_path(ec).string()}, {"secret", kept_secret()}};
  if (!send_frame(connection.get(), kRequest, request.dump())) return std::nullopt;
  // Closing our side of it tells the other end; what it says to that still comes.
  const std::stop_callback on_stop(stop, [&] { shutdown(connection.get(), SHUT_WR); });
  constexpr int kFailed = 1;
  while (const auto frame = receive_frame(connection.get(), kLargestFrame)) {
    if (frame->kind == kExit) return std::atoi(frame->bytes.c_str());
    auto* const to = frame->kind == kOut ? stdout : stderr;
    std::fwrite(frame->bytes.data(), 1, frame->bytes.size(), to);
    std::fflush(to);
  }
  return kFailed;
}

}  // namespace fenqun::cli
