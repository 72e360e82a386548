// features/prepare.cpp
#include "features/prepare.hpp"

#include "base/file.hpp"
#include "features/workbench.hpp"
#include "warehouse/entity_rows.hpp"

#include <algorithm>
#include <array>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;
using warehouse::EntityKind;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

constexpr std::string_view kWide = "wide";
constexpr std::array<std::string_view, 5> kEnergy = {"bill", "reading_month", "reading_day", "reading_hour",
                                                     "reading_quarter_hour"};
// Part of every fingerprint: to be raised when this room's code, not its SQL, changes what is written.
constexpr std::string_view kVersion = "2";

// Entities with data that the month can see: facts that come later must not change it.
Result<TemplateValues> values_for(Workspace& workspace, Month as_of) {
  TemplateValues values;
  values.as_of = as_of;
  FENQUN_TRY(const auto loaded, workspace.loaded_entities());
  for (const auto& contract : workspace.contracts().all()) {
    values.known.insert(contract.entity);
    if (std::find(loaded.begin(), loaded.end(), contract.entity) == loaded.end()) continue;
    if (contract.kind == EntityKind::Fact) {
      FENQUN_TRY(const auto files, workspace.lake_files(contract.entity));
      if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.month <= as_of; })) continue;
    }
    values.loaded.insert(contract.entity);
  }
  return values;
}

// What the months up to a certain one rest on, for as many of them as are asked.
class Ground {
 public:
  static Result<Ground> survey(Workspace& workspace, const FeatureCatalogue& catalogue) {
    Ground out;
    out.catalogue_ = catalogue.fingerprint();
    FENQUN_TRY(const auto masters, read_masters(workspace));
    for (const auto& [entity, print] : masters.whole) out.masters_ += entity + " " + print + "\n";
    for (const auto& contract : workspace.contracts().all()) {
      if (contract.kind != EntityKind::Fact) continue;
      FENQUN_TRY(auto files, workspace.lake_files(contract.entity));
      out.files_.insert(out.files_.end(), files.begin(), files.end());
    }
    return out;
  }

  [[nodiscard]] std::string fingerprint(Month as_of) const {
    auto files = files_;
    std::erase_if(files, [&](const auto& file) { return file.month > as_of; });
    return hash_text(std::string(kVersion) + "\n" + as_of.text() + "\n" + catalogue_ + "\n" + masters_ +
                     content_of(files))
        .substr(0, 32);
  }

 private:
  std::string catalogue_;
  std::string masters_;
  std::vector<warehouse::LakeFile> files_;
};

// The fingerprint in the name of a feature month's file, which one made again carries with a number.
std::string fingerprint_in(const std::string& path) {
  const auto stem = fs::path(path).stem().string();
  return stem.substr(0, stem.find('-'));
}

// Rows, coverage and soundness of a finished month, read from its file: the same for a new and an unchanged one.
Result<void> measure(Workspace& workspace, const FeatureCatalogue& catalogue, const fs::path& file,
                     PrepareOutcome& outcome) {
  std::string sql = "SELECT count(*)";
  std::string not_finite;
  for (const auto& feature : catalogue.features()) {
    const auto column = sql_name(feature.name);
    sql += ", count(" + column + ")";
    not_finite +=
        feature.type == FeatureType::Number ? ", count(*) FILTER (WHERE NOT isfinite(" + column + "))" : ", 0";
  }
  FENQUN_TRY(const auto found,
             workspace.connection().query(sql + not_finite + " FROM read_parquet(" + sql_text(file.string()) + ")"));
  const auto count = catalogue.features().size();
  outcome.customers = found.integer(0, 0);
  for (std::size_t f = 0; f < count; ++f) {
    const auto& feature = catalogue.features()[f];
    const auto present = found.integer(0, 1 + f);
    outcome.coverage.push_back({feature.name, present, outcome.customers - present});
    if (const auto bad = found.integer(0, 1 + count + f); bad > 0) {
      return fail(ErrorCode::BadData, "features.not_finite",
                  {{"family", feature.family}, {"feature", feature.name}, {"rows", std::to_string(bad)}});
    }
  }
  FENQUN_TRY(const auto all, workspace.connection().query_integer("SELECT count(*) FROM customer"));
  outcome.closed_or_not_yet_open = all - outcome.customers;
  return {};
}

Result<void> make_parent(const fs::path& file) {
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);
  if (ec)
    return fail(ErrorCode::Io, "base.cannot_write", {{"path", file.parent_path().string()}, {"reason", ec.message()}});
  return {};
}

