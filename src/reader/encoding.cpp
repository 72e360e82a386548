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

const char* converter_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::Utf8:
      return "UTF-8";
    case Encoding::Gb18030:
      return "GB18030";
    case Encoding::Utf16:
      return "UTF-16";
    case Encoding::Utf16Le:
      return "UTF-16LE";
    case Encoding::Utf16Be:
      return "UTF-16BE";
  }
  return "UTF-8";
}

class Converter {
 public:
  explicit Converter(Encoding from) : handle_(iconv_open("UTF-8", converter_of(from))) {}
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

unsigned at(std::string_view bytes, std::size_t index) { return static_cast<unsigned char>(bytes[index]); }

// Every double byte of the sample is looked at as GB18030 has it: of GB2312, or rarer.
bool reads_as_gb18030(std::string_view sample) {
  std::int64_t common = 0;
  std::int64_t rare = 0;
  for (std::size_t i = 0; i < sample.size();) {
    const auto lead = at(sample, i);
    if (lead < 0x80) {
      if (lead == 0) return false;
      ++i;
      continue;
    }
    if (i + 1 >= sample.size()) break;
    const auto trail = at(sample, i + 1);
    if (lead == 0x80 || lead == 0xFF || trail == 0x7F || trail == 0xFF) return false;
    if (trail >= 0x30 && trail <= 0x39) {
      ++rare;
      i += 4;
      continue;
    }
    if (trail < 0x40) return false;
    (lead >= 0xA1 && lead <= 0xF7 && trail >= 0xA1 ? common : rare) += 1;
    i += 2;
  }
  return common > 0 && common >= 4 * rare;
}

bool is_usual(unsigned unit) {
  return unit == '\t' || unit == '\n' || unit == '\r' || (unit >= 0x20 && unit < 0x7F) || unit == 0xA0 ||
         unit == 0xA5 || unit == 0xB0 || unit == 0xB7 || unit == 0xD7 || (unit >= 0x2010 && unit <= 0x2040) ||
         (unit >= 0x2100 && unit <= 0x2170) || (unit >= 0x3000 && unit <= 0x303F) ||
         (unit >= 0x4E00 && unit <= 0x9FFF) || (unit >= 0xFF00 && unit <= 0xFFEF);
}

// Two letters of ASCII make an ideograph of UTF-16, so ideographs prove nothing: the delimiters, digits and line ends
// of a table must be there as well.
bool reads_as_utf16(std::string_view sample, bool big_endian) {
  std::int64_t usual = 0;
  std::int64_t ascii = 0;
  std::int64_t units = 0;
  for (std::size_t i = 0; i + 1 < sample.size(); i += 2, ++units) {
    const auto unit = big_endian ? at(sample, i) * 256 + at(sample, i + 1) : at(sample, i + 1) * 256 + at(sample, i);
    if (unit == 0) return false;
    usual += is_usual(unit) ? 1 : 0;
    ascii += unit < 0x80 ? 1 : 0;
  }
  return ascii > 0 && ascii * 50 >= units && usual * 10 >= units * 9;
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
    case Encoding::Utf16Le:
      return "utf-16le";
    case Encoding::Utf16Be:
      return "utf-16be";
  }
  return "utf-8";
}

std::optional<Encoding> parse_encoding(std::string_view name) noexcept {
  if (name == "utf-8" || name == "utf8") return Encoding::Utf8;
  if (name == "gb18030" || name == "gbk" || name == "gb2312" || name == "cp936") return Encoding::Gb18030;
  if (name == "utf-16" || name == "utf16") return Encoding::Utf16;
  if (name == "utf-16le" || name == "utf16le") return Encoding::Utf16Le;
  if (name == "utf-16be" || name == "utf16be") return Encoding::Utf16Be;
  return std::nullopt;
}

std::optional<Encoding> marked_encoding(std::string_view beginning) noexcept {
  if (beginning.starts_with("\xEF\xBB\xBF")) return Encoding::Utf8;
  if (beginning.starts_with("\xFF\xFE")) return Encoding::Utf16Le;
  if (beginning.starts_with("\xFE\xFF")) return Encoding::Utf16Be;
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

std::optional<Encoding> guess_encoding(std::string_view sample) {
  std::optional<Encoding> found;
  int fits = 0;
  const auto consider = [&](bool reads, Encoding encoding) {
    if (!reads) return;
    found = encoding;
    ++fits;
  };
  consider(reads_as_gb18030(sample), Encoding::Gb18030);
  consider(reads_as_utf16(sample, false), Encoding::Utf16Le);
  consider(reads_as_utf16(sample, true), Encoding::Utf16Be);
  return fits == 1 ? found : std::nullopt;
}

}  // namespace fenqun::reader
