// access/secret.cpp
#include "access/secret.hpp"

#include <sodium.h>

#include <array>
#include <semaphore>
#include <vector>

namespace fenqun::access {
namespace {

constexpr std::size_t kRandomBytes = 32;
constexpr std::ptrdiff_t kAtATime = 2;  // each takes 64 MiB

std::counting_semaphore<kAtATime>& hashing() {
  static std::counting_semaphore<kAtATime> room(kAtATime);
  return room;
}

class Turn {
 public:
  Turn() { hashing().acquire(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { hashing().release(); }
};

bool ready() {
  static const bool kDone = sodium_init() >= 0;
  return kDone;
}

}  // namespace

Result<std::string> hash_password(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const Turn turn;
  if (!ready() ||
      crypto_pwhash_str_alg(out.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(ErrorCode::Unavailable, "access.cannot_hash");
  }
  return std::string(out.data());
}

bool is_password(std::string_view password, const std::string& hash) {
  if (!ready() || hash.size() >= crypto_pwhash_STRBYTES) return false;
  const Turn turn;
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_hash() {
  static const std::string kHash = hash_password(random_hex(kRandomBytes)).value_or("");
  return kHash;
}

std::string random_hex(std::size_t bytes) {
  if (!ready()) return "";
  std::vector<unsigned char> raw(bytes);
  randombytes_buf(raw.data(), raw.size());
  std::string out(bytes * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), raw.data(), raw.size());
  out.pop_back();
  return out;
}

std::string random_password() {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  constexpr int kGroups = 4;
  constexpr int kGroupLength = 4;
  if (!ready()) return "";
  std::string out;
  for (int n = 0; n < kGroups * kGroupLength; ++n) {
    if (n > 0 && n % kGroupLength == 0) out += '-';
    out += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
  }
  return out;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace fenqun::access
