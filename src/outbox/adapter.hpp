// outbox/adapter.hpp - one notice over one adapter: web hook or mail. Level 2, inside the room.
#pragma once

#include "outbox/channels.hpp"

#include <memory>
#include <string>

namespace fenqun::outbox {

struct Message {
  std::string notice_id;
  std::string channel;
  std::string recipient;
  std::string text;
};

enum class Reply : std::uint8_t {
  Taken,    // the other side has it, and said so of this very notice
  Later,    // it may take it another time
  Refused,  // it never will
  Unknown   // nobody can tell whether it has it, and to send it again could reach somebody twice
};
struct Attempt {
  Reply reply = Reply::Later;
  std::string detail;  // what the other side said, for people
};

/// Keeps its connection from one message to the next. For one thread.
class Sender {
 public:
  explicit Sender(const Channel& channel);  // `channel` must outlive it
  ~Sender();
  Sender(Sender&&) noexcept;
  Sender& operator=(Sender&&) = delete;

  /// Web hook: POST of {"notice", "channel", "recipient", "text"} with the headers Idempotency-Key (the notice),
  /// X-Fenqun-Timestamp (seconds) and X-Fenqun-Signature (sha256= and the hex HMAC of "TIMESTAMP.BODY"). Taken is what
  /// is answered with 2xx and {"accepted": "<notice>"}. Mail: Message-ID is made of the notice.
  Attempt send(const Message& message, std::int64_t now_s);

 private:
  struct Wire;
  const Channel& channel_;
  std::unique_ptr<Wire> wire_;
};

/// Hex HMAC-SHA-256.
std::string signature(const std::string& secret, const std::string& text);

}  // namespace fenqun::outbox
