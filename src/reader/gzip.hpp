// reader/gzip.hpp - a gzip file unpacked, whole or not at all. Level 1. The only file that uses zlib itself.
#pragma once

#include "base/result.hpp"
#include "reader/byte_source.hpp"

#include <stop_token>
#include <string>
#include <string_view>

namespace fenqun::reader {

/// Whether a file begins as gzip does.
bool is_gzip(std::string_view beginning) noexcept;

/// Unpacks all members of `source` one after the other (as `cat a.gz b.gz` makes them), checking length and CRC-32 of
/// each; zeros after the last are padding. `name` is what messages call the source. Bounded memory; a broken file has
/// given part of its content to `sink` before the error is known.
/// Errors: BadData "reader.gzip_cut" (byte: where the file ends), "reader.gzip_damaged" (byte: about where), Cancelled,
/// those of `sink`. Source: RFC 1952.
Result<void> gunzip(const ByteSource& source, const std::string& name, const ByteSink& sink,
                    const std::stop_token& stop);

}  // namespace fenqun::reader
