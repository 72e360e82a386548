// reader/encoding.hpp - texts of other encodings into UTF-8, through iconv. Level 1.
#pragma once

#include "base/result.hpp"
#include "reader/byte_source.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string_view>

namespace fenqun::reader {

enum class Encoding : std::uint8_t { Utf8, Gb18030, Utf16, Utf16Le, Utf16Be };

/// "utf-8", "gb18030" (also for GBK and GB2312, its subsets), "utf-16", "utf-16le", "utf-16be".
std::string_view name_of(Encoding encoding) noexcept;
/// Lower case, with or without the first hyphen; "gbk", "gb2312" and "cp936" too.
std::optional<Encoding> parse_encoding(std::string_view name) noexcept;

/// Converts all of `source` to UTF-8. Utf16 goes by its byte order mark; without one it counts as little-endian.
/// Bounded memory. `name` is what messages call the source. Errors: BadData "ingest.not_decodable" (encoding, byte:
/// offset of the first sequence that cannot be), Cancelled, and those of `sink`.
Result<void> convert_to_utf8(const ByteSource& source, const std::string& name, Encoding from, const ByteSink& sink,
                             const std::stop_token& stop);

/// What the byte order mark at the beginning says: Utf8, Utf16Le, Utf16Be; nothing without a mark.
std::optional<Encoding> marked_encoding(std::string_view beginning) noexcept;

/// The encoding of a text that is not UTF-8, judged by a sample that begins with a whole character and may end in the
/// middle of one: GB18030 where at least four fifths of the characters beyond ASCII are those of GB2312, UTF-16 where
/// nine tenths are letters, digits, ideographs or punctuation as tables have them, and one in fifty is of ASCII. Empty
/// when neither or both fit: other encodings (Big5, Latin-1, Shift JIS) must not pass for one of these.
std::optional<Encoding> guess_encoding(std::string_view sample);

}  // namespace fenqun::reader
