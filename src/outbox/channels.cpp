// outbox/channels.cpp
#include "outbox/channels.hpp"

#include "base/file.hpp"
#include "base/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::outbox {
namespace {

constexpr std::string_view kFile = "config/notices.yaml";
constexpr int kMostSeconds = 86'400;
constexpr int kMostTimeout = 300;
constexpr int kMostAttempts = 100;
constexpr int kMostPort = 65'535;
constexpr std::size_t kLargestSecret = 4096;

constexpr std::array<std::pair<std::string_view, Adapter>, 4> kAdapters = {{{"none", Adapter::None},
                                                                            {"file_drop", Adapter::FileDrop},
                                                                            {"web_hook", Adapter::WebHook},
                                                                            {"smtp", Adapter::Smtp}}};
constexpr std::array<std::string_view, 7> kChannels = {"sms",   "wechat",   "email", "phone",
                                                       "paper", "bulletin", "online"};

tl::unexpected<Error> wrong(const Settings& node, std::string_view key, const std::string& value,
                            const std::string& expected) {
  return node.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", value}, {"expected", expected}});
}

Result<int> whole(const Settings& node, std::string_view key, int least, int most, int fallback) {
  FENQUN_TRY(const auto value, node.integer(key, fallback));
  if (value >= least && value <= most) return static_cast<int>(value);
  return wrong(node, key, std::to_string(value), fmt::format("{}..{}", least, most));
}

Result<std::string> secret(const Settings& node, std::string_view key, const std::filesystem::path& workspace) {
  FENQUN_TRY(const auto name, node.text(key, ""));
  if (name.empty()) return std::string();
  FENQUN_TRY(auto text, read_file(workspace / name));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty() || text.size() > kLargestSecret || text.find('\n') != std::string::npos) {
    return node.refuse("outbox.bad_secret", {{"file", (workspace / name).string()}});
  }
  return text;
}

Result<Channel> read_channel(const Settings& node, const std::filesystem::path& workspace) {
  FENQUN_CHECK(node.allow_only({"adapter", "receipts", "timeout_s", "folder", "url", "secret_file", "host", "port",
                                "tls", "from", "subject", "user", "password_file"}));
  Channel out;
  FENQUN_TRY(const auto adapter, node.text("adapter"));
  const auto* const word =
      std::find_if(kAdapters.begin(), kAdapters.end(), [&](const auto& one) { return one.first == adapter; });
  if (word == kAdapters.end()) return wrong(node, "adapter", adapter, "none, file_drop, web_hook, smtp");
  out.adapter = word->second;
  FENQUN_TRY(out.receipts, node.boolean("receipts", false));
  FENQUN_TRY(out.timeout_s, whole(node, "timeout_s", 1, kMostTimeout, out.timeout_s));
  if (out.adapter == Adapter::FileDrop) {
    FENQUN_TRY(const auto folder, node.text("folder"));
    out.folder = workspace / folder;
  }
  if (out.adapter == Adapter::WebHook) {
    FENQUN_TRY(out.url, node.text("url"));
    if (!out.url.starts_with("http://") && !out.url.starts_with("https://")) {
      return wrong(node, "url", out.url, "http:, https:");
    }
    FENQUN_TRY([[maybe_unused]] const auto named, node.text("secret_file"));
    FENQUN_TRY(out.secret, secret(node, "secret_file", workspace));
  }
  if (out.adapter == Adapter::Smtp) {
    FENQUN_TRY(out.host, node.text("host"));
    FENQUN_TRY(out.port, whole(node, "port", 1, kMostPort, out.port));
    FENQUN_TRY(out.tls, node.text("tls", "start"));
    if (out.tls != "none" && out.tls != "start" && out.tls != "always") {
      return wrong(node, "tls", out.tls, "none, start, always");
    }
    FENQUN_TRY(out.from, node.text("from"));
    FENQUN_TRY(out.subject, node.text("subject"));
    FENQUN_TRY(out.user, node.text("user", ""));
    FENQUN_TRY(out.secret, secret(node, "password_file", workspace));
  }
  return out;
}

}  // namespace

std::string_view name_of(Adapter adapter) noexcept {
  const auto* const found =
      std::find_if(kAdapters.begin(), kAdapters.end(), [&](const auto& one) { return one.second == adapter; });
  return found == kAdapters.end() ? std::string_view() : found->first;
}

std::int64_t ChannelSet::wait_s(int attempts) const {
  std::int64_t wait = first_wait_s;
  for (int n = 1; n < attempts && wait < longest_wait_s; ++n) wait *= 2;
  return std::min<std::int64_t>(wait, longest_wait_s);
}

Result<ChannelSet> read_channels(const AssetStore& assets, const std::filesystem::path& workspace) {
  FENQUN_TRY(const auto file, assets.read(kFile));
  FENQUN_TRY(const auto root, Settings::parse(file.text, file.origin));
  FENQUN_CHECK(root.allow_only({"channels", "retries", "loud"}));
  ChannelSet out;
  FENQUN_TRY(const auto channels, root.child("channels"));
  FENQUN_TRY(const auto entries, channels.entries());
  const auto known = [](const std::string& name) {
    return std::find(kChannels.begin(), kChannels.end(), name) != kChannels.end();
  };
  constexpr const char* kExpected = "sms, wechat, email, phone, paper, bulletin, online";
  for (const auto& [name, node] : entries) {
    if (!known(name)) return wrong(node, "channels", name, kExpected);
    FENQUN_TRY(out.channels[name], read_channel(node, workspace));
  }
  if (const auto retries = root.find("retries")) {
    FENQUN_CHECK(retries->allow_only({"most", "first_wait_s", "longest_wait_s"}));
    FENQUN_TRY(out.most_attempts, whole(*retries, "most", 1, kMostAttempts, out.most_attempts));
    FENQUN_TRY(out.first_wait_s, whole(*retries, "first_wait_s", 1, kMostSeconds, out.first_wait_s));
    FENQUN_TRY(out.longest_wait_s, whole(*retries, "longest_wait_s", 1, kMostSeconds, out.longest_wait_s));
  }
  FENQUN_TRY(out.loud, root.texts("loud"));
  for (const auto& name : out.loud) {
    if (!known(name)) return wrong(root, "loud", name, kExpected);
  }
  return out;
}

}  // namespace fenqun::outbox
