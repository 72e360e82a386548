// segment/run.cpp - one run from population to stored rows.
#include "segment/run.hpp"

#include "base/build_id.hpp"
#include "base/file.hpp"
#include "base/short_text.hpp"
#include "segment/definitions.hpp"
#include "segment/drift.hpp"
#include "segment/methods.hpp"
#include "segment/prepared.hpp"
#include "segment/run_json.hpp"
#include "segment/truth.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

// The run of each scheme that is looked at, by scheme.
Result<std::vector<UsedRun>> find_uses(warehouse::Workspace& workspace, const Scheme& scheme,
                                       const SegmentOptions& options) {
  std::vector<UsedRun> out;
  if (scheme.uses.empty()) return out;
  FENQUN_TRY(const auto latest, latest_runs(workspace, options.as_of));
  for (const auto& use : scheme.uses) {
    const auto given = std::find_if(options.uses.begin(), options.uses.end(),
                                    [&](const UsedRun& run) { return run.scheme == use.scheme; });
    const auto found =
        std::find_if(latest.begin(), latest.end(), [&](const RunResult& run) { return run.scheme == use.scheme; });
    if (given != options.uses.end())
      out.push_back(*given);
    else if (found != latest.end())
      out.push_back({use.scheme, found->run_id});
    else
      return fail(ErrorCode::NotFound, "segment.used_not_run",
                  {{"file", scheme.origin},
                   {"line", std::to_string(use.line)},
                   {"scheme", use.scheme},
                   {"month", options.as_of.text()}});
  }
  std::sort(out.begin(), out.end(), [](const UsedRun& a, const UsedRun& b) { return a.scheme < b.scheme; });
  return out;
}

Result<RunResult> identify(warehouse::Workspace& workspace, const Scheme& scheme, const SegmentOptions& options) {
  RunResult run;
  run.scheme = scheme.name;
  run.scheme_version = scheme.version;
  run.definition = scheme.fingerprint;
  run.scheme_title = scheme.title;
  run.scheme_source = scheme.source;
  run.method = name_of(scheme.method);
  run.as_of = options.as_of;
  run.build = build_id();
  run.seed = options.seed.value_or(scheme.k.seed);
  FENQUN_TRY(run.data_fingerprint, workspace.data_fingerprint());
  // The wide table's file is named after data, catalogue and month.
  FENQUN_TRY(const auto files, workspace.lake_files("wide"));
  std::string wide;
  for (const auto& file : files) {
    if (file.month == options.as_of) wide += file.path;
  }
  FENQUN_TRY(run.uses, find_uses(workspace, scheme, options));
  std::string used;
  for (const auto& use : run.uses) {
    used += "|" + use.scheme + "=" + use.run_id;
    if (scheme.within && scheme.within->scheme == use.scheme) {
      run.parent = ParentGroup{use.scheme, scheme.within->group, use.run_id};
    }
  }
  run.group_limit_override = scheme.k.override_reason;
  run.run_id = hash_text(fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", scheme.name, scheme.version, scheme.fingerprint,
                                     options.as_of.text(), run.data_fingerprint, wide, options.k.value_or(0), run.seed,
                                     scheme.k.restarts, run.build) +
                         used)
                   .substr(0, 16);
  return run;
}

Result<void> assign_by_method(const MethodInput& input, RunResult& run) {
  switch (input.scheme.method) {
    case Method::Rules:
      return assign_by_rules(input, run);
    case Method::Tiers:
    case Method::Personas:
      return assign_by_tiers(input, run);
    case Method::Bands:
      return assign_by_bands(input, run);
    case Method::Score:
      return assign_by_score(input, run);
    case Method::LoadShape:
      return assign_by_load_shape(input, run);
  }
  return fail(ErrorCode::Internal, "segment.no_method");
}

}  // namespace

// Too few to cluster is a finding; a number of groups that was asked for and cannot be had is an error.
Result<void> assign_groups(const MethodInput& input, RunResult& run) {
  if (input.population.ready == 0) return assign_nobody(input, kTooFew, run);
  auto done = assign_by_method(input, run);
  if (done || input.options.k) return done;
  const auto& key = done.error().line.key;
  if (key != "cluster.too_few_distinct_rows" && key != "cluster.more_groups_than_rows") return done;
  return assign_nobody(input, kTooFew, run);
}

