// reader/text_file.hpp - a text file in UTF-8, decoded into a twin where it is in another encoding. Level 1.
#pragma once

#include "base/result.hpp"
#include "reader/encoding.hpp"
#include "reader/scratch_file.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace fenqun::reader {

/// What a source of bytes needs to stay open; shared, since a ByteSource is a copyable function.
Result<std::shared_ptr<InputFile>> open_shared(const std::filesystem::path& path);
ByteSource bytes_of(std::shared_ptr<InputFile> file);
/// Up to `bytes` from `offset` on. Errors: BadData "ingest.unreadable".
Result<std::string> read_part(const std::filesystem::path& path, std::int64_t offset, std::size_t bytes);

struct TextRequest {
  std::filesystem::path file;      // to be read
  std::string name;                // what messages call it
  std::optional<Encoding> stated;  // by the mapping
  std::filesystem::path twin;      // where a decoded text goes
  std::stop_token stop;
};

struct TextFile {
  std::filesystem::path path;  // request.file or request.twin
  Encoding encoding = Encoding::Utf8;
  bool has_mark = false;
  bool is_assumed = false;  // UTF-8 by its beginning alone: a walk over all of it must tell, see decode_by_guess
};

/// By its byte order mark, else as stated, else by its first MiB. A text that is decoded is decoded whole: one byte
/// that is no character refuses it, and so do lines of UTF-8 among those of GB18030.
/// Errors: BadData "reader.encodings_mixed" (the first line of each); those of decode_by_guess and convert_to_utf8, Io.
Result<TextFile> open_text(const TextRequest& request);

/// For a text that is not UTF-8: decodes it by the encoding that a sample around the first fault shows. Offsets as of
/// RecordScanner: -1 for none. Errors: BadData "ingest.not_utf8" (byte, encoding that would fit; where the mapping says
/// utf-8), "ingest.binary_file" (byte), "reader.encoding_unclear" (byte), "reader.encodings_mixed",
/// "reader.private_characters" (line: as GB18030 it would have private-use characters, which nearly always means that
/// it is something else); Io; Cancelled.
Result<TextFile> decode_by_guess(const TextRequest& request, std::int64_t first_not_utf8, std::int64_t first_nul);

}  // namespace fenqun::reader
