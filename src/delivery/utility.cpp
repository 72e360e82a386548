// delivery/utility.cpp
#include "delivery/utility.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace fenqun::delivery {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

std::string order_of(const DeliverySpec& spec, const warehouse::Contract& contract) {
  auto key = contract.key;
  if (spec.layout == Layout::WideCustomers) std::reverse(key.begin(), key.end());
  std::string out;
  for (const auto& name : key) out += (out.empty() ? "" : ", ") + sql_name(name);
  return out;
}

}  // namespace

Result<Utility> Utility::open(const std::filesystem::path& folder, const warehouse::ContractSet& contracts, Month end,
                              const std::stop_token& stop) {
  warehouse::DatabaseOptions options;
  options.temp_folder = folder / ".spill";
  FENQUN_TRY(auto database, warehouse::Database::open({}, options));
  FENQUN_TRY(auto session, database.connect());
  session.watch(nullptr, stop);
  FENQUN_TRY(auto writer, database.connect());
  for (const auto& contract : contracts.all()) {
    auto path = folder / (contract.entity + ".parquet");
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) path = folder / contract.entity / "*.parquet";
    if (!std::filesystem::exists(path.parent_path(), ignored)) continue;
    FENQUN_CHECK(session.execute(fmt::format("CREATE VIEW {} AS SELECT * FROM read_parquet({})",
                                             sql_name(contract.entity), sql_text(path.string()))));
  }
  return Utility(std::move(database), std::move(session), std::move(writer), contracts, end);
}

Result<Fields> Utility::fields_of(const DeliverySpec& spec) {
  const auto& entity = contract(spec);
  Fields out;
  if (!spec.columns.empty()) {
    for (const auto& name : spec.columns) out.push_back(entity.find(name));
    return out;
  }
  FENQUN_TRY(const auto columns, session_.query("DESCRIBE " + sql_name(spec.entity)));
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    const auto* field = entity.find(columns.text(i, 0));
    if (field != nullptr && field->name != spec.lacks) out.push_back(field);
  }
  return out;
}

std::string Utility::rows_of(const DeliverySpec& spec, const SheetSpec& sheet) const {
  std::string condition = "true";
  if (!spec.where.empty()) condition += " AND (" + spec.where + ")";
  if (!sheet.where.empty()) condition += " AND (" + sheet.where + ")";
  if (spec.back) {
    const auto first = end_.plus(-(*spec.back)[0]), after = end_.plus(1 - (*spec.back)[1]);
    condition += fmt::format(" AND {0} >= DATE '{1}' AND {0} < DATE '{2}'", sql_name(contract(spec).month_field),
                             first.first_date(), after.first_date());
  }
  return fmt::format("FROM {} WHERE {}", sql_name(spec.entity), condition);
}

Result<void> Utility::stream(const DeliverySpec& spec, const SheetSpec& sheet, const Fields& fields,
                             const std::vector<std::int64_t>& numbers, const OnRow& on_row) {
  std::string texts;
  for (const auto* field : fields) texts += fmt::format(", CAST({} AS VARCHAR)", sql_name(field->name));
  const auto order = order_of(spec, contract(spec));
  auto sql = fmt::format("SELECT row_number() OVER (ORDER BY {}) - 1 AS _number{} {} ORDER BY {}", order, texts,
                         rows_of(spec, sheet), order);
  if (!numbers.empty()) {
    sql = fmt::format("SELECT * FROM ({}) WHERE _number IN ({}) ORDER BY _number", sql, fmt::join(numbers, ", "));
  }
  std::vector<Canonical> row(fields.size());
  return session_.stream(sql, [&](const warehouse::Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      for (std::size_t c = 0; c < fields.size(); ++c) {
        row[c] = chunk.is_null(c + 1, r) ? Canonical() : Canonical(std::string(chunk.text(c + 1, r)));
      }
      FENQUN_CHECK(on_row(chunk.integer(0, r), row));
    }
    return {};
  });
}

Result<std::int64_t> Utility::count(const DeliverySpec& spec, const SheetSpec& sheet) {
  return session_.query_integer("SELECT count(*) " + rows_of(spec, sheet));
}

Result<std::vector<std::string>> Utility::distinct(const DeliverySpec& spec, const std::string& field) {
  FENQUN_TRY(const auto values, session_.query(fmt::format("SELECT DISTINCT CAST({} AS VARCHAR) {} ORDER BY 1",
                                                           sql_name(field), rows_of(spec, {}))));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < values.rows.size(); ++i) out.push_back(values.text(i, 0));
  return out;
}

}  // namespace fenqun::delivery