Result<void> compute_month(Workspace& workspace, Workspace::Scratch& scratch, const FeatureCatalogue& catalogue,
                           const fs::path& file, PrepareOutcome& outcome) {
  FENQUN_TRY(auto values, values_for(workspace, outcome.as_of));
  Workbench bench(workspace, scratch, catalogue, std::move(values));
  FENQUN_TRY(const auto open, bench.count_open());
  if (open == 0) {
    FENQUN_TRY(const auto all, workspace.connection().query_integer("SELECT count(*) FROM customer"));
    return fail(ErrorCode::BadData, "features.none_open",
                {{"month", outcome.as_of.text()}, {"customers", std::to_string(all)}});
  }
  FENQUN_CHECK(bench.compute());
  FENQUN_CHECK(make_parent(file));
  FENQUN_CHECK(bench.write(file));
  return measure(workspace, catalogue, file, outcome);
}

}  // namespace

Result<Month> latest_month(Workspace& workspace) {
  // Payments and calls of the first days of a month do not make it a month to judge: energy does, where there is any.
  std::optional<Month> energy;
  std::optional<Month> any;
  for (const auto& contract : workspace.contracts().all()) {
    if (contract.kind != EntityKind::Fact) continue;
    FENQUN_TRY(const auto files, workspace.lake_files(contract.entity));
    for (const auto& file : files) {
      any = std::max(any.value_or(file.month), file.month);
      if (std::find(kEnergy.begin(), kEnergy.end(), contract.entity) != kEnergy.end())
        energy = std::max(energy.value_or(file.month), file.month);
    }
  }
  if (!any) return fail(ErrorCode::BadData, "features.nothing_loaded");
  return energy.value_or(*any);
}

Result<std::vector<Month>> stale_months(Workspace& workspace, const FeatureCatalogue& catalogue) {
  FENQUN_TRY(const auto present, workspace.lake_files(std::string(kWide)));
  std::vector<Month> out;
  if (present.empty()) return out;
  FENQUN_TRY(const auto ground, Ground::survey(workspace, catalogue));
  for (const auto& file : present) {
    if (fingerprint_in(file.path) != ground.fingerprint(file.month)) out.push_back(file.month);
  }
  return out;
}

Result<PrepareOutcome> prepare(Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of, Reuse reuse) {
  FENQUN_TRY(const auto customers, workspace.connection().query_integer("SELECT count(*) FROM customer"));
  if (customers == 0) return fail(ErrorCode::BadData, "features.no_customers");
  PrepareOutcome outcome;
  outcome.as_of = as_of;
  FENQUN_TRY(const auto ground, Ground::survey(workspace, catalogue));
  outcome.fingerprint = ground.fingerprint(as_of);
  auto name = outcome.fingerprint;
  std::vector<std::string> obsolete;
  FENQUN_TRY(const auto present, workspace.lake_files(std::string(kWide)));
  for (const auto& file : present) {
    if (file.month != as_of) continue;
    obsolete.push_back(file.path);
    if (fingerprint_in(file.path) != outcome.fingerprint) continue;
    if (reuse == Reuse::Allowed) {
      outcome.unchanged = true;
      FENQUN_CHECK(measure(workspace, catalogue, workspace.folder() / file.path, outcome));
      return outcome;
    }
    // What is made anew goes beside what stands there, then that goes.
    if (fs::path(file.path).stem() == name) name += "-1";
  }
  FENQUN_TRY(outcome.monthly, refresh_monthly(workspace, catalogue, as_of, reuse));
  {
    const auto path = std::string("lake/wide/month=") + as_of.text() + "/" + name + ".parquet";
    FENQUN_TRY(auto scratch, workspace.scratch("prepare"));
    const auto file = scratch.folder() / fs::path(path).lexically_relative("lake");
    FENQUN_CHECK(compute_month(workspace, scratch, catalogue, file, outcome));
    std::error_code ec;
    const auto bytes = static_cast<std::int64_t>(fs::file_size(file, ec));
    FENQUN_CHECK(workspace.commit(scratch.folder(), {{std::string(kWide), as_of, path, "", outcome.customers, bytes}},
                                  {}, obsolete));
  }
  // The scratch database silences the session when it goes.
  workspace.connection().watch(workspace.options().progress, workspace.options().stop);
  return outcome;
}

}  // namespace fenqun::features
