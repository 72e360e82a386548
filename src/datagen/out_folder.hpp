// datagen/out_folder.hpp - the folder that appears whole or not at all. Level 3.
#pragma once

#include "datagen/manifest.hpp"

#include <filesystem>

namespace fenqun::datagen {

/// A hidden folder beside the wanted one. Goes away with this object unless put in place.
class OutFolder {
 public:
  /// Empty: `out` holds the same utility complete. Removes what a killed call left beside it.
  /// Errors: Conflict (`out` is no folder, or holds other files, another utility or an incomplete one), Io.
  static Result<std::optional<OutFolder>> open(const std::filesystem::path& out, const Identity& identity);
  OutFolder(OutFolder&& other) noexcept;
  OutFolder& operator=(OutFolder&&) = delete;
  ~OutFolder();

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return part_; }
  /// Makes a folder below it. Errors: Io.
  Result<void> make(const std::filesystem::path& relative) const;
  /// Renames it to the wanted one. Errors: Io.
  Result<void> put_in_place();

 private:
  OutFolder(std::filesystem::path out, std::filesystem::path part);
  std::filesystem::path out_;
  std::filesystem::path part_;
};

}  // namespace fenqun::datagen
