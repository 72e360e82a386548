// segment/drift.cpp
#include "segment/drift.hpp"

#include "cluster/drift.hpp"
#include "segment/population.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;

// NaN where there is no value. Empty: nobody in the table.
Result<Matrix<double>> read_columns(warehouse::Workspace& workspace, const std::vector<std::string>& names,
                                    const std::string& table) {
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto rows, connection.query_integer("SELECT count(*) FROM " + table));
  Matrix<double> out(static_cast<std::size_t>(rows), names.size());
  std::string sql;
  for (const auto& name : names) sql += (sql.empty() ? "SELECT " : ", ") + sql_name(name) + "::DOUBLE";
  std::size_t row = 0;
  FENQUN_CHECK(connection.stream(sql + " FROM " + table, [&](const warehouse::Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r, ++row) {
      for (std::size_t c = 0; c < names.size(); ++c) {
        out(row, c) = chunk.is_null(c, r) ? std::numeric_limits<double>::quiet_NaN() : chunk.number(c, r);
      }
    }
    return {};
  }));
  return out;
}

}  // namespace

Result<std::vector<DriftBins>> fit_drift_bins(warehouse::Workspace& workspace, const Scheme& scheme,
                                              const std::string& table, WorkerPool& pool) {
  std::vector<std::string> names;
  for (const auto& feature : scheme.features) names.push_back(feature.name);
  std::vector<DriftBins> out;
  if (names.empty()) return out;
  FENQUN_TRY(const auto values, read_columns(workspace, names, table));
  if (values.rows() == 0) return out;
  FENQUN_TRY(auto fitted, cluster::fit_bins(values.view(), kDriftBins, pool));
  for (std::size_t c = 0; c < names.size(); ++c) {
    auto& bins = fitted.features[c];
    out.push_back({names[c], std::move(bins.edges), std::move(bins.counts), bins.missing});
  }
  return out;
}

Result<std::vector<FeatureDrift>> measure_drift_since(warehouse::Workspace& workspace, const Scheme& scheme,
                                                      const RunResult& run, Month month, WorkerPool& pool) {
  std::vector<FeatureDrift> out;
  cluster::FittedBins fitted;
  std::vector<std::string> names;
  for (const auto& bins : run.drift_bins) {
    const auto same = [&](const SchemeFeature& feature) { return feature.name == bins.feature; };
    if (std::none_of(scheme.features.begin(), scheme.features.end(), same)) continue;
    names.push_back(bins.feature);
    fitted.features.push_back({bins.edges, bins.counts, bins.missing});
    fitted.rows = bins.missing;
    for (const auto count : bins.counts) fitted.rows += count;
  }
  if (names.empty()) return out;
  FENQUN_TRY(auto scratch, workspace.scratch("drift", warehouse::Workspace::ScratchPlace::InMemory));
  FENQUN_TRY(const auto population, take_population(workspace, scratch.catalogue(), scheme, month, run.uses));
  FENQUN_TRY(const auto values, read_columns(workspace, names, population.table));
  FENQUN_TRY(const auto drift, cluster::measure_drift(fitted, values.view(), pool));
  for (std::size_t c = 0; c < names.size(); ++c) out.push_back({names[c], drift[c].psi});
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.psi > b.psi; });
  return out;
}

}  // namespace fenqun::segment
