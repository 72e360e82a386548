// app/refresh.cpp
#include "app/refresh.hpp"

#include "segment/scheme_order.hpp"

#include <algorithm>
#include <utility>

namespace fenqun::app {
namespace {

// Schemes that were ever run and still have a file.
Result<std::vector<std::string>> schemes_run(Session& session) {
  FENQUN_TRY(const auto rows, session.workspace.connection().query("SELECT DISTINCT scheme FROM run ORDER BY scheme"));
  const auto names = segment::scheme_names(session.workspace.assets());
  std::vector<std::string> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto name = rows.text(r, 0);
    if (std::find(names.begin(), names.end(), name) != names.end()) out.push_back(std::move(name));
  }
  if (out.empty()) return default_schemes(session);
  return out;
}

}  // namespace

Result<RefreshOutcome> refresh_schemes(Session& session, const RefreshRequest& request) {
  RefreshOutcome out;
  if (request.month) {
    out.month = *request.month;
  } else {
    FENQUN_TRY(out.month, latest_prepared_month(session));
  }
  auto names = request.schemes;
  if (names.empty()) {
    FENQUN_TRY(names, schemes_run(session));
  }
  FENQUN_TRY(const auto schemes, segment::load_in_order(session.workspace.assets(), session.catalogue, names));
  SegmentRequest due;
  due.month = out.month;
  for (const auto& scheme : schemes) {
    if (std::find(names.begin(), names.end(), scheme.name) == names.end()) continue;
    ProgressStage stage(session, "app.stage_due", {{"scheme", scheme.title.in(session.caller.language)}});
    FENQUN_TRY(auto found, ledger::find_due(session.workspace, session.catalogue, scheme, out.month, *session.pool));
    stage.done();
    if (!found.reasons.empty()) due.schemes.push_back(scheme.name);
    out.schemes.push_back(std::move(found));
  }
  if (!request.run || due.schemes.empty()) return out;
  FENQUN_TRY(auto ran, segment_customers(session, due));
  out.ran = std::move(ran);
  return out;
}

}  // namespace fenqun::app
