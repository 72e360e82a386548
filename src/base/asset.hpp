// base/asset.hpp - configuration files: what ships inside the program, overridden by files of the workspace.
// Level 0.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun {

struct Asset {
  std::string path;    // "config/schemes/level1.yaml"
  std::string origin;  // where it was read: a file's path, or "built-in:config/schemes/level1.yaml"
  std::string text;
};

/// Looks files up first below the `override_root`s (in order: a workspace, then a --config folder), then among
/// the files built into the program. Immutable after construction: safe from several threads.
class AssetStore {
 public:
  AssetStore() = default;
  explicit AssetStore(std::vector<std::filesystem::path> override_roots) : roots_(std::move(override_roots)) {}

  /// Errors: NotFound (path names nothing), Io (an override exists and cannot be read).
  [[nodiscard]] Result<Asset> read(std::string_view path) const;
  /// Paths of all assets in a folder (not below it) whose names end in `suffix`, sorted, each path once.
  [[nodiscard]] std::vector<std::string> list(std::string_view folder, std::string_view suffix) const;

 private:
  std::vector<std::filesystem::path> roots_;
};

}  // namespace fenqun
