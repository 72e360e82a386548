// warehouse/customer_rows.cpp - customers.duckdb: facts in the order of customers.
#include "base/progress.hpp"
#include "warehouse/entity_rows.hpp"
#include "warehouse/shared_database.hpp"
#include "warehouse/workspace.hpp"

#include <fmt/format.h>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "customers.duckdb";
// The database looks at a row group as a whole: with fewer rows there is less to look at.
constexpr int kRowsOfGroup = 16384;
// A table takes about what its files take; sorting spills, and the table that it replaces goes last.
constexpr std::int64_t kRoomPerByte = 3;
constexpr const char* kMadeOf = "customer_rows.made_of";

std::string key_condition(const std::string& entity, int year) {
  return " WHERE entity = " + sql_text(entity) + " AND year = " + std::to_string(year);
}

// It must not be this that fills the disk: nothing needs it.
Result<void> check_room(const fs::path& folder, const std::string& table, const std::vector<LakeFile>& files) {
  std::int64_t needed = 0;
  for (const auto& file : files) needed += kRoomPerByte * file.bytes;
  std::error_code ec;
  const auto space = fs::space(folder, ec);
  if (ec || space.available >= static_cast<std::uintmax_t>(needed)) return {};
  constexpr double kMebibyte = 1 << 20;
  return fail(ErrorCode::Io, "warehouse.no_room",
              {{"table", table},
               {"needed_mib", fmt::format("{:.1f}", static_cast<double>(needed) / kMebibyte)},
               {"free_mib", fmt::format("{:.1f}", static_cast<double>(space.available) / kMebibyte)},
               {"path", folder.string()}});
}

}  // namespace

void Workspace::drop_customer_rows() {
  std::error_code ec;
  fs::remove(folder_ / kFile, ec);
  fs::remove(folder_ / (std::string(kFile) + ".wal"), ec);
}

Result<void> Workspace::attach_customer_rows() {
  FENQUN_CHECK(connection_.execute("ATTACH " + sql_text((folder_ / kFile).string()) + " AS " + kCustomerRows +
                                   " (ROW_GROUP_SIZE " + std::to_string(kRowsOfGroup) + ")"));
  FENQUN_CHECK(connection_.execute(std::string("CREATE TABLE IF NOT EXISTS ") + kMadeOf +
                                   " (entity VARCHAR, year INTEGER, content VARCHAR)"));
  FENQUN_TRY(const auto rows, connection_.query(std::string("SELECT entity, year, content FROM ") + kMadeOf));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    shared_->views.set_arranged(rows.text(r, 0), static_cast<int>(rows.integer(r, 1)), rows.text(r, 2));
  }
  return {};
}

Result<void> Workspace::keep_customer_rows() {
  if (!attach_customer_rows()) {
    // Damaged, or of another version: it holds nothing that the lake does not.
    static_cast<void>(connection_.execute(std::string("DETACH DATABASE IF EXISTS ") + kCustomerRows));
    drop_customer_rows();
    FENQUN_CHECK(attach_customer_rows());
  }
  shared_->keeps_customer_rows = true;
  return {};
}

Result<std::size_t> Workspace::arrange_customer_rows(const std::vector<std::string>& entities) {
  for (const auto& [entity, year] : shared_->views.leftover_years()) {
    shared_->views.set_arranged(entity, year, "");
    FENQUN_CHECK(connection_.execute(std::string("DELETE FROM ") + kMadeOf + key_condition(entity, year)));
    FENQUN_CHECK(connection_.execute("DROP TABLE IF EXISTS " + year_table(entity, year)));
  }
  std::size_t made = 0;
  for (const auto& entity : entities) {
    const auto* const contract = contracts_.find(entity);
    if (contract == nullptr || contract->find("customer_id") == nullptr) continue;
    for (const auto& year : shared_->views.years_of(entity)) {
      if (year.is_arranged) continue;
      FENQUN_CHECK(arrange_year(*contract, year.year, year.files));
      made += 1;
    }
  }
  if (made > 0) FENQUN_CHECK(connection_.execute(std::string("CHECKPOINT ") + kCustomerRows));
  return made;
}

Result<void> Workspace::arrange_year(const Contract& contract, int year, const std::vector<LakeFile>& files) {
  const auto& entity = contract.entity;
  const auto table = year_table(entity, year);
  const auto content = content_of(files);
  FENQUN_CHECK(check_room(folder_, table, files));
  FENQUN_CHECK(connection_.execute("BEGIN"));
  auto done = connection_.execute(
      "DROP TABLE IF EXISTS " + table + "; CREATE TABLE " + table + " AS SELECT * FROM (" +
      entity_rows(folder_, contract, files) + ") WHERE customer_id IS NOT NULL ORDER BY customer_id; DELETE FROM " +
      kMadeOf + key_condition(entity, year) + "; INSERT INTO " + kMadeOf + " VALUES (" + sql_text(entity) + ", " +
      std::to_string(year) + ", " + sql_text(content) + "); COMMIT");
  if (!done) {
    connection_.watch(nullptr, {});
    static_cast<void>(connection_.execute("ROLLBACK"));
    connection_.watch(options_.progress, options_.stop);
    return done;
  }
  shared_->views.set_arranged(entity, year, content);
  return {};
}

std::size_t Workspace::unarranged_customer_rows(const std::vector<std::string>& entities) const {
  std::size_t waiting = 0;
  for (const auto& entity : entities) {
    const auto* const contract = contracts_.find(entity);
    if (contract == nullptr || contract->find("customer_id") == nullptr) continue;
    for (const auto& year : shared_->views.years_of(entity)) waiting += year.is_arranged ? 0 : 1;
  }
  return waiting + shared_->views.leftover_years().size();
}

}  // namespace fenqun::warehouse
