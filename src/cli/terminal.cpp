// cli/terminal.cpp
#include "cli/terminal.hpp"

#include "cli/text_table.hpp"
#include "cli/visible_text.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace fenqun::cli {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

// The longest beginning of `text` that fits `width` columns.
std::string fitting(const std::string& text, std::size_t width) {
  std::string out = text;
  while (!out.empty() && display_width(out) > width) {
    do {
      out.pop_back();
    } while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U);
    if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0) out.pop_back();
  }
  return out;
}

sigset_t interrupt_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);  // the destructor's own knock
  return set;
}

}  // namespace

TerminalProgress::TerminalProgress(const Texts& texts) : texts_(texts), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void TerminalProgress::begin(const std::string& title) {
  const std::scoped_lock lock(mutex_);
  const auto text = texts_.has(title) ? texts_(title) : visible(title, LineEnds::Shown);
  share_ = -1;
  if (++depth_ > 1) {
    detail_ = text;
    return;
  }
  title_ = text;
  detail_.clear();
  begun_ = std::chrono::steady_clock::now();
  drawn_ = begun_ - std::chrono::seconds(1);
  if (is_terminal_) draw();
}

void TerminalProgress::update(double share, const std::string& detail) {
  const std::scoped_lock lock(mutex_);
  share_ = share;
  if (!detail.empty()) detail_ = texts_.has(detail) ? texts_(detail) : visible(detail, LineEnds::Shown);
  if (is_terminal_ && seconds_since(drawn_) >= 0.05) draw();
}

void TerminalProgress::draw() {
  drawn_ = std::chrono::steady_clock::now();
  constexpr std::size_t kBar = 24;
  const std::string bar = share_ >= 0 ? share_bar(share_, kBar) : std::string(kBar, ' ');
  const std::string percent = share_ >= 0 ? fmt::format("{:3.0f}%", 100 * share_) : "    ";
  const std::string line =
      fmt::format("│{}│ {} {:5.1f} s  {} {}", bar, percent, seconds_since(begun_), title_, detail_);
  fmt::print(stderr, "\r\033[K{}", fitting(line, terminal_width() - 1));
  std::fflush(stderr);
}

void TerminalProgress::end() {
  const std::scoped_lock lock(mutex_);
  if (depth_ == 0 || --depth_ > 0) return;
  const std::string line = fmt::format("✓ {}  {:.1f} s", title_, seconds_since(begun_));
  if (is_terminal_)
    fmt::print(stderr, "\r\033[K{}\n", fitting(line, terminal_width() - 1));
  else
    fmt::print(stderr, "{}\n", line);
}

void TerminalProgress::abandon() {
  const std::scoped_lock lock(mutex_);
  if (depth_ == 0 || --depth_ > 0) return;
  if (is_terminal_) fmt::print(stderr, "\r\033[K");
}

Interruption::Interruption() {
  // A file that may not grow and a reader that went away are errors to be told, not reasons to die half-way.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  const auto set = interrupt_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::thread([this, set] {
    for (int seen = 0;;) {
      int signal = 0;
      if (sigwait(&set, &signal) != 0 || signal == SIGUSR1) return;
      stop_.request_stop();
      constexpr int kInterrupted = 130;
      if (++seen > 1) std::_Exit(kInterrupted);
    }
  });
}

Interruption::~Interruption() {
  pthread_kill(waiter_.native_handle(), SIGUSR1);
  waiter_.join();
}

}  // namespace fenqun::cli
