// delivery/text_out.cpp
#include "delivery/text_out.hpp"

#include <iconv.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace fenqun::delivery {

struct TextOut::State {
  std::filesystem::path path;
  gzFile file = nullptr;
  iconv_t converter = reinterpret_cast<iconv_t>(-1);  // NOLINT: iconv's own mark for none

  [[nodiscard]] bool converts() const { return converter != reinterpret_cast<iconv_t>(-1); }  // NOLINT
  ~State() {
    if (converts()) iconv_close(converter);
    if (file != nullptr) gzclose(file);
  }
};

namespace {

tl::unexpected<Error> cannot_write(const std::filesystem::path& path, const char* reason) {
  return fail(ErrorCode::Io, "base.cannot_write", {{"path", path.string()}, {"reason", reason}});
}

Result<void> put(gzFile file, const std::filesystem::path& path, const char* bytes, std::size_t count) {
  if (count == 0 || gzwrite(file, bytes, static_cast<unsigned>(count)) == static_cast<int>(count)) return {};
  return cannot_write(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe): a message
}

}  // namespace

TextOut::TextOut(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextOut::TextOut(TextOut&&) noexcept = default;
TextOut& TextOut::operator=(TextOut&&) noexcept = default;
TextOut::~TextOut() = default;

Result<TextOut> TextOut::create(const std::filesystem::path& path, Encoding encoding, bool packed) {
  auto state = std::make_unique<State>();
  state->path = path;
  // "T": no packing at all. A gzip file made so states neither its name nor a time.
  state->file = gzopen(path.c_str(), packed ? "wb6" : "wbT");
  if (state->file == nullptr) return cannot_write(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  const char* mark = encoding == Encoding::Utf8Mark ? "\xEF\xBB\xBF" : encoding == Encoding::Utf16 ? "\xFF\xFE" : "";
  FENQUN_CHECK(put(state->file, path, mark, std::strlen(mark)));
  if (encoding == Encoding::Gb18030) state->converter = iconv_open("GB18030", "UTF-8");
  if (encoding == Encoding::Utf16) state->converter = iconv_open("UTF-16LE", "UTF-8");
  const bool needs = encoding == Encoding::Gb18030 || encoding == Encoding::Utf16;
  if (needs && !state->converts()) {
    return fail(ErrorCode::Unavailable, "base.cannot_write", {{"path", path.string()}, {"reason", "iconv"}});
  }
  return TextOut(std::move(state));
}

Result<void> TextOut::write(std::string_view utf8) {
  if (!state_->converts()) return put(state_->file, state_->path, utf8.data(), utf8.size());
  // iconv takes a pointer to what it does not change.
  auto* in = const_cast<char*>(utf8.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  auto left = utf8.size();
  std::array<char, 4096> buffer{};
  while (left > 0) {
    auto* out = buffer.data();
    auto room = buffer.size();
    const auto done = iconv(state_->converter, &in, &left, &out, &room);
    if (done == static_cast<std::size_t>(-1) && errno != E2BIG) {
      return fail(ErrorCode::Internal, "base.cannot_write", {{"path", state_->path.string()}, {"reason", "UTF-8"}});
    }
    FENQUN_CHECK(put(state_->file, state_->path, buffer.data(), buffer.size() - room));
  }
  return {};
}

Result<void> TextOut::close() {
  auto* const file = std::exchange(state_->file, nullptr);
  if (gzclose(file) == Z_OK) return {};
  return cannot_write(state_->path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace fenqun::delivery
