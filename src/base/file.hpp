// base/file.hpp - whole files in and out, with errors that name the path and the cause. Level 0.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace fenqun {

/// The file's bytes. Errors: NotFound, Io (with the system's reason).
Result<std::string> read_file(const std::filesystem::path& path);

/// Writes next to `path` and renames over it once the bytes are on disk: a reader sees the old file or the
/// new one, never half. Errors: Io.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Makes a finished file's bytes, or a folder's entries, durable before something refers to them (fsync). A new file
/// needs both: its own and those of every folder that is new on the way to it. Errors: NotFound, Io.
Result<void> sync_path(const std::filesystem::path& path);

/// BLAKE2b-256 of a file's bytes as 64 hex digits, read in 1 MiB pieces. Errors: NotFound, Io.
Result<std::string> hash_file(const std::filesystem::path& path);
/// BLAKE2b-256 of bytes as 64 hex digits.
std::string hash_text(std::string_view bytes);

}  // namespace fenqun
