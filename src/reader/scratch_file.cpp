// reader/scratch_file.cpp
#include "reader/scratch_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace fenqun::reader {
namespace {

constexpr std::size_t kBufferBytes = 1U << 18U;

tl::unexpected<Error> unreadable(const std::filesystem::path& path, int cause) {
  const auto bad = [&](const char* key) { return fail(ErrorCode::BadData, key, {{"file", path.string()}}); };
  if (cause == ENOENT || cause == ENOTDIR) return bad("reader.no_file");
  if (cause == EISDIR) return bad("reader.is_folder");
  if (cause == EACCES) return bad("reader.no_permission");
  if (cause == ENXIO) return bad("reader.not_regular");
  return fail(ErrorCode::BadData, "ingest.unreadable", {{"file", path.string()}, {"reason", std::strerror(cause)}});
}

}  // namespace

Result<InputFile> InputFile::open(const std::filesystem::path& path) {
  // A pipe that nobody writes to must not hold us up.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return unreadable(path, errno);
  InputFile file(descriptor);
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) return unreadable(path, errno);
  if (S_ISDIR(about.st_mode)) return unreadable(path, EISDIR);
  if (!S_ISREG(about.st_mode)) return fail(ErrorCode::BadData, "reader.not_regular", {{"file", path.string()}});
  return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), failure_(std::move(other.failure_)) {}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t InputFile::read(char* into, std::size_t size) {
  while (true) {
    const auto got = ::read(descriptor_, into, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    failure_ = std::strerror(errno);
    return 0;
  }
}

Result<void> InputFile::seek(std::int64_t offset, const std::string& name) const {
  if (::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) return unreadable(name, errno);
  return {};
}

Result<void> InputFile::check(const std::string& name) const {
  if (failure_.empty()) return {};
  return fail(ErrorCode::BadData, "ingest.unreadable", {{"file", name}, {"reason", failure_}});
}

Result<OutputFile> OutputFile::create(std::filesystem::path path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  OutputFile file(std::move(path), descriptor);
  if (descriptor < 0) return file.failed();
  file.buffer_.reserve(kBufferBytes);
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

tl::unexpected<Error> OutputFile::failed() const {
  return fail(ErrorCode::Io, "base.cannot_write", {{"path", path_.string()}, {"reason", std::strerror(errno)}});
}

Result<void> OutputFile::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const auto put = ::write(descriptor_, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed();
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
  return {};
}

Result<void> OutputFile::write(std::string_view bytes) {
  buffer_.append(bytes);
  if (buffer_.size() < kBufferBytes) return {};
  return flush();
}

Result<void> OutputFile::close() {
  FENQUN_CHECK(flush());
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) return failed();
  return {};
}

}  // namespace fenqun::reader
