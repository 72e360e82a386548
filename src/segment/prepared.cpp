// segment/prepared.cpp
#include "segment/prepared.hpp"

namespace fenqun::segment {

using warehouse::sql_text;

Result<void> check_prepared(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue, Month as_of,
                            const std::set<std::string>& names) {
  FENQUN_TRY(const auto files, workspace.lake_files("wide"));
  for (const auto& file : files) {
    if (file.month != as_of) continue;
    const auto path = (workspace.folder() / file.path).string();
    FENQUN_TRY(const auto columns,
               workspace.connection().query("SELECT name FROM parquet_schema(" + sql_text(path) + ")"));
    std::set<std::string> there;
    for (std::size_t r = 0; r < columns.rows.size(); ++r) there.insert(columns.text(r, 0));
    std::string missing;
    for (const auto& name : names) {
      if (there.contains(name) || catalogue.find(name) == nullptr) continue;
      missing += (missing.empty() ? "" : ", ") + name;
    }
    if (missing.empty()) continue;
    return fail(ErrorCode::BadData, "segment.feature_not_prepared", {{"features", missing}, {"month", as_of.text()}});
  }
  return {};
}

Result<void> check_prepared(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue, Month as_of) {
  std::set<std::string> names;
  for (const auto& feature : catalogue.features()) names.insert(feature.name);
  return check_prepared(workspace, catalogue, as_of, names);
}

}  // namespace fenqun::segment
