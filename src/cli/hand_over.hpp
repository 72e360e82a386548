// cli/hand_over.hpp - a command line run by the server that owns the workspace: both ends. Level 8.
// The server listens on a socket in the workspace that only its user can open (serve.sock). A request is the command
// line and the folder it was said in; what it prints comes back as it is printed, its exit code last. Who closes the
// connection interrupts it.
#pragma once

#include "app/session_pool.hpp"
#include "base/texts.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::cli {

inline constexpr const char* kSocketName = "serve.sock";

/// Where what a command prints goes; from one thread at a time.
class Output {
 public:
  virtual ~Output() = default;
  virtual void print(std::string_view text) = 0;        // results
  virtual void print_aside(std::string_view text) = 0;  // progress and errors
};

/// While it lives, what this thread prints goes there instead of to standard output and error.
class OutputTo {
 public:
  explicit OutputTo(Output& output);
  OutputTo(const OutputTo&) = delete;
  OutputTo& operator=(const OutputTo&) = delete;
  ~OutputTo();
};
/// Where this thread prints to; nullptr: to standard output and error.
Output* redirected() noexcept;

/// What was read in secret (a password) for the command line of this thread; it goes with it when it is handed over,
/// and stands here for the server that runs it. Empty: nothing was.
void keep_secret(std::string secret);
const std::string& kept_secret() noexcept;

/// How the server runs a command line; the folder it was said in is that of the thread.
using RunCommand = std::function<int(const std::vector<std::string>& arguments, const std::stop_token& stop)>;

/// The server's end: a thread that listens, and one per command line.
class HandOver {
 public:
  /// Errors: Io (the socket cannot be made).
  static Result<std::unique_ptr<HandOver>> create(const std::filesystem::path& workspace, RunCommand run);
  virtual ~HandOver() = default;
};

/// The other end: has the server of this workspace run the command line, prints what it prints, and gives its exit
/// code; absent: nobody listens there. Arguments that name something in this folder are sent as whole paths.
std::optional<int> hand_over(const std::filesystem::path& workspace, const std::vector<std::string>& arguments,
                             const std::stop_token& stop);

}  // namespace fenqun::cli
