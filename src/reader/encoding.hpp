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

enum class Encoding : std::uint8_t { Utf8, Gb18030, Utf16 };

/// "utf-8", "gb18030" (also for GBK and GB2312, its subsets), "utf-16".
std::string_view name_of(Encoding encoding) noexcept;
std::optional<Encoding> parse_encoding(std::string_view name) noexcept;

/// Converts all of `source` to UTF-8. UTF-16 without a byte order mark counts as little-endian. Bounded memory.
/// `name` is what messages call the source. Errors: BadData "ingest.not_decodable" (encoding, byte: offset of the first
/// sequence that cannot be), Cancelled, and those of `sink`.
Result<void> convert_to_utf8(const ByteSource& source, const std::string& name, Encoding from, const ByteSink& sink,
                             const std::stop_token& stop);

/// The encoding besides UTF-8 in which the text's first MiB makes sense; empty when in none.
std::optional<Encoding> guess_encoding(const ByteSource& source);

}  // namespace fenqun::reader
