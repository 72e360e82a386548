// base/asset_table.hpp - the files that cmake/embed.cmake put into the program.
#pragma once

#include <span>
#include <string_view>

namespace fenqun {

struct EmbeddedAsset {
  std::string_view path;  // "config/schemes/level1.yaml"
  const char* begin;
  const char* end;
};

std::span<const EmbeddedAsset> embedded_assets();

}  // namespace fenqun
