// warehouse/lake_views.hpp - what the name of an entity stands for in a statement; private to this room. Level 1.
#pragma once

#include "warehouse/contract.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::warehouse {

inline constexpr const char* kCustomerRows = "customer_rows";  // customers.duckdb, once it is attached

/// "bill" of LakeFile::path "lake/bill/month=2026-01/b1.parquet".
std::string entity_of(const std::filesystem::path& path);

/// `customer_rows."bill 2026"`: the table of a year.
std::string year_table(std::string_view entity, int year);

/// The views of a workspace: `<entity>` with exactly the contract's columns, typed, empty when nothing was loaded;
/// `wide` and `readiness` over all feature months; `<entity> by customer` with the same rows as `<entity>`, read from
/// the tables of customers.duckdb as far as these were made of the files of now. A view is made when a statement names
/// it, so opening a workspace opens no file of its lake, and every session sees what was committed last. From any
/// thread.
class LakeViews {
 public:
  LakeViews(std::filesystem::path folder, ContractSet contracts)
      : folder_(std::move(folder)), contracts_(std::move(contracts)) {}

  /// After a commit; `removed` are LakeFile::path.
  void change(const std::vector<LakeFile>& added, const std::vector<std::string>& removed);
  /// What a table of customers.duckdb was made of; `content` empty: there is no such table.
  void set_arranged(const std::string& entity, int year, std::string content);
  /// Years of an entity that are worth a table of their own, with their files; and whether their table is of now.
  struct Year {
    std::string entity;
    int year = 0;
    std::vector<LakeFile> files;
    std::string content;  // of the files
    bool is_arranged = false;
  };
  [[nodiscard]] std::vector<Year> years_of(std::string_view entity) const;
  /// Tables of customers.duckdb whose year is gone from the lake.
  [[nodiscard]] std::vector<std::pair<std::string, int>> leftover_years() const;
  /// `SELECT ...` for the name of a view; nothing for any other name. Put together once after each change.
  [[nodiscard]] std::optional<std::string> query_of(std::string_view name) const;

 private:
  void forget_queries();
  [[nodiscard]] std::optional<std::string> make_query(std::string_view name) const;
  [[nodiscard]] std::vector<LakeFile> files_of(std::string_view entity) const;
  [[nodiscard]] std::string rows_by_customer(const Contract& contract) const;

  std::filesystem::path folder_;
  ContractSet contracts_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<LakeFile>, std::less<>> files_;  // by entity, each by month and path
  std::map<std::pair<std::string, int>, std::string> arranged_;      // entity and year: content
  mutable std::map<std::string, std::string, std::less<>> queries_;  // of views, by name
  std::uint64_t changes_ = 0;
};

}  // namespace fenqun::warehouse
