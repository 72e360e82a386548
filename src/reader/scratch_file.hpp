// reader/scratch_file.hpp - reading a source piece by piece, and writing its readable twin into the scratch folder.
// Level 1.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace fenqun::reader {

/// A file open for reading from its start. Not for several threads.
class InputFile {
 public:
  /// A regular file alone. Errors: BadData "reader.no_file", "reader.is_folder", "reader.no_permission",
  /// "reader.not_regular" (a pipe, a device), "ingest.unreadable" (path, reason).
  static Result<InputFile> open(const std::filesystem::path& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  /// Up to `size` bytes; 0 at the end, and after a failure (see failure()).
  std::size_t read(char* into, std::size_t size);
  /// Goes on at `offset`. Errors: BadData "ingest.unreadable" (`name`, reason).
  Result<void> seek(std::int64_t offset, const std::string& name) const;
  /// Whether all reading so far went well. Errors: BadData "ingest.unreadable" (`name`, reason).
  [[nodiscard]] Result<void> check(const std::string& name) const;

 private:
  explicit InputFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
  std::string failure_;
};

/// A new file, written through a buffer of 256 KiB. close() reports what the destructor could not. Not for several
/// threads.
class OutputFile {
 public:
  /// Errors: Io "base.cannot_write" (path, reason).
  static Result<OutputFile> create(std::filesystem::path path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Result<void> write(std::string_view bytes);
  Result<void> close();

 private:
  OutputFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  Result<void> flush();
  [[nodiscard]] tl::unexpected<Error> failed() const;

  std::filesystem::path path_;
  int descriptor_;
  std::string buffer_;
};

}  // namespace fenqun::reader
