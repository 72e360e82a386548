// features/prepare.cpp
#include "features/prepare.hpp"

#include "base/file.hpp"
#include "features/sql_template.hpp"
#include "features/steps.hpp"
#include "features/workbench.hpp"
#include "warehouse/entity_rows.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;
using warehouse::EntityKind;
using warehouse::Workspace;

constexpr std::string_view kWide = "wide";
constexpr std::string_view kReadiness = "_readiness";
constexpr std::array<std::string_view, 5> kEnergy = {"bill", "reading_month", "reading_day", "reading_hour",
                                                     "reading_quarter_hour"};
// Part of every fingerprint: to be raised when this room's code, not its SQL, changes what is written.
constexpr std::string_view kVersion = "3";

// Entities with data that the month can see: facts that come later must not change it.
Result<TemplateValues> values_for(Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of) {
  TemplateValues values;
  values.as_of = as_of;
  values.settings = catalogue.rules().settings;
  FENQUN_TRY(const auto loaded, workspace.loaded_entities());
  for (const auto& contract : workspace.contracts().all()) {
    values.known.insert(contract.entity);
    if (std::find(loaded.begin(), loaded.end(), contract.entity) == loaded.end()) continue;
    if (contract.kind == EntityKind::Fact) {
      FENQUN_TRY(const auto files, workspace.lake_files(contract.entity));
      if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.month <= as_of; })) continue;
      std::set<Month> months;
      for (const auto& file : files) {
        if (file.month <= as_of && file.month > as_of.plus(-12)) months.insert(file.month);
      }
      values.months[contract.entity] = static_cast<int>(months.size());
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

Result<void> make_parent(const fs::path& file) {
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);
  if (ec)
    return fail(ErrorCode::Io, "base.cannot_write", {{"path", file.parent_path().string()}, {"reason", ec.message()}});
  return {};
}

// The five steps, one after the other, up to the one asked for.
class Steps {
 public:
  Steps(Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of, Reuse reuse)
      : workspace_(workspace), catalogue_(catalogue), as_of_(as_of), reuse_(reuse) {}

  /// Writes the wide table and the readiness of customers to these files, when the last step is among them.
  Result<void> run(Workspace::Scratch& scratch, Step last, const fs::path& wide, const fs::path& readiness) {
    FENQUN_TRY(auto values, values_for(workspace_, catalogue_, as_of_));
    FENQUN_CHECK(add(select_data(workspace_, catalogue_, as_of_)));
    if (last == Step::Select) return {};
    Workbench bench(workspace_, scratch, catalogue_, std::move(values));
    FENQUN_TRY(const auto open, bench.open_month());
    if (open == 0) {
      FENQUN_TRY(const auto all, workspace_.connection().query_integer("SELECT count(*) FROM m_customer"));
      return fail(ErrorCode::BadData, "features.none_open",
                  {{"month", as_of_.text()}, {"customers", std::to_string(all)}});
    }
    FENQUN_CHECK(bench.find_outliers());
    FENQUN_CHECK(add(clean_data(workspace_, catalogue_, bench)));
    if (last == Step::Clean) return {};
    FENQUN_CHECK(bench.compute());
    FENQUN_CHECK(add(reconstruct_data(workspace_, catalogue_, bench, monthly)));
    if (last == Step::Reconstruct) return {};
    FENQUN_CHECK(make_parent(wide));
    FENQUN_CHECK(bench.write(wide));
    FENQUN_TRY(measure, measure_wide(workspace_, catalogue_, wide));
    FENQUN_CHECK(add(integrate_data(workspace_, catalogue_, bench, measure)));
    if (last == Step::Integrate) return {};
    FENQUN_CHECK(make_parent(readiness));
    FENQUN_CHECK(bench.write_readiness(wide, readiness));
    return add(format_data(workspace_, catalogue_, measure, readiness));
  }

  /// What they rest on month by month; before run().
  Result<void> sum_up() {
    FENQUN_TRY(monthly, refresh_monthly(workspace_, catalogue_, as_of_, reuse_));
    return {};
  }

  std::vector<MonthlyOutcome> monthly;
  std::vector<StepRecord> records;
  WideMeasure measure;

 private:
  Result<void> add(Result<StepRecord> record) {
    if (!record) return fail(std::move(record).error());
    records.push_back(*std::move(record));
    return {};
  }

  Workspace& workspace_;
  const FeatureCatalogue& catalogue_;
  Month as_of_;
  Reuse reuse_;
};

Result<void> check_customers(Workspace& workspace) {
  FENQUN_TRY(const auto customers, workspace.connection().query_integer("SELECT count(*) FROM customer"));
  if (customers == 0) return fail(ErrorCode::BadData, "features.no_customers");
  return {};
}

