// base/asset.cpp
#include "base/asset.hpp"

#include "base/asset_table.hpp"
#include "base/file.hpp"

#include <set>

namespace fenqun {

Result<Asset> AssetStore::read(std::string_view path) const {
  for (const auto& root : roots_) {
    const auto file = root / path;
    std::error_code ec;
    if (!std::filesystem::exists(file, ec)) continue;
    FENQUN_TRY(auto text, read_file(file));
    return Asset{std::string(path), file.string(), std::move(text)};
  }
  for (const auto& asset : embedded_assets()) {
    if (asset.path == path) {
      return Asset{std::string(path), "built-in:" + std::string(path), std::string(asset.begin, asset.end)};
    }
  }
  return fail(ErrorCode::NotFound, "base.no_asset", {{"path", std::string(path)}});
}

std::vector<std::string> AssetStore::list(std::string_view folder, std::string_view suffix) const {
  std::set<std::string> found;
  const std::string prefix = std::string(folder) + "/";
  for (const auto& asset : embedded_assets()) {
    if (!asset.path.starts_with(prefix) || !asset.path.ends_with(suffix)) continue;
    if (asset.path.substr(prefix.size()).find('/') == std::string_view::npos) found.emplace(asset.path);
  }
  for (const auto& root : roots_) {
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator(root / folder, ec)) {
      const auto name = entry.path().filename().string();
      if (name.ends_with(suffix)) found.insert(prefix + name);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace fenqun
