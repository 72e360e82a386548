// warehouse/entity_rows.cpp
#include "warehouse/entity_rows.hpp"

#include <algorithm>

namespace fenqun::warehouse {
namespace {

std::string aside(const std::string& entity) { return sql_name(entity + " of all months"); }

}  // namespace

std::string lake_table(const std::filesystem::path& folder, const std::vector<LakeFile>& files) {
  std::string paths;
  for (const auto& file : files) paths += (paths.empty() ? "" : ", ") + sql_text((folder / file.path).string());
  return "read_parquet([" + paths + "], union_by_name = true, hive_partitioning = false)";
}

std::string content_of(const std::vector<LakeFile>& files) {
  std::vector<std::string> lines;
  for (const auto& file : files) {
    const auto content = file.hash.empty() ? file.path + " " + std::to_string(file.bytes) : file.hash;
    lines.push_back(file.entity + " " + file.month.text() + " " + content + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& line : lines) out += line;
  return out;
}

std::string entity_rows(const std::filesystem::path& folder, const Contract& contract,
                        const std::vector<LakeFile>& files) {
  std::string shape;
  std::string columns;
  for (const auto& field : contract.fields) {
    const auto name = sql_name(field.name);
    shape += (shape.empty() ? "SELECT NULL::" : ", NULL::") + sql_type(field) + " AS " + name;
    columns += (columns.empty() ? "" : ", ") + name;
  }
  shape += " WHERE false";
  if (files.empty()) return shape;
  return "SELECT " + columns + " FROM (" + shape + " UNION ALL BY NAME SELECT * FROM " + lake_table(folder, files) +
         ")";
}

Result<void> ViewInPlace::show(const std::string& entity, const std::string& query) {
  auto& connection = workspace_.connection();
  if (std::none_of(shown_.begin(), shown_.end(), [&](const Shown& one) { return one.name == entity; })) {
    FENQUN_TRY(const auto standing, connection.query_integer("SELECT count(*) FROM duckdb_views() WHERE temporary AND "
                                                             "view_name = " +
                                                             sql_text(entity)));
    if (standing > 0) {
      FENQUN_CHECK(connection.execute("ALTER VIEW temp." + sql_name(entity) + " RENAME TO " + aside(entity)));
    }
    shown_.push_back({entity, standing > 0});
  }
  return connection.execute("CREATE OR REPLACE TEMP VIEW " + sql_name(entity) + " AS " + query);
}

ViewInPlace::~ViewInPlace() {
  auto& connection = workspace_.connection();
  connection.watch(nullptr, {});
  for (const auto& [name, stood_before] : shown_) {
    static_cast<void>(connection.execute("DROP VIEW IF EXISTS temp." + sql_name(name)));
    if (!stood_before) continue;
    static_cast<void>(connection.execute("ALTER VIEW temp." + aside(name) + " RENAME TO " + sql_name(name)));
  }
  connection.watch(workspace_.options().progress, workspace_.options().stop);
}

}  // namespace fenqun::warehouse