// What a stored record says of the month: nothing is read again.
void fill_outcome(const FeatureCatalogue& catalogue, const PreparationRecord& record, PrepareOutcome& outcome) {
  const auto* integrate = record.find(Step::Integrate);
  const auto* format = record.find(Step::Format);
  if (integrate == nullptr || format == nullptr) return;
  outcome.customers = integrate->rows_out;
  outcome.closed_or_not_yet_open = integrate->rows_in - integrate->rows_out;
  for (const auto& feature : catalogue.features()) {
    const auto found = std::find_if(format->items.begin(), format->items.end(), [&](const StepItem& item) {
      return item.kind == "feature" && item.name == feature.name;
    });
    if (found == format->items.end()) continue;
    outcome.coverage.push_back({feature.name, found->rows_out, found->rows_in - found->rows_out});
  }
}

// The files of one entity and month: those that bear the fingerprint, and all that a new one takes the place of.
struct Present {
  bool is_current = false;
  std::string name;  // for a file made anew
  std::vector<std::string> obsolete;
};

Result<Present> find_present(Workspace& workspace, const std::string& entity, Month as_of, const std::string& print) {
  Present out;
  out.name = print;
  FENQUN_TRY(const auto files, workspace.lake_files(entity));
  for (const auto& file : files) {
    if (file.month != as_of) continue;
    out.obsolete.push_back(file.path);
    out.is_current = out.is_current || fingerprint_in(file.path) == print;
    // What is made anew goes beside what stands there, then that goes.
    if (fs::path(file.path).stem() == out.name) out.name += "-1";
  }
  return out;
}

std::string path_of(std::string_view entity, Month month, const std::string& name) {
  return "lake/" + std::string(entity) + "/month=" + month.text() + "/" + name + ".parquet";
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
  FENQUN_CHECK(check_customers(workspace));
  PrepareOutcome outcome;
  outcome.as_of = as_of;
  FENQUN_TRY(const auto ground, Ground::survey(workspace, catalogue));
  outcome.fingerprint = ground.fingerprint(as_of);
  FENQUN_TRY(const auto wide, find_present(workspace, std::string(kWide), as_of, outcome.fingerprint));
  FENQUN_TRY(const auto readiness, find_present(workspace, std::string(kReadiness), as_of, outcome.fingerprint));
  FENQUN_TRY(const auto stored, read_preparation(workspace, as_of));
  if (reuse == Reuse::Allowed && wide.is_current && readiness.is_current && stored &&
      stored->fingerprint == outcome.fingerprint) {
    outcome.unchanged = true;
    fill_outcome(catalogue, *stored, outcome);
    return outcome;
  }
  Steps steps(workspace, catalogue, as_of, reuse);
  FENQUN_CHECK(steps.sum_up());
  {
    const auto wide_path = path_of(kWide, as_of, wide.name);
    const auto readiness_path = path_of(kReadiness, as_of, readiness.name);
    FENQUN_TRY(auto scratch, workspace.scratch("prepare", Workspace::ScratchPlace::InMemory));
    const auto wide_file = scratch.folder() / fs::path(wide_path).lexically_relative("lake");
    const auto readiness_file = scratch.folder() / fs::path(readiness_path).lexically_relative("lake");
    FENQUN_CHECK(steps.run(scratch, Step::Format, wide_file, readiness_file));
    PreparationRecord record{as_of, outcome.fingerprint, std::move(steps.records)};
    fill_outcome(catalogue, record, outcome);
    std::error_code ec;
    const auto bytes = [&ec](const fs::path& file) { return static_cast<std::int64_t>(fs::file_size(file, ec)); };
    auto obsolete = wide.obsolete;
    obsolete.insert(obsolete.end(), readiness.obsolete.begin(), readiness.obsolete.end());
    const auto& integrate = *record.find(Step::Integrate);
    FENQUN_CHECK(workspace.commit(
        scratch.folder(),
        {{std::string(kWide), as_of, wide_path, "", integrate.rows_out, bytes(wide_file)},
         {std::string(kReadiness), as_of, readiness_path, "", integrate.rows_in, bytes(readiness_file)}},
        storing(record), obsolete));
  }
  outcome.monthly = std::move(steps.monthly);
  // The scratch database silences the session when it goes.
  workspace.connection().watch(workspace.options().progress, workspace.options().stop);
  return outcome;
}

Result<PreparationRecord> try_steps(Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of, Step last) {
  FENQUN_CHECK(check_customers(workspace));
  FENQUN_TRY(const auto ground, Ground::survey(workspace, catalogue));
  Steps steps(workspace, catalogue, as_of, Reuse::Allowed);
  if (last != Step::Select) FENQUN_CHECK(steps.sum_up());
  {
    FENQUN_TRY(auto scratch, workspace.scratch("prepare", Workspace::ScratchPlace::InMemory));
    FENQUN_CHECK(steps.run(scratch, last, scratch.folder() / "wide.parquet", scratch.folder() / "readiness.parquet"));
  }
  workspace.connection().watch(workspace.options().progress, workspace.options().stop);
  return PreparationRecord{as_of, ground.fingerprint(as_of), std::move(steps.records)};
}

Result<std::string> preparation_fingerprint(Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of) {
  FENQUN_TRY(const auto ground, Ground::survey(workspace, catalogue));
  return ground.fingerprint(as_of);
}

}  // namespace fenqun::features
