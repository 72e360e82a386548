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

/// One month's tables: what was filled in (`imputed`: customer_id, field, rule, value) and pointed out (`outlier`:
/// rule, customer_id, month), reference tables, intermediate tables, one table per family. SQL names them without their
/// database: a temporary view per table stands in the shared session until the workbench goes. Until then the view of
/// customers shows filled values too, and the views of facts end with the month: what came later cannot be seen. The
/// workspace, the scratch database and the catalogue must outlive it; the workspace must not commit meanwhile. Not for
/// several threads.
class Workbench {
 public:
  Workbench(warehouse::Workspace& workspace, warehouse::Workspace::Scratch& scratch, const FeatureCatalogue& catalogue,
            TemplateValues values);
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;
  ~Workbench();

  /// Macros, views of the facts, reference tables, what is filled in, then the first intermediate tables up to
  /// `open_customer`; the number of customers that are open. Errors: Database, Io, Cancelled.
  Result<std::int64_t> open_month();
  /// The intermediate tables that are not stored here (views, and monthly ones as refresh_monthly left them), then what
  /// is doubtful. Errors: BadData (placeholder), Database, Io, Cancelled.
  Result<void> find_outliers();
  /// The other intermediate tables and all families; reports progress. Errors: BadData (a family's query does not give
  /// exactly its features), Database, Io, Cancelled.
  Result<void> compute();
  /// All families side by side, one row per open customer in the order of customer_id. Errors: BadData (a family's
  /// query gives a customer twice), Database, Io, Cancelled.
  Result<void> write(const std::filesystem::path& file);
  /// One row per customer, open or not, in the order of customer_id: as_of, customer_id, is_comparable, reason (code of
  /// the rule, closed or not_open_yet), imputed (fields), outliers (rule and month each), then of each family
  /// badge_<family> (full, partial, insufficient) and have_<family>; `wide` is what write() wrote. Errors: Database,
  /// Io, Cancelled.
  Result<void> write_readiness(const std::filesystem::path& wide, const std::filesystem::path& file);

  /// The query with its placeholders filled for this month. Errors: BadData.
  [[nodiscard]] Result<std::string> filled(const std::string& sql, const std::string& origin) const;
  /// A table of the scratch database, as SQL.
  [[nodiscard]] std::string table(const std::string& name) const;
  [[nodiscard]] const TemplateValues& values() const noexcept { return values_; }

 private:
  Result<void> limit_facts();
  Result<void> impute();
  Result<std::string> monthly_rows(const Intermediate& table, const std::string& sql);
  Result<void> make_reference(const ReferenceTable& table);
  Result<void> make_intermediate(const Intermediate& table);
  Result<void> make_family(const Family& family);
  Result<void> check_family(const Family& family, const std::string& table);
  Result<void> find_customer_twice();
  Result<void> show(const std::string& table);
  [[nodiscard]] Result<std::string> judged(const std::filesystem::path& wide) const;

  warehouse::Workspace& workspace_;
  warehouse::Workspace::Scratch& scratch_;
  const FeatureCatalogue& catalogue_;
  TemplateValues values_;
  warehouse::ViewInPlace in_place_;
  std::vector<std::string> views_;
};

}  // namespace fenqun::features
