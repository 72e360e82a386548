// datagen/datagen.cpp - from options to a finished folder.
#include "datagen/datagen.hpp"

#include "base/file.hpp"
#include "datagen/manifest.hpp"
#include "datagen/out_folder.hpp"
#include "datagen/workshop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::datagen {
namespace {

Result<Manifest> describe(const Identity& identity, const World& world, const std::vector<Job>& jobs,
                          const std::vector<std::int64_t>& rows, const std::filesystem::path& folder) {
  Manifest manifest{identity, baseline_year(world.timeline), {}};
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (rows[i] == 0) continue;  // nothing happened that month: an office sends no empty file
    std::error_code error;
    const auto bytes = std::filesystem::file_size(folder / jobs[i].path, error);
    if (error) {
      return fail(ErrorCode::Io, "base.cannot_read", {{"path", jobs[i].path}, {"reason", error.message()}});
    }
    manifest.files.push_back(
        {{std::string(jobs[i].contract->entity), jobs[i].path, rows[i]}, static_cast<std::int64_t>(bytes)});
  }
  std::sort(manifest.files.begin(), manifest.files.end(),
            [](const ManifestFile& a, const ManifestFile& b) { return a.file.path < b.file.path; });
  return manifest;
}

std::vector<PlantedClass> count_planted(const World& world) {
  // By dimension and name in the order of the alphabet, which is the order of the classes.
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  const auto add = [&](const char* dimension, const std::optional<int>& value) {
    ++counts[{dimension, value ? std::to_string(*value) : "none"}];
  };
  for (const auto& customer : world.customers) {
    const auto truth = truth_of(world.parameters, world.timeline, customer);
    add("revenue", truth.revenue);
    add("influence", truth.influence);
    add("growth", truth.growth);
    add("arrears", truth.arrears);
    ++counts[{"abcd", std::string(1, grade_of(customer))}];
    ++counts[{"payment_method", world.parameters.classes.methods[customer.method]}];
  }
  std::vector<PlantedClass> out;
  out.reserve(counts.size());
  for (const auto& [key, count] : counts) {
    out.push_back(
        {key.first, key.second, count, static_cast<double>(count) / static_cast<double>(world.customers.size())});
  }
  return out;
}

DatagenOutcome outcome_of(const DatagenOptions& options, const Manifest& manifest, bool already_there) {
  const auto& id = manifest.identity;
  DatagenOutcome out;
  out.already_there = already_there;
  out.out = options.out;
  out.profile = id.profile;
  out.seed = id.seed;
  out.customers = id.customers;
  out.first_month = id.end_month.plus(1 - id.months);
  out.end_month = id.end_month;
  for (const auto& [file, bytes] : manifest.files) {
    out.rows += file.rows;
    out.bytes += bytes;
    out.files.push_back(file);
  }
  return out;
}

}  // namespace

Result<FileFormat> parse_file_format(std::string_view text) {
  if (text == "parquet") return FileFormat::Parquet;
  if (text == "csv") return FileFormat::Csv;
  return fail(ErrorCode::InvalidArgument, "datagen.unknown_format", {{"value", std::string(text)}});
}

Result<DatagenOutcome> generate(const AssetStore& assets, const warehouse::ContractSet& contracts,
                                const DatagenOptions& options, WorkerPool& pool, Progress& progress,
                                const std::stop_token& stop) {
  FENQUN_TRY(auto parameters, Parameters::create(assets, options.profile));
  FENQUN_TRY(const auto identity, identify(options, parameters, contracts));
  const Timeline timeline(identity.end_month, identity.months, identity.reading_months);
  FENQUN_TRY(const auto world, World::create(std::move(parameters), identity.customers, timeline, identity.seed, pool));
  FENQUN_TRY(auto folder, OutFolder::open(options.out, identity));
  if (!folder) {
    FENQUN_TRY(const auto manifest, read_manifest(options.out));
    auto outcome = outcome_of(options, manifest.value(), true);
    outcome.planted = count_planted(*world);
    return outcome;
  }
  const auto jobs = plan_jobs(*world, contracts, options.format);
  FENQUN_TRY(const auto rows, make_files(*world, jobs, *folder, options.format, pool, progress, stop));
  FENQUN_TRY(const auto manifest, describe(identity, *world, jobs, rows, folder->folder()));
  FENQUN_CHECK(write_file_atomically(folder->folder() / kManifestName, to_yaml(manifest)));
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  FENQUN_CHECK(folder->put_in_place());
  auto outcome = outcome_of(options, manifest, false);
  outcome.planted = count_planted(*world);
  return outcome;
}

}  // namespace fenqun::datagen
