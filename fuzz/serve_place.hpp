// fuzz/serve_place.hpp - a server of this process over a small made-up utility, for the targets that speak to it.
#pragma once

#include "api/server.hpp"
#include "fuzz_input.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fenqun::fuzz {

/// Choices out of the input; when it is used up, always the first.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] bool empty() const noexcept { return left_.empty(); }
  std::uint8_t byte();
  std::size_t below(std::size_t count);  // 0 .. count - 1
  bool one_in(std::size_t count) { return below(count) == count - 1; }
  std::string text(std::size_t most);  // bytes as they come
  template <typename Values>
  const auto& of(const Values& values) {
    return values[below(values.size())];
  }

 private:
  std::string_view left_;
};

/// Somebody who is let in: by a key, by the cookie of a session, or by nothing.
struct Caller {
  std::string role;
  bool sees_clear = false;  // personal fields of customers
  std::string key;
  std::string session;
  std::string csrf;
};

class Place {
 public:
  /// Makes the utility, publishes its groups, opens the server. Whatever fails ends the process.
  Place();
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// The last one is nobody.
  [[nodiscard]] const std::vector<Caller>& callers() const noexcept { return callers_; }
  /// Makes whom a request has disabled or logged out anew, and gives up jobs that wait.
  void tidy();
  /// Values that a parameter of this name may well have.
  [[nodiscard]] const std::vector<std::string>& values(const std::string& parameter) const;
  /// Personal texts of customers that masks cover.
  [[nodiscard]] const std::vector<std::string>& secrets() const noexcept { return secrets_; }
  /// Nothing lies in the folder but the workspace and what it was made of.
  [[nodiscard]] bool is_undisturbed() const;
  [[nodiscard]] const warehouse::ContractSet& contracts() const { return service_->workspace().contracts(); }

 private:
  void make_workspace();
  void publish(app::Session& session, const std::string& run);
  void open();
  void know_values();
  void let_in(Caller& caller);

  ScratchFolder scratch_;
  std::vector<std::string> runs_;
  std::unique_ptr<api::Service> service_;
  std::unique_ptr<api::Server> server_;
  std::jthread thread_;
  std::vector<Caller> callers_;
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> nothing_known_ = {"1"};
  std::vector<std::string> secrets_;
};

/// Sends the bytes over a connection of its own and hears what comes back until the server ends it (`is_whole`: all
/// that is to come is there) or said all of an event. `answered` false: it kept us waiting. `may_be_cut`: we closed our
/// half before all was there, and the library leaves whoever does that in the middle of a long answer.
struct Heard {
  std::string bytes;
  bool answered = true;
  bool may_be_cut = false;
};
Heard speak(std::uint16_t port, std::string_view bytes, const std::function<bool(std::string_view)>& is_whole);

}  // namespace fenqun::fuzz