namespace {

// Everybody of the population with a group or a reason, sorted by customer.
Result<void> complete(warehouse::Workspace& workspace, const std::string& catalogue, const Population& population) {
  return workspace.connection().execute(
      "CREATE TABLE " + catalogue +
      ".everybody AS SELECT * FROM (SELECT customer_id, group_code, reason, distance_own, distance_next, "
      "next_group FROM " +
      catalogue + ".assigned UNION ALL SELECT customer_id, NULL, reason, NULL, NULL, NULL FROM " + population.table +
      " WHERE reason IS NOT NULL) ORDER BY customer_id");
}

Result<void> count_groups(warehouse::Workspace& workspace, const std::string& everybody, RunResult& run) {
  FENQUN_TRY(const auto counts, workspace.connection().query("SELECT group_code, count(*) FROM " + everybody +
                                                             " WHERE group_code IS NOT NULL GROUP BY group_code"));
  run.classified = 0;
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    run.classified += counts.integer(r, 1);
    for (auto& group : run.groups) {
      if (group.code == counts.text(r, 0)) group.customers = counts.integer(r, 1);
    }
  }
  bool empty = false;
  for (auto& group : run.groups) {
    group.share = run.classified > 0 ? static_cast<double>(group.customers) / static_cast<double>(run.classified) : 0;
    empty = empty || group.customers == 0;
  }
  if (empty && run.classified > 0) run.warnings.emplace_back("segment.warn_empty_group");
  return {};
}

// The table is scanned in the order in which it was filled: by customer.
Result<std::string> hash_assignment(warehouse::Workspace& workspace, const std::string& everybody) {
  std::string all;
  FENQUN_CHECK(
      workspace.connection().stream("SELECT customer_id, coalesce(group_code, '!' || reason) FROM " + everybody,
                                    [&](const warehouse::Chunk& chunk) -> Result<void> {
                                      for (std::size_t r = 0; r < chunk.rows(); ++r) {
                                        all.append(chunk.text(0, r)).append("\t").append(chunk.text(1, r)).append("\n");
                                      }
                                      return {};
                                    }));
  return hash_text(all);
}

Result<void> store(warehouse::Workspace& workspace, const std::string& everybody, const RunResult& run,
                   const Scheme& scheme, const SegmentOptions& options, const std::string& scores,
                   const std::string& shapes, const std::filesystem::path& staging) {
  const std::string id = sql_text(run.run_id);
  const std::string chosen = options.k ? fmt::format("{{\"k\":{}}}", *options.k) : "{}";
  std::vector<std::string> statements = {keep_definition_sql(scheme), "DELETE FROM score WHERE run_id = " + id};
  if (!scores.empty()) {
    statements.push_back("INSERT INTO score SELECT " + id + ", customer_id, score, known_weight, contributions FROM " +
                         scores + " ORDER BY customer_id");
  }
  statements.push_back("DELETE FROM load_shape WHERE run_id = " + id);
  if (!shapes.empty()) {
    statements.push_back("INSERT INTO load_shape SELECT " + id + ", * FROM " + shapes + " ORDER BY customer_id");
  }
  statements.insert(statements.end(),
                    {"DELETE FROM assignment WHERE run_id = " + id, "DELETE FROM run WHERE run_id = " + id,
                     "INSERT INTO assignment SELECT " + id +
                         ", customer_id, group_code, CASE WHEN group_code IS NULL THEN 'not_classifiable' ELSE "
                         "'classified' END, reason, distance_own, distance_next, next_group FROM " +
                         everybody,
                     "INSERT INTO run VALUES (" + id + ", " + sql_text(run.scheme) + ", " +
                         sql_text(std::to_string(run.scheme_version)) + ", " + sql_text(run.as_of.text()) + ", " +
                         sql_text(run.data_fingerprint) + ", " + sql_text(chosen) + ", " + std::to_string(run.seed) +
                         ", " + sql_text(run.build) + ", now()::TIMESTAMP, " + sql_text(to_json(run).dump()) + ")"});
  return workspace.commit(staging, {}, statements);
}

}  // namespace

