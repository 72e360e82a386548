// ledger/due.cpp
#include "ledger/due.hpp"

#include "ledger/preview.hpp"
#include "segment/run.hpp"

#include <array>
#include <utility>

namespace fenqun::ledger {
namespace {

using warehouse::sql_text;

constexpr std::array<std::string_view, 6> kNames = {"never_run",    "new_month", "scheme_changed",
                                                    "data_changed", "drift",     "moved"};

// Of the month, else the last one before it, else the first after it; of several the one made last.
Result<std::string> last_run(warehouse::Workspace& workspace, const std::string& scheme, Month month) {
  return workspace.connection().query_text(
      "SELECT coalesce((SELECT run_id FROM run WHERE scheme = " + sql_text(scheme) + " ORDER BY as_of > " +
      sql_text(month.text()) + ", abs(datediff('month', CAST(as_of || '-01' AS DATE), DATE " +
      sql_text(month.first_date()) + ")), created_at DESC, run_id LIMIT 1), '')");
}

// Nobody to look at, or a scheme looked at that was not run: nothing to compare, and no fault.
bool is_untried(const Error& error) {
  return error.line.key == segment::kNobodyInPopulation || error.line.key == "segment.used_not_run";
}

Result<void> try_it(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                    const segment::Scheme& scheme, Month month, WorkerPool& pool, DueScheme& out) {
  segment::SegmentOptions options;
  options.as_of = month;
  auto preview = preview_scheme(workspace, catalogue, scheme, options, pool);
  if (!preview) return is_untried(preview.error()) ? Result<void>() : Result<void>(fail(std::move(preview).error()));
  out.compared = preview->diff.compared;
  out.moved = preview->diff.moved;
  return {};
}

}  // namespace

std::string_view name_of(DueReason reason) noexcept { return kNames[static_cast<std::size_t>(reason)]; }

Result<DueScheme> find_due(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                           const segment::Scheme& scheme, Month month, WorkerPool& pool) {
  DueScheme out;
  out.scheme = scheme.name;
  out.title = scheme.title;
  out.rule = scheme.refresh;
  FENQUN_TRY(out.last_run, last_run(workspace, scheme.name, month));
  if (out.last_run.empty()) {
    out.reasons.push_back(DueReason::NeverRun);
    return out;
  }
  FENQUN_TRY(const auto run, segment::find_run(workspace, out.last_run));
  out.last_month = run.as_of;
  if (run.as_of != month) out.reasons.push_back(DueReason::NewMonth);
  if (run.definition != scheme.fingerprint) out.reasons.push_back(DueReason::SchemeChanged);
  FENQUN_TRY(const auto data, workspace.data_fingerprint());
  if (run.as_of == month && run.data_fingerprint != data) out.reasons.push_back(DueReason::DataChanged);
  auto drift = segment::measure_drift_since(workspace, scheme, run, month, pool);
  if (drift) {
    out.drift = std::move(*drift);
  } else if (!is_untried(drift.error())) {
    return fail(std::move(drift).error());
  }
  if (!out.drift.empty() && out.drift.front().psi > scheme.refresh.drift_psi) out.reasons.push_back(DueReason::Drift);
  FENQUN_CHECK(try_it(workspace, catalogue, scheme, month, pool, out));
  const auto compared = static_cast<double>(out.compared.value_or(0));
  if (compared > 0 && static_cast<double>(out.moved) > scheme.refresh.moved_share * compared) {
    out.reasons.push_back(DueReason::Moved);
  }
  return out;
}

}  // namespace fenqun::ledger
