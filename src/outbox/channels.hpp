// outbox/channels.hpp - how notices of each channel leave the house, from config/notices.yaml. Level 2.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::outbox {

enum class Adapter : std::uint8_t { None, FileDrop, WebHook, Smtp };
std::string_view name_of(Adapter adapter) noexcept;  // "none", "file_drop", "web_hook", "smtp"

/// Secrets are read already.
struct Channel {
  Adapter adapter = Adapter::None;
  bool receipts = false;         // the other side reports later what was delivered
  int timeout_s = 10;            // 1..300
  std::filesystem::path folder;  // FileDrop
  std::string url;               // WebHook: http:// or https://
  std::string secret;            // WebHook: what requests are signed with; Smtp: password, may be empty
  std::string host;              // Smtp
  int port = 25;                 // Smtp: 1..65535
  std::string tls;               // Smtp: none, start, always
  std::string from;              // Smtp
  std::string subject;           // Smtp
  std::string user;              // Smtp: empty: no login
};

struct ChannelSet {
  std::map<std::string, Channel, std::less<>> channels;  // by name: "sms" ...
  int most_attempts = 6;                                 // 1..100
  int first_wait_s = 30;                                 // 1..86400; each further wait doubles
  int longest_wait_s = 3600;
  std::vector<std::string> loud;  // not sent in quiet hours

  /// Before the attempt after `attempts` ones.
  [[nodiscard]] std::int64_t wait_s(int attempts) const;
};

/// Relative files lie below `workspace`. Errors: BadData naming file and line (unknown keys, adapters, numbers out of
/// range, what an adapter needs), Io (a secret that cannot be read).
Result<ChannelSet> read_channels(const AssetStore& assets, const std::filesystem::path& workspace);

}  // namespace fenqun::outbox