Result<std::string> hash_stored_assignment(warehouse::Workspace& workspace, const std::string& run_id) {
  return hash_assignment(workspace, "(SELECT * FROM assignment WHERE run_id = " + sql_text(run_id) + ")");
}

Result<WorkedOut> work_out_run(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const Scheme& scheme, const SegmentOptions& options, WorkerPool& pool) {
  if (options.k && (*options.k < 2 || *options.k > 7)) {
    return fail(ErrorCode::InvalidArgument, "segment.k_out_of_range", {{"value", std::to_string(*options.k)}});
  }
  FENQUN_TRY(auto run, identify(workspace, scheme, options));
  FENQUN_CHECK(check_prepared(workspace, catalogue, options.as_of, columns_of(scheme)));
  FENQUN_TRY(auto scratch, workspace.scratch("segment", warehouse::Workspace::ScratchPlace::InMemory));
  const std::string name = sql_name(scratch.catalogue());
  FENQUN_TRY(const auto population, take_population(workspace, scratch.catalogue(), scheme, options.as_of, run.uses));
  run.population = population.customers;
  const MethodInput input{workspace, catalogue, scratch.catalogue(), population, scheme, options, pool};
  FENQUN_CHECK(scheme.strata && population.ready > 0 ? assign_in_strata(input, run) : assign_groups(input, run));
  FENQUN_CHECK(complete(workspace, name, population));
  std::string everybody = name + ".everybody";
  FENQUN_CHECK(count_groups(workspace, everybody, run));
  FENQUN_TRY(run.unclassified, count_unclassified(workspace, everybody, scheme, catalogue));
  FENQUN_TRY(run.drift_bins, fit_drift_bins(workspace, scheme, population.table, pool));
  FENQUN_TRY(run.assignment_hash, hash_assignment(workspace, everybody));
  if (!options.truth.empty() && !scheme.truth.empty() && run.classified > 0) {
    FENQUN_TRY(run.truth, compare_with_truth(workspace, everybody, options.truth, scheme.truth));
  }
  return WorkedOut{std::move(run), std::move(scratch), std::move(everybody)};
}

Result<RunResult> run_scheme(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                             const Scheme& scheme, const SegmentOptions& options, WorkerPool& pool) {
  FENQUN_TRY(auto found, work_out_run(workspace, catalogue, scheme, options, pool));
  const auto catalogue_name = sql_name(found.scratch.catalogue());
  const auto scores = found.run.score ? catalogue_name + ".scores" : "";
  const auto shapes = found.run.shapes && !found.run.shapes->dictionary.empty() ? catalogue_name + ".shapes" : "";
  FENQUN_CHECK(store(workspace, found.everybody, found.run, scheme, options, scores, shapes, found.scratch.folder()));
  return std::move(found.run);
}

Result<std::vector<RunResult>> latest_runs(warehouse::Workspace& workspace, std::optional<Month> as_of) {
  const std::string month = as_of ? " WHERE as_of = " + sql_text(as_of->text()) : "";
  FENQUN_TRY(
      const auto found,
      workspace.connection().query(
          "SELECT result FROM (SELECT *, row_number() OVER (PARTITION BY scheme ORDER BY as_of DESC, created_at DESC, "
          "run_id) AS place FROM run" +
          month + ") WHERE place = 1 ORDER BY scheme"));
  std::vector<RunResult> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    FENQUN_TRY(auto run, run_from_json(found.text(r, 0)));
    out.push_back(std::move(run));
  }
  return out;
}

Result<RunResult> find_run(warehouse::Workspace& workspace, const std::string& run_id) {
  FENQUN_TRY(const auto found,
             workspace.connection().query("SELECT result FROM run WHERE run_id = " + sql_text(run_id)));
  if (found.rows.empty()) return fail(ErrorCode::NotFound, "segment.no_run", {{"run", short_text(run_id)}});
  return run_from_json(found.text(0, 0));
}

}  // namespace fenqun::segment
