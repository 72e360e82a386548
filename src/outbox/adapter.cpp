// outbox/adapter.cpp
#include "outbox/adapter.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace fenqun::outbox {
namespace {

constexpr std::size_t kLargestAnswer = 16'384;
constexpr std::size_t kLongestDetail = 200;
constexpr std::size_t kLineOfBase64 = 76;

struct List {
  curl_slist* items = nullptr;
  List() = default;
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  List(List&&) = delete;
  List& operator=(List&&) = delete;
  ~List() { curl_slist_free_all(items); }
  void add(const std::string& text) { items = curl_slist_append(items, text.c_str()); }
};

std::size_t take_answer(char* data, std::size_t size, std::size_t count, void* to) {
  auto& out = *static_cast<std::string*>(to);
  const auto length = size * count;
  out.append(data, std::min(length, kLargestAnswer - std::min(kLargestAnswer, out.size())));
  return length;
}

struct Upload {
  std::string_view left;
};
std::size_t give_mail(char* buffer, std::size_t size, std::size_t count, void* from) {
  auto& upload = *static_cast<Upload*>(from);
  const auto length = std::min(size * count, upload.left.size());
  std::copy_n(upload.left.begin(), length, buffer);
  upload.left.remove_prefix(length);
  return length;
}

std::string base64(const std::string& text) {
  std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the zero at the end
  return out;
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20U; }, ' ');
  if (text.size() <= kLongestDetail) return text;
  auto length = kLongestDetail;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;  // no half character
  return text.substr(0, length);
}

// Nobody puts headers of his own into a mail.
bool is_header_value(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20U || c == 0x7FU; });
}

std::string mail_of(const Channel& channel, const Message& message, std::int64_t now_s) {
  std::array<char, 64> date{};
  const auto when = static_cast<std::time_t>(now_s);
  std::tm utc{};
  gmtime_r(&when, &utc);
  std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S +0000", &utc);
  auto body = base64(message.text);
  std::string folded;
  for (std::size_t at = 0; at < body.size(); at += kLineOfBase64) folded += body.substr(at, kLineOfBase64) + "\r\n";
  return fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nMessage-ID: <{}@fenqun>\r\nSubject: =?UTF-8?B?{}?=\r\nMIME-Version: "
      "1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
      date.data(), channel.from, message.recipient, message.notice_id, base64(channel.subject), folded);
}

Attempt judge_answer(long status, const std::string& answer, const std::string& notice) {
  constexpr long kOk = 200;
  constexpr long kMultiple = 300;
  constexpr long kServer = 500;
  const auto told = fmt::format("HTTP {}: {}", status, one_line(answer));
  if (status >= kOk && status < kMultiple) {
    const auto json = nlohmann::json::parse(answer, nullptr, false);
    const bool is_ours = json.is_object() && json.contains("accepted") && json["accepted"] == notice;
    if (is_ours) return {Reply::Taken, told};
    return {Reply::Later, "answer does not name the notice, " + told};
  }
  constexpr std::array<long, 3> kAnotherTime = {408, 425, 429};
  const bool later =
      status >= kServer || std::find(kAnotherTime.begin(), kAnotherTime.end(), status) != kAnotherTime.end();
  return {later ? Reply::Later : Reply::Refused, told};
}

}  // namespace

struct Sender::Wire {
  CURL* curl = curl_easy_init();
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire(Wire&&) = delete;
  Wire& operator=(Wire&&) = delete;
  ~Wire() { curl_easy_cleanup(curl); }

  template <typename T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(curl, option, value);
  }
};

Sender::Sender(const Channel& channel) : channel_(channel) {
  static const auto kBegun = curl_global_init(CURL_GLOBAL_DEFAULT) + sodium_init();
  static_cast<void>(kBegun);
  wire_ = std::make_unique<Wire>();
}
Sender::~Sender() = default;
Sender::Sender(Sender&&) noexcept = default;

