// delivery/delivery.cpp
#include "delivery/delivery.hpp"

#include "base/file.hpp"
#include "base/number.hpp"
#include "datagen/manifest.hpp"
#include "datagen/out_folder.hpp"
#include "delivery/consequences.hpp"
#include "delivery/courier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::delivery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCleanFolder = ".clean";
constexpr double kLargestShare = 0.1;
constexpr int kVersion = 1;  // raise when the same plan gives other bytes

Result<datagen::Identity> identify(const AssetStore& assets, const warehouse::ContractSet& contracts,
                                   const datagen::DatagenOptions& options, const DirtOptions& dirt) {
  if (dirt.share < 0 || dirt.share > kLargestShare) {
    return fail(ErrorCode::InvalidArgument, "datagen.option_range",
                {{"option", "--dirty-share"}, {"value", shortest(dirt.share)}, {"low", "0"}, {"high", "0.1"}});
  }
  FENQUN_TRY(const auto parameters, datagen::Parameters::create(assets, options.profile));
  FENQUN_TRY(auto identity, datagen::identify(options, parameters, contracts));
  FENQUN_TRY(const auto plan, assets.read("config/datagen/deliveries.yaml"));
  identity.format = "deliveries";
  identity.deliveries =
      hash_text(fmt::format("{} {} {} {}", kVersion, dirt.seed, shortest(dirt.share), plan.text)).substr(0, 16);
  return identity;
}

tl::unexpected<Error> cannot(const char* key, const fs::path& path, const std::error_code& error) {
  return fail(ErrorCode::Io, key, {{"path", path.string()}, {"reason", error.message()}});
}

/// The truth comes along; the clean files go.
Result<void> clear_up(const fs::path& folder) {
  std::error_code error;
  const auto clean = folder / kCleanFolder;
  fs::rename(clean / "truth" / "customer_class.parquet", folder / "truth" / "customer_class.parquet", error);
  if (error) return cannot("base.cannot_write", folder / "truth", error);
  fs::remove_all(clean, error);
  if (error) return cannot("base.cannot_write", clean, error);
  return {};
}

Result<datagen::Manifest> describe(const datagen::Identity& identity, int baseline_year, const Ledger& ledger,
                                   const fs::path& folder) {
  datagen::Manifest manifest{identity, baseline_year, {}};
  for (const auto& file : ledger.expected()) {
    std::error_code error;
    const auto bytes = fs::file_size(folder / file.file, error);
    if (error) return cannot("base.cannot_read", file.file, error);
    manifest.files.push_back({{file.entity, file.file, file.rows_in}, static_cast<std::int64_t>(bytes)});
  }
  return manifest;
}

/// What the clean utility is, with the delivered files instead of its own.
datagen::DatagenOutcome outcome_of(datagen::DatagenOutcome clean, const fs::path& out,
                                   const datagen::Manifest& manifest) {
  clean.out = out;
  clean.rows = clean.bytes = 0;
  clean.files.clear();
  for (const auto& [file, bytes] : manifest.files) {
    clean.files.push_back(file);
    clean.rows += file.rows;
    clean.bytes += bytes;
  }
  return clean;
}

DirtOutcome already_there(const datagen::DatagenOptions& options, const datagen::Manifest& manifest) {
  DirtOutcome out;
  const auto& id = manifest.identity;
  datagen::DatagenOutcome utility;
  utility.already_there = true;
  utility.profile = id.profile;
  utility.seed = id.seed;
  utility.customers = id.customers;
  utility.first_month = id.end_month.plus(1 - id.months);
  utility.end_month = id.end_month;
  out.utility = outcome_of(std::move(utility), options.out, manifest);
  return out;
}

}  // namespace

Result<DirtOutcome> deliver(const AssetStore& assets, const warehouse::ContractSet& contracts,
                            const datagen::DatagenOptions& options, const DirtOptions& dirt, WorkerPool& pool,
                            Progress& progress, const std::stop_token& stop) {
  FENQUN_TRY(const auto identity, identify(assets, contracts, options, dirt));
  FENQUN_TRY(const auto plan, read_plan(assets, contracts));
  FENQUN_TRY(auto folder, datagen::OutFolder::open(options.out, identity));
  if (!folder) {
    FENQUN_TRY(const auto manifest, datagen::read_manifest(options.out));
    return already_there(options, manifest.value());
  }
  for (const auto* name : {"mappings", "truth"}) FENQUN_CHECK(folder->make(name));
  auto clean_options = options;
  clean_options.out = folder->folder() / kCleanFolder;
  clean_options.format = datagen::FileFormat::Parquet;
  NoProgress silent;
  FENQUN_TRY(auto clean, datagen::generate(assets, contracts, clean_options, pool, silent, stop));
  FENQUN_TRY(const auto clean_manifest, datagen::read_manifest(clean_options.out));
  Ledger ledger;
  {
    FENQUN_TRY(auto utility, Utility::open(clean_options.out, contracts, identity.end_month, stop));
    Courier courier(utility, {folder->folder(), dirt.seed, dirt.share}, ledger);
    for (std::size_t i = 0; i < plan.size(); ++i) {
      FENQUN_CHECK(courier.make(plan[i], plan));
      progress.update(static_cast<double>(i + 1) / static_cast<double>(plan.size()), plan[i].file);
      if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    }
    FENQUN_CHECK(write_consequences(utility, ledger, clean_options.out, folder->folder() / "truth"));
  }
  FENQUN_CHECK(ledger.write(folder->folder() / "truth"));
  FENQUN_CHECK(clear_up(folder->folder()));
  FENQUN_TRY(const auto manifest, describe(identity, clean_manifest->baseline_year, ledger, folder->folder()));
  FENQUN_CHECK(write_file_atomically(folder->folder() / datagen::kManifestName, to_yaml(manifest)));
  FENQUN_CHECK(folder->put_in_place());
  return DirtOutcome{outcome_of(std::move(clean), options.out, manifest),
                     static_cast<std::int64_t>(ledger.planted().size()), ledger.expected()};
}

}  // namespace fenqun::delivery
