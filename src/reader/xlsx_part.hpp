// reader/xlsx_part.hpp - one part of an XLSX archive, unpacked piece by piece under limits. Level 1.
// The only file that uses minizip.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fenqun::reader {

/// An archive open for reading. Not for several threads.
class XlsxArchive {
 public:
  /// `name` is what messages call it. Errors: BadData "ingest.not_xlsx".
  static Result<XlsxArchive> open(const std::filesystem::path& file, const std::string& name);
  XlsxArchive(XlsxArchive&&) noexcept;
  XlsxArchive& operator=(XlsxArchive&&) noexcept;
  ~XlsxArchive();

  /// A small part whole; nothing when the archive has none of that name. Errors: BadData.
  Result<std::optional<std::string>> read(const std::string& part);
  /// Calls `on_element` with the text of each element called `name` (whatever its prefix), tags included, in the
  /// order of the part, until it returns false. The elements must not nest. The part may be absent. Errors: BadData
  /// "ingest.not_xlsx" (also where the XML breaks off, or an end tag is not that of the open element),
  /// "reader.xlsx_large_element", "reader.xlsx_large_part"; those of on_element.
  Result<void> for_elements(const std::string& part, std::string_view name, std::int64_t max_part_bytes,
                            const std::function<Result<bool>(std::string_view element)>& on_element);

 private:
  struct State;
  explicit XlsxArchive(std::unique_ptr<State> state);
  Result<void> unpack(const std::string& part, std::int64_t max_bytes,
                      const std::function<Result<bool>(std::string_view)>& on_piece, bool& found);
  std::unique_ptr<State> state_;
};

}  // namespace fenqun::reader
