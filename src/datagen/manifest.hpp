// datagen/manifest.hpp - DIR/synthetic.yaml: says that the data are synthetic, and from what they were made. Level 3.
#pragma once

#include "datagen/datagen.hpp"
#include "datagen/parameters.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::datagen {

inline constexpr const char* kManifestName = "synthetic.yaml";

/// What decides every byte of a utility. Two manifests with equal identities name the same files.
struct Identity {
  std::string profile;
  std::int64_t customers = 0;
  std::uint64_t seed = 0;
  std::string format;  // "parquet" or "csv"
  Month end_month;
  int months = 0;
  int reading_months = 0;
  std::string parameters;  // fingerprint of config/datagen
  std::string contracts;   // fingerprint of the columns written
  int generator = 0;       // version of the program that makes them
  std::string deliveries;  // fingerprint of the plan by which it was sent, with its faults; empty: clean files
  bool operator==(const Identity&) const = default;
};

struct ManifestFile {
  DatagenFile file;
  std::int64_t bytes = 0;
};

struct Manifest {
  Identity identity;
  int baseline_year = 0;  // whose complaints are the profile's baseline
  std::vector<ManifestFile> files;
};

/// Errors: InvalidArgument (an option out of range).
Result<Identity> identify(const DatagenOptions& options, const Parameters& parameters,
                          const warehouse::ContractSet& contracts);
std::string to_yaml(const Manifest& manifest);
/// Empty: the folder has no manifest. Errors: BadData (not a manifest), Io.
Result<std::optional<Manifest>> read_manifest(const std::filesystem::path& folder);
/// The first file that is missing or of another size, relative to the folder; empty: all are there.
std::string first_missing(const Manifest& manifest, const std::filesystem::path& folder);

}  // namespace fenqun::datagen
