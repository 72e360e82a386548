// features/workbench.hpp - computes the families of one month with DuckDB, in a scratch database. Level 2.
#pragma once

#include "base/month.hpp"
#include "features/catalogue.hpp"
#include "features/sql_template.hpp"
#include "warehouse/entity_rows.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace fenqun::features {

/// One month's tables: reference tables, intermediate tables, one table per family. SQL names them without their
/// database: a temporary view per table stands in the shared session until the workbench goes. Until then the views of
/// facts end with the month: what came later cannot be seen. The workspace, the scratch database and the catalogue must
/// outlive it; the workspace must not commit meanwhile. Not for several threads.
class Workbench {
 public:
  Workbench(warehouse::Workspace& workspace, warehouse::Workspace::Scratch& scratch, const FeatureCatalogue& catalogue,
            TemplateValues values);
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;
  ~Workbench();

  /// Macros, views of the facts, reference tables and the first intermediate tables up to `open_customer`, then the
  /// number of customers that are open. Errors: Database, Io, Cancelled.
  Result<std::int64_t> count_open();
  /// The other intermediate tables (monthly ones as refresh_monthly left them) and all families; reports progress.
  /// Errors: BadData (a family's query does not give exactly its features, or a customer twice), Database, Io,
  /// Cancelled.
  Result<void> compute();
  /// All families side by side, one row per open customer in the order of customer_id. Errors: Database, Io, Cancelled.
  Result<void> write(const std::filesystem::path& file);

 private:
  Result<void> limit_facts();
  Result<std::string> monthly_rows(const Intermediate& table, const std::string& sql);
  Result<void> make_reference(const ReferenceTable& table);
  Result<void> make_intermediate(const Intermediate& table);
  Result<void> make_family(const Family& family);
  Result<void> check_family(const Family& family, const std::string& table);
  Result<void> show(const std::string& table);

  warehouse::Workspace& workspace_;
  warehouse::Workspace::Scratch& scratch_;
  const FeatureCatalogue& catalogue_;
  TemplateValues values_;
  warehouse::ViewInPlace facts_;
  std::size_t intermediates_made_ = 0;
  std::vector<std::string> views_;
};

}  // namespace fenqun::features
