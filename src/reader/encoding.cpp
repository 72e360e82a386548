// reader/encoding.cpp
#include "reader/encoding.hpp"

#include <iconv.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace fenqun::reader {
namespace {

constexpr std::size_t kPieceBytes = 1U << 18U;

class Converter {
 public:
  explicit Converter(Encoding from) : handle_(iconv_open("UTF-8", from == Encoding::Gb18030 ? "GB18030" : "UTF-16")) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  [[nodiscard]] bool is_open() const {
    // iconv_open reports failure as the pointer (iconv_t)-1.
    return reinterpret_cast<std::intptr_t>(handle_) != -1;
  }
  [[nodiscard]] iconv_t get() const { return handle_; }

 private:
  iconv_t handle_;
};

struct Piece {
  std::vector<char> bytes = std::vector<char>(kPieceBytes);
  std::vector<char> out = std::vector<char>(2 * kPieceBytes);
  std::size_t filled = 0;
};

tl::unexpected<Error> not_decodable(const std::string& name, Encoding from, std::int64_t byte) {
  return fail(ErrorCode::BadData, "ingest.not_decodable",
              {{"file", name}, {"encoding", std::string(name_of(from))}, {"byte", std::to_string(byte)}});
}

// Converts what is in the piece; what is left of it (the head of a sequence) moves to its front. False: a byte belongs
// to no character; `filled` is then its place.
Result<bool> convert_piece(const Converter& converter, Piece& piece, const ByteSink& sink) {
  char* in = piece.bytes.data();
  std::size_t left = piece.filled;
  while (left > 0) {
    char* to = piece.out.data();
    std::size_t room = piece.out.size();
    const auto done = iconv(converter.get(), &in, &left, &to, &room);
    const int cause = errno;
    FENQUN_CHECK(sink({piece.out.data(), piece.out.size() - room}));
    if (done != static_cast<std::size_t>(-1) || cause == EINVAL) break;
    if (cause != E2BIG) {
      piece.filled = static_cast<std::size_t>(in - piece.bytes.data());
      return false;
    }
  }
  std::memmove(piece.bytes.data(), in, left);
  piece.filled = left;
  return true;
}

}  // namespace

std::string_view name_of(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::Utf8:
      return "utf-8";
    case Encoding::Gb18030:
      return "gb18030";
    case Encoding::Utf16:
      return "utf-16";
  }
  return "utf-8";
}

std::optional<Encoding> parse_encoding(std::string_view name) noexcept {
  if (name == "utf-8" || name == "utf8") return Encoding::Utf8;
  if (name == "gb18030" || name == "gbk" || name == "gb2312") return Encoding::Gb18030;
  if (name == "utf-16" || name == "utf16") return Encoding::Utf16;
  return std::nullopt;
}

Result<void> convert_to_utf8(const ByteSource& source, const std::string& name, Encoding from, const ByteSink& sink,
                             const std::stop_token& stop) {
  const Converter converter(from);
  if (!converter.is_open()) {
    return fail(ErrorCode::Unavailable, "ingest.no_converter", {{"encoding", std::string(name_of(from))}});
  }
  Piece piece;
  std::int64_t base = 0;
  while (true) {
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    const auto got = source(piece.bytes.data() + piece.filled, piece.bytes.size() - piece.filled);
    if (got == 0) break;
    piece.filled += got;
    const auto before = static_cast<std::int64_t>(piece.filled);
    FENQUN_TRY(const bool good, convert_piece(converter, piece, sink));
    if (!good) return not_decodable(name, from, base + static_cast<std::int64_t>(piece.filled));
    base += before - static_cast<std::int64_t>(piece.filled);
  }
  if (piece.filled > 0) return not_decodable(name, from, base);
  return {};
}

std::optional<Encoding> guess_encoding(const ByteSource& source) {
  std::vector<char> head(1U << 20U);
  std::size_t filled = 0;
  while (filled < head.size()) {
    const auto got = source(head.data() + filled, head.size() - filled);
    if (got == 0) break;
    filled += got;
  }
  const std::string_view bytes(head.data(), filled);
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return Encoding::Utf16;
  if (bytes.find('\0') != std::string_view::npos) return std::nullopt;
  // The head may end within a character: up to three of its last bytes are left out.
  for (std::size_t cut = 0; cut < 4 && cut <= bytes.size(); ++cut) {
    const auto part = bytes.substr(0, bytes.size() - cut);
    if (convert_to_utf8(bytes_of(part), "", Encoding::Gb18030, [](std::string_view) { return Result<void>(); }, {})) {
      return Encoding::Gb18030;
    }
  }
  return std::nullopt;
}

}  // namespace fenqun::reader
