// ingest/lake_writer.cpp
#include "ingest/lake_writer.hpp"

#include <algorithm>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::Contract;
using warehouse::LakeFile;
using warehouse::sql_name;
using warehouse::sql_text;

std::string all_columns(const StagedEntity& entity) {
  std::string out;
  for (const auto& field : entity.contract->fields) {
    const bool given =
        std::find(entity.plan.fields.begin(), entity.plan.fields.end(), field.name) != entity.plan.fields.end();
    const auto name = sql_name(field.name);
    out += (out.empty() ? "" : ", ") + (given ? name : "CAST(NULL AS " + warehouse::sql_type(field) + ") AS " + name);
  }
  return out;
}

std::string order_of(const Contract& contract) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (contract.find("customer_id") != nullptr) add("customer_id");
  add(contract.month_field);
  for (const auto& name : contract.key) add(name);
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + sql_name(name);
  return out;
}

}  // namespace

Result<std::vector<LakeFile>> write_months(warehouse::Workspace& workspace, const StagedEntity& entity,
                                           const fs::path& folder, const std::string& batch_id) {
  auto& connection = workspace.connection();
  const auto& contract = *entity.contract;
  const auto time = sql_name(contract.month_field);
  FENQUN_TRY(const auto months, connection.query("SELECT DISTINCT strftime(" + time + ", '%Y-%m') FROM " +
                                                 entity.staged + " WHERE " + entity.accepted() + " ORDER BY 1"));
  std::vector<LakeFile> files;
  for (std::size_t r = 0; r < months.rows.size(); ++r) {
    FENQUN_TRY(const auto month, Month::parse(months.text(r, 0)));
    const auto place = fs::path(contract.entity) / ("month=" + month.text()) / (batch_id + ".parquet");
    std::error_code ec;
    fs::create_directories((folder / place).parent_path(), ec);
    if (ec)
      return fail(ErrorCode::Io, "base.cannot_write", {{"path", (folder / place).string()}, {"reason", ec.message()}});
    FENQUN_TRY(const auto rows,
               connection.query_integer("COPY (SELECT " + all_columns(entity) + " FROM " + entity.staged + " WHERE " +
                                        time + " >= DATE " + sql_text(month.first_date()) + " AND " + time +
                                        " < DATE " + sql_text(month.plus(1).first_date()) + " AND " +
                                        entity.accepted() + " ORDER BY " + order_of(contract) + ") TO " +
                                        sql_text((folder / place).string()) + " (FORMAT parquet, COMPRESSION zstd)"));
    const auto bytes = static_cast<std::int64_t>(fs::file_size(folder / place, ec));
    files.push_back({contract.entity, month, (fs::path("lake") / place).generic_string(), batch_id, rows, bytes});
  }
  return files;
}

}  // namespace fenqun::ingest
