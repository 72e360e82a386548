// ledger/preview.cpp
#include "ledger/preview.hpp"

#include "ledger/change.hpp"
#include "ledger/publication.hpp"

namespace fenqun::ledger {
namespace {

using warehouse::sql_text;

Result<std::string> latest_run(warehouse::Workspace& workspace, const std::string& scheme, Month month) {
  // Of the month itself first, then the month nearest to it.
  return workspace.connection().query_text(
      "SELECT coalesce((SELECT run_id FROM run WHERE scheme = " + sql_text(scheme) +
      " ORDER BY abs(datediff('month', CAST(as_of || '-01' AS DATE), DATE " + sql_text(month.first_date()) +
      ")), created_at DESC, run_id LIMIT 1), '')");
}

Result<std::string> find_base(warehouse::Workspace& workspace, const segment::Scheme& scheme, Month month,
                              PreviewBase& base) {
  for (const auto& name : {scheme.name, scheme.derived_from}) {
    if (name.empty()) continue;
    FENQUN_TRY(const auto publications, read_publications(workspace.connection(), name));
    if (const auto there = in_force(timeline_of(publications), month)) {
      const auto run = publications[*there].run_in_force();
      base = PreviewBase::Published;
      if (!run.empty()) return run;
    }
    FENQUN_TRY(auto run, latest_run(workspace, name, month));
    base = PreviewBase::Latest;
    if (!run.empty()) return run;
  }
  base = PreviewBase::Nothing;
  return std::string();
}

void count_comings(Preview& preview) {
  for (const auto& line : preview.diff.migrations) {
    if (line.from.empty())
      preview.entered += line.customers;
    else if (line.to.empty())
      preview.left += line.customers;
    else if (!line.from_group && line.to_group)
      preview.gained += line.customers;
    else if (line.from_group && !line.to_group)
      preview.lost += line.customers;
  }
}

}  // namespace

Result<Preview> preview_scheme(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const segment::Scheme& scheme, const segment::SegmentOptions& options,
                               WorkerPool& pool) {
  Preview out;
  FENQUN_TRY(const auto before, find_base(workspace, scheme, options.as_of, out.base));
  FENQUN_TRY(auto found, segment::work_out_run(workspace, catalogue, scheme, options, pool));
  segment::RunResult first;
  if (!before.empty()) {
    FENQUN_TRY(first, segment::find_run(workspace, before));
  }
  const bool by_code = first.groups_named && found.run.groups_named;
  FENQUN_TRY(out.diff, compare_assignments(
                           workspace.connection(), {std::move(first), said_sql(before, {})},
                           {std::move(found.run), "SELECT customer_id, group_code, reason FROM " + found.everybody},
                           by_code ? CarryBy::Code : CarryBy::Customers));
  count_comings(out);
  return out;
}

}  // namespace fenqun::ledger
