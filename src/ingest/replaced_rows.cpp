// ingest/replaced_rows.cpp
#include "ingest/replaced_rows.hpp"

#include <algorithm>
#include <chrono>

namespace fenqun::ingest {
namespace {

Month this_month() {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return {static_cast<int>(today.year()), static_cast<int>(static_cast<unsigned>(today.month()))};
}

}  // namespace

Result<void> take_out_replaced(warehouse::Workspace& workspace, const StagedEntity& entity, const std::string& batch_id,
                               warehouse::LakeChanger& changer) {
  const auto& contract = *entity.contract;
  FENQUN_CHECK(changer.add(contract, warehouse::superseded_of(contract.entity), this_month(), batch_id,
                           "SELECT * EXCLUDE (rid, _path) FROM " + entity.replaced, entity.replaced_rows));
  if (contract.kind == warehouse::EntityKind::Master) return {};
  FENQUN_TRY(const auto files, workspace.lake_files(contract.entity));
  FENQUN_TRY(const auto held, workspace.connection().query("SELECT _path, count(*) FROM " + entity.replaced +
                                                           " GROUP BY _path ORDER BY _path"));
  for (std::size_t r = 0; r < held.rows.size(); ++r) {
    const auto path = held.text(r, 0);
    const auto old = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
    const auto rest = "SELECT e.* FROM " + warehouse::read_lake_file(workspace, *old) + " e ANTI JOIN (SELECT * FROM " +
                      entity.replaced + " WHERE _path = " + warehouse::sql_text(path) + ") o ON " +
                      key_join(contract, "e", "o");
    FENQUN_CHECK(changer.replace(contract, *old, rest, old->rows - held.integer(r, 1)));
  }
  return {};
}

}  // namespace fenqun::ingest
