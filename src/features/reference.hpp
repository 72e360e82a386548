// features/reference.hpp - figures that a utility edits and feature SQL looks up: config/reference/*.csv. Level 2.
#pragma once

#include "base/asset.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::features {

enum class ReferenceType : std::uint8_t { Text, Number };  // VARCHAR, DECIMAL(18,6)

struct ReferenceColumn {
  std::string name;
  ReferenceType type = ReferenceType::Text;
};

/// One table, e.g. service_cost: what one service activity costs.
struct ReferenceTable {
  std::string name;
  std::string origin;  // where the .csv was read
  std::vector<ReferenceColumn> columns;
  std::vector<std::vector<std::string>> rows;  // numbers were checked; an empty cell is NULL
};

/// Reads config/reference/tables.yaml, which states each table's columns and key, and its <table>.csv. A file must
/// have exactly the columns stated, in their order, no key twice and numbers where numbers are due.
/// Errors: BadData naming file and line; NotFound.
Result<std::vector<ReferenceTable>> read_references(const AssetStore& assets);

}  // namespace fenqun::features
