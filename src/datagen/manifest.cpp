// datagen/manifest.cpp
#include "datagen/manifest.hpp"

#include "base/file.hpp"
#include "base/number.hpp"
#include "base/settings.hpp"

#include <fmt/format.h>

namespace fenqun::datagen {

std::string to_yaml(const Manifest& manifest) {
  const auto& id = manifest.identity;
  auto out = fmt::format(
      "# Synthetic data: proves speed, correctness and recovery of planted groups, never accuracy in the field.\n"
      "synthetic: true\nprofile: {}\ncustomers: {}\nseed: \"{}\"\nformat: {}\nfirst_month: {}\nend_month: {}\n"
      "months: {}\nreading_months: {}\nparameters: \"{}\"\ncontracts: \"{}\"\ngenerator: {}\n{}baseline_year: "
      "{}\nfiles:\n",
      id.profile, id.customers, id.seed, id.format, id.end_month.plus(1 - id.months).text(), id.end_month.text(),
      id.months, id.reading_months, id.parameters, id.contracts, id.generator,
      id.deliveries.empty() ? "" : fmt::format("deliveries: \"{}\"\n", id.deliveries), manifest.baseline_year);
  for (const auto& [file, bytes] : manifest.files) {
    out += fmt::format("  - {{path: {}, entity: {}, rows: {}, bytes: {}}}\n", file.path, file.entity, file.rows, bytes);
  }
  return out;
}

namespace {

Result<Identity> read_identity(const Settings& from) {
  Identity id;
  FENQUN_TRY(id.profile, from.text("profile"));
  FENQUN_TRY(id.customers, from.integer("customers"));
  FENQUN_TRY(const auto seed, from.text("seed"));
  // Seeds use all 64 bits; the parser of whole numbers ends at 63.
  for (const char digit : seed) {
    if (digit < '0' || digit > '9' || seed.size() > 20) {
      return from.refuse("base.setting_wrong", {{"key", "seed"}, {"value", seed}, {"expected", "0..2^64-1"}});
    }
    id.seed = id.seed * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  FENQUN_TRY(id.format, from.text("format"));
  FENQUN_TRY(const auto end, from.text("end_month"));
  FENQUN_TRY(id.end_month, Month::parse(end));
  FENQUN_TRY(const auto months, from.integer("months"));
  FENQUN_TRY(const auto reading_months, from.integer("reading_months"));
  FENQUN_TRY(const auto generator, from.integer("generator"));
  id.months = static_cast<int>(months);
  id.reading_months = static_cast<int>(reading_months);
  id.generator = static_cast<int>(generator);
  FENQUN_TRY(id.parameters, from.text("parameters"));
  FENQUN_TRY(id.contracts, from.text("contracts"));
  FENQUN_TRY(id.deliveries, from.text("deliveries", ""));
  return id;
}

}  // namespace

Result<std::optional<Manifest>> read_manifest(const std::filesystem::path& folder) {
  const auto path = folder / kManifestName;
  auto text = read_file(path);
  if (!text && text.error().code == ErrorCode::NotFound) return std::nullopt;
  if (!text) return fail(std::move(text).error());
  FENQUN_TRY(const auto from, Settings::parse(*text, path.string()));
  Manifest manifest;
  FENQUN_TRY(manifest.identity, read_identity(from));
  FENQUN_TRY(const auto baseline, from.integer("baseline_year"));
  manifest.baseline_year = static_cast<int>(baseline);
  FENQUN_TRY(const auto list, from.child("files"));
  FENQUN_TRY(const auto items, list.items());
  for (const auto& item : items) {
    ManifestFile entry;
    FENQUN_TRY(entry.file.path, item.text("path"));
    FENQUN_TRY(entry.file.entity, item.text("entity"));
    FENQUN_TRY(entry.file.rows, item.integer("rows"));
    FENQUN_TRY(entry.bytes, item.integer("bytes"));
    manifest.files.push_back(std::move(entry));
  }
  return manifest;
}

std::string first_missing(const Manifest& manifest, const std::filesystem::path& folder) {
  for (const auto& [file, bytes] : manifest.files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(folder / file.path, error);
    if (error || size != static_cast<std::uintmax_t>(bytes)) return file.path;
  }
  return {};
}

}  // namespace fenqun::datagen
