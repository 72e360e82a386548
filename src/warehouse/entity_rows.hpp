// warehouse/entity_rows.hpp - SQL for the rows of an entity that stand in certain files of the lake. Level 1.
#pragma once

#include "warehouse/contract.hpp"
#include "warehouse/workspace.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::warehouse {

/// A query with exactly the contract's columns, typed, over these files of the workspace in `folder`; without files it
/// gives no row, and a field that older files lack is NULL. The files' other columns are left out.
std::string entity_rows(const std::filesystem::path& folder, const Contract& contract,
                        const std::vector<LakeFile>& files);

/// `read_parquet([...])` over these files as they are. There must be at least one.
std::string lake_table(const std::filesystem::path& folder, const std::vector<LakeFile>& files);

/// What these files hold, as a text that is the same for the same content in any order: to take fingerprints of.
std::string content_of(const std::vector<LakeFile>& files);

/// While this lives, the view of an entity shows other rows: those of certain months, for instance. A view that stood
/// before is renamed and comes back, also after a stop; one that did not goes. Nothing may refresh the views of the
/// workspace meanwhile (Workspace::commit does). Not for several threads; the workspace must outlive it.
class ViewInPlace {
 public:
  explicit ViewInPlace(Workspace& workspace) : workspace_(workspace) {}
  ViewInPlace(const ViewInPlace&) = delete;
  ViewInPlace& operator=(const ViewInPlace&) = delete;
  ~ViewInPlace();

  /// Makes `entity` show what `query` gives; again for the same entity replaces that. Errors: Database, Cancelled.
  Result<void> show(const std::string& entity, const std::string& query);

 private:
  struct Shown {
    std::string name;
    bool stood_before = false;
  };
  Workspace& workspace_;
  std::vector<Shown> shown_;
};

}  // namespace fenqun::warehouse
