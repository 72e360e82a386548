// segment/repeat.cpp
#include "segment/repeat.hpp"

#include "base/number.hpp"
#include "segment/definitions.hpp"
#include "segment/run.hpp"

namespace fenqun::segment {
namespace {

using warehouse::sql_text;

// The number of groups that was asked for on the command line.
Result<std::optional<std::uint32_t>> asked_k(warehouse::Workspace& workspace, const std::string& run_id) {
  FENQUN_TRY(const auto k, workspace.connection().query_text(
                               "SELECT coalesce(options->>'k', '') FROM run WHERE run_id = " + sql_text(run_id)));
  const auto number = parse_number(k);
  return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

}  // namespace

Result<Repeat> repeat_run(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                          const std::string& run_id, WorkerPool& pool) {
  Repeat out;
  FENQUN_TRY(out.first, find_run(workspace, run_id));
  FENQUN_TRY(const auto scheme, scheme_of_run(workspace, catalogue, out.first));
  SegmentOptions options;
  options.as_of = out.first.as_of;
  options.seed = out.first.seed;
  options.uses = out.first.uses;
  FENQUN_TRY(options.k, asked_k(workspace, run_id));
  for (const auto& use : options.uses) FENQUN_CHECK(find_run(workspace, use.run_id));
  FENQUN_TRY(auto found, work_out_run(workspace, catalogue, scheme, options, pool));
  out.again = std::move(found.run);
  FENQUN_TRY(const auto stored, hash_stored_assignment(workspace, run_id));
  out.is_assignment_changed = stored != out.first.assignment_hash;
  out.is_same = out.again.assignment_hash == out.first.assignment_hash && !out.is_assignment_changed;
  out.is_build_changed = out.again.build != out.first.build;
  // Of the same build the id says it all; else it differs by the build alone.
  out.is_data_changed = out.again.data_fingerprint != out.first.data_fingerprint ||
                        (!out.is_build_changed && out.again.run_id != out.first.run_id);
  return out;
}

}  // namespace fenqun::segment
