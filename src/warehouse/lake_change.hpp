// warehouse/lake_change.hpp - files that come into the lake and files that leave it, prepared for one commit. Level 1.
#pragma once

#include "warehouse/workspace.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::warehouse {

/// The order of rows in a lake file: customer, time, key. And how it is stored, as the options of COPY.
std::string lake_order(const Contract& contract);
std::string_view lake_format() noexcept;

/// What Workspace::commit takes: files written to a scratch folder, paths of the manifest that they make obsolete.
struct LakeChange {
  std::vector<LakeFile> files;
  std::vector<std::string> obsolete;  // LakeFile::path
};

/// Writes lake files into a scratch folder. The workspace must outlive it. Not for several threads.
class LakeChanger {
 public:
  LakeChanger(Workspace& workspace, std::filesystem::path scratch)
      : workspace_(workspace), scratch_(std::move(scratch)) {}

  /// One more file of `entity` (of the contract's or kept beside it: superseded_of), whose rows the query `rows` gives
  /// in any order; they must be `expected` many; none make no file. `batch`: as LakeFile::batch_id.
  /// Errors: Internal "warehouse.rows_disagree", Io, Database, Cancelled.
  Result<void> add(const Contract& contract, const std::string& entity, Month month, const std::string& batch,
                   const std::string& rows, std::int64_t expected);
  /// `old` leaves; `rows`, a query over its rows, are what is left of it, `expected` many. Errors: as add.
  Result<void> replace(const Contract& contract, const LakeFile& old, const std::string& rows, std::int64_t expected);
  void remove(const LakeFile& file) { change_.obsolete.push_back(file.path); }

  [[nodiscard]] LakeChange finish() { return std::move(change_); }

 private:
  Workspace& workspace_;
  std::filesystem::path scratch_;
  LakeChange change_;
};

/// `read_parquet('...')` of one file of the lake, for use in FROM.
std::string read_lake_file(const Workspace& workspace, const LakeFile& file);

}  // namespace fenqun::warehouse
