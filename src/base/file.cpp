// base/file.cpp
#include "base/file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace fenqun {
namespace {

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<Error> io_failure(const char* key, const std::filesystem::path& path, int cause) {
  const auto code = cause == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
  return fail(code, key, {{"path", path.string()}, {"reason", std::strerror(cause)}});
}

template <class OnPiece>
Result<void> read_pieces(const std::filesystem::path& path, OnPiece&& on_piece) {
  const Descriptor file(path, O_RDONLY);
  if (!file.is_open()) return io_failure("base.cannot_read", path, errno);
  std::vector<char> piece(1 << 20);
  while (true) {
    const auto got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure("base.cannot_read", path, errno);
    if (got == 0) return {};
    on_piece(std::string_view(piece.data(), static_cast<std::size_t>(got)));
  }
}

class Hasher {
 public:
  Hasher() { crypto_generichash_init(&state_, nullptr, 0, kBytes); }
  void add(std::string_view bytes) {
    // A byte string is what libsodium hashes; char and unsigned char share one representation.
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  std::string hex() {
    std::array<unsigned char, kBytes> digest{};
    crypto_generichash_final(&state_, digest.data(), kBytes);
    std::array<char, 2 * kBytes + 1> text{};
    sodium_bin2hex(text.data(), text.size(), digest.data(), kBytes);
    return {text.data()};
  }

 private:
  static constexpr std::size_t kBytes = 32;
  crypto_generichash_state state_{};
};

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  std::string bytes;
  FENQUN_CHECK(read_pieces(path, [&](std::string_view piece) { bytes.append(piece); }));
  return bytes;
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path part = path.string() + ".part";
  {
    const Descriptor file(part, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open()) return io_failure("base.cannot_write", part, errno);
    std::size_t done = 0;
    while (done < bytes.size()) {
      const auto put = ::write(file.get(), bytes.data() + done, bytes.size() - done);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        const int cause = errno;
        ::unlink(part.c_str());
        return io_failure("base.cannot_write", path, cause);
      }
      done += static_cast<std::size_t>(put);
    }
    if (::fsync(file.get()) != 0) {
      const int cause = errno;
      ::unlink(part.c_str());
      return io_failure("base.cannot_write", path, cause);
    }
  }
  if (::rename(part.c_str(), path.c_str()) != 0) {
    const int cause = errno;
    ::unlink(part.c_str());
    return io_failure("base.cannot_write", path, cause);
  }
  return {};
}

Result<void> sync_path(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (!file.is_open() || ::fsync(file.get()) != 0) return io_failure("base.cannot_write", path, errno);
  return {};
}

Result<std::string> hash_file(const std::filesystem::path& path) {
  Hasher hasher;
  FENQUN_CHECK(read_pieces(path, [&](std::string_view piece) { hasher.add(piece); }));
  return hasher.hex();
}

std::string hash_text(std::string_view bytes) {
  Hasher hasher;
  hasher.add(bytes);
  return hasher.hex();
}

}  // namespace fenqun
