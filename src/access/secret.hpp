// access/secret.hpp - passwords and random secrets, by libsodium. Level 2. From any thread.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace fenqun::access {

/// Argon2id with a random salt, in the form $argon2id$v=19$m=65536,t=2,p=1$salt$hash. Takes 64 MiB and about a tenth of
/// a second. Errors: Unavailable (no memory).
Result<std::string> hash_password(std::string_view password);
/// Does the password belong to the hash? The same time and memory as hashing; no more than a few at a time, others
/// wait.
bool is_password(std::string_view password, const std::string& hash);
/// A hash of nothing that anybody knows: checked when a user does not exist, so that the time tells nothing.
const std::string& nobodys_hash();

/// `bytes` from the system's random source, as hex digits.
std::string random_hex(std::size_t bytes);
/// A first password that can be read out: 4 x 4 letters and digits without those that look alike (77 bits).
std::string random_password();
/// Equal in a time that does not depend on where they differ.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace fenqun::access