Attempt Sender::send(const Message& message, std::int64_t now_s) {
  auto& wire = *wire_;
  curl_easy_reset(wire.curl);
  wire.set(CURLOPT_NOSIGNAL, 1L);
  wire.set(CURLOPT_TIMEOUT, static_cast<long>(channel_.timeout_s));
  std::string answer;
  wire.set(CURLOPT_WRITEFUNCTION, &take_answer);
  wire.set(CURLOPT_WRITEDATA, static_cast<void*>(&answer));
  List list;
  if (channel_.adapter == Adapter::WebHook) {
    const auto body = nlohmann::ordered_json{
        {"notice", message.notice_id},
        {"channel", message.channel},
        {"recipient", message.recipient},
        {"text",
         message.text}}.dump();
    const auto time = std::to_string(now_s);
    list.add("Content-Type: application/json");
    list.add("Idempotency-Key: " + message.notice_id);
    list.add("X-Fenqun-Timestamp: " + time);
    list.add("X-Fenqun-Signature: sha256=" + signature(channel_.secret, time + "." + body));
    list.add("Expect:");
    wire.set(CURLOPT_URL, channel_.url.c_str());
    wire.set(CURLOPT_PROTOCOLS_STR, "http,https");
    wire.set(CURLOPT_HTTPHEADER, list.items);
    wire.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    wire.set(CURLOPT_COPYPOSTFIELDS, body.c_str());
    const auto done = curl_easy_perform(wire.curl);
    // Whoever gets it twice knows it by its key: it may be sent again.
    if (done != CURLE_OK) return {Reply::Later, curl_easy_strerror(done)};
    long status = 0;
    curl_easy_getinfo(wire.curl, CURLINFO_RESPONSE_CODE, &status);
    return judge_answer(status, answer, message.notice_id);
  }
  if (!is_header_value(message.recipient)) return {Reply::Refused, "recipient is no mail address"};
  const auto mail = mail_of(channel_, message, now_s);
  Upload upload{mail};
  list.add("<" + message.recipient + ">");
  const auto url = fmt::format("{}://{}:{}", channel_.tls == "always" ? "smtps" : "smtp", channel_.host, channel_.port);
  wire.set(CURLOPT_URL, url.c_str());
  wire.set(CURLOPT_USE_SSL, static_cast<long>(channel_.tls == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!channel_.user.empty()) {
    wire.set(CURLOPT_USERNAME, channel_.user.c_str());
    wire.set(CURLOPT_PASSWORD, channel_.secret.c_str());
  }
  const auto from = "<" + channel_.from + ">";
  wire.set(CURLOPT_MAIL_FROM, from.c_str());
  wire.set(CURLOPT_MAIL_RCPT, list.items);
  wire.set(CURLOPT_READFUNCTION, &give_mail);
  wire.set(CURLOPT_READDATA, static_cast<void*>(&upload));
  wire.set(CURLOPT_UPLOAD, 1L);
  const auto done = curl_easy_perform(wire.curl);
  long status = 0;
  curl_easy_getinfo(wire.curl, CURLINFO_RESPONSE_CODE, &status);
  if (done == CURLE_OK) return {Reply::Taken, fmt::format("SMTP {}", status)};
  constexpr long kPermanent = 500;
  const auto told = fmt::format("SMTP {}: {}", status, curl_easy_strerror(done));
  if (status >= kPermanent) return {Reply::Refused, told};
  // Once the mail is over and no answer came, it may have arrived; no mail server knows it by its number.
  const bool may_have_it = upload.left.empty() && status < 400;
  return {may_have_it ? Reply::Unknown : Reply::Later, told};
}

std::string signature(const std::string& secret, const std::string& text) {
  crypto_auth_hmacsha256_state state;
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  std::string out(mac.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), mac.data(), mac.size());
  out.pop_back();
  return out;
}

}  // namespace fenqun::outbox
