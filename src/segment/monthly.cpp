// segment/monthly.cpp
#include "segment/monthly.hpp"

namespace fenqun::segment {

using warehouse::sql_text;

Result<std::string> monthly(warehouse::Workspace& workspace, const std::string& entity, Month first, Month last) {
  FENQUN_TRY(const auto files, workspace.lake_files(entity));
  std::string list;
  for (const auto& file : files) {
    if (file.month < first || last < file.month || workspace.is_damaged(file.path)) continue;
    list += (list.empty() ? "" : ", ") + sql_text((workspace.folder() / file.path).string());
  }
  return list.empty() ? list : "read_parquet([" + list + "], hive_partitioning = false, union_by_name = true)";
}

}  // namespace fenqun::segment
